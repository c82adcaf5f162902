/* melograph-cli importances: bars of what a classifier's answers owe to the columns of its table. */
#include "cli/command.h"
#include "base/error.h"
#include "plot/export.h"
#include "plot/figure.h"
#include "train/importances.h"
#include <math.h>

typedef struct {
  char *title;
  MgBars bars;
} Picture;

static void
draw(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  const Picture *picture = data;
  mg_figure_bars(cr, width, height, &mg_style_light, picture->title, &picture->bars);
}

static gboolean
draw_run(const char *run, int top, const char *out, GError **error)
{
  g_autoptr(GArray) importances = mg_importances_load(run, error);
  if (!importances)
    return FALSE;
  gboolean permuted = mg_importances_sort(importances);
  size_t n = MIN((size_t)top, importances->len);
  g_autofree MgBar *bars = g_new(MgBar, n + 1);
  for (size_t i = 0; i < n; i++) {
    const MgFeatureImportance *importance = &g_array_index(importances, MgFeatureImportance, i);
    bars[i] = (MgBar){importance->feature, permuted ? importance->mean : importance->importance,
                      permuted ? importance->deviation : NAN};
  }
  g_autofree char *title = g_filename_display_basename(run);
  Picture picture = {title, {bars, n, permuted ? "Fall of macro F1" : "Importance", 0}};
  const double title_height = 60;
  return mg_export(out, 720, mg_bars_height(&mg_style_light, &picture.bars) + title_height, 1, draw, &picture, error);
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_autofree char *folder = NULL, *out = NULL;
  int top = 30;
  gboolean done;
  GOptionEntry entries[] = {
      {"run", 0, 0, G_OPTION_ARG_FILENAME, &folder, "A run folder of table-train", "DIR"},
      {"top", 0, 0, G_OPTION_ARG_INT, &top, "The most important ones alone; 30", "N"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "The picture: .png, .svg or .pdf", "F"},
      {0},
  };
  if (!mg_command_parse(&mg_cmd_importances, entries, NULL, &argc, &argv, 0, 0, &done, error) || done)
    return done;
  if (folder && out && top > 0)
    return draw_run(folder, top, out, error);
  if (top < 1)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "importances: --top %d: expected 1 or more", top);
  else
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "importances: --%s is missing", folder ? "out" : "run");
  return FALSE;
}

const MgCommand mg_cmd_importances = {
    .name = "importances",
    .arguments = "",
    .help = "Draw what a classifier's answers owe to each feature",
    .run = run,
};

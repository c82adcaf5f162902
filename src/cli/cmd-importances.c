/* melograph-cli importances: what a classifier's answers owe to the columns of its table, measured and drawn. */
#include "cli/columns.h"
#include "cli/command.h"
#include "base/error.h"
#include "plot/export.h"
#include "plot/figure.h"
#include "train/importances.h"
#include "train/table-weigh.h"
#include <glib/gi18n-lib.h>
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
  Picture picture = {title, {bars, n, permuted ? _("Fall of macro F1") : _("Importance"), 0}};
  const double title_height = 60;
  return mg_export(out, 720, mg_bars_height(&mg_style_light, &picture.bars) + title_height, 1, draw, &picture, error);
}

typedef struct {
  char *run, *out;
  int top, measure, threads;
} Options;

static gboolean
measure_run(const Options *options, GError **error)
{
  gboolean good = mg_table_weigh(options->run, options->measure, options->threads, mg_command_progress(), error);
  mg_command_progress_end();
  g_autoptr(GArray) importances = good ? mg_importances_load(options->run, error) : NULL;
  if (!importances)
    return FALSE;
  mg_importances_sort(importances);
  mg_print_right(_("fall of macro F1"), 18);
  mg_print_right(_("deviation"), 12);
  g_print("  %s\n", _("feature"));
  for (guint i = 0; i < MIN((guint)options->top, importances->len); i++) {
    const MgFeatureImportance *importance = &g_array_index(importances, MgFeatureImportance, i);
    g_print("%18.4f  %10.4f  %s\n", importance->mean, importance->deviation, importance->feature);
  }
  return TRUE;
}

static gboolean
check(const Options *options, GError **error)
{
  if (options->top < 1)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("importances: --top %d: expected 1 or more"), options->top);
  else if (options->measure < 0 || options->measure > 1000)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("importances: --measure %d: expected 1 to 1000"), options->measure);
  else if (options->threads < 0 || options->threads > 1024)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("importances: --threads %d: expected 0 to 1024"), options->threads);
  else if (!options->run || (!options->out && !options->measure))
    mg_command_missing(&mg_cmd_importances, options->run ? "--out F|--measure N" : "--run DIR", error);
  else
    return TRUE;
  return FALSE;
}

static gboolean
work(const Options *options, GError **error)
{
  return check(options, error) && (!options->measure || measure_run(options, error)) &&
         (!options->out || draw_run(options->run, options->top, options->out, error));
}

static gboolean
run(int argc, char **argv, GError **error)
{
  Options options = {.top = 30};
  gboolean done;
  GOptionEntry entries[] = {
      {"run", 0, 0, G_OPTION_ARG_FILENAME, &options.run, N_("A run folder of table-train"), "DIR"},
      {"measure", 0, 0, G_OPTION_ARG_INT, &options.measure,
       N_("Measure first by how much macro F1 falls when a column is shuffled, N times, on rows that were not learned "
          "from; folds are learned again"),
       "N"},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads, N_("Threads for that; 0 uses all processors"), "N"},
      {"top", 0, 0, G_OPTION_ARG_INT, &options.top, N_("The most important ones alone; 30"), "N"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out, N_("The picture: .png, .svg or .pdf"), "F"},
      {0},
  };
  gboolean good = mg_command_parse(&mg_cmd_importances, entries, NULL, &argc, &argv, 0, 0, &done, error) &&
                  (done || work(&options, error));
  g_free(options.run);
  g_free(options.out);
  return good;
}

const MgCommand mg_cmd_importances = {
    .name = "importances",
    .arguments = "",
    .help = N_("Measure and draw what a classifier's answers owe to each feature"),
    .run = run,
};

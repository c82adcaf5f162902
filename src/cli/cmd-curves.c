#include "cli/command.h"
#include "cli/quality-picture.h"
#include "cli/search-picture.h"
#include "base/error.h"
#include "plot/export.h"
#include "plot/figure.h"
#include "train/run-config.h"
#include "train/run-dir.h"
#include <glib/gi18n-lib.h>
#include <math.h>

/* One panel a line; both splits of every run are drawn into it. */
static const struct {
  const char *metric, *title;
} panels[] = {{"loss", N_("Loss")}, {"accuracy", N_("Accuracy")}};

typedef struct {
  char *name;
  GArray *metrics;        /* MgMetric */
  double steps_per_epoch; /* what turns a step into a place on the axis */
} Run;

static void
free_run(gpointer data)
{
  Run *run = data;
  g_free(run->name);
  g_array_unref(run->metrics);
  g_free(run);
}

static Run *
load_run(const char *folder, GError **error)
{
  MgMetricsTail tail = {0};
  gboolean restarted;
  g_autoptr(GArray) metrics = g_array_new(FALSE, FALSE, sizeof(MgMetric));
  if (!mg_metrics_tail(folder, &tail, metrics, &restarted, error))
    return NULL;
  if (metrics->len == 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: no metrics.csv with values; expected a run folder"), folder);
    return NULL;
  }
  Run *run = g_new0(Run, 1);
  g_autoptr(MgRunConfig) config = mg_run_config_load(folder, NULL); /* curves can do without */
  g_autofree char *name = g_filename_display_basename(folder);
  run->name = g_strconcat(name, config && config->leaky ? _(" (leaky split)") : NULL, NULL);
  run->steps_per_epoch = 1;
  for (guint i = 0; i < metrics->len; i++) {
    const MgMetric *metric = &g_array_index(metrics, MgMetric, i);
    if (metric->epoch > 0)
      run->steps_per_epoch = MAX(run->steps_per_epoch, metric->step / (double)metric->epoch);
  }
  run->metrics = g_steal_pointer(&metrics);
  return run;
}

/* The values of one metric over epochs; how many there are. x and y have room for all metrics. */
static size_t
collect(const Run *run, const char *split, const char *name, double *x, double *y)
{
  size_t n = 0;
  for (guint i = 0; i < run->metrics->len; i++) {
    const MgMetric *metric = &g_array_index(run->metrics, MgMetric, i);
    if (!g_str_equal(metric->split, split) || !g_str_equal(metric->name, name) || !isfinite(metric->value))
      continue;
    x[n] = metric->step / run->steps_per_epoch;
    y[n++] = metric->value;
  }
  return n;
}

/* Values of every step are smoothed, those of epochs are not. */
static MgCurve
make_curve(const Run *run, const char *split, const char *metric, int hue)
{
  double *x = g_new(double, run->metrics->len), *y = g_new(double, run->metrics->len);
  size_t n = collect(run, split, metric, x, y);
  gboolean every_step = n > 1 && x[1] - x[0] < 0.2;
  return (MgCurve){.name = g_strdup_printf("%s, %s", run->name, split),
                   .x = x,
                   .y = y,
                   .n = n,
                   .hue = hue,
                   .dashed = g_str_equal(split, "val"),
                   .smoothing = every_step ? 0.9 : 0,
                   .marked_x = NAN};
}

static void
clear_curve(gpointer data)
{
  MgCurve *curve = data;
  g_free((char *)curve->name);
  g_free((double *)curve->x);
  g_free((double *)curve->y);
}

static void
draw_panel(cairo_t *cr, double width, double height, const GPtrArray *runs, const char *metric, const char *title)
{
  static const char *const splits[] = {"train", "val"};
  g_autoptr(GArray) curves = g_array_new(FALSE, FALSE, sizeof(MgCurve));
  g_array_set_clear_func(curves, clear_curve);
  for (guint r = 0; r < runs->len; r++)
    for (size_t s = 0; s < G_N_ELEMENTS(splits); s++) {
      MgCurve curve = make_curve(runs->pdata[r], splits[s], metric, (int)r);
      g_array_append_val(curves, curve);
    }
  mg_figure_curves(cr, width, height, &mg_style_light, NULL, _("Epoch"), title, (const MgCurve *)curves->data,
                   curves->len);
}

static void
draw(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  double share = height / G_N_ELEMENTS(panels);
  for (size_t i = 0; i < G_N_ELEMENTS(panels); i++) {
    cairo_save(cr);
    cairo_translate(cr, 0, i * share);
    draw_panel(cr, width, share, data, panels[i].metric, _(panels[i].title));
    cairo_restore(cr);
  }
}

static gboolean
draw_runs(char **folders, const char *out, GError **error)
{
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(free_run);
  for (; *folders; folders++) {
    Run *run = load_run(*folders, error);
    if (!run)
      return FALSE;
    g_ptr_array_add(runs, run);
  }
  return mg_export(out, 960, 640, 1, draw, runs, error);
}

static gboolean
run_command(int argc, char **argv, GError **error)
{
  g_auto(GStrv) folders = NULL;
  g_autofree char *out = NULL, *type = NULL, *split = NULL;
  gboolean done;
  GOptionEntry entries[] = {
      {"run", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &folders, N_("A run folder; may be given several times"), "DIR"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("The picture: .png, .svg or .pdf"), "F"},
      {"type", 0, 0, G_OPTION_ARG_STRING, &type,
       N_("learning, roc, precision-recall, calibration, position (accuracy over the track) or confusion; learning"),
       "NAME"},
      {"split", 0, 0, G_OPTION_ARG_STRING, &split, N_("Of an evaluated run: train, val or test; test"), "NAME"},
      {0},
  };
  if (!mg_command_parse(&mg_cmd_curves, entries, NULL, &argc, &argv, 0, 0, &done, error) || done)
    return done;
  if (folders && out && type && !g_str_equal(type, "learning"))
    return mg_quality_picture((const char *const *)folders, type, split ? split : "test", out, error);
  if (folders && out && !folders[1] && mg_search_is_one(folders[0]))
    return mg_search_picture(folders[0], out, error);
  if (folders && out)
    return draw_runs(folders, out, error);
  return mg_command_missing(&mg_cmd_curves, folders ? "--out F" : "--run DIR", error);
}

const MgCommand mg_cmd_curves = {
    .name = "curves",
    .arguments = "",
    .help = N_("Draw curves of runs: learning, ROC, calibration …; of a search its trials"),
    .run = run_command,
};

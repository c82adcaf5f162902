#include "ui/train/train-figures.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>
#include <math.h>

typedef struct {
  GArray *curves;   /* of MgCurve */
  GPtrArray *names; /* char * */
} CurveSet;

static void
add_curve(CurveSet *set, MgRun *run, const char *split, const char *name, int hue, gboolean alone)
{
  MgRunSeries series = mg_run_series(run, split, name);
  gboolean train = g_str_equal(split, "train");
  char *text = alone ? g_strdup(train ? _("train") : _("validation"))
                     : g_strdup_printf("%s %s", mg_run_name(run), train ? _("train") : _("val."));
  MgCurve curve = {.name = text, .x = series.step, .y = series.value, .n = series.n, .hue = hue, .marked_x = NAN};
  curve.dashed = g_str_equal(split, "val");
  int best = curve.dashed ? mg_run_best_epoch(run) : 0;
  for (size_t i = 0; i < series.n && best > 0; i++)
    if (series.epoch[i] == best)
      curve.marked_x = series.step[i];
  g_ptr_array_add(set->names, text);
  g_array_append_val(set->curves, curve);
}

void
mg_train_show_curves(MgCurveView *view, MgRunTable *table, const char *name)
{
  g_autoptr(GArray) hues = NULL;
  g_autoptr(GPtrArray) runs = mg_run_table_checked(table, &hues);
  MgRun *selected = mg_run_table_selected(table);
  const MgRunStatus *status = selected ? mg_run_status(selected) : NULL;
  CurveSet set = {g_array_new(FALSE, FALSE, sizeof(MgCurve)), g_ptr_array_new_with_free_func(g_free)};
  for (guint i = 0; i < runs->len; i++) {
    int hue = g_array_index(hues, int, i);
    add_curve(&set, runs->pdata[i], "train", name, hue, runs->len == 1);
    add_curve(&set, runs->pdata[i], "val", name, hue, runs->len == 1);
  }
  double steps = status && status->epochs > 0 ? (double)status->steps / status->epochs : 0;
  mg_curve_view_set(view, (const MgCurve *)set.curves->data, set.curves->len, steps);
  g_array_unref(set.curves);
  g_ptr_array_unref(set.names);
}

/* Of a classifier on a table, whose epochs are folds. */
static char *
table_figures(MgRun *run)
{
  const MgRunStatus *status = mg_run_status(run);
  GString *text = g_string_new(mg_run_model(run));
  double f1 = mg_run_best_f1(run);
  if (status->epochs > 1)
    g_string_append_printf(text, _(" · fold %d of %d"), status->epoch, status->epochs);
  if (mg_run_state(run) == MG_RUN_FINISHED)
    g_string_append_printf(text, _(" · %.2f s to learn"), status->seconds);
  if (isfinite(f1))
    g_string_append_printf(text, status->epochs > 1 ? _(" · mean F1 %.3f") : _(" · validation F1 %.3f"), f1);
  if (mg_run_is_leaky(run))
    g_string_append(text, _(" · leaky split: the figures pretend"));
  return g_string_free(text, FALSE);
}

static char *
search_figures(MgRun *run)
{
  const MgRunStatus *status = mg_run_status(run);
  GString *text = g_string_new(NULL);
  if (status->steps == status->epochs)
    g_string_append_printf(text, _("trial %d of %d"), status->epoch, status->epochs);
  else /* of a budget */
    g_string_append_printf(text, _("%d trials · %.0f of %.0f epochs"), status->epoch, (double)status->step,
                           (double)status->steps);
  if (mg_run_is_active(run) && status->seconds_left >= 0) {
    g_autofree char *clock = mg_format_clock(status->seconds_left, 0);
    g_string_append_printf(text, _(" · %s left"), clock);
  }
  return g_string_free(text, FALSE);
}

char *
mg_train_figures(MgRun *run)
{
  if (mg_run_is_search(run))
    return search_figures(run);
  if (mg_run_is_table(run))
    return table_figures(run);
  const MgRunStatus *status = mg_run_status(run);
  GString *text = g_string_new(NULL);
  double rate = mg_run_last(run, "train", "learning_rate");
  int best = mg_run_best_epoch(run);
  if (status->epochs > 0)
    g_string_append_printf(text, _("epoch %d of %d"), status->epoch, status->epochs);
  if (status->steps > 0)
    g_string_append_printf(text, _(" · step %.0f of %.0f"), (double)status->step, (double)status->steps);
  if (mg_run_is_active(run) && status->seconds_left >= 0) {
    g_autofree char *clock = mg_format_clock(status->seconds_left, 0);
    g_string_append_printf(text, _(" · %s left"), clock);
  } else if (status->seconds >= 1) {
    g_autofree char *clock = mg_format_clock(status->seconds, 0);
    g_string_append_printf(text, _(" · trained for %s"), clock);
  }
  if (status->examples_per_second > 0)
    g_string_append_printf(text, _(" · %.0f examples/s"), status->examples_per_second);
  if (isfinite(rate))
    g_string_append_printf(text, _(" · learning rate %.2g"), rate);
  if (best > 0 && isfinite(mg_run_best_f1(run)))
    g_string_append_printf(text, _(" · best F1 %.3f (epoch %d)"), mg_run_best_f1(run), best);
  if (mg_run_is_leaky(run))
    g_string_append(text, _(" · leaky split: the figures pretend"));
  return g_string_free(text, FALSE);
}

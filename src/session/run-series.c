#include "session/run-private.h"
#include <math.h>
#include <string.h>

typedef struct {
  GArray *step, *epoch, *value; /* double */
} Series;

static void
series_free(gpointer data)
{
  Series *series = data;
  g_array_unref(series->step);
  g_array_unref(series->epoch);
  g_array_unref(series->value);
  g_free(series);
}

GHashTable *
mg_run_series_new(void)
{
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, series_free);
}

static Series *
series_for(MgRun *run, const char *split, const char *name)
{
  g_autofree char *key = g_strconcat(split, "/", name, NULL);
  Series *series = g_hash_table_lookup(run->series, key);
  if (series)
    return series;
  series = g_new0(Series, 1);
  series->step = g_array_new(FALSE, FALSE, sizeof(double));
  series->epoch = g_array_new(FALSE, FALSE, sizeof(double));
  series->value = g_array_new(FALSE, FALSE, sizeof(double));
  g_hash_table_insert(run->series, g_steal_pointer(&key), series);
  return series;
}

void
mg_run_series_append(MgRun *run, const MgMetric *metric)
{
  Series *series = series_for(run, metric->split, metric->name);
  double step = metric->step, epoch = metric->epoch;
  g_array_append_val(series->step, step);
  g_array_append_val(series->epoch, epoch);
  g_array_append_val(series->value, metric->value);
}

MgRunSeries
mg_run_series(MgRun *run, const char *split, const char *name)
{
  g_autofree char *key = g_strconcat(split, "/", name, NULL);
  const Series *series = g_hash_table_lookup(run->series, key);
  if (!series)
    return (MgRunSeries){0};
  return (MgRunSeries){.step = (const double *)series->step->data,
                       .epoch = (const double *)series->epoch->data,
                       .value = (const double *)series->value->data,
                       .n = series->value->len};
}

char **
mg_run_metrics(MgRun *run, const char *split, const char *prefix)
{
  g_autofree char *start = g_strconcat(split, "/", prefix, NULL);
  g_autoptr(GList) keys = g_list_sort(g_hash_table_get_keys(run->series), (GCompareFunc)strcmp);
  GPtrArray *names = g_ptr_array_new();
  for (const GList *key = keys; key; key = key->next)
    if (g_str_has_prefix(key->data, start))
      g_ptr_array_add(names, g_strdup((const char *)key->data + strlen(split) + 1));
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_free(names, FALSE);
}

double
mg_run_last(MgRun *run, const char *split, const char *name)
{
  MgRunSeries series = mg_run_series(run, split, name);
  return series.n > 0 ? series.value[series.n - 1] : NAN;
}

/* Index of the best validation value, or -1: the first of equals, as the checkpoint keeps it. */
static gssize
best_index(MgRunSeries series, double sign)
{
  gssize best = -1;
  for (size_t i = 0; i < series.n; i++)
    if (isfinite(series.value[i]) && (best < 0 || sign * series.value[i] > sign * series.value[best]))
      best = i;
  return best;
}

int
mg_run_best_epoch(MgRun *run)
{
  MgRunSeries f1 = mg_run_series(run, "val", "f1_macro");
  MgRunSeries series = f1.n > 0 ? f1 : mg_run_series(run, "val", "loss");
  gssize best = best_index(series, f1.n > 0 ? 1 : -1);
  return best < 0 ? 0 : (int)series.epoch[best];
}

double
mg_run_best_f1(MgRun *run)
{
  MgRunSeries f1 = mg_run_series(run, "val", "f1_macro");
  gssize best = best_index(f1, 1);
  return best < 0 ? NAN : f1.value[best];
}

double
mg_run_value_at(MgRun *run, const char *split, const char *name, double step)
{
  MgRunSeries series = mg_run_series(run, split, name);
  if (series.n == 0)
    return NAN;
  size_t low = 0, high = series.n; /* steps grow */
  while (high - low > 1) {
    size_t middle = (low + high) / 2;
    if (series.step[middle] <= step)
      low = middle;
    else
      high = middle;
  }
  if (low + 1 < series.n && fabs(series.step[low + 1] - step) < fabs(series.step[low] - step))
    low++;
  return series.value[low];
}

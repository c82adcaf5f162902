#include "train/search-record.h"
#include "ml/search-importance.h"
#include "train/run-dir.h"
#include "train/search-objective.h"
#include <math.h>
#include <string.h>

enum { MOST_LABELS = 9, LABELS_OF_RANGE = 5 };

gboolean
mg_search_is_one(const char *folder)
{
  g_autoptr(GKeyFile) file = mg_run_config_read(folder, NULL);
  g_autofree char *kind = file ? g_key_file_get_string(file, "run", "kind", NULL) : NULL;
  return g_strcmp0(kind, "search") == 0;
}

void
mg_search_record_free(MgSearchRecord *record)
{
  if (!record)
    return;
  mg_search_job_free(record->job);
  mg_search_free(record->search);
  mg_space_free(record->space);
  g_clear_pointer(&record->costs, g_array_unref);
  g_clear_pointer(&record->params, g_array_unref);
  g_clear_pointer(&record->by_matter, g_array_unref);
  g_clear_pointer(&record->ranking, g_array_unref);
  g_clear_pointer(&record->scales, g_array_unref);
  g_free(record->importance);
  g_free(record->scores);
  g_free(record->whole);
  g_free(record->places);
  g_free(record);
}

/* Scales */

static double
place_of(const MgSpaceParam *param, double value)
{
  if (isnan(value))
    return NAN;
  if (param->values)
    return param->n_values > 1 ? value / (param->n_values - 1) : 0.5;
  double low = mg_space_scale(param, param->low), high = mg_space_scale(param, param->high);
  return (mg_space_scale(param, value) - low) / (high - low);
}

static MgSearchScale
new_scale(size_t n)
{
  return (MgSearchScale){g_new0(char *, n + 1), g_new(double, n), n};
}

static void
clear_scale(gpointer data)
{
  MgSearchScale *scale = data;
  g_strfreev(scale->labels);
  g_free(scale->places);
}

/* A label has no more digits than fit beside an axis. */
static char *
label_of(const MgSpace *space, guint number, double value)
{
  char brief[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *text = mg_space_text(space, number, value);
  gboolean long_number = !mg_space_param(space, number)->values && strlen(text) > 6;
  return g_strdup(long_number ? g_ascii_formatd(brief, sizeof brief, "%.3g", value) : text);
}

/* All values where these are few, else some that are evenly apart. */
static MgSearchScale
scale_of_param(const MgSpace *space, guint number)
{
  const MgSpaceParam *param = mg_space_param(space, number);
  guint64 count = mg_space_count(param);
  gboolean all = count > 0 && count <= MOST_LABELS && !param->log;
  MgSearchScale scale = new_scale(all ? (size_t)count : LABELS_OF_RANGE);
  double low = param->values ? 0 : mg_space_scale(param, param->low);
  double high = param->values ? param->n_values - 1.0 : mg_space_scale(param, param->high);
  for (size_t i = 0; i < scale.n; i++) {
    double place = low + (high - low) * (double)i / (double)(scale.n - 1);
    double value = all             ? mg_space_step_value(param, i)
                   : param->values ? floor(place + 0.5)
                                   : mg_space_nearest(param, place);
    scale.places[i] = place_of(param, value);
    scale.labels[i] = label_of(space, number, value);
  }
  return scale;
}

static MgSearchScale
scale_of_scores(double low, double high)
{
  MgSearchScale scale = new_scale(LABELS_OF_RANGE);
  for (size_t i = 0; i < scale.n; i++) {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    scale.places[i] = (double)i / (LABELS_OF_RANGE - 1);
    scale.labels[i] = g_strdup(g_ascii_formatd(text, sizeof text, "%.3f", low + (high - low) * scale.places[i]));
  }
  return scale;
}

/* Trials */

static int
compare_trials(gconstpointer a, gconstpointer b, gpointer data)
{
  const MgSearch *search = data;
  return mg_trial_compare(mg_search_trial(search, *(const guint *)a), mg_search_trial(search, *(const guint *)b));
}

static void
take_trials(MgSearchRecord *record, double *low, double *high)
{
  guint n = record->search->trials->len;
  record->scores = g_new(double, n + 1);
  record->whole = g_new(gboolean, n + 1);
  record->ranking = g_array_new(FALSE, FALSE, sizeof(guint));
  *low = INFINITY;
  *high = -INFINITY;
  for (guint i = 0; i < n; i++) {
    const MgTrial *trial = mg_search_trial(record->search, i);
    record->scores[i] = mg_trial_peak_score(trial);
    record->whole[i] = trial->state == MG_TRIAL_FINISHED;
    if (trial->rungs == 0)
      continue;
    g_array_append_val(record->ranking, i);
    *low = MIN(*low, record->scores[i]);
    *high = MAX(*high, record->scores[i]);
  }
  g_array_sort_with_data(record->ranking, compare_trials, record->search);
}

static void
make_scales(MgSearchRecord *record, double low, double high)
{
  record->params = g_array_new(FALSE, FALSE, sizeof(guint));
  record->scales = g_array_new(FALSE, FALSE, sizeof(MgSearchScale));
  g_array_set_clear_func(record->scales, clear_scale);
  for (guint i = 0; i < record->space->params->len; i++) {
    if (mg_space_count(mg_space_param(record->space, i)) == 1)
      continue;
    MgSearchScale scale = scale_of_param(record->space, i);
    g_array_append_val(record->params, i);
    g_array_append_val(record->scales, scale);
  }
  MgSearchScale scores = scale_of_scores(low, high);
  g_array_append_val(record->scales, scores);
}

static int
compare_importance(gconstpointer a, gconstpointer b, gpointer data)
{
  const double *importance = data, x = importance[*(const guint *)a], y = importance[*(const guint *)b];
  return (y > x) - (y < x);
}

static void
place_trials(MgSearchRecord *record, double low, double high)
{
  guint n = record->params->len;
  record->places = g_new(double, (n + 1) * (record->ranking->len + 1));
  for (guint i = 0; i < record->ranking->len; i++) {
    guint trial = g_array_index(record->ranking, guint, i);
    double *places = record->places + (size_t)i * (n + 1);
    for (guint k = 0; k < n; k++) {
      guint param = g_array_index(record->params, guint, k);
      places[k] = place_of(mg_space_param(record->space, param), mg_search_trial(record->search, trial)->values[param]);
    }
    places[n] = high > low ? (record->scores[trial] - low) / (high - low) : 0.5;
  }
}

static gboolean
stands(gpointer data, const double *values)
{
  const MgSearchRecord *record = data;
  return mg_search_job_stands(record->job, record->space, values);
}

MgSearchRecord *
mg_search_record_load(const char *folder, GError **error)
{
  g_autoptr(MgSearchRecord) record = g_new0(MgSearchRecord, 1);
  record->costs = g_array_new(FALSE, FALSE, sizeof(MgTrialCost));
  record->job = mg_search_job_load(folder, error);
  record->space = record->job ? mg_space_parse(record->job->description, record->job->space, error) : NULL;
  record->search = record->space ? mg_search_new(record->space, record->job->params, error) : NULL;
  MgSearchOutlook outlook = {.stands = stands, .data = record};
  if (record->search)
    mg_search_set_outlook(record->search, &outlook);
  if (!record->search || !mg_trials_read(folder, record->search, record->costs, error))
    return NULL;
  record->importance = g_new0(double, record->space->params->len);
  mg_search_importance(record->search, record->importance);
  double low, high;
  take_trials(record, &low, &high);
  make_scales(record, low, high);
  record->by_matter = g_array_copy(record->params);
  g_array_sort_with_data(record->by_matter, compare_importance, record->importance);
  place_trials(record, low, high);
  return g_steal_pointer(&record);
}

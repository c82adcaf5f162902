#include "train/search-record.h"
#include "ml/search-importance.h"
#include "train/run-dir.h"
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
  g_free(record->importance);
  g_free(record);
}

MgSearchRecord *
mg_search_record_load(const char *folder, GError **error)
{
  g_autoptr(MgSearchRecord) record = g_new0(MgSearchRecord, 1);
  record->costs = g_array_new(FALSE, FALSE, sizeof(MgTrialCost));
  record->job = mg_search_job_load(folder, error);
  record->space = record->job ? mg_space_parse(record->job->description, record->job->space, error) : NULL;
  record->search = record->space ? mg_search_new(record->space, record->job->params, error) : NULL;
  if (!record->search || !mg_trials_read(folder, record->search, record->costs, error))
    return NULL;
  record->importance = g_new0(double, record->space->params->len);
  mg_search_importance(record->search, record->importance);
  return g_steal_pointer(&record);
}

static double
place_of(const MgSpaceParam *param, double value)
{
  if (param->values)
    return param->n_values > 1 ? value / (param->n_values - 1) : 0.5;
  double low = mg_space_scale(param, param->low), high = mg_space_scale(param, param->high);
  return (mg_space_scale(param, value) - low) / (high - low);
}

double
mg_search_record_place(const MgSearchRecord *record, guint param, guint trial)
{
  double value = mg_search_trial(record->search, trial)->values[param];
  return isnan(value) ? NAN : place_of(mg_space_param(record->space, param), value);
}

/* All values where these are few, else some that are evenly apart on the scale. */
MgSearchScale
mg_search_record_scale(const MgSearchRecord *record, guint number)
{
  const MgSpaceParam *param = mg_space_param(record->space, number);
  guint64 count = mg_space_count(param);
  gboolean all = count > 0 && count <= MOST_LABELS && !param->log;
  MgSearchScale scale = {.n = all ? (size_t)count : LABELS_OF_RANGE};
  scale.labels = g_new0(char *, scale.n + 1);
  scale.places = g_new(double, scale.n);
  double low = param->values ? 0 : mg_space_scale(param, param->low);
  double high = param->values ? param->n_values - 1.0 : mg_space_scale(param, param->high);
  for (size_t i = 0; i < scale.n; i++) {
    double place = low + (high - low) * (double)i / (double)(scale.n - 1);
    double value = all             ? mg_space_step_value(param, i)
                   : param->values ? floor(place + 0.5)
                                   : mg_space_nearest(param, place);
    g_autofree char *text = mg_space_text(record->space, number, value);
    char *end, brief[G_ASCII_DTOSTR_BUF_SIZE];
    double figure = g_ascii_strtod(text, &end);
    gboolean long_number = !param->values && end != text && strlen(text) > 6;
    scale.places[i] = place_of(param, value);
    scale.labels[i] = g_strdup(long_number ? g_ascii_formatd(brief, sizeof brief, "%.3g", figure) : text);
  }
  return scale;
}

static void
find_scores(const MgSearchRecord *record, double *low, double *high)
{
  *low = INFINITY;
  *high = -INFINITY;
  for (guint i = 0; i < record->search->trials->len; i++) {
    double score = mg_trial_score(mg_search_trial(record->search, i));
    *low = isnan(score) ? *low : MIN(*low, score);
    *high = isnan(score) ? *high : MAX(*high, score);
  }
}

MgSearchScale
mg_search_record_score_scale(const MgSearchRecord *record)
{
  double low, high;
  MgSearchScale scale = {g_new0(char *, LABELS_OF_RANGE + 1), g_new(double, LABELS_OF_RANGE), LABELS_OF_RANGE};
  find_scores(record, &low, &high);
  for (size_t i = 0; i < scale.n; i++) {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    scale.places[i] = (double)i / (LABELS_OF_RANGE - 1);
    scale.labels[i] = g_strdup(g_ascii_formatd(text, sizeof text, "%.3f", low + (high - low) * scale.places[i]));
  }
  return scale;
}

double
mg_search_record_score_place(const MgSearchRecord *record, guint trial)
{
  double low, high, score = mg_trial_score(mg_search_trial(record->search, trial));
  find_scores(record, &low, &high);
  return high > low ? (score - low) / (high - low) : isnan(score) ? NAN : 0.5;
}

static int
compare_trials(gconstpointer a, gconstpointer b, gpointer data)
{
  const MgSearch *search = data;
  return mg_trial_compare(mg_search_trial(search, *(const guint *)a), mg_search_trial(search, *(const guint *)b));
}

GArray *
mg_search_record_ranking(const MgSearchRecord *record)
{
  GArray *ranking = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint i = 0; i < record->search->trials->len; i++)
    if (mg_search_trial(record->search, i)->rungs > 0)
      g_array_append_val(ranking, i);
  g_array_sort_with_data(ranking, compare_trials, record->search);
  return ranking;
}

void
mg_search_scale_clear(MgSearchScale *scale)
{
  g_strfreev(scale->labels);
  g_free(scale->places);
}

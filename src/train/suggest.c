#include "train/suggest.h"
#include "dataset/store-query.h"
#include "train/predictor.h"
#include <glib/gi18n-lib.h>
#include <string.h>

/* Means of the classes' probabilities over the track's segments. */
static void
average(const MgPredictions *predictions, double *means)
{
  guint n = predictions->predictions->len;
  for (guint i = 0; i < n; i++) {
    const MgPrediction *prediction = predictions->predictions->pdata[i];
    for (guint k = 0; k < predictions->labels->len; k++)
      means[k] += prediction->probabilities[k] / n;
  }
}

static MgSuggestion
suggestion_of(const MgPredictions *predictions, gint64 track, const char *name)
{
  guint best = 0;
  double second = 0;
  g_autofree double *means = g_new0(double, predictions->labels->len);
  average(predictions, means);
  for (guint k = 1; k < predictions->labels->len; k++)
    if (means[k] > means[best])
      best = k;
  for (guint k = 0; k < predictions->labels->len; k++)
    second = k == best ? second : MAX(second, means[k]);
  return (MgSuggestion){track, (char *)name, predictions->labels->pdata[best], means[best], means[best] - second};
}

/* FALSE with an error only where the work cannot go on. */
static gboolean
suggest_one(MgStore *store, MgPredictor *predictor, const MgStoreTrack *track, const char *name, GPtrArray *problems,
            GError **error)
{
  g_autoptr(GError) problem = NULL;
  g_autoptr(MgPredictions) predictions = mg_predictions_new(predictor->labels);
  if (!predictor->class->file(predictor, track->path, predictions, NULL, &problem) ||
      predictions->predictions->len == 0) {
    g_ptr_array_add(problems, problem ? g_strdup(problem->message) : g_strdup_printf(_("%s: no segment"), track->path));
    return TRUE;
  }
  MgSuggestion suggestion = suggestion_of(predictions, track->id, name);
  return mg_store_suggest(store, &suggestion, error);
}

gboolean
mg_suggest_labels(MgStore *store, const char *model, const char *name, GPtrArray *problems, MgProgress *progress,
                  GError **error)
{
  const MgTracksQuery unlabelled = {.kind = MG_TRACKS_UNLABELLED, .order = MG_TRACKS_BY_PATH};
  g_autoptr(MgPredictor) predictor = mg_predictor_load(model, 0, error);
  g_autoptr(GArray) ids = predictor ? mg_store_find_tracks(store, &unlabelled, error) : NULL;
  if (!ids || !mg_store_forget_suggestions(store, error))
    return FALSE;
  for (guint i = 0; i < ids->len; i++) {
    g_autoptr(MgStoreTrack) track = mg_store_track(store, g_array_index(ids, gint64, i), error);
    if (!track || !mg_progress_go_on(progress, error))
      return FALSE;
    if (!track->excluded && !suggest_one(store, predictor, track, name, problems, error))
      return FALSE;
    mg_progress_report(progress, (i + 1) / (double)ids->len, track->path);
  }
  return TRUE;
}

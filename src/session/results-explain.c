#include "session/results-explain.h"
#include "dsp/mel.h"
#include "train/explain.h"
#include <glib/gstdio.h>

struct _MgExplainer {
  GObject parent_instance;
  GMutex lock; /* the model works for one at a time */
  char *key;   /* path and time of the model that is loaded: a run that goes on replaces it */
  MgModel *model;
};

G_DEFINE_FINAL_TYPE(MgExplainer, mg_explainer, G_TYPE_OBJECT)

typedef struct {
  char *model, *track;
  double start, end;
} Errand;

static void
errand_free(gpointer data)
{
  Errand *errand = data;
  g_free(errand->model);
  g_free(errand->track);
  g_free(errand);
}

void
mg_explanation_free(MgExplanation *explanation)
{
  if (!explanation)
    return;
  mg_matrix_free(explanation->input);
  g_clear_pointer(&explanation->maps, g_ptr_array_unref);
  g_free(explanation->layer);
  g_free(explanation);
}

static gboolean
need_model(MgExplainer *explainer, const char *path, GError **error)
{
  GStatBuf info = {0};
  g_stat(path, &info);
  g_autofree char *key =
      g_strdup_printf("%s %" G_GINT64_FORMAT ".%ld", path, (gint64)info.st_mtim.tv_sec, (long)info.st_mtim.tv_nsec);
  if (g_strcmp0(key, explainer->key) == 0)
    return TRUE;
  g_clear_pointer(&explainer->key, g_free);
  mg_model_free(explainer->model);
  explainer->model = mg_model_load(path, error);
  if (explainer->model)
    explainer->key = g_steal_pointer(&key);
  return explainer->model != NULL;
}

static GPtrArray *
copy_maps(const GPtrArray *maps)
{
  GPtrArray *copies = g_ptr_array_new_full(maps->len, (GDestroyNotify)mg_matrix_free);
  for (guint i = 0; i < maps->len; i++)
    g_ptr_array_add(copies, mg_matrix_copy(maps->pdata[i]));
  return copies;
}

/* The outer bands' middles lie one step inside fmin and fmax. */
static void
find_frequencies(MgExplanation *explanation, const MgParams *front_end)
{
  double half_rate = mg_params_float(front_end, "sr") / 2;
  double low = mg_hz_to_mel(mg_params_float(front_end, "fmin"), FALSE);
  double high = mg_hz_to_mel(MIN(mg_params_float_or(front_end, "fmax", half_rate), half_rate), FALSE);
  double step = (high - low) / (explanation->input->rows + 1.0);
  explanation->mel = g_str_equal(mg_params_text(front_end, "feature"), "melspectrogram");
  if (g_str_equal(mg_params_text(front_end, "feature"), "stft"))
    explanation->high_hz = half_rate;
  else if (explanation->mel && !mg_params_bool(front_end, "htk")) {
    explanation->low_hz = mg_mel_to_hz(low + step, FALSE);
    explanation->high_hz = mg_mel_to_hz(high - step, FALSE);
  }
}

static MgExplanation *
explain(MgExplainer *explainer, const Errand *errand, GError **error)
{
  if (!need_model(explainer, errand->model, error))
    return NULL;
  /* The stretch of the segment alone has one part, whatever the data set's segments are. */
  g_autoptr(MgSeen) seen = mg_seen_load(explainer->model, errand->track, errand->start, errand->end, 1, error);
  g_autoptr(MgFeatureMaps) maps = seen ? mg_feature_maps(seen, NULL, error) : NULL;
  if (!maps)
    return NULL;
  MgExplanation *explanation = g_new0(MgExplanation, 1);
  explanation->input = mg_matrix_copy(seen->picture);
  explanation->maps = copy_maps(maps->maps);
  explanation->layer = g_strdup(maps->layer);
  explanation->start = errand->start;
  explanation->end = errand->end;
  find_frequencies(explanation, explainer->model->front_end);
  return explanation;
}

static void
explain_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  MgExplainer *explainer = source;
  GError *error = NULL;
  g_mutex_lock(&explainer->lock);
  /* Whoever clicks through a table waits for the last segment only. */
  MgExplanation *explanation =
      g_cancellable_set_error_if_cancelled(cancellable, &error) ? NULL : explain(explainer, data, &error);
  g_mutex_unlock(&explainer->lock);
  if (explanation)
    g_task_return_pointer(task, explanation, (GDestroyNotify)mg_explanation_free);
  else
    g_task_return_error(task, error);
}

void
mg_explainer_explain_async(MgExplainer *explainer, const char *run, const char *track, double start, double end,
                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  Errand *errand = g_new0(Errand, 1);
  errand->model = g_build_filename(run, "checkpoints", "best.safetensors", NULL);
  errand->track = g_strdup(track);
  errand->start = start;
  errand->end = end;
  g_autoptr(GTask) task = g_task_new(explainer, cancellable, callback, data);
  g_task_set_task_data(task, errand, errand_free);
  g_task_run_in_thread(task, explain_on_thread);
}

MgExplanation *
mg_explainer_explain_finish(MgExplainer *explainer, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer(G_TASK(result), error);
}

static void
mg_explainer_finalize(GObject *object)
{
  MgExplainer *explainer = MG_EXPLAINER(object);
  mg_model_free(explainer->model);
  g_free(explainer->key);
  g_mutex_clear(&explainer->lock);
  G_OBJECT_CLASS(mg_explainer_parent_class)->finalize(object);
}

static void
mg_explainer_class_init(MgExplainerClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = mg_explainer_finalize;
}

static void
mg_explainer_init(MgExplainer *explainer)
{
  g_mutex_init(&explainer->lock);
}

MgExplainer *
mg_explainer_new(void)
{
  return g_object_new(MG_TYPE_EXPLAINER, NULL);
}

#include "session/results-explain-work.h"

/* What takes long waits for nothing else but its like: each has a model of its own. */
enum { SLOT_QUICK, SLOT_LONG, SLOT_NEAR, N_SLOTS };

struct _MgExplainer {
  GObject parent_instance;
  MgExplainSlot slots[N_SLOTS];
};

G_DEFINE_FINAL_TYPE(MgExplainer, mg_explainer, G_TYPE_OBJECT)

#define NEWS_EVERY (G_USEC_PER_SEC / 10)

typedef gpointer (*WorkFunc)(MgExplainSlot *slot, const MgExplainErrand *errand, GError **error);

/* What a thread works with, and what the main thread is told meanwhile. */
typedef struct {
  MgExplainErrand *errand;
  WorkFunc work;
  GDestroyNotify free_answer;
  int slot;
  GCancellable *cancellable;
  MgExplainProgressFunc progress;
  gpointer data;
  gint64 told; /* when a map was sent last, monotonic */
} Job;

typedef struct {
  GCancellable *cancellable;
  MgExplainProgressFunc progress;
  gpointer data;
  double fraction;
  MgMatrix *map;
} News;

static void
job_free(gpointer data)
{
  Job *job = data;
  mg_explain_errand_free(job->errand);
  g_clear_object(&job->cancellable);
  g_free(job);
}

static void
news_free(gpointer data)
{
  News *news = data;
  g_clear_object(&news->cancellable);
  mg_matrix_free(news->map);
  g_free(news);
}

static gboolean
tell(gpointer data)
{
  News *news = data;
  if (!g_cancellable_is_cancelled(news->cancellable))
    news->progress(news->fraction, g_steal_pointer(&news->map), news->data);
  return G_SOURCE_REMOVE;
}

static void
send(const Job *job, double fraction, MgMatrix *map)
{
  News *news = g_new(News, 1);
  *news = (News){g_object_ref(job->cancellable), job->progress, job->data, fraction, map};
  g_idle_add_full(G_PRIORITY_DEFAULT, tell, news, news_free);
}

static void
on_progress(double fraction, double seconds_left, const char *what, gpointer data)
{
  send(data, fraction, NULL);
}

static void
on_partial(const MgMatrix *map, gpointer data)
{
  Job *job = data;
  gint64 now = g_get_monotonic_time();
  if (now - job->told < NEWS_EVERY)
    return;
  job->told = now;
  send(job, -1, mg_matrix_copy(map));
}

static void
on_cancelled(GCancellable *cancellable, gpointer progress)
{
  mg_progress_cancel(progress);
}

static void
work_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  MgExplainer *explainer = source;
  Job *job = data;
  GError *error = NULL;
  MgExplainSlot *slot = &explainer->slots[job->slot];
  gulong handler = g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), job->errand->progress, NULL);
  g_mutex_lock(&slot->lock);
  gpointer answer =
      job->work(slot, job->errand, &error); /* whoever clicks through a table waits for the last one only */
  g_mutex_unlock(&slot->lock);
  g_cancellable_disconnect(cancellable, handler);
  if (answer)
    g_task_return_pointer(task, answer, job->free_answer);
  else
    g_task_return_error(task, error);
}

/* What is cancelled ends as G_IO_ERROR_CANCELLED, whatever came of it. */
static void
start(MgExplainer *explainer, const MgExplainRequest *request, WorkFunc work, GDestroyNotify free_answer, int slot,
      MgExplainProgressFunc progress, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  Job *job = g_new0(Job, 1);
  *job = (Job){.errand = mg_explain_errand_new(request),
               .work = work,
               .free_answer = free_answer,
               .slot = slot,
               .cancellable = g_object_ref(cancellable),
               .progress = progress,
               .data = data};
  job->errand->progress = mg_progress_new(progress ? on_progress : NULL, job);
  job->errand->partial = progress ? on_partial : NULL;
  job->errand->data = job;
  g_autoptr(GTask) task = g_task_new(explainer, cancellable, callback, data);
  g_task_set_task_data(task, job, job_free);
  g_task_run_in_thread(task, work_on_thread);
}

void
mg_explainer_see_async(MgExplainer *explainer, const MgExplainRequest *request, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer data)
{
  start(explainer, request, mg_explain_work_see, (GDestroyNotify)mg_explanation_free, SLOT_QUICK, NULL, cancellable,
        callback, data);
}

void
mg_explainer_ask_async(MgExplainer *explainer, const MgExplainRequest *request, MgExplainProgressFunc progress,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  start(explainer, request, mg_explain_work_ask, (GDestroyNotify)mg_explain_answer_free, SLOT_LONG, progress,
        cancellable, callback, data);
}

void
mg_explainer_change_async(MgExplainer *explainer, const MgExplainRequest *request, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  start(explainer, request, mg_explain_work_change, (GDestroyNotify)mg_explain_outcome_free, SLOT_QUICK, NULL,
        cancellable, callback, data);
}

void
mg_explainer_nearest_async(MgExplainer *explainer, const MgExplainRequest *request, MgExplainProgressFunc progress,
                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  start(explainer, request, mg_explain_work_nearest, (GDestroyNotify)g_ptr_array_unref, SLOT_NEAR, progress,
        cancellable, callback, data);
}

MgExplanation *
mg_explainer_see_finish(MgExplainer *explainer, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer(G_TASK(result), error);
}

MgExplainAnswer *
mg_explainer_ask_finish(MgExplainer *explainer, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer(G_TASK(result), error);
}

MgExplainOutcome *
mg_explainer_change_finish(MgExplainer *explainer, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer(G_TASK(result), error);
}

GPtrArray *
mg_explainer_nearest_finish(MgExplainer *explainer, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer(G_TASK(result), error);
}

static void
mg_explainer_finalize(GObject *object)
{
  for (int i = 0; i < N_SLOTS; i++)
    mg_explain_slot_clear(&MG_EXPLAINER(object)->slots[i]);
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
  for (int i = 0; i < N_SLOTS; i++)
    g_mutex_init(&explainer->slots[i].lock);
}

MgExplainer *
mg_explainer_new(void)
{
  return g_object_new(MG_TYPE_EXPLAINER, NULL);
}

#include "session/row-explainer.h"

typedef struct {
  char *run, *track;
  double start;
  int label;
  MgProgress *progress;
  MgRowExplainProgress func;
  GCancellable *cancellable;
  gpointer data;
} Job;

static void
job_free(gpointer data)
{
  Job *job = data;
  g_free(job->run);
  g_free(job->track);
  mg_progress_unref(job->progress);
  g_object_unref(job->cancellable);
  g_free(job);
}

static void
on_progress(double fraction, double seconds_left, const char *what, gpointer data)
{
  const Job *job = data;
  if (!g_cancellable_is_cancelled(job->cancellable))
    job->func(fraction, job->data);
}

static void
on_cancelled(GCancellable *cancellable, gpointer progress)
{
  mg_progress_cancel(progress);
}

static void
explain_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  GError *error = NULL;
  gulong handler = g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), job->progress, NULL);
  MgRowReasons *reasons = mg_explain_row_of_run(job->run, job->track, job->start, job->label, job->progress, &error);
  g_cancellable_disconnect(cancellable, handler);
  if (reasons)
    g_task_return_pointer(task, reasons, (GDestroyNotify)mg_row_reasons_free);
  else
    g_task_return_error(task, error);
}

void
mg_row_explain_async(const char *run, const char *track, double start, int label, MgRowExplainProgress progress,
                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  Job *job = g_new(Job, 1);
  *job = (Job){g_strdup(run), g_strdup(track), start, label, NULL, progress, g_object_ref(cancellable), data};
  job->progress = mg_progress_new_on_main(on_progress, job);
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, data);
  g_task_set_task_data(task, job, job_free);
  g_task_run_in_thread(task, explain_on_thread);
}

MgRowReasons *
mg_row_explain_finish(GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer(G_TASK(result), error);
}

#include "session/slice-job.h"
#include "session/sample-reader.h"

typedef struct {
  char *path;
  double start, end;
  size_t n_fft, most_peaks;
} Job;

static void
free_job(gpointer data)
{
  Job *job = data;
  g_free(job->path);
  g_free(job);
}

static MgSlice *
compute(const Job *job, GError **error)
{
  g_autoptr(MgSampleReader) reader = mg_sample_reader_open(job->path, 0, error);
  if (!reader)
    return NULL;
  int sr = mg_sample_reader_sr(reader);
  gint64 first = (gint64)(job->start * sr), n = (gint64)(MIN(job->end - job->start, MG_SLICE_LONGEST) * sr);
  if (n <= 0) {
    n = (gint64)job->n_fft;
    first -= n / 2;
  }
  g_autofree float *samples = g_new(float, n);
  if (!mg_sample_reader_read(reader, first, samples, (size_t)n, error))
    return NULL;
  return mg_slice_new(samples, (size_t)n, sr, job->n_fft, job->most_peaks);
}

static void
compute_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  MgSlice *slice = compute(data, &error);
  if (slice)
    g_task_return_pointer(task, slice, (GDestroyNotify)mg_slice_free);
  else
    g_task_return_error(task, error);
}

void
mg_slice_async(const char *path, double start, double end, size_t n_fft, size_t most_peaks, GCancellable *cancellable,
               GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, data);
  Job *job = g_new(Job, 1);
  *job = (Job){g_strdup(path), start, end, n_fft, most_peaks};
  g_task_set_task_data(task, job, free_job);
  g_task_run_in_thread(task, compute_in_thread);
}

MgSlice *
mg_slice_finish(GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer(G_TASK(result), error);
}

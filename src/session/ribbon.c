#include "session/ribbon.h"
#include "base/scratch.h"
#include "session/worker.h"
#include <glib/gi18n-lib.h>

struct _MgRibbon {
  GObject parent;
  char *run, *track;
  MgPredictions *table;
  GPtrArray *segments; /* const MgPrediction *, of the table, by time */
  GCancellable *reading;
  MgWorker *worker;
  MgScratch *scratch;
  char *made; /* in it: where the worker writes to */
  char *failure;
};

G_DEFINE_FINAL_TYPE(MgRibbon, mg_ribbon, G_TYPE_OBJECT)

static guint changed_signal;

static void
tell(MgRibbon *ribbon)
{
  g_signal_emit(ribbon, changed_signal, 0);
}

static void
fail(MgRibbon *ribbon, const char *message)
{
  g_free(ribbon->failure);
  ribbon->failure = g_strdup(message);
  tell(ribbon);
}

static int
by_time(gconstpointer a, gconstpointer b)
{
  const MgPrediction *first = *(const MgPrediction *const *)a, *second = *(const MgPrediction *const *)b;
  return (first->start > second->start) - (first->start < second->start);
}

/* FALSE: the table says nothing of the track. */
static gboolean
take_table(MgRibbon *ribbon, MgPredictions *table)
{
  g_ptr_array_set_size(ribbon->segments, 0);
  for (guint i = 0; i < table->predictions->len; i++) {
    MgPrediction *row = table->predictions->pdata[i];
    if (g_str_equal(row->track, ribbon->track))
      g_ptr_array_add(ribbon->segments, row);
  }
  g_ptr_array_sort(ribbon->segments, by_time);
  if (ribbon->segments->len == 0) {
    mg_predictions_free(table);
    return FALSE;
  }
  g_clear_pointer(&ribbon->table, mg_predictions_free);
  ribbon->table = table;
  tell(ribbon);
  return TRUE;
}

static void
read_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  MgPredictions *table = mg_predictions_load(data, &error);
  if (table)
    g_task_return_pointer(task, table, (GDestroyNotify)mg_predictions_free);
  else
    g_task_return_error(task, error);
}

static void
read_table(MgRibbon *ribbon, const char *path, GAsyncReadyCallback callback)
{
  g_autoptr(GTask) task = g_task_new(ribbon, ribbon->reading, callback, NULL);
  g_task_set_task_data(task, g_strdup(path), g_free);
  g_task_run_in_thread(task, read_in_thread);
}

static void
take_made(GObject *source, GAsyncResult *result, gpointer data)
{
  MgRibbon *ribbon = MG_RIBBON(source);
  g_autoptr(GError) error = NULL;
  MgPredictions *table = g_task_propagate_pointer(G_TASK(result), &error);
  g_clear_object(&ribbon->worker);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!table)
    fail(ribbon, error->message);
  else if (!take_table(ribbon, table))
    fail(ribbon, _("the run's model gives no segment for this track"));
}

static void
follow_worker(MgWorker *worker, guint end, const char *message, MgRibbon *ribbon)
{
  if (end == MG_WORKER_DONE)
    read_table(ribbon, ribbon->made, take_made);
  else if (end == MG_WORKER_FAILED) {
    g_clear_object(&ribbon->worker);
    fail(ribbon, message);
  }
}

static void
predict(MgRibbon *ribbon)
{
  g_autoptr(GError) error = NULL;
  ribbon->scratch = mg_scratch_new("ribbon", &error);
  ribbon->made = ribbon->scratch ? mg_scratch_path(ribbon->scratch, "predictions.csv") : NULL;
  ribbon->worker = mg_worker_new();
  g_signal_connect_object(ribbon->worker, "ended", G_CALLBACK(follow_worker), ribbon, 0);
  if (!ribbon->scratch || !mg_worker_start(ribbon->worker,
                                           (const char *[]){"predict", "--quiet", "--run", ribbon->run, "--out",
                                                            ribbon->made, ribbon->track, NULL},
                                           &error)) {
    g_clear_object(&ribbon->worker);
    fail(ribbon, error->message);
  } else
    tell(ribbon);
}

static void
take_run_table(GObject *source, GAsyncResult *result, gpointer data)
{
  MgRibbon *ribbon = MG_RIBBON(source);
  g_autoptr(GError) error = NULL;
  MgPredictions *table = g_task_propagate_pointer(G_TASK(result), &error);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!table || !take_table(ribbon, table))
    predict(ribbon);
}

MgRibbon *
mg_ribbon_new(const char *run, const char *track)
{
  MgRibbon *ribbon = g_object_new(MG_TYPE_RIBBON, NULL);
  g_autofree char *table = g_build_filename(run, "predictions.csv", NULL);
  ribbon->run = g_strdup(run);
  ribbon->track = g_canonicalize_filename(track, NULL);
  ribbon->reading = g_cancellable_new();
  read_table(ribbon, table, take_run_table);
  return ribbon;
}

gboolean
mg_ribbon_is_of(MgRibbon *ribbon, const char *run, const char *track)
{
  return g_str_equal(ribbon->run, run) && g_str_equal(ribbon->track, track);
}

guint
mg_ribbon_n_classes(MgRibbon *ribbon)
{
  return ribbon->table ? ribbon->table->labels->len : 0;
}

const char *
mg_ribbon_class(MgRibbon *ribbon, guint i)
{
  return ribbon->table->labels->pdata[i];
}

guint
mg_ribbon_n(MgRibbon *ribbon)
{
  return ribbon->segments->len;
}

const MgPrediction *
mg_ribbon_get(MgRibbon *ribbon, guint i)
{
  return ribbon->segments->pdata[i];
}

const MgPrediction *
mg_ribbon_at(MgRibbon *ribbon, double seconds)
{
  for (guint i = 0; i < ribbon->segments->len; i++) {
    const MgPrediction *segment = ribbon->segments->pdata[i];
    if (seconds >= segment->start && seconds < segment->end)
      return segment;
  }
  return NULL;
}

gboolean
mg_ribbon_working(MgRibbon *ribbon)
{
  return !ribbon->table && !ribbon->failure;
}

const char *
mg_ribbon_failure(MgRibbon *ribbon)
{
  return ribbon->failure;
}

static void
dispose(GObject *object)
{
  MgRibbon *ribbon = MG_RIBBON(object);
  g_cancellable_cancel(ribbon->reading);
  g_clear_object(&ribbon->reading);
  if (ribbon->worker)
    mg_worker_stop(ribbon->worker);
  g_clear_object(&ribbon->worker);
  G_OBJECT_CLASS(mg_ribbon_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  MgRibbon *ribbon = MG_RIBBON(object);
  mg_scratch_free(ribbon->scratch);
  g_clear_pointer(&ribbon->table, mg_predictions_free);
  g_ptr_array_unref(ribbon->segments);
  g_free(ribbon->run);
  g_free(ribbon->track);
  g_free(ribbon->made);
  g_free(ribbon->failure);
  G_OBJECT_CLASS(mg_ribbon_parent_class)->finalize(object);
}

static void
mg_ribbon_class_init(MgRibbonClass *class)
{
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_ribbon_init(MgRibbon *ribbon)
{
  ribbon->segments = g_ptr_array_new();
}

#include "session/classification.h"
#include "base/scratch.h"
#include "dataset/sound-files.h"
#include "session/background.h"

struct _MgClassification {
  GObject parent;
  MgResults *results;
  char *model;
  GStrv paths;
  GCancellable *counting; /* NULL: the files were counted */
  MgBackground *work;     /* NULL: none works */
  MgScratch *scratch;
  char *table; /* in it: what the child writes */
  guint n_files;
  char *problem;
};

G_DEFINE_FINAL_TYPE(MgClassification, mg_classification, G_TYPE_OBJECT)

static guint changed_signal;

MgClassification *
mg_classification_new(void)
{
  return g_object_new(MG_TYPE_CLASSIFICATION, NULL);
}

static void
tell(MgClassification *classification)
{
  g_signal_emit(classification, changed_signal, 0);
}

static void
forget_files(MgClassification *classification)
{
  g_clear_pointer(&classification->scratch, mg_scratch_free);
  g_clear_pointer(&classification->table, g_free);
}

static void
give_up(MgClassification *classification)
{
  g_cancellable_cancel(classification->counting);
  g_clear_object(&classification->counting);
  if (classification->work) {
    g_signal_handlers_disconnect_by_data(classification->work, classification);
    mg_background_cancel(classification->work);
  }
  g_clear_object(&classification->work);
}

static void
fail(MgClassification *classification, const char *message)
{
  g_free(classification->problem);
  classification->problem = g_strdup(message);
}

/* What could be classified stands in the table, also where some files could not. */
static void
follow_work(MgClassification *classification)
{
  if (mg_background_is_running(classification->work)) {
    tell(classification);
    return;
  }
  fail(classification, mg_background_message(classification->work));
  g_signal_handlers_disconnect_by_data(classification->work, classification);
  g_clear_object(&classification->work);
  if (g_file_test(classification->table, G_FILE_TEST_EXISTS))
    mg_results_open_file(classification->results, classification->table);
  tell(classification);
}

static gboolean
make_place(MgClassification *classification, GError **error)
{
  forget_files(classification);
  classification->scratch = mg_scratch_new("classified", error);
  if (classification->scratch)
    classification->table = mg_scratch_path(classification->scratch, "predictions.csv");
  return classification->table != NULL;
}

static void
work(MgClassification *classification)
{
  g_autoptr(GPtrArray) arguments = g_ptr_array_new();
  const char *const first[] = {"predict", "--progress",          "--model", classification->model,
                               "--out",   classification->table, "--"};
  for (size_t i = 0; i < G_N_ELEMENTS(first); i++)
    g_ptr_array_add(arguments, (gpointer)first[i]);
  for (char **path = classification->paths; *path; path++)
    g_ptr_array_add(arguments, *path);
  g_ptr_array_add(arguments, NULL);
  classification->work = mg_background_new();
  g_signal_connect_swapped(classification->work, "changed", G_CALLBACK(follow_work), classification);
  g_signal_connect_swapped(classification->work, "progress", G_CALLBACK(tell), classification);
  mg_background_start(classification->work, (const char *const *)arguments->pdata);
}

/* How many files there are is known before it begins: a folder may hold none. */
static void
count_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  g_auto(GStrv) files = mg_sound_files(data, &error);
  if (files)
    g_task_return_int(task, g_strv_length(files));
  else
    g_task_return_error(task, error);
}

static void
take_count(GObject *source, GAsyncResult *result, gpointer data)
{
  MgClassification *classification = MG_CLASSIFICATION(source);
  g_autoptr(GError) error = NULL;
  gssize n = g_task_propagate_int(G_TASK(result), &error);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object(&classification->counting);
  classification->n_files = error ? 0 : (guint)n;
  if (error || !make_place(classification, &error))
    fail(classification, error->message);
  else
    work(classification);
  tell(classification);
}

void
mg_classification_start(MgClassification *classification, const char *model, const char *const *paths)
{
  GStrv own = g_strdupv((char **)paths); /* they may be the former ones */
  give_up(classification);
  fail(classification, NULL);
  g_strfreev(classification->paths);
  g_free(classification->model);
  classification->paths = own;
  classification->model = g_strdup(model);
  classification->n_files = 0;
  classification->counting = g_cancellable_new();
  g_autoptr(GTask) task = g_task_new(classification, classification->counting, take_count, NULL);
  g_task_set_task_data(task, g_strdupv(classification->paths), (GDestroyNotify)g_strfreev);
  g_task_run_in_thread(task, count_in_thread);
  tell(classification);
}

void
mg_classification_stop(MgClassification *classification)
{
  give_up(classification);
  tell(classification);
}

gboolean
mg_classification_working(MgClassification *classification)
{
  return classification->counting || classification->work ||
         mg_results_state(classification->results) == MG_RESULTS_LOADING;
}

void
mg_classification_progress(MgClassification *classification, double *fraction, double *seconds_left)
{
  *fraction = classification->work ? mg_background_fraction(classification->work) : 0;
  *seconds_left = classification->work ? mg_background_seconds_left(classification->work) : -1;
}

MgResults *
mg_classification_results(MgClassification *classification)
{
  return classification->results;
}

const char *
mg_classification_problem(MgClassification *classification, guint *n_files)
{
  gboolean ready = mg_results_state(classification->results) == MG_RESULTS_READY;
  gsize n = ready ? mg_results_n_tracks(classification->results) : 0;
  *n_files = ready && classification->n_files > n ? classification->n_files - (guint)n : 0;
  if (mg_results_state(classification->results) == MG_RESULTS_FAILED && !classification->problem)
    return mg_results_message(classification->results);
  return classification->problem;
}

static void
dispose(GObject *object)
{
  MgClassification *classification = MG_CLASSIFICATION(object);
  give_up(classification);
  if (classification->results)
    g_signal_handlers_disconnect_by_data(classification->results, classification);
  g_clear_object(&classification->results);
  G_OBJECT_CLASS(mg_classification_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  MgClassification *classification = MG_CLASSIFICATION(object);
  forget_files(classification);
  g_strfreev(classification->paths);
  g_free(classification->model);
  g_free(classification->problem);
  G_OBJECT_CLASS(mg_classification_parent_class)->finalize(object);
}

static void
mg_classification_class_init(MgClassificationClass *class)
{
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_classification_init(MgClassification *classification)
{
  classification->results = mg_results_new();
  g_signal_connect_swapped(classification->results, "changed", G_CALLBACK(tell), classification);
}

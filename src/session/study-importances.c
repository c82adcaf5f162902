#include "session/study-importances.h"
#include "session/worker.h"
#include "train/importances.h"
#include "train/table-model.h"
#include <math.h>

/* What a thread finds in a run folder. */
typedef struct {
  char *run;
  GPtrArray *names; /* char *: what the bars name */
  GArray *bars;     /* of MgBar */
  gboolean permuted;
} Found;

struct _MgStudyImportances {
  GObject parent_instance;
  Found *found; /* or NULL */
  gboolean reading;
  guint64 errand; /* number of the newest request; older answers are dropped */
  char *message, *failure;
  char *run;        /* that is open; or NULL */
  char *measured;   /* that is being measured */
  MgWorker *worker; /* that measures it; or NULL */
  double fraction;
};

G_DEFINE_FINAL_TYPE(MgStudyImportances, mg_study_importances, G_TYPE_OBJECT)

static guint changed_signal;
static const char repeats[] = "5"; /* of scikit-learn, too */

static void
found_free(gpointer data)
{
  Found *found = data;
  if (!found)
    return;
  g_free(found->run);
  g_ptr_array_unref(found->names);
  g_array_unref(found->bars);
  g_free(found);
}

static Found *
found_new(const char *run)
{
  Found *found = g_new0(Found, 1);
  found->run = g_strdup(run);
  found->names = g_ptr_array_new_with_free_func(g_free);
  found->bars = g_array_new(FALSE, FALSE, sizeof(MgBar));
  return found;
}

/* By the run's file; FALSE where it has none. */
static gboolean
read_file(Found *found)
{
  g_autoptr(GArray) rows = mg_importances_load(found->run, NULL);
  found->permuted = rows && mg_importances_sort(rows);
  for (guint i = 0; rows && i < rows->len; i++) {
    const MgFeatureImportance *row = &g_array_index(rows, MgFeatureImportance, i);
    MgBar bar = {g_strdup(row->feature), found->permuted ? row->mean : row->importance,
                 found->permuted ? row->deviation : NAN};
    g_ptr_array_add(found->names, (gpointer)bar.name);
    g_array_append_val(found->bars, bar);
  }
  return rows != NULL;
}

/* By the model itself. */
static gboolean
ask_model(Found *found, GError **error)
{
  g_autofree char *path = g_build_filename(found->run, "checkpoints", "best.safetensors", NULL);
  g_autoptr(MgTableModel) model = mg_table_model_load(path, error);
  if (!model || !model->classifier->class->importances)
    return model != NULL;
  g_autofree double *values = g_new0(double, model->columns->len);
  model->classifier->class->importances(model->classifier, values);
  for (guint i = 0; i < model->columns->len; i++) {
    MgBar bar = {g_strdup(model->columns->pdata[i]), values[i], NAN};
    g_ptr_array_add(found->names, (gpointer)bar.name);
    g_array_append_val(found->bars, bar);
  }
  return TRUE;
}

static int
compare_bars(gconstpointer a, gconstpointer b)
{
  const MgBar *one = a, *other = b;
  return (one->value < other->value) - (one->value > other->value);
}

static void
read_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Found *found = data;
  GError *error = NULL;
  if (!read_file(found) && !ask_model(found, &error)) {
    g_task_return_error(task, error);
    return;
  }
  g_array_sort(found->bars, compare_bars);
  g_task_return_boolean(task, TRUE);
}

static void
on_read(GObject *source, GAsyncResult *result, gpointer data)
{
  MgStudyImportances *importances = MG_STUDY_IMPORTANCES(source);
  Found *found = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  gboolean good = g_task_propagate_boolean(G_TASK(result), &error);
  if (!good || GPOINTER_TO_SIZE(data) != importances->errand)
    found_free(found);
  else
    importances->found = found;
  if (GPOINTER_TO_SIZE(data) != importances->errand)
    return;
  importances->reading = FALSE;
  importances->message = error ? g_strdup(error->message) : NULL;
  g_signal_emit(importances, changed_signal, 0);
}

void
mg_study_importances_open(MgStudyImportances *importances, const char *run)
{
  importances->errand++;
  importances->reading = run != NULL;
  g_autofree char *former = importances->run;
  importances->run = g_strdup(run);
  g_clear_pointer(&importances->found, found_free);
  g_clear_pointer(&importances->message, g_free);
  if (run) {
    g_autoptr(GTask) task = g_task_new(importances, NULL, on_read, GSIZE_TO_POINTER(importances->errand));
    g_task_set_task_data(task, found_new(run), NULL); /* on_read() takes it */
    g_task_run_in_thread(task, read_on_thread);
  }
  g_signal_emit(importances, changed_signal, 0);
}

gboolean
mg_study_importances_is_reading(MgStudyImportances *importances)
{
  return importances->reading;
}

const char *
mg_study_importances_message(MgStudyImportances *importances)
{
  return importances->message ? importances->message : "";
}

const MgBar *
mg_study_importances_bars(MgStudyImportances *importances, size_t *n)
{
  *n = importances->found ? importances->found->bars->len : 0;
  return importances->found ? (const MgBar *)importances->found->bars->data : NULL;
}

gboolean
mg_study_importances_are_permuted(MgStudyImportances *importances)
{
  return importances->found && importances->found->permuted;
}

/* Measuring. */

static void
on_worker_progress(MgWorker *worker, double fraction, double seconds_left, const char *what,
                   MgStudyImportances *importances)
{
  importances->fraction = fraction;
  g_signal_emit(importances, changed_signal, 0);
}

static void
on_worker_ended(MgWorker *worker, guint end, const char *message, MgStudyImportances *importances)
{
  g_clear_object(&importances->worker);
  g_autofree char *measured = g_steal_pointer(&importances->measured);
  importances->failure = g_strdup(end == MG_WORKER_FAILED ? message : NULL);
  if (end == MG_WORKER_DONE && g_strcmp0(measured, importances->run) == 0)
    mg_study_importances_open(importances, measured);
  else
    g_signal_emit(importances, changed_signal, 0);
}

gboolean
mg_study_importances_measure(MgStudyImportances *importances, GError **error)
{
  g_return_val_if_fail(importances->run && !importances->worker, FALSE);
  const char *const arguments[] = {"importances", "--run", importances->run, "--measure", repeats, "--progress", NULL};
  g_autoptr(MgWorker) worker = mg_worker_new();
  g_clear_pointer(&importances->failure, g_free);
  if (!mg_worker_start(worker, arguments, error))
    return FALSE;
  g_signal_connect(worker, "progress", G_CALLBACK(on_worker_progress), importances);
  g_signal_connect(worker, "ended", G_CALLBACK(on_worker_ended), importances);
  importances->worker = g_steal_pointer(&worker);
  importances->measured = g_strdup(importances->run);
  importances->fraction = 0;
  g_signal_emit(importances, changed_signal, 0);
  return TRUE;
}

void
mg_study_importances_stop(MgStudyImportances *importances)
{
  if (importances->worker)
    mg_worker_stop(importances->worker);
}

gboolean
mg_study_importances_is_measuring(MgStudyImportances *importances)
{
  return importances->worker != NULL;
}

double
mg_study_importances_fraction(MgStudyImportances *importances)
{
  return importances->fraction;
}

const char *
mg_study_importances_failure(MgStudyImportances *importances)
{
  return importances->failure ? importances->failure : "";
}

static void
mg_study_importances_dispose(GObject *object)
{
  MgStudyImportances *importances = MG_STUDY_IMPORTANCES(object);
  if (importances->worker) {
    g_signal_handlers_disconnect_by_data(importances->worker, importances);
    mg_worker_stop(importances->worker);
    g_clear_object(&importances->worker);
  }
  G_OBJECT_CLASS(mg_study_importances_parent_class)->dispose(object);
}

static void
mg_study_importances_finalize(GObject *object)
{
  MgStudyImportances *importances = MG_STUDY_IMPORTANCES(object);
  found_free(importances->found);
  g_free(importances->message);
  g_free(importances->failure);
  g_free(importances->run);
  g_free(importances->measured);
  G_OBJECT_CLASS(mg_study_importances_parent_class)->finalize(object);
}

static void
mg_study_importances_class_init(MgStudyImportancesClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_study_importances_dispose;
  G_OBJECT_CLASS(klass)->finalize = mg_study_importances_finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_study_importances_init(MgStudyImportances *importances)
{
}

MgStudyImportances *
mg_study_importances_new(void)
{
  return g_object_new(MG_TYPE_STUDY_IMPORTANCES, NULL);
}

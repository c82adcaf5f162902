#include "session/run-comparison.h"
#include "session/worker.h"
#include "base/file.h"
#include <glib/gstdio.h>
#include <math.h>

/* One run. */

struct _MgComparedRun {
  GObject parent_instance;
  MgRunSummary *summary;
  char *stamp; /* of the files that it was read from */
};

G_DEFINE_FINAL_TYPE(MgComparedRun, mg_compared_run, G_TYPE_OBJECT)

const MgRunSummary *
mg_compared_run_summary(MgComparedRun *run)
{
  return run->summary;
}

static void
mg_compared_run_finalize(GObject *object)
{
  mg_run_summary_free(MG_COMPARED_RUN(object)->summary);
  g_free(MG_COMPARED_RUN(object)->stamp);
  G_OBJECT_CLASS(mg_compared_run_parent_class)->finalize(object);
}

static void
mg_compared_run_class_init(MgComparedRunClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = mg_compared_run_finalize;
}

static void
mg_compared_run_init(MgComparedRun *run)
{
}

static char *
stamp_of(const char *folder)
{
  static const char *const files[] = {"config.ini", "status",         "metrics.csv", "checkpoints/best.safetensors",
                                      "note.txt",   "predictions.csv"};
  GString *stamp = g_string_new(NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *path = g_build_filename(folder, files[i], NULL);
    GStatBuf info = {0};
    g_stat(path, &info); /* the time alone is not enough: its steps are several milliseconds */
    g_string_append_printf(stamp, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " ", mg_file_modified(path),
                           (gint64)info.st_size);
  }
  return g_string_free(stamp, FALSE);
}

/* All of them. */

struct _MgRunComparison {
  GObject parent_instance;
  MgRunList *list;
  GPtrArray *runs;      /* MgComparedRun * */
  GPtrArray *summaries; /* theirs */
  guint64 errand;       /* the newest one; older answers are dropped */
  MgWorker *worker;
  GQueue untested; /* MgRunSummary's folders (char *) that wait for the worker */
  char *evaluating, *message;
};

static void mg_run_comparison_model_init(GListModelInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE(MgRunComparison, mg_run_comparison, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, mg_run_comparison_model_init))

static guint changed_signal;

typedef struct {
  GPtrArray *folders; /* char * */
  GPtrArray *known;   /* MgComparedRun * of before, for those that have not changed */
} Errand;

static void
errand_free(gpointer data)
{
  Errand *errand = data;
  g_ptr_array_unref(errand->folders);
  g_ptr_array_unref(errand->known);
  g_free(errand);
}

static MgComparedRun *
find_known(const Errand *errand, const char *folder, const char *stamp)
{
  for (guint i = 0; i < errand->known->len; i++) {
    MgComparedRun *run = errand->known->pdata[i];
    if (g_str_equal(run->summary->folder, folder) && g_str_equal(run->stamp, stamp))
      return g_object_ref(run);
  }
  return NULL;
}

static MgComparedRun *
read_run(const Errand *errand, const char *folder)
{
  char *stamp = stamp_of(folder);
  MgComparedRun *run = find_known(errand, folder, stamp);
  MgRunSummary *summary = run ? NULL : mg_run_summary_load(folder, NULL); /* one that is no run yet is read later */
  if (!summary) {
    g_free(stamp);
    return run;
  }
  run = g_object_new(MG_TYPE_COMPARED_RUN, NULL);
  run->summary = summary;
  run->stamp = stamp;
  return run;
}

static void
read_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Errand *errand = data;
  GPtrArray *runs = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; i < errand->folders->len; i++) {
    MgComparedRun *run = read_run(errand, errand->folders->pdata[i]);
    if (run)
      g_ptr_array_add(runs, run);
  }
  g_task_return_pointer(task, runs, (GDestroyNotify)g_ptr_array_unref);
}

static gboolean
are_same(const GPtrArray *a, const GPtrArray *b)
{
  gboolean same = a->len == b->len;
  for (guint i = 0; same && i < a->len; i++)
    same = a->pdata[i] == b->pdata[i];
  return same;
}

static void
announce(MgRunComparison *comparison)
{
  g_signal_emit(comparison, changed_signal, 0);
}

static void
take(MgRunComparison *comparison, GPtrArray *runs)
{
  guint before = comparison->runs->len;
  g_autoptr(GPtrArray) old = comparison->runs; /* rows may still look at their summaries */
  comparison->runs = g_ptr_array_ref(runs);
  g_ptr_array_set_size(comparison->summaries, 0);
  for (guint i = 0; i < runs->len; i++)
    g_ptr_array_add(comparison->summaries, ((MgComparedRun *)runs->pdata[i])->summary);
  announce(comparison);
  g_list_model_items_changed(G_LIST_MODEL(comparison), 0, before, runs->len);
}

static void
on_read(GObject *source, GAsyncResult *result, gpointer data)
{
  MgRunComparison *comparison = MG_RUN_COMPARISON(source);
  g_autoptr(GPtrArray) runs = g_task_propagate_pointer(G_TASK(result), NULL);
  if (runs && GPOINTER_TO_SIZE(data) == comparison->errand && !are_same(runs, comparison->runs))
    take(comparison, runs);
}

void
mg_run_comparison_refresh(MgRunComparison *comparison)
{
  Errand *errand = g_new(Errand, 1);
  *errand = (Errand){g_ptr_array_new_with_free_func(g_free), g_ptr_array_new_with_free_func(g_object_unref)};
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(comparison->list)); i++) {
    g_autoptr(MgRun) run = g_list_model_get_item(G_LIST_MODEL(comparison->list), i);
    if (!mg_run_is_search(run))
      g_ptr_array_add(errand->folders, g_strdup(mg_run_folder(run)));
  }
  for (guint i = 0; i < comparison->runs->len; i++)
    g_ptr_array_add(errand->known, g_object_ref(comparison->runs->pdata[i]));
  comparison->errand++;
  g_autoptr(GTask) task = g_task_new(comparison, NULL, on_read, GSIZE_TO_POINTER(comparison->errand));
  g_task_set_task_data(task, errand, errand_free);
  g_task_run_in_thread(task, read_on_thread);
}

const GPtrArray *
mg_run_comparison_summaries(MgRunComparison *comparison)
{
  return comparison->summaries;
}

/* Evaluating. */

static gboolean
is_untested(const MgRunSummary *summary)
{
  g_autofree char *checkpoint = g_build_filename(summary->folder, "checkpoints", "best.safetensors", NULL);
  return isnan(summary->figures[MG_SUMMARY_TEST_F1]) && summary->state != MG_RUN_RUNNING &&
         summary->state != MG_RUN_PREPARING && g_file_test(checkpoint, G_FILE_TEST_EXISTS);
}

guint
mg_run_comparison_n_untested(MgRunComparison *comparison)
{
  guint n = 0;
  for (guint i = 0; i < comparison->summaries->len; i++)
    n += is_untested(comparison->summaries->pdata[i]);
  return n;
}

static void
set_text(char **text, const char *to)
{
  g_free(*text);
  *text = g_strdup(to);
}

static void evaluate_next(MgRunComparison *comparison);

static void
on_worker_ended(MgWorker *worker, guint end, const char *message, MgRunComparison *comparison)
{
  if (end == MG_WORKER_FAILED)
    set_text(&comparison->message, message);
  if (end == MG_WORKER_STOPPED)
    g_queue_clear_full(&comparison->untested, g_free);
  mg_run_comparison_refresh(comparison);
  evaluate_next(comparison);
}

static void
evaluate_next(MgRunComparison *comparison)
{
  g_autofree char *folder = g_queue_pop_head(&comparison->untested);
  g_autofree char *name = folder ? g_filename_display_basename(folder) : NULL;
  set_text(&comparison->evaluating, name);
  const char *arguments[] = {"evaluate", "--run", folder, "--quiet", NULL};
  g_autoptr(GError) error = NULL;
  if (folder && !mg_worker_start(comparison->worker, arguments, &error)) {
    set_text(&comparison->message, error->message);
    set_text(&comparison->evaluating, NULL);
    g_queue_clear_full(&comparison->untested, g_free);
  }
  announce(comparison);
}

void
mg_run_comparison_evaluate(MgRunComparison *comparison)
{
  if (comparison->evaluating)
    return;
  set_text(&comparison->message, "");
  for (guint i = 0; i < comparison->summaries->len; i++) {
    const MgRunSummary *summary = comparison->summaries->pdata[i];
    if (is_untested(summary))
      g_queue_push_tail(&comparison->untested, g_strdup(summary->folder));
  }
  evaluate_next(comparison);
}

void
mg_run_comparison_stop(MgRunComparison *comparison)
{
  g_queue_clear_full(&comparison->untested, g_free);
  mg_worker_stop(comparison->worker);
}

const char *
mg_run_comparison_evaluating(MgRunComparison *comparison)
{
  return comparison->evaluating;
}

const char *
mg_run_comparison_message(MgRunComparison *comparison)
{
  return comparison->message;
}

static GType
get_item_type(GListModel *model)
{
  return MG_TYPE_COMPARED_RUN;
}

static guint
get_n_items(GListModel *model)
{
  return MG_RUN_COMPARISON(model)->runs->len;
}

static gpointer
get_item(GListModel *model, guint i)
{
  GPtrArray *runs = MG_RUN_COMPARISON(model)->runs;
  return i < runs->len ? g_object_ref(runs->pdata[i]) : NULL;
}

static void
mg_run_comparison_model_init(GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static void
mg_run_comparison_dispose(GObject *object)
{
  MgRunComparison *comparison = MG_RUN_COMPARISON(object);
  if (comparison->worker) {
    g_signal_handlers_disconnect_by_data(comparison->worker, comparison);
    mg_worker_stop(comparison->worker);
  }
  g_clear_object(&comparison->worker);
  G_OBJECT_CLASS(mg_run_comparison_parent_class)->dispose(object);
}

static void
mg_run_comparison_finalize(GObject *object)
{
  MgRunComparison *comparison = MG_RUN_COMPARISON(object);
  g_queue_clear_full(&comparison->untested, g_free);
  g_ptr_array_unref(comparison->summaries);
  g_ptr_array_unref(comparison->runs);
  g_object_unref(comparison->list);
  g_free(comparison->evaluating);
  g_free(comparison->message);
  G_OBJECT_CLASS(mg_run_comparison_parent_class)->finalize(object);
}

static void
mg_run_comparison_class_init(MgRunComparisonClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_run_comparison_dispose;
  G_OBJECT_CLASS(klass)->finalize = mg_run_comparison_finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_run_comparison_init(MgRunComparison *comparison)
{
  comparison->runs = g_ptr_array_new_with_free_func(g_object_unref);
  comparison->summaries = g_ptr_array_new();
  comparison->worker = mg_worker_new();
  comparison->message = g_strdup("");
  g_signal_connect(comparison->worker, "ended", G_CALLBACK(on_worker_ended), comparison);
}

MgRunComparison *
mg_run_comparison_new(MgRunList *list)
{
  MgRunComparison *comparison = g_object_new(MG_TYPE_RUN_COMPARISON, NULL);
  comparison->list = g_object_ref(list);
  return comparison;
}

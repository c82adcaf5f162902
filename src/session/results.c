#include "session/results-private.h"
#include "base/file.h"
#include <string.h>

static void mg_results_model_init(GListModelInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE(MgResults, mg_results, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, mg_results_model_init))

static guint changed_signal, progress_signal;

static void
announce(MgResults *results)
{
  g_signal_emit(results, changed_signal, 0);
}

static gboolean
is_of_cell(MgResults *results, guint i)
{
  const MgPredictions *said = results->cell_of_other ? results->table->other : results->table->predictions;
  const MgPrediction *row = said->predictions->pdata[i];
  return row->y_test == results->truth && row->y_pred == results->prediction;
}

static gboolean
passes(const MgResults *results, guint i)
{
  const MgPrediction *row = results->table->predictions->predictions->pdata[i];
  const MgPrediction *other = results->table->other ? results->table->other->predictions->pdata[i] : NULL;
  switch (results->filter) {
  case MG_RESULTS_WRONG:
    return mg_prediction_is_wrong(row);
  case MG_RESULTS_UNSURE:
    return mg_prediction_is_unsure(row);
  case MG_RESULTS_DIFFER:
    return other && other->y_pred != row->y_pred;
  default:
    return TRUE;
  }
}

static gboolean
is_shown(MgResults *results, guint i)
{
  const MgPrediction *row = results->table->predictions->predictions->pdata[i];
  return passes(results, i) && (results->class < 0 || row->y_test == results->class) &&
         (results->truth < 0 || is_of_cell(results, i)) && (!results->picked || results->picked[i]) &&
         (!results->search || strstr(results->table->search_keys[i], results->search));
}

static void
add_track_row(MgResults *results, guint i, guint *track)
{
  guint own = results->table->vote_of[i], row = G_MAXUINT - own;
  if (results->grouped && own != *track)
    g_array_append_val(results->shown, row);
  *track = own;
}

static void
show_again(MgResults *results)
{
  guint before = results->shown->len, track = G_MAXUINT;
  g_array_set_size(results->shown, 0);
  guint n = results->table ? results->table->predictions->predictions->len : 0;
  for (guint i = 0; i < n; i++)
    if (is_shown(results, i)) {
      add_track_row(results, i, &track);
      g_array_append_val(results->shown, i);
    }
  g_list_model_items_changed(G_LIST_MODEL(results), 0, before, results->shown->len);
  announce(results);
}

static void
unref_row(gpointer row)
{
  if (row)
    g_object_unref(row);
}

static void
set_table(MgResults *results, MgResultTable *table)
{
  mg_result_table_unref(results->table);
  results->table = table;
  results->truth = results->prediction = results->class = -1;
  g_clear_pointer(&results->picked, g_free);
  g_ptr_array_set_size(results->rows, 0);
  g_ptr_array_set_size(results->rows, table ? (int)table->predictions->predictions->len : 0);
  g_ptr_array_set_size(results->tracks, 0);
  g_ptr_array_set_size(results->tracks, table ? (int)table->votes->len : 0);
  if (!table || !table->other)
    results->filter = results->filter == MG_RESULTS_DIFFER ? MG_RESULTS_ALL : results->filter;
  show_again(results);
}

static void
fail(MgResults *results, const char *message)
{
  results->state = MG_RESULTS_FAILED;
  g_free(results->message);
  results->message = g_strdup(message);
  set_table(results, NULL);
}

static MgResultTable *
load_table(const char *path, GError **error)
{
  MgPredictions *predictions = mg_predictions_load(path, error);
  return predictions ? mg_result_table_new(predictions) : NULL;
}

static MgResultTable *
load_comparison(const char *path, GError **error)
{
  MgComparison *comparison = mg_comparison_load(path, error);
  return comparison ? mg_result_table_new_of_two(comparison) : NULL;
}

typedef MgResultTable *(*Load)(const char *path, GError **error);

typedef struct {
  char *path;
  Load load;
} Errand;

static void
errand_free(gpointer data)
{
  g_free(((Errand *)data)->path);
  g_free(data);
}

static void
load_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Errand *errand = data;
  GError *error = NULL;
  MgResultTable *table = errand->load(errand->path, &error);
  if (table)
    g_task_return_pointer(task, table, (GDestroyNotify)mg_result_table_unref);
  else
    g_task_return_error(task, error);
}

static void
on_loaded(GObject *source, GAsyncResult *result, gpointer data)
{
  MgResults *results = MG_RESULTS(source);
  g_autoptr(GError) error = NULL;
  MgResultTable *table = g_task_propagate_pointer(G_TASK(result), &error);
  if (GPOINTER_TO_SIZE(data) != results->errand) {
    mg_result_table_unref(table);
  } else if (table) {
    results->state = MG_RESULTS_READY;
    set_table(results, table);
  } else {
    fail(results, error->message);
  }
}

static void
load(MgResults *results)
{
  results->state = MG_RESULTS_LOADING;
  results->errand++;
  g_autoptr(GTask) task = g_task_new(results, NULL, on_loaded, GSIZE_TO_POINTER(results->errand));
  Errand *errand = g_new(Errand, 1);
  *errand = (Errand){g_strdup(results->path), results->against ? load_comparison : load_table};
  g_task_set_task_data(task, errand, errand_free);
  g_task_run_in_thread(task, load_on_thread);
  announce(results);
}

static void
on_worker_ended(MgWorker *worker, guint end, const char *message, MgResults *results)
{
  if (worker != results->worker)
    return;
  g_clear_object(&results->worker);
  if (end == MG_WORKER_DONE)
    load(results);
  else
    fail(results, end == MG_WORKER_STOPPED ? "" : message);
}

static void
on_worker_progress(MgWorker *worker, double fraction, double seconds_left, const char *what, MgResults *results)
{
  results->fraction = fraction;
  results->seconds_left = seconds_left;
  g_signal_emit(results, progress_signal, 0);
}

static void
drop_worker(MgResults *results)
{
  if (!results->worker)
    return;
  g_signal_handlers_disconnect_by_data(results->worker, results);
  mg_worker_stop(results->worker);
  g_clear_object(&results->worker);
}

void
mg_results_evaluate(MgResults *results)
{
  g_return_if_fail(results->run);
  drop_worker(results);
  results->errand++;
  const char *arguments[] = {"evaluate",
                             "--run",
                             mg_run_folder(results->run),
                             "--split",
                             results->split,
                             "--checkpoint",
                             "best",
                             "--out",
                             results->path,
                             "--progress",
                             results->against ? "--against" : NULL,
                             results->against ? mg_run_folder(results->against) : NULL,
                             NULL};
  g_autoptr(MgWorker) worker = mg_worker_new();
  g_autoptr(GError) error = NULL;
  if (!mg_worker_start(worker, arguments, &error)) {
    fail(results, error->message);
    return;
  }
  g_signal_connect(worker, "ended", G_CALLBACK(on_worker_ended), results);
  g_signal_connect(worker, "progress", G_CALLBACK(on_worker_progress), results);
  results->worker = g_steal_pointer(&worker);
  results->fraction = 0;
  results->seconds_left = -1;
  results->state = MG_RESULTS_EVALUATING;
  announce(results);
}

static void
begin(MgResults *results, MgRun *run, const char *split, char *path)
{
  drop_worker(results);
  g_autofree char *own_split = g_strdup(split); /* it may be the results' */
  g_set_object(&results->run, run);
  g_clear_object(&results->against);
  g_free(results->split);
  results->split = g_steal_pointer(&own_split);
  g_free(results->path);
  results->path = path;
  g_clear_pointer(&results->message, g_free);
  results->state = MG_RESULTS_EMPTY;
  set_table(results, NULL);
}

/* When the run's best model was written; -1: there is none. */
static gint64
trained_at(MgRun *run)
{
  g_autofree char *checkpoint = g_build_filename(mg_run_folder(run), "checkpoints", "best.safetensors", NULL);
  return mg_file_modified(checkpoint);
}

void
mg_results_open_run(MgResults *results, MgRun *run, const char *split)
{
  g_autofree char *name =
      g_str_equal(split, "test") ? g_strdup("predictions.csv") : g_strdup_printf("predictions-%s.csv", split);
  begin(results, run, split, g_build_filename(mg_run_folder(run), name, NULL));
  gint64 trained = trained_at(run);
  if (mg_file_modified(results->path) >= MAX(trained, 0))
    load(results);
  else if (trained >= 0)
    mg_results_evaluate(results);
  else {
    results->errand++;
    results->state = MG_RESULTS_EMPTY;
    announce(results);
  }
}

/* Runs of one name may lie in different folders. */
static char *
comparison_path(MgRun *run, MgRun *against, const char *split)
{
  g_autofree char *key = g_compute_checksum_for_string(G_CHECKSUM_MD5, mg_run_folder(against), -1);
  g_autofree char *base = g_path_get_basename(mg_run_folder(against));
  g_autofree char *name = g_strdup_printf("comparison-%s-%.8s-%s.csv", base, key, split);
  return g_build_filename(mg_run_folder(run), name, NULL);
}

void
mg_results_compare(MgResults *results, MgRun *against)
{
  g_return_if_fail(results->run);
  g_autoptr(MgRun) run = g_object_ref(results->run);
  if (!against || against == run) {
    mg_results_open_run(results, run, results->split);
    return;
  }
  gint64 trained = MAX(trained_at(run), trained_at(against));
  begin(results, run, results->split, comparison_path(run, against, results->split));
  g_set_object(&results->against, against);
  if (mg_file_modified(results->path) >= MAX(trained, 0))
    load(results);
  else
    mg_results_evaluate(results);
}

MgRun *
mg_results_against(MgResults *results)
{
  return results->against;
}

void
mg_results_open_file(MgResults *results, const char *path)
{
  begin(results, NULL, "", g_strdup(path));
  load(results);
}

void
mg_results_stop(MgResults *results)
{
  if (results->worker)
    mg_worker_stop(results->worker);
}

void
mg_results_progress(MgResults *results, double *fraction, double *seconds_left)
{
  *fraction = results->fraction;
  *seconds_left = results->seconds_left;
}

MgResultsState
mg_results_state(MgResults *results)
{
  return results->state;
}

const char *
mg_results_message(MgResults *results)
{
  return results->message ? results->message : "";
}

MgRun *
mg_results_run(MgResults *results)
{
  return results->run;
}

const char *
mg_results_split(MgResults *results)
{
  return results->split;
}

void
mg_results_set_filter(MgResults *results, MgResultsFilter filter)
{
  if (results->filter == filter)
    return;
  results->filter = filter;
  show_again(results);
}

MgResultsFilter
mg_results_filter(MgResults *results)
{
  return results->filter;
}

void
mg_results_set_search(MgResults *results, const char *text)
{
  g_autofree char *folded = text && *text ? g_utf8_casefold(text, -1) : NULL;
  if (g_strcmp0(folded, results->search) == 0)
    return;
  g_free(results->search);
  results->search = g_steal_pointer(&folded);
  show_again(results);
}

void
mg_results_set_cell_of(MgResults *results, gboolean other, int truth, int prediction)
{
  if (results->truth == truth && results->prediction == prediction && results->cell_of_other == other)
    return;
  results->truth = truth;
  results->prediction = prediction;
  results->cell_of_other = other && results->table && results->table->other;
  show_again(results);
}

void
mg_results_set_cell(MgResults *results, int truth, int prediction)
{
  mg_results_set_cell_of(results, FALSE, truth, prediction);
}

gboolean
mg_results_cell_is_other(MgResults *results)
{
  return results->truth >= 0 && results->cell_of_other;
}

void
mg_results_set_class(MgResults *results, int label)
{
  if (results->class == label)
    return;
  results->class = label;
  show_again(results);
}

int
mg_results_class(MgResults *results)
{
  return results->class;
}

void
mg_results_set_grouped(MgResults *results, gboolean grouped)
{
  if (results->grouped == grouped)
    return;
  results->grouped = grouped;
  show_again(results);
}

gboolean
mg_results_is_grouped(MgResults *results)
{
  return results->grouped;
}

gboolean
mg_results_cell(MgResults *results, int *truth, int *prediction)
{
  *truth = results->truth;
  *prediction = results->prediction;
  return results->truth >= 0;
}

static guint
hash_segment(gconstpointer data)
{
  const MgPrediction *segment = data;
  return g_str_hash(segment->track) ^ g_double_hash(&segment->start);
}

static gboolean
same_segment(gconstpointer a, gconstpointer b)
{
  return mg_prediction_is_same(a, b);
}

void
mg_results_pick(MgResults *results, const MgPrediction *const *segments, size_t n)
{
  if (!segments && !results->picked)
    return;
  g_clear_pointer(&results->picked, g_free);
  results->n_picked = n;
  results->n_found = 0;
  g_autoptr(GHashTable) wanted = g_hash_table_new(hash_segment, same_segment);
  for (size_t i = 0; segments && i < n; i++)
    g_hash_table_add(wanted, (gpointer)segments[i]);
  const GPtrArray *rows = results->table ? results->table->predictions->predictions : NULL;
  if (segments && rows)
    results->picked = g_new0(guint8, rows->len + 1);
  for (guint i = 0; results->picked && i < rows->len; i++) {
    results->picked[i] = g_hash_table_contains(wanted, rows->pdata[i]);
    results->n_found += results->picked[i];
  }
  show_again(results);
}

gboolean
mg_results_picked(MgResults *results, size_t *n, size_t *in_table)
{
  *n = results->n_picked;
  *in_table = results->n_found;
  return results->picked != NULL;
}

static GType
get_item_type(GListModel *model)
{
  return MG_TYPE_RESULT_ROW;
}

static guint
get_n_items(GListModel *model)
{
  return MG_RESULTS(model)->shown->len;
}

static gpointer
get_item(GListModel *model, guint position)
{
  MgResults *results = MG_RESULTS(model);
  if (position >= results->shown->len)
    return NULL;
  guint i = g_array_index(results->shown, guint, position);
  gboolean is_track = i >= results->rows->len;
  GPtrArray *rows = is_track ? results->tracks : results->rows;
  if (is_track)
    i = G_MAXUINT - i;
  if (!rows->pdata[i])
    rows->pdata[i] = (is_track ? mg_result_row_new_track : mg_result_row_new)(results->table, i);
  return g_object_ref(rows->pdata[i]);
}

static void
mg_results_model_init(GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static void
mg_results_dispose(GObject *object)
{
  drop_worker(MG_RESULTS(object));
  g_clear_object(&MG_RESULTS(object)->run);
  g_clear_object(&MG_RESULTS(object)->against);
  G_OBJECT_CLASS(mg_results_parent_class)->dispose(object);
}

static void
mg_results_finalize(GObject *object)
{
  MgResults *results = MG_RESULTS(object);
  g_ptr_array_unref(results->rows);
  g_ptr_array_unref(results->tracks);
  g_array_unref(results->shown);
  g_free(results->picked);
  mg_result_table_unref(results->table);
  g_free(results->search);
  g_free(results->message);
  g_free(results->split);
  g_free(results->path);
  G_OBJECT_CLASS(mg_results_parent_class)->finalize(object);
}

static void
mg_results_class_init(MgResultsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->dispose = mg_results_dispose;
  object_class->finalize = mg_results_finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  progress_signal =
      g_signal_new("progress", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_results_init(MgResults *results)
{
  results->shown = g_array_new(FALSE, FALSE, sizeof(guint));
  results->rows = g_ptr_array_new_with_free_func(unref_row);
  results->tracks = g_ptr_array_new_with_free_func(unref_row);
  results->split = g_strdup("");
  results->truth = results->prediction = results->class = -1;
}

MgResults *
mg_results_new(void)
{
  return g_object_new(MG_TYPE_RESULTS, NULL);
}

#include "session/results-private.h"
#include "session/worker.h"
#include "base/csv.h"
#include "base/file.h"
#include <math.h>
#include <string.h>

struct _MgResults {
  GObject parent_instance;
  MgResultsState state;
  char *message;
  MgRun *run;
  char *split, *path; /* path: of the CSV that is or will be there */
  MgWorker *worker;   /* that evaluates, or NULL */
  guint64 errand;     /* number of the newest request; older answers are dropped */
  MgResultTable *table;
  GArray *shown;   /* guint: indices of the rows shown */
  GPtrArray *rows; /* MgResultRow * or NULL, one an index: made when first asked for */
  MgResultsFilter filter;
  char *search; /* case-folded, or NULL */
  int truth, prediction;
  guint8 *picked; /* [rows]: those that a pick kept, or NULL */
  size_t n_picked, n_found;
};

static void mg_results_model_init(GListModelInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE(MgResults, mg_results, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, mg_results_model_init))

static guint changed_signal;

static void
announce(MgResults *results)
{
  g_signal_emit(results, changed_signal, 0);
}

static gboolean
is_shown(MgResults *results, guint i)
{
  const MgPrediction *row = results->table->predictions->predictions->pdata[i];
  if (results->filter == MG_RESULTS_WRONG && !mg_prediction_is_wrong(row))
    return FALSE;
  if (results->filter == MG_RESULTS_UNSURE && !mg_prediction_is_unsure(row))
    return FALSE;
  if (results->truth >= 0 && (row->y_test != results->truth || row->y_pred != results->prediction))
    return FALSE;
  if (results->picked && !results->picked[i])
    return FALSE;
  return !results->search || strstr(results->table->search_keys[i], results->search);
}

static void
show_again(MgResults *results)
{
  guint before = results->shown->len;
  g_array_set_size(results->shown, 0);
  guint n = results->table ? results->table->predictions->predictions->len : 0;
  for (guint i = 0; i < n; i++)
    if (is_shown(results, i))
      g_array_append_val(results->shown, i);
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
  results->truth = results->prediction = -1;
  g_clear_pointer(&results->picked, g_free);
  g_ptr_array_set_size(results->rows, 0);
  g_ptr_array_set_size(results->rows, table ? (int)table->predictions->predictions->len : 0);
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

static void
load_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  MgPredictions *predictions = mg_predictions_load(data, &error);
  if (predictions)
    g_task_return_pointer(task, mg_result_table_new(predictions), (GDestroyNotify)mg_result_table_unref);
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
  g_task_set_task_data(task, g_strdup(results->path), g_free);
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
                             "--quiet",
                             NULL};
  g_autoptr(MgWorker) worker = mg_worker_new();
  g_autoptr(GError) error = NULL;
  if (!mg_worker_start(worker, arguments, &error)) {
    fail(results, error->message);
    return;
  }
  g_signal_connect(worker, "ended", G_CALLBACK(on_worker_ended), results);
  results->worker = g_steal_pointer(&worker);
  results->state = MG_RESULTS_EVALUATING;
  announce(results);
}

static void
begin(MgResults *results, MgRun *run, const char *split, char *path)
{
  drop_worker(results);
  g_set_object(&results->run, run);
  g_free(results->split);
  results->split = g_strdup(split);
  g_free(results->path);
  results->path = path;
  g_clear_pointer(&results->message, g_free);
  results->state = MG_RESULTS_EMPTY;
  set_table(results, NULL);
}

void
mg_results_open_run(MgResults *results, MgRun *run, const char *split)
{
  g_autofree char *name =
      g_str_equal(split, "test") ? g_strdup("predictions.csv") : g_strdup_printf("predictions-%s.csv", split);
  begin(results, run, split, g_build_filename(mg_run_folder(run), name, NULL));
  g_autofree char *checkpoint = g_build_filename(mg_run_folder(run), "checkpoints", "best.safetensors", NULL);
  gint64 trained = mg_file_modified(checkpoint);
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

static void
append_header(GString *line, const MgPredictions *predictions)
{
  g_string_assign(line, "songname,track,genre,y_test,part,start,end,y_pred");
  for (guint c = 0; c < predictions->labels->len; c++) {
    g_autofree char *name = g_strconcat(predictions->labels->pdata[c], "_prob", NULL);
    mg_csv_append(line, name);
  }
}

static void
append_row(GString *line, const MgPrediction *row, guint classes)
{
  g_string_truncate(line, 0);
  mg_csv_append(line, row->songname);
  mg_csv_append(line, row->track);
  mg_csv_append(line, row->genre ? row->genre : "");
  if (row->y_test >= 0)
    mg_csv_append_number(line, row->y_test, 9);
  else
    mg_csv_append(line, "");
  mg_csv_append_number(line, row->part, 9);
  mg_csv_append_number(line, row->start, 9);
  mg_csv_append_number(line, row->end, 9);
  mg_csv_append_number(line, row->y_pred, 9);
  for (guint c = 0; c < classes; c++)
    mg_csv_append_number(line, row->probabilities[c], 6);
}

gboolean
mg_results_export(MgResults *results, const char *path, GError **error)
{
  g_return_val_if_fail(results->table, FALSE);
  const MgPredictions *predictions = results->table->predictions;
  g_autoptr(GString) text = g_string_new(NULL), line = g_string_new(NULL);
  append_header(line, predictions);
  for (guint i = 0;; i++) {
    g_string_append_len(text, line->str, line->len);
    g_string_append_c(text, '\n');
    if (i == results->shown->len)
      break;
    append_row(line, predictions->predictions->pdata[g_array_index(results->shown, guint, i)],
               predictions->labels->len);
  }
  return mg_file_write(path, text->str, text->len, error);
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
mg_results_set_cell(MgResults *results, int truth, int prediction)
{
  if (results->truth == truth && results->prediction == prediction)
    return;
  results->truth = truth;
  results->prediction = prediction;
  show_again(results);
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

const MgPredictions *
mg_results_predictions(MgResults *results)
{
  return results->table ? results->table->predictions : NULL;
}

int
mg_results_n_classes(MgResults *results)
{
  return results->table ? (int)results->table->predictions->labels->len : 0;
}

const char *const *
mg_results_labels(MgResults *results)
{
  static const char *const none[] = {NULL};
  return results->table ? results->table->labels : none;
}

const guint *
mg_results_confusion(MgResults *results)
{
  return results->table ? results->table->confusion : NULL;
}

double
mg_results_accuracy(MgResults *results)
{
  return results->table ? results->table->accuracy : NAN;
}

double
mg_results_macro_f1(MgResults *results)
{
  return results->table ? results->table->macro_f1 : NAN;
}

guint
mg_results_n_wrong(MgResults *results)
{
  return results->table ? results->table->wrong : 0;
}

guint
mg_results_n_unsure(MgResults *results)
{
  return results->table ? results->table->unsure : 0;
}

gboolean
mg_results_is_leaky(MgResults *results)
{
  return (results->table && results->table->predictions->leaky) || (results->run && mg_run_is_leaky(results->run));
}

size_t
mg_results_n_tracks(MgResults *results)
{
  return results->table ? results->table->votes->len : 0;
}

size_t
mg_results_n_tracks_right(MgResults *results)
{
  return results->table ? results->table->tracks_right : 0;
}

const MgVote *
mg_results_track(MgResults *results, size_t i)
{
  g_return_val_if_fail(i < mg_results_n_tracks(results), NULL);
  return &g_array_index(results->table->votes, MgVote, i);
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
  if (!results->rows->pdata[i])
    results->rows->pdata[i] = mg_result_row_new(results->table, i);
  return g_object_ref(results->rows->pdata[i]);
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
  G_OBJECT_CLASS(mg_results_parent_class)->dispose(object);
}

static void
mg_results_finalize(GObject *object)
{
  MgResults *results = MG_RESULTS(object);
  g_ptr_array_unref(results->rows);
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
}

static void
mg_results_init(MgResults *results)
{
  results->shown = g_array_new(FALSE, FALSE, sizeof(guint));
  results->rows = g_ptr_array_new_with_free_func(unref_row);
  results->split = g_strdup("");
  results->truth = results->prediction = -1;
}

MgResults *
mg_results_new(void)
{
  return g_object_new(MG_TYPE_RESULTS, NULL);
}

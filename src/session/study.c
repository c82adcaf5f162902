#include "session/study-private.h"
#include "session/worker.h"
#include "base/csv.h"
#include "base/file.h"
#include "train/run-dir.h"
#include <math.h>
#include <string.h>

struct _MgStudy {
  GObject parent_instance;
  GPtrArray *rows; /* MgStudyRow *, the newest study first */
  guint n_current; /* the first rows are those of the study that goes on, or went last */
  char *folder;    /* its folder, or NULL */
  char *message;
  MgWorker *worker; /* or NULL */
  guint timer;      /* looks for news in the folder */
  gint64 read;      /* when the results that were read were written */
  double fraction, seconds_left;
};

static void mg_study_model_init(GListModelInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE(MgStudy, mg_study, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, mg_study_model_init))

static guint changed_signal;
static const guint look_interval_ms = 300;

static void
announce(MgStudy *study)
{
  g_signal_emit(study, changed_signal, 0);
}

/* results.csv */

static double
number_in(const MgCsv *csv, size_t line, const char *column)
{
  int number = mg_csv_column(csv, column);
  const char *text = number < 0 ? "" : mg_csv_get(csv, line, number);
  return *text ? g_ascii_strtod(text, NULL) : NAN;
}

static const char *
text_in(const MgCsv *csv, size_t line, const char *column)
{
  int number = mg_csv_column(csv, column);
  return number < 0 ? "" : mg_csv_get(csv, line, number);
}

static void
finish_row(MgStudyRow *row, const MgCsv *csv, size_t line)
{
  MgStudyFigures figures = {.f1 = number_in(csv, line, "f1_macro"),
                            .deviation = number_in(csv, line, "f1_deviation"),
                            .accuracy = number_in(csv, line, "accuracy"),
                            .seconds = number_in(csv, line, "seconds"),
                            .parameters = text_in(csv, line, "parameters"),
                            .machine = text_in(csv, line, "machine")};
  mg_study_row_finish(row, &figures);
}

static MgCsv *
load_results(const char *folder)
{
  g_autofree char *path = g_build_filename(folder, "results.csv", NULL);
  g_autoptr(MgCsv) csv = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? mg_csv_load(path, NULL) : NULL;
  gboolean ours = csv && mg_csv_column(csv, "classifier") >= 0 && mg_csv_column(csv, "f1_macro") >= 0;
  return ours ? g_steal_pointer(&csv) : NULL;
}

/* A study may have been moved with its workspace: of the path that the table holds only the name counts. */
static char *
folder_of(const char *study, const MgCsv *csv, size_t line)
{
  g_autofree char *name = g_path_get_basename(text_in(csv, line, "run"));
  return g_build_filename(study, name, NULL);
}

/* The study that goes on. */

/* What is the first without figures is being trained. */
static void
take_news(MgStudy *study)
{
  g_autofree char *path = g_build_filename(study->folder, "results.csv", NULL);
  gint64 written = mg_file_modified(path);
  g_autoptr(MgCsv) csv = written != study->read ? load_results(study->folder) : NULL;
  study->read = written;
  for (guint line = 0; csv && line < csv->rows->len; line++) {
    g_autofree char *folder = folder_of(study->folder, csv, line);
    for (guint i = 0; i < study->n_current; i++)
      if (g_str_equal(mg_study_row_folder(study->rows->pdata[i]), folder))
        finish_row(study->rows->pdata[i], csv, line);
  }
  for (guint i = 0; i < study->n_current; i++) {
    MgStudyRow *row = study->rows->pdata[i];
    MgRunStatus status;
    if (mg_study_row_state(row) == MG_STUDY_DONE || !mg_run_status_read(mg_study_row_folder(row), &status, NULL))
      continue;
    if (status.state == MG_RUN_FAILED)
      mg_study_row_set_state(row, MG_STUDY_FAILED, status.message);
    else if (status.state == MG_RUN_RUNNING)
      mg_study_row_set_state(row, MG_STUDY_TRAINING, NULL);
  }
}

static gboolean
on_timer(gpointer data)
{
  take_news(data);
  return G_SOURCE_CONTINUE;
}

static void
on_worker_progress(MgWorker *worker, double fraction, double seconds_left, const char *what, MgStudy *study)
{
  study->fraction = fraction;
  study->seconds_left = seconds_left;
  announce(study);
}

static void
on_worker_ended(MgWorker *worker, guint end, const char *message, MgStudy *study)
{
  g_clear_handle_id(&study->timer, g_source_remove);
  g_clear_object(&study->worker);
  study->read = -1;
  take_news(study);
  for (guint i = 0; i < study->n_current; i++) {
    MgStudyRow *row = study->rows->pdata[i];
    MgStudyState state = mg_study_row_state(row);
    if (state == MG_STUDY_WAITING || state == MG_STUDY_TRAINING)
      mg_study_row_set_state(row, end == MG_WORKER_STOPPED ? MG_STUDY_STOPPED : MG_STUDY_FAILED, message);
  }
  study->message = g_strdup(end == MG_WORKER_FAILED ? message : NULL);
  announce(study);
}

/* "svc:C=3:kernel=linear" has its run folder svc-C=3-kernel=linear, as table-train names it. */
static MgStudyRow *
row_for(const MgStudyRequest *request, const char *classifier)
{
  g_autofree char *data = g_path_get_basename(request->folder);
  g_autofree char *name = g_strdelimit(g_strdup(classifier), ":/", '-');
  g_autofree char *folder = g_build_filename(request->folder, name, NULL);
  g_auto(GStrv) words = g_strsplit(classifier, ":", 2);
  g_autofree char *parameters = g_strdelimit(g_strdup(words[1] ? words[1] : ""), ":", ' ');
  return mg_study_row_new(data, words[0], parameters, folder);
}

static void
add_rows(MgStudy *study, const MgStudyRequest *request)
{
  study->n_current = g_strv_length((char **)request->classifiers);
  for (guint i = 0; i < study->n_current; i++)
    g_ptr_array_insert(study->rows, (int)i, row_for(request, request->classifiers[i]));
  g_list_model_items_changed(G_LIST_MODEL(study), 0, 0, study->n_current);
}

static void
add_words(GPtrArray *arguments, const char *const *words, const char *option)
{
  for (; words && *words; words++) {
    if (option)
      g_ptr_array_add(arguments, g_strdup(option));
    g_ptr_array_add(arguments, g_strdup(*words));
  }
}

/* One classifier by itself would have the study's folder as its run. */
static GPtrArray *
arguments_for(const MgStudyRequest *request)
{
  GPtrArray *arguments = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *classifiers = g_strjoinv(",", (char **)request->classifiers);
  gboolean several = request->classifiers[1] != NULL;
  g_autofree char *name = g_strdelimit(g_strdup(classifiers), ":/", '-');
  g_autofree char *run = several ? g_strdup(request->folder) : g_build_filename(request->folder, name, NULL);
  g_autofree char *out = g_build_filename(request->folder, "results.csv", NULL);
  const char *const first[] = {"table-train", "--classifier", classifiers, "--run", run, "--out",
                               out,           "--progress",   NULL};
  add_words(arguments, first, NULL);
  add_words(arguments, request->data, NULL);
  add_words(arguments, request->settings, "--set");
  g_ptr_array_add(arguments, NULL);
  return arguments;
}

gboolean
mg_study_start(MgStudy *study, const MgStudyRequest *request, GError **error)
{
  g_return_val_if_fail(!study->worker && request->classifiers[0], FALSE);
  g_autoptr(GPtrArray) arguments = arguments_for(request);
  g_autoptr(MgWorker) worker = mg_worker_new();
  if (!mg_folder_make(request->folder, error) || !mg_worker_start(worker, (const char *const *)arguments->pdata, error))
    return FALSE;
  g_free(study->folder);
  study->folder = g_strdup(request->folder);
  g_clear_pointer(&study->message, g_free);
  study->read = -1;
  study->fraction = 0;
  study->seconds_left = -1;
  g_signal_connect(worker, "progress", G_CALLBACK(on_worker_progress), study);
  g_signal_connect(worker, "ended", G_CALLBACK(on_worker_ended), study);
  study->worker = g_steal_pointer(&worker);
  study->timer = g_timeout_add(look_interval_ms, on_timer, study);
  add_rows(study, request);
  announce(study);
  return TRUE;
}

void
mg_study_stop(MgStudy *study)
{
  if (study->worker)
    mg_worker_stop(study->worker);
}

gboolean
mg_study_is_running(MgStudy *study)
{
  return study->worker != NULL;
}

double
mg_study_fraction(MgStudy *study)
{
  return study->fraction;
}

double
mg_study_seconds_left(MgStudy *study)
{
  return study->seconds_left;
}

const char *
mg_study_message(MgStudy *study)
{
  return study->message ? study->message : "";
}

/* Former studies. */

typedef struct {
  char *folder;
  gint64 written;
} Former;

static void
clear_former(gpointer former)
{
  g_free(((Former *)former)->folder);
}

static int
compare_formers(gconstpointer a, gconstpointer b)
{
  const Former *one = a, *other = b;
  return (one->written < other->written) - (one->written > other->written);
}

static void
add_former(MgStudy *study, const char *folder)
{
  g_autoptr(MgCsv) csv = load_results(folder);
  g_autofree char *data = g_path_get_basename(folder);
  for (guint line = 0; csv && line < csv->rows->len; line++) {
    g_autofree char *run = folder_of(folder, csv, line);
    MgStudyRow *row = mg_study_row_new(data, text_in(csv, line, "classifier"), NULL, run);
    finish_row(row, csv, line);
    g_ptr_array_add(study->rows, row);
  }
}

static void
find_formers(MgStudy *study, const char *root)
{
  g_autoptr(GDir) dir = g_dir_open(root, 0, NULL);
  g_autoptr(GArray) formers = g_array_new(FALSE, FALSE, sizeof(Former));
  g_array_set_clear_func(formers, clear_former);
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *results = g_build_filename(root, name, "results.csv", NULL);
    Former former = {g_build_filename(root, name, NULL), mg_file_modified(results)};
    g_array_append_val(formers, former);
  }
  g_array_sort(formers, compare_formers);
  for (guint i = 0; i < formers->len; i++)
    if (g_array_index(formers, Former, i).written >= 0)
      add_former(study, g_array_index(formers, Former, i).folder);
}

/* The model. */

static GType
get_item_type(GListModel *model)
{
  return MG_TYPE_STUDY_ROW;
}

static guint
get_n_items(GListModel *model)
{
  return MG_STUDY(model)->rows->len;
}

static gpointer
get_item(GListModel *model, guint i)
{
  GPtrArray *rows = MG_STUDY(model)->rows;
  return i < rows->len ? g_object_ref(rows->pdata[i]) : NULL;
}

static void
mg_study_model_init(GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static void
mg_study_dispose(GObject *object)
{
  MgStudy *study = MG_STUDY(object);
  g_clear_handle_id(&study->timer, g_source_remove);
  if (study->worker) {
    g_signal_handlers_disconnect_by_data(study->worker, study);
    mg_worker_stop(study->worker);
    g_clear_object(&study->worker);
  }
  G_OBJECT_CLASS(mg_study_parent_class)->dispose(object);
}

static void
mg_study_finalize(GObject *object)
{
  MgStudy *study = MG_STUDY(object);
  g_ptr_array_unref(study->rows);
  g_free(study->folder);
  g_free(study->message);
  G_OBJECT_CLASS(mg_study_parent_class)->finalize(object);
}

static void
mg_study_class_init(MgStudyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->dispose = mg_study_dispose;
  object_class->finalize = mg_study_finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_study_init(MgStudy *study)
{
  study->rows = g_ptr_array_new_with_free_func(g_object_unref);
  study->seconds_left = -1;
}

MgStudy *
mg_study_new(const char *root)
{
  MgStudy *study = g_object_new(MG_TYPE_STUDY, NULL);
  if (root)
    find_formers(study, root);
  return study;
}

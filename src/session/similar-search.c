#include "session/similar-search.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/scratch.h"
#include "dsp/feature.h"
#include "session/worker.h"

#define MOST "50" /* results */

struct _MgSimilarSearch {
  GObject parent;
  MgWorker *worker;   /* NULL: nothing is looked for */
  MgScratch *scratch; /* holds these: */
  char *list, *found; /* the tracks that the worker reads, and what it writes */
  double fraction, seconds_left;
  GPtrArray *similar; /* MgSimilar *; NULL: none yet */
  char *failure;
};

G_DEFINE_FINAL_TYPE(MgSimilarSearch, mg_similar_search, G_TYPE_OBJECT)

static guint changed_signal;

MgSimilarSearch *
mg_similar_search_new(void)
{
  return g_object_new(MG_TYPE_SIMILAR_SEARCH, NULL);
}

gboolean
mg_similar_search_can(const char *feature)
{
  const MgFeature *known = mg_feature_find(feature, NULL);
  return known && known->kind != MG_FEATURE_EVENTS && known->kind != MG_FEATURE_SOUND;
}

static void
tell(MgSimilarSearch *search)
{
  g_signal_emit(search, changed_signal, 0);
}

static void
forget_files(MgSimilarSearch *search)
{
  g_clear_pointer(&search->scratch, mg_scratch_free);
  g_clear_pointer(&search->list, g_free);
  g_clear_pointer(&search->found, g_free);
}

static void
give_up(MgSimilarSearch *search)
{
  if (search->worker) {
    g_signal_handlers_disconnect_by_data(search->worker, search);
    mg_worker_stop(search->worker);
  }
  g_clear_object(&search->worker);
  forget_files(search);
}

static void
fail(MgSimilarSearch *search, const char *message)
{
  give_up(search);
  g_free(search->failure);
  search->failure = g_strdup(message);
}

static void
free_similar(gpointer data)
{
  g_free(((MgSimilar *)data)->path);
  g_free(data);
}

static gboolean
read_found(MgSimilarSearch *search, GError **error)
{
  g_autoptr(MgCsv) csv = mg_csv_load(search->found, error);
  if (!csv)
    return FALSE;
  search->similar = g_ptr_array_new_with_free_func(free_similar);
  for (guint row = 0; row < csv->rows->len; row++) {
    MgSimilar *one = g_new(MgSimilar, 1);
    *one = (MgSimilar){g_strdup(mg_csv_get(csv, row, mg_csv_column(csv, "path"))),
                       g_ascii_strtod(mg_csv_get(csv, row, mg_csv_column(csv, "start")), NULL),
                       g_ascii_strtod(mg_csv_get(csv, row, mg_csv_column(csv, "end")), NULL),
                       g_ascii_strtod(mg_csv_get(csv, row, mg_csv_column(csv, "distance")), NULL)};
    g_ptr_array_add(search->similar, one);
  }
  return TRUE;
}

static void
follow_end(MgWorker *worker, guint end, const char *message, MgSimilarSearch *search)
{
  g_autoptr(GError) error = NULL;
  if (end == MG_WORKER_FAILED)
    fail(search, message);
  else if (end == MG_WORKER_DONE && !read_found(search, &error))
    fail(search, error->message);
  give_up(search);
  tell(search);
}

static void
follow_progress(MgWorker *worker, double fraction, double seconds_left, const char *what, MgSimilarSearch *search)
{
  search->fraction = fraction;
  search->seconds_left = seconds_left;
  tell(search);
}

/* What is looked through: a path a line. */
static gboolean
write_list(MgSimilarSearch *search, MgLibrary *library, const char *path, GError **error)
{
  g_autoptr(GString) text = g_string_new(NULL);
  if (!mg_library_find(library, path))
    g_string_append_printf(text, "%s\n", path);
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(library)); i++) {
    g_autoptr(GListModel) group = g_list_model_get_item(G_LIST_MODEL(library), i);
    for (guint k = 0; k < g_list_model_get_n_items(group); k++) {
      g_autoptr(MgTrackItem) track = g_list_model_get_item(group, k);
      g_string_append_printf(text, "%s\n", mg_track_item_path(track));
    }
  }
  search->scratch = mg_scratch_new("similar", error);
  if (!search->scratch)
    return FALSE;
  search->list = mg_scratch_path(search->scratch, "tracks.txt");
  search->found = mg_scratch_path(search->scratch, "found.csv");
  return mg_file_write(search->list, text->str, text->len, error);
}

static gboolean
start_worker(MgSimilarSearch *search, const char *path, double start, double end, const char *feature, const char *run,
             GError **error)
{
  char from[G_ASCII_DTOSTR_BUF_SIZE], to[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *features = g_strconcat("features=", feature, NULL);
  g_ascii_dtostr(from, sizeof from, start);
  g_ascii_dtostr(to, sizeof to, end);
  search->worker = mg_worker_new();
  g_signal_connect_object(search->worker, "ended", G_CALLBACK(follow_end), search, 0);
  g_signal_connect_object(search->worker, "progress", G_CALLBACK(follow_progress), search, 0);
  return mg_worker_start(search->worker,
                         (const char *[]){"similar", "--progress", "--start", from, "--end", to, "--top", MOST,
                                          "--list", search->list, "--out", search->found, run ? "--embedding" : "--set",
                                          run ? run : features, "--", path, NULL},
                         error);
}

void
mg_similar_search_start(MgSimilarSearch *search, MgLibrary *library, const char *path, double start, double end,
                        const char *feature, const char *run)
{
  g_autoptr(GError) error = NULL;
  give_up(search);
  g_clear_pointer(&search->failure, g_free);
  g_clear_pointer(&search->similar, g_ptr_array_unref);
  search->fraction = 0;
  search->seconds_left = -1;
  if (!write_list(search, library, path, &error) || !start_worker(search, path, start, end, feature, run, &error))
    fail(search, error->message);
  tell(search);
}

void
mg_similar_search_stop(MgSimilarSearch *search)
{
  give_up(search);
  tell(search);
}

gboolean
mg_similar_search_working(MgSimilarSearch *search)
{
  return search->worker != NULL;
}

void
mg_similar_search_progress(MgSimilarSearch *search, double *fraction, double *seconds_left)
{
  *fraction = search->fraction;
  *seconds_left = search->seconds_left;
}

const GPtrArray *
mg_similar_search_found(MgSimilarSearch *search)
{
  return search->similar;
}

const char *
mg_similar_search_failure(MgSimilarSearch *search)
{
  return search->failure;
}

static void
finalize(GObject *object)
{
  MgSimilarSearch *search = MG_SIMILAR_SEARCH(object);
  give_up(search);
  g_clear_pointer(&search->similar, g_ptr_array_unref);
  g_free(search->failure);
  G_OBJECT_CLASS(mg_similar_search_parent_class)->finalize(object);
}

static void
mg_similar_search_class_init(MgSimilarSearchClass *class)
{
  G_OBJECT_CLASS(class)->finalize = finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_similar_search_init(MgSimilarSearch *search)
{
}

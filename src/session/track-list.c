#include "session/track-list.h"
#include "dataset/store-suggestions.h"

/* Rows */

struct _MgTrackRow {
  GObject parent;
  MgStoreTrack *track;
  char *name;
  MgSuggestion *suggestion; /* NULL: none */
};

G_DEFINE_FINAL_TYPE(MgTrackRow, mg_track_row, G_TYPE_OBJECT)

static guint changed_signal, refreshed_signal;
static const guint most_rows = 1000; /* kept beyond those that are shown */
enum { PAGE = 64 };                  /* rows that are read together */

const MgStoreTrack *
mg_track_row_track(MgTrackRow *row)
{
  return row->track;
}

const char *
mg_track_row_name(MgTrackRow *row)
{
  return row->name;
}

const char *
mg_track_row_suggestion(MgTrackRow *row)
{
  return row->suggestion && !row->track->label ? row->suggestion->label : NULL;
}

double
mg_track_row_probability(MgTrackRow *row)
{
  return row->suggestion ? row->suggestion->probability : 0;
}

/* Takes the track; NULL: it is gone, and stays as it was last. */
static void
set_row(MgTrackRow *row, MgStore *store, gint64 id, MgStoreTrack *track)
{
  if (!track && row->track)
    return;
  if (!track) {
    track = g_new0(MgStoreTrack, 1);
    track->id = id;
    track->path = g_strdup("?");
  }
  g_autofree char *base = g_path_get_basename(track->path);
  mg_store_track_free(row->track);
  g_free(row->name);
  mg_suggestion_free(row->suggestion);
  row->track = track;
  row->name = g_filename_display_name(base);
  row->suggestion = track->label ? NULL : mg_store_suggestion(store, id);
}

static void
finalize_row(GObject *object)
{
  MgTrackRow *row = MG_TRACK_ROW(object);
  mg_store_track_free(row->track);
  mg_suggestion_free(row->suggestion);
  g_free(row->name);
  G_OBJECT_CLASS(mg_track_row_parent_class)->finalize(object);
}

static void
mg_track_row_class_init(MgTrackRowClass *class)
{
  G_OBJECT_CLASS(class)->finalize = finalize_row;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_track_row_init(MgTrackRow *row)
{
}

/* The list */

struct _MgTrackList {
  GObject parent;
  MgWorkspace *workspace;
  MgTracksQuery query; /* its texts are owned */
  GArray *ids;         /* gint64 */
  GHashTable *places;  /* id -> position + 1; made when first asked for */
  GHashTable *rows;    /* id -> MgTrackRow */
  gint *newest;        /* number of the newest query; atomic, shared with the threads */
  gboolean busy;
  GMutex *reading;  /* one query at a time; shared with the threads */
  MgStore **reader; /* the queries' own connection, made by the first; guarded by it */
};

static GType
item_type(GListModel *model)
{
  return MG_TYPE_TRACK_ROW;
}

static guint
n_items(GListModel *model)
{
  return MG_TRACK_LIST(model)->ids->len;
}

/* Rows that nothing else holds go when there are many. */
static gboolean
is_unused(gpointer id, gpointer row, gpointer data)
{
  return G_OBJECT(row)->ref_count == 1;
}

/* Reads those of the ids that have a row, all of them by one question. */
static void
fill_rows(MgTrackList *list, const gint64 *ids, guint n)
{
  MgStore *store = mg_workspace_store(list->workspace);
  g_autoptr(GHashTable) tracks = n ? mg_store_tracks_by_id(store, ids, n, NULL) : NULL;
  for (guint i = 0; i < n; i++) {
    MgStoreTrack *track = tracks ? g_hash_table_lookup(tracks, &ids[i]) : NULL;
    if (track)
      g_hash_table_steal(tracks, &ids[i]);
    set_row(g_hash_table_lookup(list->rows, &ids[i]), store, ids[i], track);
  }
}

/* The rows around a position that are not there yet: lists ask for neighbours. */
static void
read_page(MgTrackList *list, guint position)
{
  gint64 missing[PAGE];
  guint n = 0, first = position - MIN(position, PAGE / 2);
  if (g_hash_table_size(list->rows) > most_rows)
    g_hash_table_foreach_remove(list->rows, is_unused, NULL);
  for (guint i = first; i < list->ids->len && i < first + PAGE; i++) {
    gint64 id = g_array_index(list->ids, gint64, i);
    if (g_hash_table_contains(list->rows, &id))
      continue;
    g_hash_table_insert(list->rows, g_memdup2(&id, sizeof id), g_object_new(MG_TYPE_TRACK_ROW, NULL));
    missing[n++] = id;
  }
  fill_rows(list, missing, n);
}

static gpointer
get_item(GListModel *model, guint position)
{
  MgTrackList *list = MG_TRACK_LIST(model);
  if (position >= list->ids->len)
    return NULL;
  gint64 id = g_array_index(list->ids, gint64, position);
  if (!g_hash_table_contains(list->rows, &id))
    read_page(list, position);
  return g_object_ref(g_hash_table_lookup(list->rows, &id));
}

static void
init_list_model(GListModelInterface *interface)
{
  interface->get_item_type = item_type;
  interface->get_n_items = n_items;
  interface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE(MgTrackList, mg_track_list, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, init_list_model))

/* Queries, on a thread */

typedef struct {
  char *folder, *label, *text;
  MgTracksQuery query;
  gint number, *newest;
  GMutex *reading;
  MgStore **reader;
} Errand;

static void
close_reader(gpointer data)
{
  MgStore **reader = data;
  mg_store_close(*reader);
}

static void
free_errand(gpointer data)
{
  Errand *errand = data;
  g_free(errand->folder);
  g_free(errand->label);
  g_free(errand->text);
  g_atomic_rc_box_release(errand->newest);
  g_atomic_rc_box_release(errand->reading);
  g_atomic_rc_box_release_full(errand->reader, close_reader);
  g_free(errand);
}

/* Nobody waits for what has been asked before something else. */
static int
is_outdated(gpointer data)
{
  const Errand *errand = data;
  return g_atomic_int_get(errand->newest) != errand->number;
}

static void
find_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Errand *errand = data;
  GError *error = NULL;
  g_mutex_lock(errand->reading);
  if (!*errand->reader)
    *errand->reader = mg_store_open(errand->folder, &error);
  if (*errand->reader)
    mg_store_watch(*errand->reader, is_outdated, errand);
  GArray *ids = *errand->reader ? mg_store_find_tracks(*errand->reader, &errand->query, &error) : NULL;
  if (*errand->reader)
    mg_store_watch(*errand->reader, NULL, NULL);
  g_mutex_unlock(errand->reading);
  if (ids)
    g_task_return_pointer(task, ids, (GDestroyNotify)g_array_unref);
  else
    g_task_return_error(task, error);
}

static void
read_rows_again(MgTrackList *list)
{
  GHashTableIter iter;
  gpointer id;
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_hash_table_foreach_remove(list->rows, is_unused, NULL);
  g_hash_table_iter_init(&iter, list->rows);
  while (g_hash_table_iter_next(&iter, &id, NULL))
    g_array_append_vals(ids, id, 1);
  fill_rows(list, (const gint64 *)ids->data, ids->len);
  g_autoptr(GList) rows = g_hash_table_get_values(list->rows);
  for (GList *node = rows; node; node = node->next)
    g_object_ref(node->data);
  for (GList *node = rows; node; node = node->next) {
    g_signal_emit(node->data, changed_signal, 0);
    g_object_unref(node->data);
  }
}

/* What is the same at both ends stays, and with it what is selected there. */
static void
take_ids(MgTrackList *list, GArray *ids)
{
  const gint64 *before = (const gint64 *)list->ids->data, *after = (const gint64 *)ids->data;
  guint n = list->ids->len, m = ids->len, head = 0, tail = 0;
  while (head < MIN(n, m) && before[head] == after[head])
    head++;
  while (tail < MIN(n, m) - head && before[n - 1 - tail] == after[m - 1 - tail])
    tail++;
  g_array_unref(list->ids);
  list->ids = ids;
  g_clear_pointer(&list->places, g_hash_table_unref);
  if (n - head - tail || m - head - tail)
    g_list_model_items_changed(G_LIST_MODEL(list), head, n - head - tail, m - head - tail);
}

static void
on_found(GObject *source, GAsyncResult *result, gpointer data)
{
  MgTrackList *list = MG_TRACK_LIST(source);
  const Errand *errand = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  GArray *ids = g_task_propagate_pointer(G_TASK(result), &error);
  if (is_outdated((gpointer)errand)) {
    g_clear_pointer(&ids, g_array_unref);
    return;
  }
  list->busy = FALSE;
  if (error)
    g_warning("%s", error->message);
  read_rows_again(list);
  if (ids)
    take_ids(list, ids);
  g_signal_emit(list, refreshed_signal, 0);
}

void
mg_track_list_refresh(MgTrackList *list)
{
  Errand *errand = g_new0(Errand, 1);
  errand->folder = g_strdup(mg_workspace_folder(list->workspace));
  errand->query = list->query;
  errand->query.label = errand->label = g_strdup(list->query.label);
  errand->query.text = errand->text = g_strdup(list->query.text);
  errand->number = g_atomic_int_add(list->newest, 1) + 1;
  errand->newest = g_atomic_rc_box_acquire(list->newest);
  errand->reading = g_atomic_rc_box_acquire(list->reading);
  errand->reader = g_atomic_rc_box_acquire(list->reader);
  list->busy = TRUE;
  g_autoptr(GTask) task = g_task_new(list, NULL, on_found, NULL);
  g_task_set_task_data(task, errand, free_errand);
  g_task_run_in_thread(task, find_on_thread);
}

const MgTracksQuery *
mg_track_list_query(MgTrackList *list)
{
  return &list->query;
}

void
mg_track_list_set_query(MgTrackList *list, const MgTracksQuery *query)
{
  char *label = g_strdup(query->label), *text = g_strdup(query->text);
  g_free((char *)list->query.label);
  g_free((char *)list->query.text);
  list->query = *query;
  list->query.label = label;
  list->query.text = text;
  mg_track_list_refresh(list);
}

gint64
mg_track_list_id(MgTrackList *list, guint position)
{
  return position < list->ids->len ? g_array_index(list->ids, gint64, position) : 0;
}

guint
mg_track_list_find(MgTrackList *list, gint64 id)
{
  if (!list->places) {
    list->places = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < list->ids->len; i++)
      g_hash_table_insert(list->places, &g_array_index(list->ids, gint64, i), GUINT_TO_POINTER(i + 1));
  }
  return GPOINTER_TO_UINT(g_hash_table_lookup(list->places, &id)) - 1;
}

gboolean
mg_track_list_is_busy(MgTrackList *list)
{
  return list->busy;
}

MgTrackList *
mg_track_list_new(MgWorkspace *workspace)
{
  MgTrackList *list = g_object_new(MG_TYPE_TRACK_LIST, NULL);
  list->workspace = g_object_ref(workspace);
  g_signal_connect_object(workspace, "tracks-changed", G_CALLBACK(mg_track_list_refresh), list, G_CONNECT_SWAPPED);
  mg_track_list_refresh(list);
  return list;
}

static void
finalize(GObject *object)
{
  MgTrackList *list = MG_TRACK_LIST(object);
  g_clear_object(&list->workspace);
  g_clear_pointer(&list->places, g_hash_table_unref);
  g_hash_table_unref(list->rows);
  g_array_unref(list->ids);
  g_free((char *)list->query.label);
  g_free((char *)list->query.text);
  g_atomic_rc_box_release(list->newest);
  g_atomic_rc_box_release(list->reading);
  g_atomic_rc_box_release_full(list->reader, close_reader);
  G_OBJECT_CLASS(mg_track_list_parent_class)->finalize(object);
}

static void
mg_track_list_class_init(MgTrackListClass *class)
{
  G_OBJECT_CLASS(class)->finalize = finalize;
  refreshed_signal =
      g_signal_new("refreshed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_track_list_init(MgTrackList *list)
{
  list->ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  list->rows = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_object_unref);
  list->newest = g_atomic_rc_box_new0(gint);
  list->reading = g_atomic_rc_box_new0(GMutex);
  list->reader = g_atomic_rc_box_new0(MgStore *);
}

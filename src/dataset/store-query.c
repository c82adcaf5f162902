#include "dataset/store-query.h"
#include "dataset/store-private.h"
#include <string.h>

static const char *const kinds[] = {
    "removed IS NULL",
    "removed IS NULL AND excluded IS NULL AND label IS NOT NULL",
    "removed IS NULL AND label IS NULL",
    "removed IS NULL AND excluded IS NOT NULL",
    "removed IS NULL AND label IS NULL AND id IN (SELECT track FROM suggestions)",
    "removed IS NULL AND label IS NOT NULL AND id IN (SELECT track FROM suggestions WHERE state = 'check')",
};

static const char *const orders[][2] = {
    {"label, path, start", "label DESC, path DESC, start DESC"},
    {"path, start", "path DESC, start DESC"},
    {"duration, path, start", "duration DESC, path DESC, start DESC"},
    {"added, id", "added DESC, id DESC"},
    {"(SELECT margin FROM suggestions WHERE track = tracks.id), id",
     "(SELECT margin FROM suggestions WHERE track = tracks.id) DESC, id DESC"},
};

/* For LIKE: what stands for anything stands for itself. */
static char *
pattern_of(const char *text)
{
  GString *pattern = g_string_new("%");
  for (; *text; text++) {
    if (strchr("%_\\", *text))
      g_string_append_c(pattern, '\\');
    g_string_append_c(pattern, *text);
  }
  g_string_append_c(pattern, '%');
  return g_string_free(pattern, FALSE);
}

static GArray *
read_ids(MgStore *store, MgStatement *statement, GError **error)
{
  if (!statement)
    return NULL;
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GError) cause = NULL;
  while (mg_store_next_row(store, statement, &cause)) {
    gint64 id = sqlite3_column_int64(statement, 0);
    g_array_append_val(ids, id);
  }
  if (!cause)
    return g_steal_pointer(&ids);
  g_propagate_error(error, g_steal_pointer(&cause));
  return NULL;
}

void
mg_store_watch(MgStore *store, gboolean (*stop)(gpointer data), gpointer data)
{
  enum { STEPS = 10000 }; /* of SQLite's machine: less than a millisecond */
  sqlite3_progress_handler(store->db, STEPS, stop, data);
}

/* A search has to look into every row; in the order of an index, which "+" keeps away, it would go to and fro. */
GArray *
mg_store_find_tracks(MgStore *store, const MgTracksQuery *query, GError **error)
{
  gboolean searches = query->text && *query->text;
  g_autofree char *pattern = searches ? pattern_of(query->text) : NULL;
  g_autofree char *sql = g_strdup_printf(
      "SELECT id FROM tracks WHERE %s%s%s ORDER BY %s%s", kinds[query->kind], query->label ? " AND label = ?1" : "",
      searches ? " AND (path LIKE ?2 ESCAPE '\\' OR label LIKE ?2 ESCAPE '\\' OR track_group LIKE ?2"
                 " ESCAPE '\\')"
               : "",
      searches ? "+" : "", orders[query->order][query->descending]);
  g_autoptr(MgStatement) statement = mg_store_prepare(store, error, sql, "");
  if (!statement)
    return NULL;
  if (query->label)
    sqlite3_bind_text(statement, 1, query->label, -1, SQLITE_TRANSIENT);
  if (pattern)
    sqlite3_bind_text(statement, 2, pattern, -1, SQLITE_TRANSIENT);
  return read_ids(store, statement, error);
}

GHashTable *
mg_store_tracks_by_id(MgStore *store, const gint64 *ids, size_t n, GError **error)
{
  g_autoptr(GString) sql = g_string_new("SELECT " MG_TRACK_COLUMNS " FROM tracks WHERE id IN (");
  for (size_t i = 0; i < n; i++)
    g_string_append_printf(sql, i ? ",%" G_GINT64_FORMAT : "%" G_GINT64_FORMAT, ids[i]);
  g_string_append_c(sql, ')');
  g_autoptr(MgStatement) statement = mg_store_prepare(store, error, sql->str, "");
  if (!statement)
    return NULL;
  g_autoptr(GError) cause = NULL;
  GHashTable *tracks = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, (GDestroyNotify)mg_store_track_free);
  while (mg_store_next_row(store, statement, &cause)) {
    MgStoreTrack *track = mg_store_read_track(store, statement);
    g_hash_table_replace(tracks, &track->id, track);
  }
  if (!cause)
    return tracks;
  g_hash_table_unref(tracks);
  g_propagate_error(error, g_steal_pointer(&cause));
  return NULL;
}

GArray *
mg_store_tracks_of_file(MgStore *store, const char *path, GError **error)
{
  static const char sql[] = "SELECT id FROM tracks WHERE removed IS NULL AND (path = ?1 OR path = ?2 OR"
                            " substr(path, -length(?3)) = ?3) ORDER BY path, start";
  g_autofree char *stored = mg_store_stored_path(store, path);
  g_autofree char *end = g_path_is_absolute(path) ? g_strdup(path) : g_strconcat("/", path, NULL);
  g_autoptr(MgStatement) statement = mg_store_prepare(store, error, sql, "ttt", stored, path, end);
  return read_ids(store, statement, error);
}

void
mg_store_class_free(MgStoreClass *class)
{
  if (!class)
    return;
  g_free(class->label);
  g_free(class);
}

GPtrArray *
mg_store_classes(MgStore *store, GError **error)
{
  static const char sql[] = "SELECT label, count(*), count(excluded), total(CASE WHEN excluded IS NULL THEN duration"
                            " END) FROM tracks WHERE removed IS NULL GROUP BY label ORDER BY label IS NULL, label";
  g_autoptr(MgStatement) statement = mg_store_prepare(store, error, sql, "");
  if (!statement)
    return NULL;
  g_autoptr(GPtrArray) classes = g_ptr_array_new_with_free_func((GDestroyNotify)mg_store_class_free);
  g_autoptr(GError) cause = NULL;
  while (mg_store_next_row(store, statement, &cause)) {
    MgStoreClass *class = g_new0(MgStoreClass, 1);
    *class = (MgStoreClass){g_strdup((const char *)sqlite3_column_text(statement, 0)),
                            (guint)sqlite3_column_int(statement, 1), (guint)sqlite3_column_int(statement, 2),
                            sqlite3_column_double(statement, 3)};
    g_ptr_array_add(classes, class);
  }
  if (!cause)
    return g_steal_pointer(&classes);
  g_propagate_error(error, g_steal_pointer(&cause));
  return NULL;
}

GArray *
mg_store_durations(MgStore *store, GError **error)
{
  g_autoptr(MgStatement) statement = mg_store_prepare(
      store, error, "SELECT duration FROM tracks WHERE removed IS NULL AND excluded IS NULL AND label IS NOT NULL", "");
  if (!statement)
    return NULL;
  GArray *durations = g_array_new(FALSE, FALSE, sizeof(double));
  while (mg_store_next_row(store, statement, NULL)) {
    double seconds = sqlite3_column_double(statement, 0);
    g_array_append_val(durations, seconds);
  }
  return durations;
}

#include "dataset/store-private.h"
#include "base/error.h"
#include "base/file.h"
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* One step a version: schema[v] leads from version v to v + 1. A released step is never changed. */
static const char *const schema[] = {
    "CREATE TABLE tracks (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, label TEXT, duration REAL NOT NULL,"
    " sr INTEGER NOT NULL, channels INTEGER NOT NULL, added INTEGER NOT NULL);"
    "CREATE TABLE settings (key TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE runs (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, dataset TEXT, model TEXT,"
    " started INTEGER NOT NULL);",
    "CREATE TABLE labels (id INTEGER PRIMARY KEY AUTOINCREMENT, track TEXT NOT NULL, start REAL NOT NULL,"
    " end REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL, text TEXT NOT NULL);"
    "CREATE INDEX labels_of_track ON labels (track, start);",
    /* Stretches of one file are tracks of their own; what edits change is text, so that one journal keeps it all. */
    "CREATE TABLE new_tracks (id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL, start REAL NOT NULL DEFAULT 0,"
    " end REAL NOT NULL DEFAULT 0, label TEXT, track_group TEXT, fold TEXT, split TEXT, excluded TEXT, removed TEXT,"
    " duration REAL NOT NULL, sr INTEGER NOT NULL, channels INTEGER NOT NULL, added INTEGER NOT NULL,"
    " UNIQUE (path, start, end));"
    "INSERT INTO new_tracks (id, path, label, duration, sr, channels, added)"
    " SELECT id, path, label, duration, sr, channels, added FROM tracks;"
    "DROP TABLE tracks;"
    "ALTER TABLE new_tracks RENAME TO tracks;"
    "CREATE INDEX tracks_of_label ON tracks (label, path);"
    "CREATE TABLE edits (id INTEGER PRIMARY KEY AUTOINCREMENT, made INTEGER NOT NULL, what TEXT NOT NULL,"
    " undone INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE edit_values (edit INTEGER NOT NULL, track INTEGER NOT NULL, field TEXT NOT NULL, before TEXT,"
    " after TEXT);"
    "CREATE INDEX edit_values_of_edit ON edit_values (edit);"
    "CREATE TABLE scans (track INTEGER PRIMARY KEY, size INTEGER NOT NULL, changed INTEGER NOT NULL, digest TEXT,"
    " peak REAL NOT NULL, rms REAL NOT NULL, clipped INTEGER NOT NULL, samples INTEGER NOT NULL, message TEXT,"
    " print BLOB);"
    "CREATE TABLE suggestions (track INTEGER PRIMARY KEY, run TEXT NOT NULL, label TEXT NOT NULL,"
    " probability REAL NOT NULL, margin REAL NOT NULL, state TEXT);",
    "CREATE TABLE queue (id INTEGER PRIMARY KEY AUTOINCREMENT, place INTEGER NOT NULL, text TEXT NOT NULL);",
};

/* Statements */

static gboolean
fail(const MgStore *store, GError **error)
{
  int code = sqlite3_errcode(store->db) & 0xff;
  gboolean format = code == SQLITE_NOTADB || code == SQLITE_CORRUPT;
  g_autofree char *message = mg_one_line(g_strdup(sqlite3_errmsg(store->db))); /* a damaged schema is quoted in it */
  if (store->read_only && code == SQLITE_READONLY)
    g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: the workspace cannot be written"), store->folder);
  else
    g_set_error(error, MG_ERROR, format ? MG_ERROR_FORMAT : MG_ERROR_IO, "%s: %s", store->file, message);
  return FALSE;
}

static gboolean
execute(MgStore *store, const char *sql, GError **error)
{
  return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK || fail(store, error);
}

void
mg_statement_free(MgStatement *statement)
{
  sqlite3_finalize(statement);
}

MgStatement *
mg_store_prepare(MgStore *store, GError **error, const char *sql, const char *types, ...)
{
  MgStatement *statement = NULL;
  if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK) {
    fail(store, error);
    return NULL;
  }
  va_list arguments;
  va_start(arguments, types);
  for (int i = 0; types[i]; i++)
    if (types[i] == 't')
      sqlite3_bind_text(statement, i + 1, va_arg(arguments, const char *), -1, SQLITE_TRANSIENT);
    else if (types[i] == 'i')
      sqlite3_bind_int64(statement, i + 1, va_arg(arguments, gint64));
    else
      sqlite3_bind_double(statement, i + 1, va_arg(arguments, double));
  va_end(arguments);
  return statement;
}

gboolean
mg_store_next_row(MgStore *store, MgStatement *statement, GError **error)
{
  int code = sqlite3_step(statement);
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    fail(store, error);
  return code == SQLITE_ROW;
}

gboolean
mg_store_finish(MgStore *store, MgStatement *statement, GError **error)
{
  if (!statement)
    return FALSE;
  int code;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW)
    continue;
  gboolean good = code == SQLITE_DONE || fail(store, error);
  sqlite3_finalize(statement);
  return good;
}

static char *
text_of(MgStatement *statement, int column)
{
  return g_strdup((const char *)sqlite3_column_text(statement, column));
}

gboolean
mg_store_begin(MgStore *store, GError **error)
{
  return execute(store, "BEGIN IMMEDIATE", error);
}

gboolean
mg_store_end(MgStore *store, gboolean good, GError **error)
{
  if (good && execute(store, "COMMIT", error))
    return TRUE;
  sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}

/* Opening */

/* Another program may have taken the step since the version was read, so it is asked again where nobody else writes. */
static gboolean
take_step(MgStore *store, MgStatement *ask_version, int *version, GError **error)
{
  if (!mg_store_begin(store, error))
    return FALSE;
  gboolean good = mg_store_next_row(store, ask_version, error), due = FALSE;
  if (good) {
    due = sqlite3_column_int(ask_version, 0) == *version;
    sqlite3_reset(ask_version);
  }
  if (due) {
    g_autofree char *mark = g_strdup_printf("PRAGMA user_version = %d", *version + 1);
    good = execute(store, schema[*version], error) && execute(store, mark, error);
  }
  ++*version;
  return mg_store_end(store, good, error);
}

static gboolean
upgrade(MgStore *store, GError **error)
{
  g_autoptr(MgStatement) statement = mg_store_prepare(store, error, "PRAGMA user_version", "");
  g_autoptr(GError) cause = NULL;
  if (!statement || !mg_store_next_row(store, statement, &cause)) {
    if (cause)
      g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
  }
  int version = sqlite3_column_int(statement, 0), newest = G_N_ELEMENTS(schema);
  sqlite3_reset(statement);
  if (version < 0 || version > newest) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: version %d; this program knows versions up to %d"),
                store->file, version, newest);
    return FALSE;
  }
  if (store->read_only && version < newest) {
    g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: of version %d, to be brought to %d, but it cannot be written"),
                store->file, version, newest);
    return FALSE;
  }
  while (version < newest)
    if (!take_step(store, statement, &version, error))
      return FALSE;
  return TRUE;
}

static gboolean
cannot_write(const MgStore *store)
{
  gboolean there = g_file_test(store->file, G_FILE_TEST_EXISTS);
  return there && (g_access(store->file, W_OK) != 0 || g_access(store->folder, W_OK) != 0);
}

static gboolean
has_log(const MgStore *store)
{
  g_autofree char *log = g_strconcat(store->file, "-wal", NULL);
  GStatBuf info;
  return g_stat(log, &info) == 0 && info.st_size > 0;
}

static gboolean
copy_file(const char *from, const char *to, GError **error)
{
  g_autoptr(GMappedFile) file = g_mapped_file_new(from, FALSE, error);
  return file && mg_file_write(to, g_mapped_file_get_contents(file), g_mapped_file_get_length(file), error);
}

static void
remove_copy(MgStore *store)
{
  g_clear_pointer(&store->scratch, mg_scratch_free);
  g_clear_pointer(&store->copy, g_free);
}

/* What was written last by a program that was killed is in the log alone, and SQLite reads no log beside which it
 * cannot write: a copy is read in place of the database. */
static gboolean
copy_aside(MgStore *store, GError **error)
{
  store->scratch = mg_scratch_new("workspace", error);
  if (!store->scratch)
    return FALSE;
  store->copy = mg_scratch_path(store->scratch, "workspace.db");
  g_autofree char *log = g_strconcat(store->file, "-wal", NULL), *log_copy = g_strconcat(store->copy, "-wal", NULL);
  return copy_file(store->file, store->copy, error) && copy_file(log, log_copy, error);
}

/* SQLite makes room for twenty pages at once, of the size that a file's header claims, unless it is told this before
 * anything else. */
static void
ask_for_single_pages(void)
{
  static gsize done;
  if (g_once_init_enter(&done)) {
    sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
    g_once_init_leave(&done, 1);
  }
}

/* On a disk that cannot be written nobody else writes either: SQLite is told so, as it could not make its lock files.
 */
static gboolean
open_database(MgStore *store, GError **error)
{
  if (store->read_only && has_log(store) && !copy_aside(store, error))
    return FALSE;
  ask_for_single_pages();
  g_autofree char *escaped = g_uri_escape_string(store->copy ? store->copy : store->file, "/", TRUE);
  g_autofree char *uri = g_strdup_printf("file:%s%s", escaped, store->read_only && !store->copy ? "?immutable=1" : "");
  gboolean only_read = store->read_only && !store->copy; /* a copy's log has to be played into it */
  int flags = only_read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (sqlite3_open_v2(uri, &store->db, flags | SQLITE_OPEN_URI, NULL) != SQLITE_OK)
    return fail(store, error);
  sqlite3_busy_timeout(store->db, 5000);
  if (store->copy && !execute(store, "PRAGMA query_only = ON", error))
    return FALSE;
  return store->read_only || execute(store, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", error);
}

static gboolean
make_folders(const MgStore *store, GError **error)
{
  g_autofree char *runs = mg_store_runs_folder(store), *recordings = mg_store_recordings_folder(store);
  return mg_folder_make(runs, error) && mg_folder_make(recordings, error);
}

MgStore *
mg_store_open(const char *folder, GError **error)
{
  g_autoptr(MgStore) store = g_new0(MgStore, 1);
  store->folder = g_canonicalize_filename(folder, NULL);
  store->file = g_build_filename(store->folder, "workspace.db", NULL);
  store->read_only = cannot_write(store);
  if ((!store->read_only && !make_folders(store, error)) || !open_database(store, error) || !upgrade(store, error))
    return NULL;
  return g_steal_pointer(&store);
}

void
mg_store_close(MgStore *store)
{
  if (!store)
    return;
  sqlite3_close(store->db);
  remove_copy(store);
  g_free(store->folder);
  g_free(store->file);
  g_free(store);
}

gboolean
mg_store_is_read_only(const MgStore *store)
{
  return store->read_only;
}

gint64
mg_store_version(MgStore *store)
{
  g_autoptr(MgStatement) statement = mg_store_prepare(store, NULL, "PRAGMA data_version", "");
  return statement && mg_store_next_row(store, statement, NULL) ? sqlite3_column_int64(statement, 0) : 0;
}

const char *
mg_store_folder(const MgStore *store)
{
  return store->folder;
}

char *
mg_store_runs_folder(const MgStore *store)
{
  return g_build_filename(store->folder, "runs", NULL);
}

char *
mg_store_recordings_folder(const MgStore *store)
{
  return g_build_filename(store->folder, "recordings", NULL);
}

/* Paths */

char *
mg_store_stored_path(const MgStore *store, const char *path)
{
  if (!path)
    return NULL;
  g_autofree char *absolute = g_canonicalize_filename(path, NULL);
  size_t length = strlen(store->folder);
  gboolean below = g_str_has_prefix(absolute, store->folder) && absolute[length] == '/';
  return g_strdup(below ? absolute + length + 1 : absolute);
}

static char *
shown_path(const MgStore *store, const char *stored)
{
  if (stored && *stored == '/') /* it was made so when it was stored */
    return g_strdup(stored);
  return stored ? g_canonicalize_filename(stored, store->folder) : NULL;
}

static gint64
now(void)
{
  return g_get_real_time() / G_USEC_PER_SEC;
}

/* Tracks */

void
mg_store_track_free(MgStoreTrack *track)
{
  if (!track)
    return;
  g_free(track->path);
  g_free(track->label);
  g_free(track->group);
  g_free(track->fold);
  g_free(track->split);
  g_free(track);
}

MgStoreTrack *
mg_store_read_track(MgStore *store, MgStatement *statement)
{
  MgStoreTrack *track = g_new0(MgStoreTrack, 1);
  track->id = sqlite3_column_int64(statement, 0);
  track->path = shown_path(store, (const char *)sqlite3_column_text(statement, 1));
  track->label = text_of(statement, 2);
  track->duration = sqlite3_column_double(statement, 3);
  track->sr = sqlite3_column_int(statement, 4);
  track->channels = sqlite3_column_int(statement, 5);
  track->added = sqlite3_column_int64(statement, 6);
  track->start = sqlite3_column_double(statement, 7);
  track->end = sqlite3_column_double(statement, 8);
  track->group = text_of(statement, 9);
  track->fold = text_of(statement, 10);
  track->split = text_of(statement, 11);
  track->excluded = sqlite3_column_type(statement, 12) != SQLITE_NULL;
  track->removed = sqlite3_column_type(statement, 13) != SQLITE_NULL;
  return track;
}

gboolean
mg_store_insert_track(MgStore *store, MgStoreTrack *track, GError **error)
{
  static const char sql[] = "INSERT INTO tracks (id, path, label, duration, sr, channels, added, start, end,"
                            " track_group, fold, split)"
                            " VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
                            " ON CONFLICT (path, start, end) DO UPDATE SET label = coalesce(excluded.label, label),"
                            " duration = excluded.duration, sr = excluded.sr, channels = excluded.channels,"
                            " track_group = coalesce(excluded.track_group, track_group),"
                            " fold = coalesce(excluded.fold, fold), split = coalesce(excluded.split, split),"
                            " removed = NULL RETURNING id, added";
  g_autofree char *path = mg_store_stored_path(store, track->path);
  g_autoptr(MgStatement) statement =
      mg_store_prepare(store, error, sql, "ittdiiiddttt", track->id, path, track->label, track->duration,
                       (gint64)track->sr, (gint64)track->channels, track->added ? track->added : now(), track->start,
                       track->end, track->group, track->fold, track->split);
  if (!statement || !mg_store_next_row(store, statement, error))
    return FALSE;
  track->id = sqlite3_column_int64(statement, 0);
  track->added = sqlite3_column_int64(statement, 1);
  return TRUE;
}

gboolean
mg_store_add_tracks(MgStore *store, GPtrArray *tracks, GError **error)
{
  if (!mg_store_begin(store, error))
    return FALSE;
  gboolean good = TRUE;
  for (guint i = 0; good && i < tracks->len; i++)
    good = mg_store_insert_track(store, tracks->pdata[i], error);
  return mg_store_end(store, good, error);
}

gboolean
mg_store_add_track(MgStore *store, MgStoreTrack *track, GError **error)
{
  gpointer only[] = {track};
  GPtrArray tracks = {.pdata = only, .len = 1};
  return mg_store_add_tracks(store, &tracks, error);
}

MgStoreTrack *
mg_store_track(MgStore *store, gint64 id, GError **error)
{
  static const char sql[] = "SELECT " MG_TRACK_COLUMNS " FROM tracks WHERE id = ?1";
  g_autoptr(MgStatement) statement = mg_store_prepare(store, error, sql, "i", id);
  return statement && mg_store_next_row(store, statement, error) ? mg_store_read_track(store, statement) : NULL;
}

gboolean
mg_store_remove_track(MgStore *store, gint64 id, GError **error)
{
  return mg_store_finish(store, mg_store_prepare(store, error, "DELETE FROM tracks WHERE id = ?1", "i", id), error);
}

gboolean
mg_store_set_label(MgStore *store, gint64 id, const char *label, GError **error)
{
  return mg_store_finish(
      store, mg_store_prepare(store, error, "UPDATE tracks SET label = ?2 WHERE id = ?1", "it", id, label), error);
}

GPtrArray *
mg_store_tracks(MgStore *store, GError **error)
{
  static const char sql[] = "SELECT " MG_TRACK_COLUMNS " FROM tracks WHERE removed IS NULL ORDER BY label, path, start";
  g_autoptr(MgStatement) statement = mg_store_prepare(store, error, sql, "");
  if (!statement)
    return NULL;
  g_autoptr(GPtrArray) tracks = g_ptr_array_new_with_free_func((GDestroyNotify)mg_store_track_free);
  g_autoptr(GError) cause = NULL;
  while (mg_store_next_row(store, statement, &cause))
    g_ptr_array_add(tracks, mg_store_read_track(store, statement));
  if (cause) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
  }
  return g_steal_pointer(&tracks);
}

/* Settings */

char *
mg_store_get(MgStore *store, const char *key)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgStatement) statement =
      mg_store_prepare(store, &error, "SELECT text FROM settings WHERE key = ?1", "t", key);
  char *text = statement && mg_store_next_row(store, statement, &error) ? text_of(statement, 0) : NULL;
  if (error)
    g_warning("%s", error->message);
  return text;
}

gboolean
mg_store_put(MgStore *store, const char *key, const char *text, GError **error)
{
  if (!text)
    return mg_store_finish(store, mg_store_prepare(store, error, "DELETE FROM settings WHERE key = ?1", "t", key),
                           error);
  static const char sql[] = "INSERT INTO settings (key, text) VALUES (?1, ?2)"
                            " ON CONFLICT (key) DO UPDATE SET text = excluded.text";
  return mg_store_finish(store, mg_store_prepare(store, error, sql, "tt", key, text), error);
}

/* Runs */

void
mg_store_run_free(MgStoreRun *run)
{
  if (!run)
    return;
  g_free(run->path);
  g_free(run->dataset);
  g_free(run->model);
  g_free(run);
}

gboolean
mg_store_add_run(MgStore *store, MgStoreRun *run, GError **error)
{
  static const char sql[] = "INSERT INTO runs (id, path, dataset, model, started)"
                            " VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5) ON CONFLICT (path) DO UPDATE SET"
                            " dataset = excluded.dataset, model = excluded.model, started = excluded.started"
                            " RETURNING id, started";
  g_autofree char *path = mg_store_stored_path(store, run->path), *dataset = mg_store_stored_path(store, run->dataset);
  g_autoptr(MgStatement) statement = mg_store_prepare(store, error, sql, "ittti", run->id, path, dataset, run->model,
                                                      run->started ? run->started : now());
  if (!statement)
    return FALSE;
  gint64 id = 0, started = 0;
  g_autoptr(GError) cause = NULL;
  while (mg_store_next_row(store, statement, &cause)) { /* to the end: only then is it written */
    id = sqlite3_column_int64(statement, 0);
    started = sqlite3_column_int64(statement, 1);
  }
  if (cause) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
  }
  run->id = id;
  run->started = started;
  return TRUE;
}

gboolean
mg_store_remove_run(MgStore *store, gint64 id, GError **error)
{
  return mg_store_finish(store, mg_store_prepare(store, error, "DELETE FROM runs WHERE id = ?1", "i", id), error);
}

GPtrArray *
mg_store_runs(MgStore *store, GError **error)
{
  static const char sql[] = "SELECT id, path, dataset, model, started FROM runs ORDER BY started DESC, id DESC";
  g_autoptr(MgStatement) statement = mg_store_prepare(store, error, sql, "");
  if (!statement)
    return NULL;
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func((GDestroyNotify)mg_store_run_free);
  g_autoptr(GError) cause = NULL;
  while (mg_store_next_row(store, statement, &cause)) {
    MgStoreRun *run = g_new0(MgStoreRun, 1);
    run->id = sqlite3_column_int64(statement, 0);
    run->path = shown_path(store, (const char *)sqlite3_column_text(statement, 1));
    run->dataset = shown_path(store, (const char *)sqlite3_column_text(statement, 2));
    run->model = text_of(statement, 3);
    run->started = sqlite3_column_int64(statement, 4);
    g_ptr_array_add(runs, run);
  }
  if (cause) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
  }
  return g_steal_pointer(&runs);
}

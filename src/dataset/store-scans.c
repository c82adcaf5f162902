#include "dataset/store-scans.h"
#include "base/parallel.h"
#include "dataset/store-private.h"
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  gint64 size, changed; /* bytes; Unix time in us */
} Stamp;

static Stamp
stamp_of(const char *path)
{
  GStatBuf info;
  if (g_stat(path, &info) != 0)
    return (Stamp){-1, -1};
  return (Stamp){info.st_size, (gint64)info.st_mtim.tv_sec * G_USEC_PER_SEC + info.st_mtim.tv_nsec / 1000};
}

static void
free_scan(gpointer scan)
{
  mg_track_scan_free(scan);
}

GPtrArray *
mg_scans_new(guint n)
{
  GPtrArray *scans = g_ptr_array_new_with_free_func(free_scan);
  g_ptr_array_set_size(scans, (int)n);
  return scans;
}

static MgTrackScan *
read_scan(MgStatement *statement)
{
  MgTrackScan *scan = g_new0(MgTrackScan, 1);
  scan->digest = g_strdup((const char *)sqlite3_column_text(statement, 3));
  scan->peak = sqlite3_column_double(statement, 4);
  scan->rms = sqlite3_column_double(statement, 5);
  scan->clipped = sqlite3_column_int64(statement, 6);
  scan->message = g_strdup((const char *)sqlite3_column_text(statement, 7));
  scan->samples = sqlite3_column_int64(statement, 9);
  int bytes = sqlite3_column_bytes(statement, 8);
  scan->print = g_array_sized_new(FALSE, FALSE, sizeof(guint32), (guint)bytes / sizeof(guint32));
  g_array_append_vals(scan->print, sqlite3_column_blob(statement, 8), (guint)bytes / sizeof(guint32));
  return scan;
}

GPtrArray *
mg_store_scans(MgStore *store, const MgManifest *manifest, GError **error)
{
  static const char sql[] =
      "SELECT track, size, changed, digest, peak, rms, clipped, message, print, samples FROM scans";
  g_autoptr(GPtrArray) scans = mg_scans_new(manifest->tracks->len);
  g_autoptr(GHashTable) places = g_hash_table_new(g_int64_hash, g_int64_equal);
  for (guint i = 0; i < manifest->tracks->len; i++)
    g_hash_table_insert(places, &mg_manifest_track(manifest, i)->id, GUINT_TO_POINTER(i + 1));
  g_autoptr(MgStatement) statement = mg_store_prepare(store, error, sql, "");
  if (!statement)
    return NULL;
  while (mg_store_next_row(store, statement, NULL)) {
    gint64 id = sqlite3_column_int64(statement, 0);
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(places, &id));
    if (!place)
      continue;
    Stamp now = stamp_of(mg_manifest_track(manifest, place - 1)->path);
    if (now.size == sqlite3_column_int64(statement, 1) && now.changed == sqlite3_column_int64(statement, 2))
      scans->pdata[place - 1] = read_scan(statement);
  }
  return g_steal_pointer(&scans);
}

typedef struct {
  const MgManifest *manifest;
  GPtrArray *scans;
  GArray *todo; /* guint */
  MgStore *store;
  GMutex writing;
} Job;

static gboolean
keep(Job *job, const MgTrack *track, Stamp stamp, const MgTrackScan *scan, GError **error)
{
  static const char sql[] = "INSERT OR REPLACE INTO scans (track, size, changed, peak, rms, clipped, samples, digest,"
                            " message, print) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
  MgStatement *statement =
      mg_store_prepare(job->store, error, sql, "iiiddiitt", track->id, stamp.size, stamp.changed, scan->peak, scan->rms,
                       scan->clipped, scan->samples, scan->digest, scan->message);
  if (statement)
    sqlite3_bind_blob(statement, 10, scan->print->data, (int)(scan->print->len * sizeof(guint32)), SQLITE_STATIC);
  return mg_store_finish(job->store, statement, error);
}

static gboolean
scan_one(size_t index, int worker, gpointer data, GError **error)
{
  Job *job = data;
  guint i = g_array_index(job->todo, guint, index);
  const MgTrack *track = mg_manifest_track(job->manifest, i);
  Stamp stamp = stamp_of(track->path); /* before: what changes meanwhile is read again */
  MgTrackScan *scan = mg_track_scan(track->path, track->start, track->end);
  job->scans->pdata[i] = scan;
  if (!job->store || !track->id)
    return TRUE;
  g_mutex_lock(&job->writing);
  gboolean good = keep(job, track, stamp, scan, error);
  g_mutex_unlock(&job->writing);
  return good;
}

gboolean
mg_scan_tracks(GPtrArray *scans, MgStore *store, const MgManifest *manifest, MgProgress *progress, GError **error)
{
  g_autoptr(GArray) todo = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint i = 0; i < manifest->tracks->len; i++)
    if (!scans->pdata[i])
      g_array_append_val(todo, i);
  Job job = {manifest, scans, todo, store && !mg_store_is_read_only(store) ? store : NULL, {0}};
  g_mutex_init(&job.writing);
  gboolean good = mg_parallel_for(todo->len, 0, scan_one, &job, progress, error);
  g_mutex_clear(&job.writing);
  return good;
}

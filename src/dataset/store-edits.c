#include "dataset/store-edits.h"
#include "dataset/store-private.h"

static const char *const field_names[] = {"label", "track_group", "fold", "split", "excluded", "removed"};

static gint64
now(void)
{
  return g_get_real_time() / G_USEC_PER_SEC;
}

static gboolean
run(MgStore *store, GError **error, const char *sql, gint64 number)
{
  return mg_store_finish(store, mg_store_prepare(store, error, sql, "i", number), error);
}

/* An edit in a transaction of its own: begun, its values named, then applied. */

/* Its id; 0: failed. The transaction is open then. */
static gint64
begin(MgStore *store, const char *what, GError **error)
{
  if (!mg_store_begin(store, error))
    return 0;
  if (mg_store_finish(
          store, mg_store_prepare(store, error, "INSERT INTO edits (made, what) VALUES (?1, ?2)", "it", now(), what),
          error))
    return sqlite3_last_insert_rowid(store->db);
  mg_store_end(store, FALSE, NULL);
  return 0;
}

static gboolean
note(MgStore *store, gint64 edit, const MgTrackValue *value, GError **error)
{
  g_autofree char *sql =
      g_strdup_printf("INSERT INTO edit_values (edit, track, field, before, after)"
                      " SELECT ?1, id, '%s', %s, ?3 FROM tracks WHERE id = ?2 AND %s IS NOT ?3",
                      field_names[value->field], field_names[value->field], field_names[value->field]);
  return mg_store_finish(store, mg_store_prepare(store, error, sql, "iit", edit, value->track, value->text), error);
}

/* Sets every field that is as it was (`from`: the column of edit_values) to what it is to be. */
static gboolean
apply(MgStore *store, gint64 edit, const char *from, const char *to, GError **error)
{
  gboolean good = TRUE;
  for (size_t i = 0; good && i < G_N_ELEMENTS(field_names); i++) {
    const char *name = field_names[i];
    g_autofree char *sql =
        g_strdup_printf("UPDATE tracks SET %s = v.%s FROM (SELECT track, before, after FROM edit_values"
                        " WHERE edit = ?1 AND field = '%s') AS v WHERE v.track = tracks.id AND %s IS v.%s",
                        name, to, name, name, from);
    good = run(store, error, sql, edit);
  }
  return good;
}

static gboolean
is_empty(MgStore *store, gint64 edit)
{
  g_autoptr(MgStatement) statement =
      mg_store_prepare(store, NULL, "SELECT 1 FROM edit_values WHERE edit = ?1 LIMIT 1", "i", edit);
  return statement && !mg_store_next_row(store, statement, NULL);
}

static gboolean
forget_undone(MgStore *store, GError **error)
{
  return run(store, error, "DELETE FROM edit_values WHERE edit IN (SELECT id FROM edits WHERE undone AND id < ?1)",
             G_MAXINT64) &&
         run(store, error, "DELETE FROM edits WHERE undone AND id < ?1", G_MAXINT64);
}

/* An edit that changes nothing leaves nothing. */
static gint64
end(MgStore *store, gint64 edit, gboolean good, GError **error)
{
  gboolean nothing = good && is_empty(store, edit);
  good = good && !nothing && apply(store, edit, "before", "after", error) && forget_undone(store, error);
  return mg_store_end(store, good, error) ? edit : 0;
}

gint64
mg_store_edit(MgStore *store, const MgTrackValue *values, size_t n, const char *what, GError **error)
{
  gint64 edit = begin(store, what, error);
  gboolean good = edit != 0;
  for (size_t i = 0; good && i < n; i++)
    good = note(store, edit, &values[i], error);
  return edit ? end(store, edit, good, error) : 0;
}

gint64
mg_store_edit_tracks(MgStore *store, MgTrackField field, const char *text, const gint64 *ids, size_t n,
                     const char *what, GError **error)
{
  g_autofree MgTrackValue *values = g_new(MgTrackValue, MAX(n, 1));
  for (size_t i = 0; i < n; i++)
    values[i] = (MgTrackValue){ids[i], field, text};
  return mg_store_edit(store, values, n, what, error);
}

gint64
mg_store_edit_class(MgStore *store, const char *from, const char *to, const char *what, GError **error)
{
  static const char sql[] = "INSERT INTO edit_values (edit, track, field, before, after) SELECT ?1, id, 'label', label,"
                            " ?3 FROM tracks WHERE label = ?2 AND removed IS NULL AND label IS NOT ?3";
  gint64 edit = begin(store, what, error);
  if (!edit)
    return 0;
  return end(store, edit, mg_store_finish(store, mg_store_prepare(store, error, sql, "itt", edit, from, to), error),
             error);
}

/* Where the track is already: its values change as the edit says. Where it is new or was removed: it comes. */
static gboolean
note_added(MgStore *store, gint64 edit, MgStoreTrack *track, GError **error)
{
  g_autofree char *path = mg_store_stored_path(store, track->path);
  g_autoptr(MgStatement) known = mg_store_prepare(
      store, error, "SELECT id FROM tracks WHERE path = ?1 AND start = ?2 AND end = ?3 AND removed IS NULL", "tdd",
      path, track->start, track->end);
  if (!known)
    return FALSE;
  if (!mg_store_next_row(store, known, NULL)) {
    if (!mg_store_insert_track(store, track, error) ||
        !run(store, error, "UPDATE tracks SET removed = '1' WHERE id = ?1", track->id))
      return FALSE;
    const MgTrackValue comes = {track->id, MG_FIELD_REMOVED, NULL};
    return note(store, edit, &comes, error);
  }
  track->id = sqlite3_column_int64(known, 0);
  const MgTrackValue values[] = {{track->id, MG_FIELD_LABEL, track->label},
                                 {track->id, MG_FIELD_GROUP, track->group},
                                 {track->id, MG_FIELD_FOLD, track->fold},
                                 {track->id, MG_FIELD_SPLIT, track->split}};
  gboolean good = TRUE;
  for (size_t i = 0; good && i < G_N_ELEMENTS(values); i++)
    good = !values[i].text || note(store, edit, &values[i], error);
  return good;
}

gint64
mg_store_edit_add(MgStore *store, GPtrArray *tracks, const char *what, MgProgress *progress, GError **error)
{
  gint64 edit = begin(store, what, error);
  gboolean good = edit != 0;
  for (guint i = 0; good && i < tracks->len; i++) {
    good = mg_progress_go_on(progress, error) && note_added(store, edit, tracks->pdata[i], error);
    mg_progress_report(progress, (i + 1.0) / tracks->len, NULL);
  }
  return edit ? end(store, edit, good, error) : 0;
}

gboolean
mg_store_turn_edit(MgStore *store, gint64 edit, gboolean again, GError **error)
{
  if (!mg_store_begin(store, error))
    return FALSE;
  gboolean good = apply(store, edit, again ? "before" : "after", again ? "after" : "before", error) &&
                  mg_store_finish(store,
                                  mg_store_prepare(store, error, "UPDATE edits SET undone = ?2 WHERE id = ?1", "ii",
                                                   edit, (gint64)!again),
                                  error);
  return mg_store_end(store, good, error);
}

gint64
mg_store_next_edit(MgStore *store, gboolean undone)
{
  const char *sql = undone ? "SELECT min(id) FROM edits WHERE undone" : "SELECT max(id) FROM edits WHERE NOT undone";
  g_autoptr(MgStatement) statement = mg_store_prepare(store, NULL, sql, "");
  return statement && mg_store_next_row(store, statement, NULL) ? sqlite3_column_int64(statement, 0) : 0;
}

char *
mg_store_edit_text(MgStore *store, gint64 edit)
{
  g_autoptr(MgStatement) statement = mg_store_prepare(store, NULL, "SELECT what FROM edits WHERE id = ?1", "i", edit);
  gboolean there = statement && mg_store_next_row(store, statement, NULL);
  return there ? g_strdup((const char *)sqlite3_column_text(statement, 0)) : NULL;
}

void
mg_store_edit_free(MgStoreEdit *edit)
{
  if (!edit)
    return;
  g_free(edit->what);
  g_free(edit);
}

GPtrArray *
mg_store_edits(MgStore *store, guint most, GError **error)
{
  static const char sql[] = "SELECT id, made, what, undone, (SELECT count(DISTINCT track) FROM edit_values WHERE"
                            " edit = edits.id) FROM edits ORDER BY id DESC LIMIT ?1";
  g_autoptr(MgStatement) statement = mg_store_prepare(store, error, sql, "i", (gint64)most);
  if (!statement)
    return NULL;
  g_autoptr(GPtrArray) edits = g_ptr_array_new_with_free_func((GDestroyNotify)mg_store_edit_free);
  g_autoptr(GError) cause = NULL;
  while (mg_store_next_row(store, statement, &cause)) {
    MgStoreEdit *edit = g_new0(MgStoreEdit, 1);
    *edit = (MgStoreEdit){sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1),
                          g_strdup((const char *)sqlite3_column_text(statement, 2)), sqlite3_column_int(statement, 3),
                          (guint)sqlite3_column_int(statement, 4)};
    g_ptr_array_add(edits, edit);
  }
  if (!cause)
    return g_steal_pointer(&edits);
  g_propagate_error(error, g_steal_pointer(&cause));
  return NULL;
}

GArray *
mg_store_edit_tracks_of(MgStore *store, gint64 edit)
{
  GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(MgStatement) statement =
      mg_store_prepare(store, NULL, "SELECT DISTINCT track FROM edit_values WHERE edit = ?1", "i", edit);
  while (statement && mg_store_next_row(store, statement, NULL)) {
    gint64 id = sqlite3_column_int64(statement, 0);
    g_array_append_val(ids, id);
  }
  return ids;
}

char *
mg_store_tracks_state(MgStore *store)
{
  static const char sql[] =
      "SELECT ifnull((SELECT max(id) FROM edits), 0) || ' ' || (SELECT total(undone) FROM edits) || ' ' ||"
      " ifnull((SELECT max(id) FROM tracks), 0) || ' ' || (SELECT count(*) FROM tracks)";
  g_autoptr(MgStatement) statement = mg_store_prepare(store, NULL, sql, "");
  gboolean there = statement && mg_store_next_row(store, statement, NULL);
  return there ? g_strdup((const char *)sqlite3_column_text(statement, 0)) : NULL;
}

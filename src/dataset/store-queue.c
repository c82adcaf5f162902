#include "dataset/store-queue.h"
#include "dataset/store-private.h"

void
mg_store_queued_free(MgStoreQueued *queued)
{
  if (!queued)
    return;
  g_free(queued->text);
  g_free(queued);
}

GPtrArray *
mg_store_queue(MgStore *store, GError **error)
{
  g_autoptr(MgStatement) statement =
      mg_store_prepare(store, error, "SELECT id, text FROM queue ORDER BY place, id", "");
  if (!statement)
    return NULL;
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)mg_store_queued_free);
  g_autoptr(GError) cause = NULL;
  while (mg_store_next_row(store, statement, &cause)) {
    MgStoreQueued *queued = g_new(MgStoreQueued, 1);
    *queued =
        (MgStoreQueued){sqlite3_column_int64(statement, 0), g_strdup((const char *)sqlite3_column_text(statement, 1))};
    g_ptr_array_add(rows, queued);
  }
  if (!cause)
    return g_steal_pointer(&rows);
  g_propagate_error(error, g_steal_pointer(&cause));
  return NULL;
}

/* Makes room before a row; 0: something failed. */
static gint64
free_place(MgStore *store, gint64 before, GError **error)
{
  g_autoptr(MgStatement) asked = mg_store_prepare(
      store, error, "SELECT coalesce((SELECT place FROM queue WHERE id = ?1), (SELECT max(place) + 1 FROM queue), 1)",
      "i", before);
  if (!asked || !mg_store_next_row(store, asked, error))
    return 0;
  gint64 place = sqlite3_column_int64(asked, 0);
  MgStatement *shift =
      mg_store_prepare(store, error, "UPDATE queue SET place = place + 1 WHERE place >= ?1", "i", place);
  return mg_store_finish(store, shift, error) ? place : 0;
}

gint64
mg_store_queue_add(MgStore *store, const char *text, gint64 before, GError **error)
{
  if (!mg_store_begin(store, error))
    return 0;
  gint64 place = free_place(store, before, error), id = 0;
  gboolean good =
      place > 0 &&
      mg_store_finish(
          store, mg_store_prepare(store, error, "INSERT INTO queue (place, text) VALUES (?1, ?2)", "it", place, text),
          error);
  if (good)
    id = sqlite3_last_insert_rowid(store->db);
  return mg_store_end(store, good, error) ? id : 0;
}

gboolean
mg_store_queue_move(MgStore *store, gint64 id, gint64 before, GError **error)
{
  if (!mg_store_begin(store, error))
    return FALSE;
  gint64 place = free_place(store, before, error);
  gboolean good =
      place > 0 &&
      mg_store_finish(
          store, mg_store_prepare(store, error, "UPDATE queue SET place = ?2 WHERE id = ?1", "ii", id, place), error);
  return mg_store_end(store, good, error);
}

/* One statement is a transaction of its own. */
gboolean
mg_store_queue_take(MgStore *store, gint64 id, GError **error)
{
  return mg_store_finish(store, mg_store_prepare(store, error, "DELETE FROM queue WHERE id = ?1", "i", id), error) &&
         sqlite3_changes(store->db) == 1;
}

gboolean
mg_store_claim(MgStore *store, const char *key, const char *text,
               gboolean (*may_replace)(const char *present, gpointer data), gpointer data, GError **error)
{
  if (!mg_store_begin(store, error))
    return FALSE;
  g_autofree char *present = mg_store_get(store, key);
  gboolean good = (!present || may_replace(present, data)) && mg_store_put(store, key, text, error);
  return mg_store_end(store, good, error);
}

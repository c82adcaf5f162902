#include "dataset/store-labels.h"
#include "dataset/store-private.h"

gboolean
mg_store_put_label(MgStore *store, const char *track, MgLabel *label, GError **error)
{
  static const char sql[] = "INSERT OR REPLACE INTO labels (id, track, start, end, low, high, text)"
                            " VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7)";
  g_autofree char *path = mg_store_stored_path(store, track);
  if (!mg_store_finish(store,
                       mg_store_prepare(store, error, sql, "itddddt", label->id, path, label->start, label->end,
                                        label->low, label->high, label->text),
                       error))
    return FALSE;
  if (label->id == 0)
    label->id = sqlite3_last_insert_rowid(store->db);
  return TRUE;
}

gboolean
mg_store_remove_label(MgStore *store, gint64 id, GError **error)
{
  return mg_store_finish(store, mg_store_prepare(store, error, "DELETE FROM labels WHERE id = ?1", "i", id), error);
}

GPtrArray *
mg_store_labels(MgStore *store, const char *track, GError **error)
{
  static const char sql[] = "SELECT id, start, end, low, high, text FROM labels WHERE track = ?1 ORDER BY start, end";
  g_autofree char *path = mg_store_stored_path(store, track);
  g_autoptr(MgStatement) statement = mg_store_prepare(store, error, sql, "t", path);
  if (!statement)
    return NULL;
  g_autoptr(GPtrArray) labels = mg_labels_new();
  g_autoptr(GError) cause = NULL;
  while (mg_store_next_row(store, statement, &cause)) {
    MgLabel *label = g_new0(MgLabel, 1);
    *label = (MgLabel){sqlite3_column_int64(statement, 0),  sqlite3_column_double(statement, 1),
                       sqlite3_column_double(statement, 2), sqlite3_column_double(statement, 3),
                       sqlite3_column_double(statement, 4), g_strdup((const char *)sqlite3_column_text(statement, 5))};
    g_ptr_array_add(labels, label);
  }
  if (!cause)
    return g_steal_pointer(&labels);
  g_propagate_error(error, g_steal_pointer(&cause));
  return NULL;
}

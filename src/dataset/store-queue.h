/* What waits for its turn in a workspace, one row each, so that several programs may put in, move and take out at once.
 * What a row's text means is the callers' matter. */
#pragma once
#include "dataset/store.h"

typedef struct {
  gint64 id;
  char *text;
} MgStoreQueued;

/* MgStoreQueued *, the next one first; g_ptr_array_unref() it. */
GPtrArray *mg_store_queue(MgStore *store, GError **error);
/* Puts it in before the row `before` (0, or one that has gone: at the end). Returns its id; 0 and the error. */
gint64 mg_store_queue_add(MgStore *store, const char *text, gint64 before, GError **error);
gboolean mg_store_queue_move(MgStore *store, gint64 id, gint64 before, GError **error);
/* TRUE for one program alone, however many ask: the row was there, and is so no longer. FALSE without an error:
 * another one has it. */
gboolean mg_store_queue_take(MgStore *store, gint64 id, GError **error);

/* Puts `text` under a key unless what is there belongs to somebody else: TRUE where may_replace(present text, data)
 * allows it, or nothing is there. Nobody comes between the question and the writing. */
gboolean mg_store_claim(MgStore *store, const char *key, const char *text,
                        gboolean (*may_replace)(const char *present, gpointer data), gpointer data, GError **error);

void mg_store_queued_free(MgStoreQueued *queued); /* accepts NULL */

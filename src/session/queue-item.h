/* A training that waits for its turn, and as text between two starts. */
#pragma once
#include "session/run.h"

#define MG_TYPE_QUEUE_ITEM (mg_queue_item_get_type())
G_DECLARE_FINAL_TYPE(MgQueueItem, mg_queue_item, MG, QUEUE_ITEM, GObject)

/* Copies the request. */
MgQueueItem *mg_queue_item_new(const MgRunRequest *request);
const MgRunRequest *mg_queue_item_request(MgQueueItem *item); /* borrowed */
/* "epochs=4, learning_rate=0.01": what is not as by default; "" where all is. g_free() it. */
char *mg_queue_item_settings(MgQueueItem *item);

/* The row of the workspace that keeps it; 0: none does. */
gint64 mg_queue_item_id(MgQueueItem *item);
void mg_queue_item_set_id(MgQueueItem *item, gint64 id);
char *mg_queue_item_text(MgQueueItem *item); /* g_free() it */
/* NULL: it is no item. Settings that no longer fit are left out. */
MgQueueItem *mg_queue_item_from_text(const char *text);
MgQueueItem *mg_queue_item_from_group(GKeyFile *file, const char *group);

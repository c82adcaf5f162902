/* Trainings that wait for their turn: they run one after another, each as a run of the list. A GListModel of
 * MgQueueItem, the next one first. */
#pragma once
#include "session/run-list.h"

#define MG_TYPE_QUEUE_ITEM (mg_queue_item_get_type())
G_DECLARE_FINAL_TYPE(MgQueueItem, mg_queue_item, MG, QUEUE_ITEM, GObject)

/* Copies the request. */
MgQueueItem *mg_queue_item_new(const MgRunRequest *request);
const MgRunRequest *mg_queue_item_request(MgQueueItem *item); /* borrowed */
/* "epochs=4, learning_rate=0.01": what is not as by default; "" where all is. g_free() it. */
char *mg_queue_item_settings(MgQueueItem *item);

#define MG_TYPE_RUN_QUEUE (mg_run_queue_get_type())
G_DECLARE_FINAL_TYPE(MgRunQueue, mg_run_queue, MG, RUN_QUEUE, GObject)

/* Signal "changed": anything that the functions below tell is different, the items included. Signal "started" (MgRun
 * *): its turn has come. */
MgRunQueue *mg_run_queue_new(MgRunList *list);
void mg_run_queue_insert(MgRunQueue *queue, guint place, MgQueueItem *item); /* beyond the end: as the last */
MgQueueItem *mg_run_queue_remove(MgRunQueue *queue, guint place);            /* the caller unrefs it; NULL: none */
void mg_run_queue_move(MgRunQueue *queue, guint from, guint to);
guint mg_run_queue_place(MgRunQueue *queue, MgQueueItem *item); /* G_MAXUINT: it does not wait any more */

/* While it is on, the next one starts as soon as the current one has finished or failed. A run that somebody stops
 * turns it off. Turned on again, it goes on with a run that was stopped. */
void mg_run_queue_set_on(MgRunQueue *queue, gboolean on);
gboolean mg_run_queue_is_on(MgRunQueue *queue);
MgRun *mg_run_queue_current(MgRunQueue *queue);      /* borrowed; NULL: none is under way */
const char *mg_run_queue_message(MgRunQueue *queue); /* why it was turned off, or what failed; "" */

/* All of it as text, for the next start, and back: turned off, whatever it was. What no longer fits is left out. */
char *mg_run_queue_text(MgRunQueue *queue);
void mg_run_queue_restore(MgRunQueue *queue, const char *text);

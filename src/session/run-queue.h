/* Trainings that wait for their turn: they run one after another, each as a run of the list. A GListModel of
 * MgQueueItem, the next one first. They are rows of the workspace, so several windows show and change the same queue;
 * one of them alone runs it. */
#pragma once
#include "dataset/store.h"
#include "session/queue-item.h"
#include "session/run-list.h"

#define MG_TYPE_RUN_QUEUE (mg_run_queue_get_type())
G_DECLARE_FINAL_TYPE(MgRunQueue, mg_run_queue, MG, RUN_QUEUE, GObject)

/* Signal "changed": anything that the functions below tell is different, the items included. Signal "started" (MgRun
 * *): its turn has come.
 *
 * What waits in the workspace already is there, turned off. `store` outlives it. */
MgRunQueue *mg_run_queue_new(MgRunList *list, MgStore *store);
/* Takes over what other programs have changed. */
void mg_run_queue_look(MgRunQueue *queue);
void mg_run_queue_insert(MgRunQueue *queue, guint place, MgQueueItem *item); /* beyond the end: as the last */
/* The caller unrefs it. NULL: there is none, or another program has taken it. */
MgQueueItem *mg_run_queue_remove(MgRunQueue *queue, guint place);
void mg_run_queue_move(MgRunQueue *queue, guint from, guint to);
guint mg_run_queue_place(MgRunQueue *queue, MgQueueItem *item); /* G_MAXUINT: it does not wait any more */

/* While it is on, the next one starts as soon as the current one has finished or failed. A run that somebody stops
 * turns it off. Turned on again, it goes on with a run that was stopped. While another window runs it, it stays off. */
void mg_run_queue_set_on(MgRunQueue *queue, gboolean on);
gboolean mg_run_queue_is_on(MgRunQueue *queue);
MgRun *mg_run_queue_current(MgRunQueue *queue);      /* borrowed; NULL: none is under way */
const char *mg_run_queue_message(MgRunQueue *queue); /* why it was turned off, or what failed; "" */

/* What was done, to be taken back and done again, the last first. Main thread only. */
#pragma once
#include <glib.h>

typedef struct MgHistory MgHistory;

/* Takes back what `data` tells of (`again` FALSE), or does it again. */
typedef void (*MgHistoryTurn)(gpointer data, gboolean again);

MgHistory *mg_history_new(void);
/* Of what has been done. What was taken back before cannot be done again after. Takes `data`; of many steps the oldest
 * are forgotten. `owner` is whoever forgets the step when it goes. */
void mg_history_add(MgHistory *history, gconstpointer owner, MgHistoryTurn turn, gpointer data,
                    GDestroyNotify free_data);
/* The data of the last step, where it is one of these and nothing was taken back after it; NULL otherwise. */
gpointer mg_history_last(MgHistory *history, gconstpointer owner, MgHistoryTurn turn);
gboolean mg_history_undo(MgHistory *history); /* FALSE: there is nothing */
gboolean mg_history_redo(MgHistory *history);
void mg_history_forget(MgHistory *history, gconstpointer owner); /* its steps */
void mg_history_free(MgHistory *history);                        /* accepts NULL */

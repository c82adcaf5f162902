#include "session/history.h"

#define MOST_STEPS 200

typedef struct {
  gconstpointer owner;
  MgHistoryTurn turn;
  gpointer data;
  GDestroyNotify free_data;
} Step;

struct MgHistory {
  GPtrArray *steps; /* Step *, the oldest first */
  guint done;       /* how many of them are in force */
};

static void
free_step(gpointer data)
{
  Step *step = data;
  if (step->free_data)
    step->free_data(step->data);
  g_free(step);
}

MgHistory *
mg_history_new(void)
{
  MgHistory *history = g_new0(MgHistory, 1);
  history->steps = g_ptr_array_new_with_free_func(free_step);
  return history;
}

void
mg_history_add(MgHistory *history, gconstpointer owner, MgHistoryTurn turn, gpointer data, GDestroyNotify free_data)
{
  Step *step = g_new(Step, 1);
  *step = (Step){owner, turn, data, free_data};
  g_ptr_array_set_size(history->steps, (gint)history->done);
  g_ptr_array_add(history->steps, step);
  if (history->steps->len > MOST_STEPS)
    g_ptr_array_remove_index(history->steps, 0);
  history->done = history->steps->len;
}

gpointer
mg_history_last(MgHistory *history, gconstpointer owner, MgHistoryTurn turn)
{
  const Step *last = history->done > 0 ? history->steps->pdata[history->done - 1] : NULL;
  gboolean same = last && history->done == history->steps->len && last->owner == owner && last->turn == turn;
  return same ? last->data : NULL;
}

static void
turn(MgHistory *history, guint i, gboolean again)
{
  Step *step = history->steps->pdata[i];
  step->turn(step->data, again);
}

gboolean
mg_history_undo(MgHistory *history)
{
  if (history->done == 0)
    return FALSE;
  turn(history, --history->done, FALSE);
  return TRUE;
}

gboolean
mg_history_redo(MgHistory *history)
{
  if (history->done == history->steps->len)
    return FALSE;
  turn(history, history->done++, TRUE);
  return TRUE;
}

void
mg_history_forget(MgHistory *history, gconstpointer owner)
{
  for (guint i = history->steps->len; i-- > 0;)
    if (((Step *)history->steps->pdata[i])->owner == owner) {
      g_ptr_array_remove_index(history->steps, i);
      history->done -= i < history->done;
    }
}

void
mg_history_free(MgHistory *history)
{
  if (!history)
    return;
  g_ptr_array_unref(history->steps);
  g_free(history);
}

#include "train/search-ranks.h"
#include "base/error.h"
#include <string.h>

/* The values follow. */
typedef struct {
  guint64 number;
  double share, before;
  MgTrialCost cost;
} Question;

typedef struct {
  double score;
  MgTrialCost cost;
} Answer;

gboolean
mg_search_ask(MgRanksCalls *calls, int rank, const MgTrialTask *task, guint n_values, double *score, MgTrialCost *cost,
              GError **error)
{
  Question asked = {task->number, task->share, task->before, *cost};
  Answer told;
  g_autoptr(GByteArray) question = g_byte_array_new();
  g_byte_array_append(question, (const guint8 *)&asked, sizeof asked);
  g_byte_array_append(question, (const guint8 *)task->values, (guint)(n_values * sizeof *task->values));
  g_autoptr(GByteArray) answer = mg_ranks_call(calls, rank, question, error);
  if (!answer)
    return FALSE;
  memcpy(&told, answer->data, sizeof told);
  *score = told.score;
  *cost = told.cost;
  return TRUE;
}

static GByteArray *
measure(const GByteArray *question, gpointer data, MgProgress *progress, GError **error)
{
  MgObjective *objective = data;
  Question asked;
  Answer told;
  memcpy(&asked, question->data, sizeof asked);
  g_autofree double *values = g_memdup2(question->data + sizeof asked, question->len - sizeof asked);
  MgTrialTask task = {.number = (guint)asked.number, .values = values, .share = asked.share, .before = asked.before};
  told.cost = asked.cost;
  if (!mg_progress_go_on(progress, error) ||
      !objective->measure(objective, &task, &told.score, &told.cost, progress, error))
    return NULL;
  GByteArray *answer = g_byte_array_new();
  g_byte_array_append(answer, (const guint8 *)&told, sizeof told);
  return answer;
}

gboolean
mg_search_serve(MgRanks *ranks, MgObjective *objective, int jobs, MgProgress *progress, GError **error)
{
  return mg_ranks_serve(ranks, jobs, measure, objective, progress, error);
}

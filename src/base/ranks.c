#include "base/ranks-private.h"
#include "base/error.h"
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

static const gint64 look_interval = 50 * G_TIME_SPAN_MILLISECOND;
static const gint64 patience = 400 * G_TIME_SPAN_MILLISECOND; /* of a job that is being ended: mpirun waits 1 s */

int
mg_ranks_rank(const MgRanks *ranks)
{
  return ranks ? ranks->rank : 0;
}

int
mg_ranks_size(const MgRanks *ranks)
{
  return ranks ? ranks->size : 1;
}

int
mg_ranks_processors(const MgRanks *ranks, int rank)
{
  return ranks->infos[rank].processors;
}

gboolean
mg_ranks_leads(const MgRanks *ranks)
{
  return mg_ranks_rank(ranks) == 0;
}

gboolean
mg_ranks_speaks(const MgRanks *ranks)
{
  int first = 0;
  while (ranks && first < ranks->rank && ranks->gone[first])
    first++;
  return first == mg_ranks_rank(ranks);
}

void
mg_ranks_watch(MgRanks *ranks, MgProgress *progress)
{
  if (ranks)
    ranks->progress = progress;
}

/* Waiting */

gboolean
mg_ranks_look(MgRanks *ranks)
{
  gint64 now = g_get_monotonic_time();
  gboolean any = FALSE;
  if (now - ranks->looked >= look_interval)
    for (int i = 0; i < ranks->size; i++)
      if (i != ranks->rank && ranks->infos[i].watched && kill((pid_t)ranks->infos[i].pid, 0) != 0 && errno == ESRCH)
        ranks->gone[i] = TRUE;
  ranks->looked = now - ranks->looked >= look_interval ? now : ranks->looked;
  for (int i = 0; i < ranks->size; i++)
    any |= ranks->gone[i];
  return any;
}

void
mg_ranks_rest(guint turn)
{
  enum { SPINS = 1000, YIELDS = 20000 };
  if (turn >= YIELDS)
    g_usleep(100);
  else if (turn >= SPINS)
    sched_yield();
}

/* Where a machine is far away, its rank's end shows in this alone: the job is being ended, and no answer comes. */
static gboolean
is_hopeless(MgRanks *ranks, gint64 *ended, gint64 now)
{
  if (!mg_progress_cancelled(ranks->progress))
    return FALSE;
  if (*ended == 0)
    *ended = now;
  if (now - *ended > patience + 4 * ranks->usual)
    ranks->given_up = TRUE;
  return ranks->given_up;
}

void
mg_ranks_abandon(gpointer request)
{
  static GPtrArray *abandoned;
  G_LOCK_DEFINE_STATIC(abandoned);
  if (!request)
    return;
  G_LOCK(abandoned);
  if (!abandoned)
    abandoned = g_ptr_array_new();
  g_ptr_array_add(abandoned, request);
  G_UNLOCK(abandoned);
}

gboolean
mg_ranks_wait(MgRanks *ranks, MgRanksRequest *request)
{
  gint64 begun = g_get_monotonic_time(), ended = 0;
  for (guint turn = 0;; turn++) {
    MgRanksState state = ranks->engine->done(request);
    gint64 now = turn % 64 == 63 || state != MG_RANKS_UNDER_WAY ? g_get_monotonic_time() : 0;
    if (state == MG_RANKS_BROKEN)
      ranks->given_up = TRUE;
    if (state == MG_RANKS_DONE)
      ranks->usual = MAX(ranks->usual * 9 / 10, now - begun);
    if (state == MG_RANKS_DONE)
      return TRUE;
    if (state == MG_RANKS_BROKEN || (now && (mg_ranks_look(ranks) || is_hopeless(ranks, &ended, now)))) {
      mg_ranks_abandon(request);
      return FALSE;
    }
    mg_ranks_rest(turn);
  }
}

/* Whether anything can still be sent. */
static gboolean
is_alive(const MgRanks *ranks)
{
  return ranks && !ranks->over && !ranks->given_up && mg_ranks_lost(ranks) < 0;
}

/* Together */

void
mg_ranks_sum(MgRanks *ranks, double *values, size_t n)
{
  if (is_alive(ranks))
    mg_ranks_wait(ranks, ranks->engine->sum_doubles(values, n));
}

void
mg_ranks_sum_begin(MgRanks *ranks, float *values, size_t n)
{
  if (is_alive(ranks))
    g_ptr_array_add(ranks->sums, ranks->engine->sum_floats(values, n));
}

void
mg_ranks_sum_doubles_begin(MgRanks *ranks, double *values, size_t n)
{
  if (is_alive(ranks))
    g_ptr_array_add(ranks->sums, ranks->engine->sum_doubles(values, n));
}

void
mg_ranks_move(MgRanks *ranks)
{
  if (!is_alive(ranks) || ranks->sums->len == 0)
    return;
  MgRanksState state = ranks->engine->done(ranks->sums->pdata[0]);
  if (state == MG_RANKS_BROKEN)
    ranks->given_up = TRUE;
  if (state == MG_RANKS_DONE)
    g_ptr_array_remove_index(ranks->sums, 0);
}

void
mg_ranks_sum_end(MgRanks *ranks)
{
  for (guint i = 0; ranks && i < ranks->sums->len; i++)
    if (is_alive(ranks))
      mg_ranks_wait(ranks, ranks->sums->pdata[i]);
    else
      mg_ranks_abandon(ranks->sums->pdata[i]);
  if (ranks)
    g_ptr_array_set_size(ranks->sums, 0);
}

gboolean
mg_ranks_common(MgRanks *ranks, size_t n, float **places)
{
  gboolean apart = !is_alive(ranks) || ranks->size == 1;
  for (int i = 0; ranks && i < ranks->size; i++)
    apart |= ranks->infos[i].apart;
  return !apart && ranks->engine->open_common(n * sizeof **places, (void **)places);
}

void
mg_ranks_meet(MgRanks *ranks)
{
  atomic_thread_fence(memory_order_seq_cst);
  if (is_alive(ranks))
    mg_ranks_wait(ranks, ranks->engine->meet());
  atomic_thread_fence(memory_order_seq_cst);
}

void
mg_ranks_share(MgRanks *ranks, void *data, size_t n)
{
  if (is_alive(ranks))
    mg_ranks_wait(ranks, ranks->engine->share(data, n, 0));
}

/* Agreeing */

typedef struct {
  guint8 bad, cancelled;
} Word;

typedef struct {
  gint32 code;
  char text[2044];
} Message;

int
mg_ranks_lost(const MgRanks *ranks)
{
  for (int i = 0; ranks && i < ranks->size; i++)
    if (ranks->gone[i])
      return i;
  return -1;
}

gboolean
mg_ranks_check(const MgRanks *ranks, GError **error)
{
  int lost = mg_ranks_lost(ranks);
  if (lost >= 0)
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("rank %d of %d is gone: its process has ended"), lost, ranks->size);
  else if (ranks && ranks->given_up)
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("the job was ended while some of its %d ranks gave no answer"),
                ranks->size);
  return lost < 0 && !(ranks && ranks->given_up);
}

/* What the first rank that is not well has to say, as everybody's error. */
static void
spread_error(MgRanks *ranks, int from, GError **error)
{
  Message message = {0};
  if (from == ranks->rank && error && *error) {
    message.code = (*error)->code;
    g_strlcpy(message.text, (*error)->message, sizeof message.text);
  }
  if (!mg_ranks_wait(ranks, ranks->engine->share(&message, sizeof message, from)) || !error || from == ranks->rank)
    return;
  g_clear_error(error);
  g_set_error(error, MG_ERROR, message.code, _("rank %d: %s"), from, message.text);
}

/* The first rank whose word is bad; -1: none. */
static int
find_bad(const Word *words, int n, gboolean *cancelled)
{
  int bad = -1;
  *cancelled = FALSE;
  for (int i = n; i-- > 0;) {
    *cancelled |= words[i].cancelled;
    if (words[i].bad)
      bad = i;
  }
  return bad;
}

/* What this rank has to say itself is left. */
static gboolean
fail(const MgRanks *ranks, gboolean good, GError **error)
{
  if (good && mg_ranks_check(ranks, error))
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("another rank has failed"));
  return FALSE;
}

gboolean
mg_ranks_agree(MgRanks *ranks, gboolean good, MgProgress *progress, GError **error)
{
  if (!ranks)
    return good && mg_progress_go_on(progress, error);
  if (!is_alive(ranks))
    return fail(ranks, good, error);
  Word own = {!good, mg_progress_cancelled(progress)};
  g_autofree Word *words = g_new0(Word, ranks->size);
  if (!mg_ranks_wait(ranks, ranks->engine->gather(&own, sizeof own, words)))
    return fail(ranks, good, error);
  gboolean cancelled;
  int bad = find_bad(words, ranks->size, &cancelled);
  if (bad >= 0)
    spread_error(ranks, bad, error);
  else if (cancelled)
    g_set_error(error, MG_ERROR, MG_ERROR_CANCELLED, _("stopped before it was done"));
  ranks->over = bad >= 0 || cancelled;
  return !ranks->over;
}

#include "train/search-loop.h"
#include "base/error.h"
#include "train/search-ranks.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static const gint64 look_interval = 50 * G_TIME_SPAN_MILLISECOND;
enum { MOST_FAILURES = 3 }; /* before any trial has a score: then it is not the trials' fault */

typedef struct {
  const MgSearchPlan *plan;
  MgSearch *search;
  GArray *costs;
  MgProgress *inside; /* cancelled where the caller's is, or where one worker has failed */
  MgProgress *outside;
  GMutex lock; /* of everything below and of the search */
  GCond changed;
  GArray *begun; /* guint: trials of an earlier process, still to be done again */
  guint working; /* workers that have not ended */
  guint failed;
  gint64 started;
  double done_before; /* when this process began */
  GError *failure;
} Loop;

static guint
count_over(const MgSearch *search)
{
  guint over = 0;
  for (guint i = 0; i < search->trials->len; i++)
    over += mg_search_trial(search, i)->state != MG_TRIAL_RUNNING;
  return over;
}

/* Ends everything; the first failure counts. Takes the error. */
static void
give_up(Loop *loop, GError *error)
{
  if (loop->failure)
    g_error_free(error);
  else
    loop->failure = error;
  mg_progress_cancel(loop->inside);
  mg_ranks_calls_cancel(loop->plan->calls);
  g_cond_broadcast(&loop->changed);
}

/* Trials, of as many as there may be; with a budget how much of it is spent, as nobody knows for how many it does. */
static double
done_of(const MgSearch *search, double *all)
{
  gboolean limited = isfinite(search->budget);
  *all = limited ? search->budget : MAX(search->planned, search->trials->len);
  return limited ? MIN(mg_search_spent(search), *all) : count_over(search);
}

static MgRunStatus
status_of(const Loop *loop, MgRunState state)
{
  guint over = count_over(loop->search), planned = MAX(loop->search->planned, loop->search->trials->len);
  double all, spent = done_of(loop->search, &all), done = spent - loop->done_before;
  double elapsed = (double)(g_get_monotonic_time() - loop->started) / 1e6;
  MgRunStatus status = {.state = state,
                        .pid = getpid(),
                        .epoch = (int)over,
                        .epochs = isfinite(loop->search->budget) ? (int)loop->search->trials->len : (int)planned,
                        .step = (gint64)spent,
                        .steps = (gint64)all,
                        .seconds = elapsed,
                        .seconds_left = done > 0 ? elapsed / done * (all - spent) : -1};
  return status;
}

static void
tell(Loop *loop)
{
  MgRunStatus status = status_of(loop, MG_RUN_RUNNING);
  double all, spent = done_of(loop->search, &all);
  int best = mg_search_best(loop->search);
  g_autoptr(GString) what = g_string_new(NULL);
  if (isfinite(loop->search->budget))
    g_string_printf(what, ngettext("%d trial, %.4g of %.4g epochs", "%d trials, %.4g of %.4g epochs", status.epoch),
                    status.epoch, spent, all);
  else
    g_string_printf(what, _("trial %d of %d"), status.epoch, status.epochs);
  if (best >= 0)
    g_string_append_printf(what, _(", best F1 %.4f"), mg_trial_peak_score(mg_search_trial(loop->search, (guint)best)));
  mg_progress_report(loop->outside, loop->plan->first + loop->plan->share * spent / MAX(all, 1e-9), what->str);
  GError *error = NULL;
  if (!mg_run_dir_set_status(loop->plan->dir, &status, FALSE, &error))
    give_up(loop, error);
}

static gboolean
record(Loop *loop, guint number)
{
  GError *error = NULL;
  int repeats = (int)mg_params_int(loop->plan->params, "repeats");
  if (mg_trials_append(mg_run_dir_path(loop->plan->dir), loop->search, number, repeats,
                       &g_array_index(loop->costs, MgTrialCost, number), &error))
    return TRUE;
  give_up(loop, error);
  return FALSE;
}

static void
fail_trial(Loop *loop, guint number, GError *error)
{
  mg_run_dir_log(loop->plan->dir, "trial %u failed: %s", number + 1, error->message);
  mg_search_report(loop->search, number, NAN, g_array_index(loop->costs, MgTrialCost, number).epochs);
  loop->failed++;
  if (loop->failed < MOST_FAILURES || mg_search_best(loop->search) >= 0) {
    g_error_free(error);
    return;
  }
  g_prefix_error(&error, _("the first %d trials failed: "), MOST_FAILURES);
  give_up(loop, error);
}

static void
report_trial(Loop *loop, guint number, double score)
{
  const MgTrial *trial = mg_search_trial(loop->search, number);
  const MgTrialCost *cost = &g_array_index(loop->costs, MgTrialCost, number);
  mg_search_report(loop->search, number, score, cost->epochs);
  mg_run_dir_log(loop->plan->dir, "trial %u %s on rung %d of %d: macro F1 %.4f, %.1f s", number + 1,
                 mg_trial_state_name(trial->state), trial->rungs, loop->search->rungs, score, cost->seconds);
}

/* A thread's. */
typedef struct {
  Loop *loop;
  int rank; /* that it stands for; 0: itself */
} Worker;

static gboolean
measure(const Worker *worker, const MgTrialTask *task, double *score, MgTrialCost *cost, GError **error)
{
  const MgSearchPlan *plan = worker->loop->plan;
  return worker->rank > 0 ? mg_search_ask(plan->calls, worker->rank, task, plan->space->params->len, score, cost, error)
                          : plan->objective->measure(plan->objective, task, score, cost, worker->loop->inside, error);
}

/* Somebody else takes it up. */
static void
put_back(Loop *loop, guint number, const GError *error)
{
  mg_run_dir_log(loop->plan->dir, "trial %u goes back into the queue: %s", number + 1, error->message);
  g_array_append_val(loop->begun, number);
  g_cond_broadcast(&loop->changed);
}

/* Under the lock; it is let go while the trial is measured. FALSE where the worker's rank is gone. */
static gboolean
run_trial(const Worker *worker, guint number)
{
  Loop *loop = worker->loop;
  const MgTrial *trial = mg_search_trial(loop->search, number);
  MgTrialCost cost = g_array_index(loop->costs, MgTrialCost, number);
  MgTrialTask task = {.number = number,
                      .values = trial->values,
                      .share = mg_search_share(loop->search, trial->rungs),
                      .before = trial->rungs > 0 ? mg_search_share(loop->search, trial->rungs - 1) : 0};
  if (!record(loop, number))
    return TRUE;
  GError *error = NULL;
  double score;
  g_mutex_unlock(&loop->lock);
  gboolean good = measure(worker, &task, &score, &cost, &error);
  g_mutex_lock(&loop->lock);
  if (!good && worker->rank > 0 && g_error_matches(error, MG_ERROR, MG_ERROR_DEVICE)) {
    put_back(loop, number, error);
    g_error_free(error);
    return FALSE;
  }
  if (!good && g_error_matches(error, MG_ERROR, MG_ERROR_CANCELLED)) {
    give_up(loop, error); /* the file says that it is running: it is taken up again */
    return TRUE;
  }
  g_array_index(loop->costs, MgTrialCost, number) = cost;
  if (good)
    report_trial(loop, number, score);
  else
    fail_trial(loop, number, error);
  record(loop, number);
  tell(loop);
  g_cond_broadcast(&loop->changed);
  return TRUE;
}

static MgSearchStep
take_trial(Loop *loop, guint *number)
{
  if (loop->begun->len == 0) {
    MgSearchStep step = mg_search_next(loop->search, number);
    if (step == MG_SEARCH_GO && *number == loop->costs->len) {
      MgTrialCost none = {.deviation = NAN};
      g_array_append_val(loop->costs, none);
    }
    return step;
  }
  *number = g_array_index(loop->begun, guint, 0);
  g_array_remove_index(loop->begun, 0);
  return MG_SEARCH_GO;
}

static gpointer
work(gpointer data)
{
  const Worker *worker = data;
  Loop *loop = worker->loop;
  gboolean there = TRUE;
  g_mutex_lock(&loop->lock);
  while (there && !mg_progress_cancelled(loop->inside)) {
    guint number;
    MgSearchStep step = take_trial(loop, &number);
    if (step == MG_SEARCH_END)
      break;
    if (step == MG_SEARCH_WAIT)
      g_cond_wait(&loop->changed, &loop->lock);
    else
      there = run_trial(worker, number);
  }
  loop->working--;
  g_cond_broadcast(&loop->changed);
  g_mutex_unlock(&loop->lock);
  return NULL;
}

/* This thread only watches, so that a signal is noticed while all workers are busy. */
static void
watch(Loop *loop)
{
  g_mutex_lock(&loop->lock);
  while (loop->working > 0) {
    g_cond_wait_until(&loop->changed, &loop->lock, g_get_monotonic_time() + look_interval);
    GError *error = NULL;
    if (!mg_progress_cancelled(loop->inside) && !mg_progress_go_on(loop->outside, &error))
      give_up(loop, error);
  }
  g_mutex_unlock(&loop->lock);
}

static void
run_workers(Loop *loop)
{
  guint jobs = (guint)mg_params_int(loop->plan->params, "jobs");
  guint n = jobs * (loop->plan->calls ? (guint)mg_ranks_size(loop->plan->ranks) : 1);
  g_autofree GThread **threads = g_new(GThread *, n);
  g_autofree Worker *workers = g_new(Worker, n);
  loop->working = n;
  for (guint i = 0; i < n; i++) {
    workers[i] = (Worker){loop, (int)(i / jobs)};
    threads[i] = g_thread_new("trial", work, &workers[i]);
  }
  watch(loop);
  for (guint i = 0; i < n; i++)
    g_thread_join(threads[i]);
}

/* mpirun ends a job of which a rank is gone: nobody wanted that. */
static void
explain_loss(const MgSearchPlan *plan, GError **failure)
{
  g_autoptr(GError) loss = NULL;
  if (!plan->calls || !g_error_matches(*failure, MG_ERROR, MG_ERROR_CANCELLED) || mg_ranks_check(plan->ranks, &loss))
    return;
  g_clear_error(failure);
  g_set_error(failure, MG_ERROR, MG_ERROR_DATA, _("%s: %s; --resume takes up its trial again"),
              mg_run_dir_path(plan->dir), loss->message);
}

static double
price_of(gpointer data, const double *values, double share, double before)
{
  const MgSearchPlan *plan = data;
  return plan->objective->price(plan->objective, values, share, before);
}

static gboolean
stands(gpointer data, const double *values)
{
  const MgSearchPlan *plan = data;
  return mg_search_job_stands(plan->job, plan->space, values);
}

gboolean
mg_search_loop(const MgSearchPlan *plan, MgSearch *search, GArray *costs, MgProgress *progress, GError **error)
{
  Loop loop = {.plan = plan, .search = search, .costs = costs, .outside = progress};
  MgSearchOutlook outlook = {price_of, stands, (gpointer)plan};
  mg_search_set_outlook(search, &outlook);
  if (!mg_trials_load(mg_run_dir_path(plan->dir), search, costs, error))
    return FALSE;
  loop.begun = g_array_new(FALSE, FALSE, sizeof(guint));
  loop.inside = mg_progress_new(NULL, NULL);
  loop.started = g_get_monotonic_time();
  double all;
  loop.done_before = done_of(search, &all);
  for (guint i = 0; i < search->trials->len; i++)
    if (mg_search_trial(search, i)->state == MG_TRIAL_RUNNING)
      g_array_append_val(loop.begun, i);
  g_mutex_init(&loop.lock);
  g_cond_init(&loop.changed);
  tell(&loop);
  run_workers(&loop);
  g_mutex_clear(&loop.lock);
  g_cond_clear(&loop.changed);
  mg_progress_unref(loop.inside);
  g_array_unref(loop.begun);
  if (!loop.failure)
    return TRUE;
  explain_loss(plan, &loop.failure);
  g_propagate_error(error, loop.failure);
  return FALSE;
}

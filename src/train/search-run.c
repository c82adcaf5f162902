#include "train/search-run.h"
#include "base/error.h"
#include "base/file.h"
#include "train/search-loop.h"
#include "train/search-nested.h"
#include "train/search-ranks.h"
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

void
mg_search_result_clear(MgSearchResult *result)
{
  g_clear_pointer(&result->values, g_free);
  g_clear_pointer(&result->folds, g_array_unref);
  g_clear_pointer(&result->warnings, g_ptr_array_unref);
}

char *
mg_search_describe(const MgSpace *space, const double *values, double share)
{
  g_autofree char *text = mg_space_describe(space, values);
  return share < 1 ? g_strdup_printf("%s, ended after %.4g of it", text, share) : g_steal_pointer(&text);
}

void
mg_search_sum_up(const MgSearch *search, const GArray *costs, MgSearchResult *result)
{
  result->trials += search->trials->len;
  for (guint i = 0; i < search->trials->len; i++) {
    const MgTrialCost *cost = &g_array_index(costs, MgTrialCost, i);
    result->failed += mg_search_trial(search, i)->state == MG_TRIAL_FAILED;
    result->epochs += isfinite(cost->epochs) ? cost->epochs : 0;
    result->seconds += isfinite(cost->seconds) ? cost->seconds : 0;
  }
}

gboolean
mg_search_finish(MgRunDir *dir, const GError *failure, GError **error)
{
  MgRunStatus status = {.seconds_left = 0};
  mg_run_status_read(mg_run_dir_path(dir), &status, NULL);
  gboolean stopped = failure && g_error_matches(failure, MG_ERROR, MG_ERROR_CANCELLED);
  status.state = !failure ? MG_RUN_FINISHED : stopped ? MG_RUN_STOPPED : MG_RUN_FAILED;
  status.pid = getpid();
  status.seconds_left = -1;
  g_strlcpy(status.message, failure && !stopped ? failure->message : "", sizeof status.message);
  mg_run_dir_log(dir, "%s%s%s", mg_run_state_name(status.state), failure ? ": " : "", failure ? failure->message : "");
  return mg_run_dir_set_status(dir, &status, TRUE, error);
}

/* One search */

static gboolean
keep_best(const MgSearchPlan *plan, const MgSearch *search, MgProgress *progress, GError **error)
{
  int best = mg_search_best(search);
  g_autofree char *folder = mg_run_dir_file(plan->dir, "best");
  if (best < 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: no trial has a score; log.txt tells why they failed"),
                mg_run_dir_path(plan->dir));
    return FALSE;
  }
  const MgTrial *trial = mg_search_trial(search, (guint)best);
  double share = trial->stands ? mg_search_share(search, mg_trial_peak(trial) - 1) : 1;
  MgTrialTask task = {.number = (guint)best, .values = trial->values, .share = share};
  g_autofree char *text = mg_search_describe(plan->space, task.values, share);
  mg_run_dir_log(plan->dir, "best: trial %d, %s; learning from all that may be learned from", best + 1, text);
  return mg_folder_remove(folder, error) && plan->objective->keep(plan->objective, &task, folder, progress, error);
}

/* How a search stood before this process went on with it. */
typedef struct {
  MgRunStatus status;
  gint64 size; /* of trials.csv, which every step makes longer */
} Before;

static gint64
size_of_trials(const MgRunDir *dir)
{
  GStatBuf info;
  g_autofree char *path = mg_run_dir_file(dir, "trials.csv");
  return g_stat(path, &info) == 0 ? (gint64)info.st_size : 0;
}

static Before
look_before(const MgRunDir *dir)
{
  Before before = {.status = {.state = MG_RUN_PREPARING}, .size = size_of_trials(dir)};
  mg_run_status_read(mg_run_dir_path(dir), &before.status, NULL);
  return before;
}

/* Nothing was added to a search that had come to its end. */
static gboolean
is_as_before(const Before *before, const MgRunDir *dir)
{
  g_autofree char *model = mg_run_dir_file(dir, "best/checkpoints/best.safetensors");
  return before->status.state == MG_RUN_FINISHED && before->size == size_of_trials(dir) &&
         g_file_test(model, G_FILE_TEST_EXISTS);
}

static gboolean
search_once(const MgSearchJob *job, const MgSpace *space, MgRunDir *dir, MgObjective *objective, MgRanksCalls *calls,
            MgSearchResult *result, MgProgress *progress, GError **error)
{
  MgSearchPlan plan = {dir, space, job->params, objective, calls, job->ranks, 0, 0.98, job};
  g_autoptr(GArray) costs = g_array_new(FALSE, FALSE, sizeof(MgTrialCost));
  g_autoptr(MgSearch) search = mg_search_new(space, job->params, error);
  Before before = look_before(dir);
  gboolean good = search && mg_search_loop(&plan, search, costs, progress, error);
  if (!good)
    return FALSE;
  mg_search_sum_up(search, costs, result);
  result->best = mg_search_best(search);
  if (!is_as_before(&before, dir) && !keep_best(&plan, search, progress, error))
    return FALSE;
  const MgTrial *best = mg_search_trial(search, (guint)result->best);
  int peak = mg_trial_peak(best);
  result->values = mg_search_describe(space, best->values, best->stands ? mg_search_share(search, peak - 1) : 1);
  result->score = mg_trial_peak_score(best);
  result->deviation = peak == best->rungs ? g_array_index(costs, MgTrialCost, (guint)result->best).deviation : NAN;
  return TRUE;
}

/* What runs in a folder that is ready. */
typedef struct {
  const MgSearchJob *job;
  const MgSpace *space;
  MgSearchRows rows; /* of a classifier's search */
  int *folds;        /* the objective's */
  MgObjective *objective;
} Work;

static void
clear_work(Work *work)
{
  mg_objective_free(work->objective);
  mg_search_rows_clear(&work->rows);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, clear_work)

static gboolean
prepare(Work *work, MgProgress *progress, GError **error)
{
  const MgSearchJob *job = work->job;
  if (job->model) {
    work->objective = mg_objective_network(job, work->space, job->run, error);
    return work->objective != NULL;
  }
  if (!mg_search_rows_open(&work->rows, job, work->space, progress, error))
    return FALSE;
  work->folds = g_steal_pointer(&work->rows.folds);
  work->objective = mg_objective_table(job, work->space, work->rows.samples, work->folds, work->rows.k, error);
  if (!work->objective || !job->nested || work->rows.k >= 2)
    return work->objective != NULL;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("search: --nested needs folds; expected --cv K or --folds"));
  return FALSE;
}

static MgRunDir *
open_folder(const MgSearchJob *job, GError **error)
{
  g_autoptr(MgRunDir) dir = job->resume ? mg_run_dir_reopen(job->run, error) : mg_run_dir_create(job->run, error);
  g_autofree char *checkpoints = dir ? mg_run_dir_file(dir, "checkpoints") : NULL;
  if (dir)
    rmdir(checkpoints); /* a search has none of its own */
  if (!dir || !mg_search_job_save(job, mg_run_dir_path(dir), error))
    return NULL;
  mg_run_dir_log(dir, "%s: %s", job->resume ? "resumed" : "search", mg_params_text(job->params, "sampler"));
  return g_steal_pointer(&dir);
}

static void
pass_warnings(const MgSearchRows *rows, MgRunDir *dir, MgSearchResult *result)
{
  for (guint i = 0; rows->data && i < rows->data->warnings->len; i++) {
    mg_run_dir_log(dir, "%s", (const char *)rows->data->warnings->pdata[i]);
    g_ptr_array_add(result->warnings, g_strdup(rows->data->warnings->pdata[i]));
  }
}

/* What is looked through cannot be the same in all trials. */
static gboolean
check_settings(const MgSearchJob *job, const MgSpace *space, GError **error)
{
  for (char **assignment = job->set; assignment && *assignment; assignment++)
    for (guint i = 0; i < space->params->len; i++) {
      g_autofree char *prefix = g_strconcat(mg_space_param(space, i)->parameter, "=", NULL);
      if (!g_str_has_prefix(*assignment, prefix))
        continue;
      g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: %s is looked through; leave out --set %s"), space->name,
                  mg_space_param(space, i)->name, *assignment);
      return FALSE;
    }
  return TRUE;
}

/* Each fold has an objective of its own, which the other ranks would not know. */
static gboolean
check_processes(const MgSearchJob *job, GError **error)
{
  if (job->nested && job->ranks)
    g_set_error(
        error, MG_ERROR, MG_ERROR_USAGE,
        _("search: --nested is for one process: expected no mpirun or srun; melograph-cli search --help tells more"));
  return !job->nested || !job->ranks;
}

/* Rank 0 makes what the others then find in the cache, and the folder. */
static gboolean
prepare_all(Work *work, MgRunDir **dir, MgProgress *progress, GError **error)
{
  MgRanks *ranks = work->job->ranks;
  gboolean leads = mg_ranks_leads(ranks);
  if (!mg_ranks_agree(ranks, !leads || prepare(work, progress, error), progress, error))
    return FALSE;
  if (leads)
    *dir = open_folder(work->job, error);
  gboolean good = leads ? *dir != NULL : prepare(work, progress, error);
  return ranks ? mg_ranks_agree(ranks, good, NULL, error) : good;
}

static gboolean
serve(const Work *work, MgProgress *progress, GError **error)
{
  int jobs = (int)mg_params_int(work->job->params, "jobs");
  return mg_search_serve(work->job->ranks, work->objective, jobs, progress, error);
}

static gboolean
run(const MgSearchJob *job, MgSearchResult *result, MgProgress *progress, GError **error)
{
  g_autoptr(MgSpace) space = mg_space_parse(job->description, job->space, error);
  g_autoptr(MgSearch) trial = space ? mg_search_new(space, job->params, error) : NULL; /* can it be looked through? */
  g_auto(Work) work = {.job = job, .space = space};
  g_autoptr(MgRunDir) dir = NULL;
  if (!trial || !check_settings(job, space, error) || !check_processes(job, error) ||
      !prepare_all(&work, &dir, progress, error))
    return FALSE;
  if (!mg_ranks_leads(job->ranks))
    return serve(&work, progress, error);
  pass_warnings(&work.rows, dir, result);
  g_autoptr(GError) failure = NULL;
  MgRanksCalls *calls = mg_ranks_calls_new(job->ranks, progress);
  gboolean good = job->nested ? mg_search_nested(job, space, dir, work.objective, work.rows.samples, work.folds,
                                                 work.rows.k, result, progress, &failure)
                              : search_once(job, space, dir, work.objective, calls, result, progress, &failure);
  mg_ranks_calls_free(calls);
  if (!mg_search_finish(dir, failure, good ? error : NULL))
    return FALSE;
  if (failure)
    g_propagate_error(error, g_steal_pointer(&failure));
  return good;
}

static MgSearchJob *
take_up(const MgSearchJob *wanted, char **assignments, GError **error)
{
  g_autoptr(MgSearchJob) begun = mg_search_job_load(wanted->run, error);
  if (!begun || !mg_search_job_agrees(wanted, assignments, begun, error))
    return NULL;
  for (; assignments && *assignments; assignments++)
    if (!mg_params_assign(begun->params, *assignments, error))
      return NULL;
  begun->resume = TRUE;
  begun->program = g_strdup(wanted->program);
  begun->ranks = wanted->ranks;
  return g_steal_pointer(&begun);
}

gboolean
mg_search_run(const MgSearchJob *job, char **assignments, MgSearchResult *result, MgProgress *progress, GError **error)
{
  *result = (MgSearchResult){.best = -1, .warnings = g_ptr_array_new_with_free_func(g_free)};
  g_autofree char *config = g_build_filename(job->run, "config.ini", NULL);
  if (!job->resume)
    return run(job, result, progress, error);
  if (!g_file_test(config, G_FILE_TEST_EXISTS)) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: there is no search to resume; config.ini was expected in it"),
                job->run);
    return FALSE;
  }
  g_autoptr(MgSearchJob) own = take_up(job, assignments, error);
  return own && run(own, result, progress, error);
}

#include "train/search-nested.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "ml/folds.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  const MgSearchJob *job;
  const MgSpace *space;
  MgRunDir *dir;
  MgObjective *outside; /* of all rows */
  const MgSamples *samples;
  const int *folds;
  int k;
  MgSearchResult *result;
  MgProgress *progress;
} Nested;

static void
clear_fold(gpointer data)
{
  g_free(((MgNestedFold *)data)->values);
}

static MgRunDir *
open_fold(const Nested *nested, int fold, GError **error)
{
  g_autofree char *name = g_strdup_printf("fold-%d", fold + 1), *path = mg_run_dir_file(nested->dir, name);
  g_autofree char *config = g_build_filename(path, "config.ini", NULL);
  g_autofree char *checkpoints = g_build_filename(path, "checkpoints", NULL);
  gboolean begun = g_file_test(config, G_FILE_TEST_EXISTS);
  if (!begun && !mg_folder_remove(path, error))
    return NULL;
  g_autoptr(MgRunDir) dir = begun ? mg_run_dir_reopen(path, error) : mg_run_dir_create(path, error);
  rmdir(checkpoints);
  return dir && mg_search_job_save(nested->job, path, error) ? g_steal_pointer(&dir) : NULL;
}

/* Folds among the rows that the search may see, dealt anew for each repeat. */
static int *
deal_inside(const Nested *nested, const MgSamples *inside, GError **error)
{
  int k = (int)mg_params_int(nested->job->params, "inner_cv");
  guint64 seed = (guint64)mg_params_int(nested->job->params, "search_seed");
  size_t rows = inside->x->rows, repeats = (size_t)mg_params_int(nested->job->params, "repeats");
  g_autofree int *all = g_new(int, rows *repeats);
  for (size_t repeat = 0; repeat < repeats; repeat++) {
    g_autofree int *folds = mg_folds_deal(inside, k, seed + repeat, error);
    if (!folds)
      return NULL;
    memcpy(all + repeat * rows, folds, rows * sizeof *folds);
  }
  return g_steal_pointer(&all);
}

/* The best configuration by the training rows alone; the values are g_free()d by the caller. */
static double *
search_inside(const Nested *nested, MgRunDir *dir, int fold, const MgSamples *inside, double *score, double *share,
              GError **error)
{
  const MgParams *params = nested->job->params;
  int *folds = deal_inside(nested, inside, error);
  g_autoptr(MgObjective) objective = folds ? mg_objective_table(nested->job, nested->space, inside, folds,
                                                                (int)mg_params_int(params, "inner_cv"), error)
                                           : NULL;
  g_autoptr(GArray) costs = g_array_new(FALSE, FALSE, sizeof(MgTrialCost));
  g_autoptr(MgSearch) search = objective ? mg_search_new(nested->space, params, error) : NULL;
  MgSearchPlan plan = {
      dir, nested->space, params, objective, NULL, NULL, (double)fold / nested->k, 1.0 / nested->k, nested->job};
  if (!search || !mg_search_loop(&plan, search, costs, nested->progress, error))
    return NULL;
  mg_search_sum_up(search, costs, nested->result);
  int best = mg_search_best(search);
  if (best < 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: no trial has a score; log.txt tells why they failed"),
                mg_run_dir_path(dir));
    return NULL;
  }
  const MgTrial *trial = mg_search_trial(search, (guint)best);
  *score = mg_trial_peak_score(trial);
  *share = trial->stands ? mg_search_share(search, mg_trial_peak(trial) - 1) : 1;
  return g_memdup2(trial->values, nested->space->params->len * sizeof(double));
}

static gboolean
record_fold(const Nested *nested, const MgNestedFold *fold, GError **error)
{
  g_autofree char *path = mg_run_dir_file(nested->dir, "nested.csv");
  g_autoptr(GString) line = g_string_new(NULL);
  mg_csv_append_number(line, fold->fold, 10);
  mg_csv_append(line, fold->values);
  mg_csv_append_number(line, fold->score, 17);
  mg_csv_append_number(line, fold->f1_macro, 17);
  mg_csv_append_number(line, fold->accuracy, 17);
  g_string_append_c(line, '\n');
  if (fold->fold == 1)
    g_string_prepend(line, "fold,parameters,score,f1_macro,accuracy\n");
  mg_run_dir_log(nested->dir, "fold %d: macro F1 %.4f, accuracy %.4f with %s (%.4f inside)", fold->fold, fold->f1_macro,
                 fold->accuracy, fold->values, fold->score);
  return mg_file_append(path, line->str, line->len, error);
}

static gboolean
work_fold(const Nested *nested, int number, GError **error)
{
  size_t rows = nested->samples->x->rows, n_in, n_out;
  g_autofree guint32 *in = mg_folds_rows(nested->folds, rows, number, TRUE, &n_in);
  g_autofree guint32 *out = mg_folds_rows(nested->folds, rows, number, FALSE, &n_out);
  g_autoptr(MgSamples) inside = mg_samples_pick(nested->samples, out, n_out);
  g_autoptr(MgRunDir) dir = open_fold(nested, number, error);
  g_autoptr(GError) failure = NULL;
  MgNestedFold fold = {.fold = number + 1};
  double share;
  g_autofree double *values = dir ? search_inside(nested, dir, number, inside, &fold.score, &share, &failure) : NULL;
  if (dir && !mg_search_finish(dir, failure, values ? error : NULL))
    return FALSE;
  if (failure)
    g_propagate_error(error, g_steal_pointer(&failure));
  if (!values || !mg_objective_table_try(nested->outside, values, share, out, n_out, in, n_in, &fold.f1_macro,
                                         &fold.accuracy, error))
    return FALSE;
  fold.values = mg_search_describe(nested->space, values, share);
  g_array_append_val(nested->result->folds, fold);
  return record_fold(nested, &fold, error);
}

static void
average(MgSearchResult *result)
{
  double squares = 0, n = result->folds->len;
  for (guint i = 0; i < result->folds->len; i++)
    result->score += g_array_index(result->folds, MgNestedFold, i).f1_macro / n;
  for (guint i = 0; i < result->folds->len; i++) {
    double distance = g_array_index(result->folds, MgNestedFold, i).f1_macro - result->score;
    squares += distance * distance;
  }
  result->deviation = sqrt(squares / n);
}

gboolean
mg_search_nested(const MgSearchJob *job, const MgSpace *space, MgRunDir *dir, MgObjective *objective,
                 const MgSamples *samples, const int *folds, int k, MgSearchResult *result, MgProgress *progress,
                 GError **error)
{
  Nested nested = {job, space, dir, objective, samples, folds, k, result, progress};
  g_autofree char *table = mg_run_dir_file(dir, "nested.csv");
  unlink(table); /* of a stopped search: its folds are quickly measured again */
  result->folds = g_array_new(FALSE, FALSE, sizeof(MgNestedFold));
  g_array_set_clear_func(result->folds, clear_fold);
  for (int fold = 0; fold < k; fold++) {
    MgRunStatus status = {.state = MG_RUN_RUNNING,
                          .pid = getpid(),
                          .epoch = fold,
                          .epochs = k,
                          .step = fold,
                          .steps = k,
                          .seconds_left = -1};
    if (!mg_run_dir_set_status(dir, &status, TRUE, error) || !work_fold(&nested, fold, error))
      return FALSE;
  }
  average(result);
  MgRunStatus status = {.state = MG_RUN_RUNNING, .pid = getpid(), .epoch = k, .epochs = k, .step = k, .steps = k};
  return mg_run_dir_set_status(dir, &status, TRUE, error);
}

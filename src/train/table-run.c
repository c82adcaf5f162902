#include "train/table-run.h"
#include "base/error.h"
#include "dataset/split.h"
#include "ml/folds.h"
#include "ml/metrics.h"
#include "train/evaluator.h"
#include "train/importances.h"
#include "train/run-config.h"
#include "train/run-dir.h"
#include "train/run-split.h"
#include "train/table-folds.h"
#include "train/table-kept.h"
#include "train/table-model.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static const MgParamSpec specs[] = {
    {"scaler", MG_PARAM_CHOICE, "standard", 0, 0, MG_SCALER_CHOICES, NULL, NULL,
     N_("How columns are brought to a common range: to 0 … 1, or to mean 0 and deviation 1")},
    {"cv", MG_PARAM_INT, "auto", 0, 1000, NULL, "folds", N_("5 for a table, 0 for a data set"),
     N_("Parts of the rows that are tested one after another; 0: the split says what is tested")},
    {"group_duplicates", MG_PARAM_BOOL, "false", 0, 0, NULL, NULL, NULL,
     N_("Rows that are the same, or nearly, stay in one fold")},
    {"permutation_repeats", MG_PARAM_INT, "0", 0, 1000, NULL, NULL, NULL,
     N_("Times that the values of each column are dealt out anew to tell what the answers owe to it; 0: not at all")},
    {"threads", MG_PARAM_INT, "0", 0, 1024, NULL, NULL, NULL, N_("Threads; 0 uses all processors")},
};
const MgParamTable mg_table_run_params = MG_PARAM_TABLE("validation", N_("Validation"), specs);

enum { STEPS = 1000 }; /* steps: of the status, for a fraction that is done */

typedef struct {
  MgTableJob job; /* with by_split settled, and parameters of its own */
  MgParams *params;
  MgTableResult *result;
  MgTableData *data;
  MgRunDir *dir;
  MgRunStatus status;
  GMutex lock; /* of status: progress is reported on any thread */
  int *folds, k;
  guint32 *asked;          /* rows that were answered by who had not seen them */
  MgMatrix *probabilities; /* (asked, classes) */
  size_t n_asked;
  MgTableModel *model;
  MgImportances *importances;
  MgProgress *progress;
  double begun; /* fraction of the work that computing the rows is */
} Work;

GPtrArray *
mg_table_run_tables(const MgClassifierClass *classifier, const MgParamTable *const *of_rows)
{
  GPtrArray *tables = g_ptr_array_new();
  g_ptr_array_add(tables, (gpointer)&mg_table_run_params);
  g_ptr_array_add(tables, (gpointer)&mg_split_params);
  for (const MgClassifierClass *const *class = mg_classifier_classes(); *class; class ++)
    for (size_t i = 0; (!classifier || *class == classifier) && (*class)->tables[i]; i++)
      if (!g_ptr_array_find(tables, (*class)->tables[i], NULL))
        g_ptr_array_add(tables, (gpointer)(*class)->tables[i]);
  for (; of_rows && *of_rows; of_rows++)
    g_ptr_array_add(tables, (gpointer)*of_rows);
  g_ptr_array_add(tables, NULL);
  return tables;
}

gboolean
mg_table_job_splits(const MgTableJob *job)
{
  const MgParams *params = job->request.params;
  if (job->folds || !mg_params_is_auto(params, "cv"))
    return !job->folds && mg_params_int(params, "cv") == 0;
  return job->request.dataset || !mg_params_is_default(params, "split");
}

void
mg_table_result_clear(MgTableResult *result)
{
  g_clear_pointer(&result->folds, g_array_unref);
  g_clear_pointer(&result->warnings, g_ptr_array_unref);
}

static void
clear_work(Work *work)
{
  mg_run_dir_free(work->dir);
  mg_table_data_free(work->data);
  mg_table_model_free(work->model);
  mg_importances_free(work->importances);
  mg_matrix_free(work->probabilities);
  mg_progress_unref(work->progress);
  mg_params_free(work->params);
  g_free(work->folds);
  g_free(work->asked);
  g_mutex_clear(&work->lock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, clear_work)

/* A part of the learning. */
static MgProgress *
part(const Work *work, double from, double to)
{
  double rest = 1 - work->begun;
  return mg_progress_new_part(work->progress, work->begun + from * rest, work->begun + to * rest, NULL, NULL);
}

/* Learning */

static void
note_provenance(MgTableModel *model, const Work *work)
{
  const MgTableRequest *request = &work->job.request;
  const char *origin = request->table ? "table" : "dataset";
  g_hash_table_insert(model->provenance, g_strdup(origin),
                      g_canonicalize_filename(request->table ? request->table : request->dataset, NULL));
  g_hash_table_insert(model->provenance, g_strdup("run"), g_strdup(mg_run_dir_path(work->dir)));
  g_hash_table_insert(model->provenance, g_strdup("seed"), g_strdup(mg_params_text(work->params, "seed")));
  g_hash_table_insert(model->provenance, g_strdup("leaky"), g_strdup(work->data->leaky ? "true" : "false"));
}

/* `name` tells which of the run's models it is. */
static MgTableModel *
learn(const Work *work, const char *name, const guint32 *rows, size_t n, MgProgress *progress, double *seconds,
      GError **error)
{
  const char *run = mg_run_dir_path(work->dir);
  g_autoptr(MgTableModel) model = work->job.resume ? mg_table_kept_load(run, name, seconds) : NULL;
  if (model)
    return g_steal_pointer(&model);
  g_autoptr(MgSamples) samples = mg_samples_pick(work->data->samples, rows, n);
  model = mg_table_model_learn(work->job.classifier, work->params, samples, progress, seconds, error);
  if (!model)
    return NULL;
  note_provenance(model, work);
  return !work->job.keep || mg_table_kept_save(run, name, model, *seconds, error) ? g_steal_pointer(&model) : NULL;
}

/* The figures of a model on some rows; probabilities (n, classes) go where the rows are answered. */
static MgTableFold
answer(const Work *work, const MgTableModel *model, const guint32 *rows, size_t n, float *out)
{
  g_autoptr(MgSamples) samples = mg_samples_pick(work->data->samples, rows, n);
  g_autoptr(MgMatrix) probabilities = mg_table_model_predict(model, samples->x);
  int classes = (int)samples->labels->len;
  g_autofree guint *confusion = g_new0(guint, classes * classes);
  for (size_t i = 0; i < n; i++) {
    int predicted = mg_most_probable(mg_matrix_row(probabilities, i), classes);
    mg_confusion_add(confusion, classes, &samples->y[i], &predicted, 1);
  }
  memcpy(out, probabilities->data, n * (size_t)classes * sizeof *out);
  return (MgTableFold){.f1_macro = mg_confusion_macro_f1(confusion, classes),
                       .accuracy = mg_confusion_accuracy(confusion, classes),
                       .rows = n};
}

/* What the answers to rows that a model has not seen owe to each column. */
static gboolean
weigh_columns(Work *work, const MgTableModel *model, const guint32 *rows, size_t n, GError **error)
{
  g_autoptr(MgSamples) samples = mg_samples_pick(work->data->samples, rows, n);
  double done = work->job.request.by_split ? 1 : (work->status.epoch + 1) / (work->k + 1.0);
  g_autoptr(MgProgress) progress = part(work, done, done);
  return mg_importances_add(work->importances, model, samples, progress, error);
}

static gboolean
record(Work *work, int epoch, const char *side, double f1_macro, double accuracy, GError **error)
{
  MgMetric metrics[] = {mg_metric(epoch, epoch, side, "f1_macro", f1_macro),
                        mg_metric(epoch, epoch, side, "accuracy", accuracy)};
  return mg_metrics_append(mg_run_dir_path(work->dir), metrics, G_N_ELEMENTS(metrics), error);
}

static gboolean
record_fold(Work *work, const char *name, const char *side, const MgTableFold *figures, GError **error)
{
  mg_run_dir_log(work->dir, "%s: macro F1 %.4f, accuracy %.4f, %zu rows, %.2f s", name, figures->f1_macro,
                 figures->accuracy, figures->rows, figures->seconds);
  return record(work, MAX(work->status.epoch, 1), side, figures->f1_macro, figures->accuracy, error);
}

static gboolean
end_epoch(Work *work, double seconds, GError **error)
{
  g_mutex_lock(&work->lock);
  work->status.epoch++;
  work->status.seconds += seconds;
  gboolean good = mg_run_dir_set_status(work->dir, &work->status, TRUE, error);
  g_mutex_unlock(&work->lock);
  return good;
}

/* Room for the answers to n rows. */
static gboolean
expect_answers(Work *work, size_t n, GError **error)
{
  work->asked = g_new(guint32, MAX(n, 1));
  work->probabilities = mg_matrix_new(n, work->data->samples->labels->len, error);
  return work->probabilities != NULL;
}

/* By cross-validation */

static gboolean
work_fold(Work *work, int fold, GError **error)
{
  size_t rows = work->data->samples->x->rows, inside, outside;
  g_autofree guint32 *in = mg_folds_rows(work->folds, rows, fold, TRUE, &inside);
  g_autofree guint32 *out = mg_folds_rows(work->folds, rows, fold, FALSE, &outside);
  g_autoptr(MgProgress) progress = part(work, fold / (work->k + 1.0), (fold + 1) / (work->k + 1.0));
  double seconds;
  g_autofree char *name = g_strdup_printf("fold %d", fold + 1);
  g_autoptr(MgTableModel) model = learn(work, name, out, outside, progress, &seconds, error);
  if (!model)
    return FALSE;
  MgTableFold figures = answer(work, model, in, inside, mg_matrix_row(work->probabilities, work->n_asked));
  figures.seconds = seconds;
  memcpy(work->asked + work->n_asked, in, inside * sizeof *in);
  work->n_asked += inside;
  g_array_append_val(work->result->folds, figures);
  return weigh_columns(work, model, in, inside, error) && end_epoch(work, seconds, error) &&
         record_fold(work, name, "test", &figures, error);
}

static gboolean
deal_folds(Work *work, GError **error)
{
  work->folds = mg_table_folds(work->data, work->job.folds, work->params, &work->k, error);
  return work->folds != NULL;
}

static void
take_means(MgTableResult *result)
{
  double n = result->folds->len, squares = 0;
  for (guint i = 0; i < result->folds->len; i++) {
    const MgTableFold *fold = &g_array_index(result->folds, MgTableFold, i);
    result->f1_macro += fold->f1_macro / n;
    result->accuracy += fold->accuracy / n;
    result->seconds += fold->seconds / n;
  }
  for (guint i = 0; i < result->folds->len; i++) {
    double distance = g_array_index(result->folds, MgTableFold, i).f1_macro - result->f1_macro;
    squares += distance * distance;
  }
  result->f1_deviation = sqrt(squares / n);
}

/* What is kept for use has seen every row. */
static gboolean
learn_all(Work *work, GError **error)
{
  size_t rows = work->data->samples->x->rows;
  g_autofree guint32 *all = g_new(guint32, rows);
  g_autoptr(MgProgress) progress = part(work, work->k / (work->k + 1.0), 1);
  double seconds;
  for (guint32 row = 0; row < rows; row++)
    all[row] = row;
  work->model = learn(work, "all", all, rows, progress, &seconds, error);
  return work->model != NULL;
}

static gboolean
cross_validate(Work *work, GError **error)
{
  if (!expect_answers(work, work->data->samples->x->rows, error))
    return FALSE;
  for (int fold = 0; fold < work->k; fold++)
    if (!mg_progress_go_on(work->progress, error) || !work_fold(work, fold, error))
      return FALSE;
  take_means(work->result);
  return record(work, work->k, "val", work->result->f1_macro, work->result->accuracy, error) && learn_all(work, error);
}

/* By a split */

static gboolean
test_side(Work *work, MgSplit side, double seconds, MgTableFold *figures, GError **error)
{
  g_autofree guint32 *rows = mg_table_data_side(work->data, side, &work->n_asked);
  *figures = (MgTableFold){0};
  if (work->n_asked == 0)
    return TRUE;
  g_clear_pointer(&work->asked, g_free);
  g_clear_pointer(&work->probabilities, mg_matrix_free);
  if (!expect_answers(work, work->n_asked, error))
    return FALSE;
  *figures = answer(work, work->model, rows, work->n_asked, work->probabilities->data);
  figures->seconds = seconds;
  memcpy(work->asked, rows, work->n_asked * sizeof *rows);
  return record_fold(work, mg_split_name(side), mg_split_name(side), figures, error);
}

static gboolean
learn_and_test(Work *work, GError **error)
{
  size_t n;
  g_autofree guint32 *rows = mg_table_data_side(work->data, MG_SPLIT_TRAIN, &n);
  g_autoptr(MgProgress) progress = part(work, 0, 1);
  double seconds;
  MgTableFold test;
  work->model = learn(work, "train", rows, n, progress, &seconds, error);
  if (!work->model || !end_epoch(work, seconds, error) ||
      !test_side(work, MG_SPLIT_VAL, seconds, &work->result->val, error) ||
      !test_side(work, MG_SPLIT_TEST, seconds, &test, error))
    return FALSE;
  MgTableFold told = test.rows > 0 ? test : work->result->val;
  work->n_asked = told.rows;
  if (told.rows > 0) {
    g_array_append_val(work->result->folds, told);
    take_means(work->result);
    return weigh_columns(work, work->model, work->asked, work->n_asked, error);
  }
  g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: no track of the test and val sides gives a row"),
              work->data->samples->name);
  return FALSE;
}

/* Both */

static void
tell_figures(Work *work)
{
  const MgSamples *samples = work->data->samples;
  g_autofree guint32 *groups = mg_samples_group_numbers(samples);
  g_autofree guint32 *units = groups ? g_new(guint32, work->n_asked) : NULL;
  g_autofree int *truth = g_new(int, work->n_asked);
  for (size_t i = 0; i < work->n_asked; i++) {
    truth[i] = samples->y[work->asked[i]];
    if (units)
      units[i] = groups[work->asked[i]];
  }
  work->result->figures =
      mg_figures(&(MgAnswers){work->probabilities->data, truth, work->n_asked, (int)samples->labels->len, units,
                              (guint64)mg_params_int(work->params, "seed")});
}

/* Where each row's answer is; rows come in the table's order. */
static gboolean
save_predictions(const Work *work, GError **error)
{
  const MgTableData *data = work->data;
  g_autoptr(MgPredictions) predictions = mg_predictions_new(data->samples->labels);
  g_autofree float **answers = g_new0(float *, data->segments->len + 1);
  for (size_t i = 0; i < work->n_asked; i++)
    answers[work->asked[i]] = mg_matrix_row(work->probabilities, i);
  for (guint row = 0; row < data->segments->len; row++) {
    const MgSegment *segment = &g_array_index(data->segments, MgSegment, row);
    const MgTrack *track = mg_manifest_track(data->manifest, segment->track);
    if (answers[row])
      mg_predictions_add(predictions, track->path, data->samples->y[row], (int)segment->part, segment->start,
                         segment->end, answers[row]);
  }
  gboolean only_val = work->job.request.by_split && work->result->val.rows == work->n_asked &&
                      g_array_index(data->segments, MgSegment, work->asked[0]).split == MG_SPLIT_VAL;
  g_autofree char *path = mg_run_dir_file(work->dir, only_val ? "predictions-val.csv" : "predictions.csv");
  return mg_predictions_save(predictions, path, error);
}

/* The table of predictions is newer than the model, as of one that was evaluated. */
static gboolean
save(Work *work, GError **error)
{
  work->model->source = g_steal_pointer(&work->data->source);
  g_autofree char *path = mg_run_dir_file(work->dir, "checkpoints/best.safetensors");
  gboolean good = mg_table_model_save(work->model, path, error);
  work->data->source = g_steal_pointer(&work->model->source);
  return good && mg_importances_save(work->importances, work->model, mg_run_dir_path(work->dir), error) &&
         save_predictions(work, error);
}

static gboolean
set_state(Work *work, MgRunState state, const char *message, GError **error)
{
  work->status.state = state;
  g_strlcpy(work->status.message, message, sizeof work->status.message);
  return mg_run_dir_set_status(work->dir, &work->status, TRUE, error);
}

/* Who reads rows as sequences need not be told how long those of the source are. */
static void
tell_steps(Work *work)
{
  static const char name[] = "sequence_length";
  const MgTableSource *source = work->data->source;
  if (source && source->steps > 1 && mg_params_has(work->params, name) && mg_params_is_auto(work->params, name))
    mg_params_set_int(work->params, name, (gint64)source->steps);
}

static gboolean
can_test(const Work *work, GError **error)
{
  size_t val, test;
  g_autofree guint32 *val_rows = mg_table_data_side(work->data, MG_SPLIT_VAL, &val);
  g_autofree guint32 *test_rows = mg_table_data_side(work->data, MG_SPLIT_TEST, &test);
  if (work->job.request.by_split && val + test == 0)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: split=%s leaves neither test nor val rows; expected some"),
                work->data->manifest->path, mg_params_text(work->params, "split"));
  else if (!work->job.request.by_split && !work->job.folds && mg_params_int_or(work->params, "cv", 0) == 1)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("cv=1: expected 2 folds or more, or 0 for the split"));
  else
    return TRUE;
  return FALSE;
}

/* Everything that can be wrong with the job, but for the sounds, is found out before config.ini is written. */
static gboolean
prepare(Work *work, GError **error)
{
  const MgTableJob *job = &work->job;
  if (!work->data)
    work->data = mg_table_data_open(&work->job.request, work->progress, error);
  if (!work->data || !can_test(work, error) ||
      (work->job.request.table && !work->job.request.by_split && !deal_folds(work, error)))
    return FALSE;
  tell_steps(work);
  work->importances =
      mg_importances_new((int)mg_params_int(work->params, "permutation_repeats"),
                         (guint64)mg_params_int(work->params, "seed"), (int)mg_params_int(work->params, "threads"));
  work->result->warnings = g_ptr_array_ref(work->data->warnings);
  work->result->leaky = work->data->leaky;
  gboolean begun = job->resume && mg_table_kept_is_begun(job->run);
  work->dir = begun ? mg_run_dir_reopen(job->run, error) : mg_run_dir_create(job->run, error);
  return work->dir && mg_table_kept_config(job, work->data->manifest->labels, begun, error) &&
         (!begun || mg_metrics_cut(job->run, 0, error)) &&
         mg_run_split_save(job->run, work->data->manifest, work->data->leaky, error);
}

static void
on_progress(double fraction, double seconds_left, const char *what, gpointer data)
{
  Work *work = data;
  g_mutex_lock(&work->lock);
  work->status.step = (gint64)(fraction * STEPS);
  work->status.seconds_left = seconds_left;
  if (work->dir)
    mg_run_dir_set_status(work->dir, &work->status, FALSE, NULL);
  g_mutex_unlock(&work->lock);
}

static gboolean
compute_rows(Work *work, GError **error)
{
  static const double of_rows = 0.7;
  work->begun = work->data->samples ? 0 : of_rows;
  g_autoptr(MgProgress) progress = mg_progress_new_part(work->progress, 0, work->begun, NULL, NULL);
  if (!set_state(work, MG_RUN_PREPARING, work->data->samples ? "" : _("computing the rows"), error) ||
      !mg_table_data_fill(work->data, &work->job.request, progress, error))
    return FALSE;
  work->result->duplicates = work->data->duplicates;
  for (guint i = 0; i < work->data->warnings->len; i++)
    mg_run_dir_log(work->dir, "%s", (const char *)work->data->warnings->pdata[i]);
  return work->folds || work->job.request.by_split || deal_folds(work, error);
}

static gboolean
run(Work *work, GError **error)
{
  work->status = (MgRunStatus){.pid = getpid(), .epochs = MAX(work->k, 1), .steps = STEPS, .seconds_left = -1};
  if (!compute_rows(work, error))
    return FALSE;
  work->status.epochs = MAX(work->k, 1);
  mg_run_dir_log(work->dir, "%s learns from %zu rows of %zu columns, %u classes", work->job.classifier->name,
                 work->data->samples->x->rows, work->data->samples->x->cols, work->data->samples->labels->len);
  if (!set_state(work, MG_RUN_RUNNING, "", error) ||
      !(work->job.request.by_split ? learn_and_test(work, error) : cross_validate(work, error)) || !save(work, error))
    return FALSE;
  tell_figures(work);
  work->status.step = STEPS;
  return set_state(work, MG_RUN_FINISHED, "", error);
}

static gboolean
prepare_and_run(Work *work, GError **error)
{
  if (!prepare(work, error))
    return FALSE;
  g_autoptr(GError) failure = NULL;
  if (run(work, &failure))
    return TRUE;
  gboolean stopped = g_error_matches(failure, MG_ERROR, MG_ERROR_CANCELLED);
  if (!stopped)
    mg_run_dir_log(work->dir, "failed: %s", failure->message);
  set_state(work, stopped ? MG_RUN_STOPPED : MG_RUN_FAILED, stopped ? "" : failure->message, NULL);
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

gboolean
mg_table_run(const MgTableJob *job, MgTableData **data, MgTableResult *result, MgProgress *progress, GError **error)
{
  *result = (MgTableResult){.folds = g_array_new(FALSE, FALSE, sizeof(MgTableFold))};
  g_auto(Work) work = {.job = *job, .params = mg_params_copy(job->request.params), .result = result};
  g_mutex_init(&work.lock);
  work.progress = mg_progress_new_part(progress, 0, 1, on_progress, &work);
  work.job.request.params = work.params;
  work.job.request.by_split = mg_table_job_splits(job);
  work.data = data ? g_steal_pointer(data) : NULL;
  gboolean good = prepare_and_run(&work, error);
  if (data)
    *data = g_steal_pointer(&work.data);
  return good;
}

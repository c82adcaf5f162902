#include "train/table-run.h"
#include "base/error.h"
#include "base/file.h"
#include "ml/folds.h"
#include "ml/metrics.h"
#include "ml/samples.h"
#include "ml/table-check.h"
#include "train/evaluator.h"
#include "train/run-dir.h"
#include "train/table-model.h"
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static const MgParamSpec specs[] = {
    {"scaler", MG_PARAM_CHOICE, "standard", 0, 0, MG_SCALER_CHOICES, NULL, NULL,
     N_("How columns are brought to a common range: to 0 … 1, or to mean 0 and deviation 1")},
    {"cv", MG_PARAM_INT, "5", 2, 1000, NULL, "folds", NULL, N_("Parts of the table that are tested one after another")},
    {"group_duplicates", MG_PARAM_BOOL, "false", 0, 0, NULL, NULL, NULL,
     N_("Rows that are the same, or nearly, stay in one fold")},
    {"seed", MG_PARAM_INT, "0", 0, 4294967295.0, NULL, NULL, NULL, N_("Start of the random numbers")},
    {"threads", MG_PARAM_INT, "0", 0, 1024, NULL, NULL, NULL, N_("Threads; 0 uses all processors")},
};
const MgParamTable mg_table_run_params = MG_PARAM_TABLE("validation", N_("Validation"), specs);

typedef struct {
  const MgTableJob *job;
  MgTableResult *result;
  MgRunDir *dir;
  MgRunStatus status;
  MgSamples *samples;
  int *folds, k;
  MgMatrix *probabilities; /* (rows, classes): of each row, by who had not seen it */
  MgProgress *progress;
} Work;

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
  mg_samples_free(work->samples);
  mg_matrix_free(work->probabilities);
  g_free(work->folds);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, clear_work)

static gboolean
record_fold(Work *work, int fold, const MgTableFold *figures, GError **error)
{
  g_array_append_val(work->result->folds, *figures);
  MgMetric metrics[] = {mg_metric(fold + 1, fold + 1, "val", "f1_macro", figures->f1_macro),
                        mg_metric(fold + 1, fold + 1, "val", "accuracy", figures->accuracy)};
  work->status.epoch = fold + 1;
  work->status.step = fold + 1;
  work->status.seconds += figures->seconds;
  mg_run_dir_log(work->dir, "fold %d: macro F1 %.4f, accuracy %.4f, %zu rows, %.2f s", fold + 1, figures->f1_macro,
                 figures->accuracy, figures->rows, figures->seconds);
  return mg_metrics_append(mg_run_dir_path(work->dir), metrics, G_N_ELEMENTS(metrics), error) &&
         mg_run_dir_set_status(work->dir, &work->status, FALSE, error);
}

static gboolean
work_fold(Work *work, int fold, GError **error)
{
  size_t rows = work->samples->x->rows, inside, outside;
  int classes = (int)work->samples->labels->len;
  g_autofree guint32 *in = mg_folds_rows(work->folds, rows, fold, TRUE, &inside);
  g_autofree guint32 *out = mg_folds_rows(work->folds, rows, fold, FALSE, &outside);
  g_autoptr(MgSamples) train = mg_samples_pick(work->samples, out, outside);
  g_autoptr(MgSamples) test = mg_samples_pick(work->samples, in, inside);
  MgTableFold figures = {.rows = inside};
  g_autoptr(MgTableModel) model =
      mg_table_model_learn(work->job->classifier, work->job->params, train, NULL, &figures.seconds, error);
  if (!model)
    return FALSE;
  g_autoptr(MgMatrix) probabilities = mg_table_model_predict(model, test->x);
  g_autofree guint *confusion = g_new0(guint, classes * classes);
  for (size_t i = 0; i < inside; i++) {
    const float *p = mg_matrix_row(probabilities, i);
    int predicted = mg_most_probable(p, classes);
    mg_confusion_add(confusion, classes, &test->y[i], &predicted, 1);
    memcpy(mg_matrix_row(work->probabilities, in[i]), p, (size_t)classes * sizeof *p);
  }
  figures.f1_macro = mg_confusion_macro_f1(confusion, classes);
  figures.accuracy = mg_confusion_accuracy(confusion, classes);
  return record_fold(work, fold, &figures, error);
}

static void
sum_up(Work *work)
{
  MgTableResult *result = work->result;
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
  g_autofree guint32 *units = mg_samples_group_numbers(work->samples);
  result->figures = mg_figures(&(MgAnswers){work->probabilities->data, work->samples->y, work->samples->x->rows,
                                            (int)work->samples->labels->len, units,
                                            (guint64)mg_params_int(work->job->params, "seed")});
}

static gboolean
save_predictions(const Work *work, GError **error)
{
  g_autoptr(MgPredictions) predictions = mg_predictions_new(work->samples->labels);
  for (size_t row = 0; row < work->samples->x->rows; row++)
    mg_predictions_add(predictions, work->samples->rows[row], work->samples->y[row], 1, 0, 0,
                       mg_matrix_row(work->probabilities, row));
  g_autofree char *path = mg_run_dir_file(work->dir, "predictions.csv");
  return mg_predictions_save(predictions, path, error);
}

/* What is kept for use has seen every row. */
static gboolean
save_model(const Work *work, GError **error)
{
  g_autofree guint32 *all = g_new(guint32, work->samples->x->rows);
  for (guint32 row = 0; row < work->samples->x->rows; row++)
    all[row] = row;
  double seconds;
  g_autoptr(MgSamples) samples = mg_samples_pick(work->samples, all, work->samples->x->rows);
  g_autoptr(MgTableModel) model =
      mg_table_model_learn(work->job->classifier, work->job->params, samples, NULL, &seconds, error);
  if (!model)
    return FALSE;
  g_hash_table_insert(model->provenance, g_strdup("table"), g_canonicalize_filename(work->job->table, NULL));
  g_hash_table_insert(model->provenance, g_strdup("run"), g_strdup(mg_run_dir_path(work->dir)));
  g_hash_table_insert(model->provenance, g_strdup("seed"), g_strdup(mg_params_text(work->job->params, "seed")));
  g_autofree char *path = mg_run_dir_file(work->dir, "checkpoints/best.safetensors");
  return mg_table_model_save(model, path, error);
}

static void
set_text(GKeyFile *file, const char *key, const char *text)
{
  if (text)
    g_key_file_set_string(file, "run", key, text);
}

static gboolean
save_config(const Work *work, GError **error)
{
  const MgTableJob *job = work->job;
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autofree char *table = g_canonicalize_filename(job->table, NULL);
  set_text(file, "kind", "table");
  set_text(file, "dataset", table);
  set_text(file, "model", job->classifier->name);
  set_text(file, "label", job->label);
  set_text(file, "group", job->group);
  set_text(file, "ignore", job->ignore);
  set_text(file, "folds", job->folds);
  const GPtrArray *labels = work->samples->labels;
  g_key_file_set_string_list(file, "run", "labels", (const char *const *)labels->pdata, labels->len);
  g_key_file_set_boolean(file, "run", "leaky", FALSE);
  g_key_file_set_string(file, "versions", "melograph", MG_VERSION);
  mg_params_to_key_file(job->params, file);
  gsize length;
  g_autofree char *text = g_key_file_to_data(file, &length, NULL), *path = mg_run_dir_file(work->dir, "config.ini");
  return mg_file_write(path, text, length, error);
}

/* Columns and rows that make the figures pretend. */
static gboolean
check_samples(Work *work, GError **error)
{
  MgTableResult *result = work->result;
  gboolean group = mg_params_bool(work->job->params, "group_duplicates");
  g_auto(MgDuplicates) duplicates = mg_duplicates_find(work->samples);
  result->duplicates = duplicates.identical + duplicates.nearly;
  mg_samples_check_columns(work->samples, result->warnings);
  if (group && work->job->folds) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                "group_duplicates=true: the folds of %s are given; leave out one of both", work->job->folds);
    return FALSE;
  }
  if (result->duplicates == 0)
    return TRUE;
  if (group)
    mg_duplicates_group(&duplicates, work->samples);
  g_ptr_array_add(result->warnings, g_strdup_printf("%s: %zu pairs of rows are the same and %zu nearly; %s",
                                                    work->job->table, duplicates.identical, duplicates.nearly,
                                                    group ? "each stays in one fold"
                                                          : "--set group_duplicates=true keeps them in one fold"));
  return TRUE;
}

static gboolean
prepare(Work *work, GError **error)
{
  const MgTableJob *job = work->job;
  MgSamplesLayout layout = {job->label, job->group, job->ignore};
  work->samples = mg_samples_load(job->table, &layout, error);
  if (!work->samples || !check_samples(work, error))
    return FALSE;
  work->k = (int)mg_params_int(job->params, "cv");
  work->folds = job->folds ? mg_folds_load(job->folds, work->samples, &work->k, error)
                           : mg_folds_deal(work->samples, work->k, (guint64)mg_params_int(job->params, "seed"), error);
  if (!work->folds)
    return FALSE;
  work->probabilities = mg_matrix_new(work->samples->x->rows, work->samples->labels->len, error);
  work->dir = work->probabilities ? mg_run_dir_create(job->run, error) : NULL;
  return work->dir && save_config(work, error);
}

static gboolean
set_state(Work *work, MgRunState state, const char *message, GError **error)
{
  work->status.state = state;
  g_strlcpy(work->status.message, message, sizeof work->status.message);
  return mg_run_dir_set_status(work->dir, &work->status, TRUE, error);
}

static gboolean
run(Work *work, GError **error)
{
  work->status = (MgRunStatus){.pid = getpid(), .epochs = work->k, .steps = work->k, .seconds_left = -1};
  if (!set_state(work, MG_RUN_RUNNING, "", error))
    return FALSE;
  for (guint i = 0; i < work->result->warnings->len; i++)
    mg_run_dir_log(work->dir, "%s", (const char *)work->result->warnings->pdata[i]);
  for (int fold = 0; fold < work->k; fold++) {
    if (!mg_progress_go_on(work->progress, error) || !work_fold(work, fold, error))
      return FALSE;
    mg_progress_report(work->progress, (fold + 1.0) / (work->k + 1), NULL);
  }
  sum_up(work);
  return save_predictions(work, error) && save_model(work, error) && set_state(work, MG_RUN_FINISHED, "", error);
}

gboolean
mg_table_run(const MgTableJob *job, MgTableResult *result, MgProgress *progress, GError **error)
{
  *result = (MgTableResult){.folds = g_array_new(FALSE, FALSE, sizeof(MgTableFold)),
                            .warnings = g_ptr_array_new_with_free_func(g_free)};
  g_auto(Work) work = {.job = job, .result = result, .progress = progress};
  if (!prepare(&work, error))
    return FALSE;
  g_autoptr(GError) failure = NULL;
  if (run(&work, &failure))
    return TRUE;
  gboolean stopped = g_error_matches(failure, MG_ERROR, MG_ERROR_CANCELLED);
  set_state(&work, stopped ? MG_RUN_STOPPED : MG_RUN_FAILED, stopped ? "" : failure->message, NULL);
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

/* train/table-run, train/table-model: a run of a classifier on a table, and its model's way to a file and back. */
#include "base/error.h"
#include "base/file.h"
#include "base/rng.h"
#include "ml/samples.h"
#include "support.h"
#include "train/evaluator.h"
#include "train/importances.h"
#include "train/run-dir.h"
#include "train/table-model.h"
#include "train/table-run.h"
#include "train/table-weigh.h"
#include <math.h>

enum { ROWS = 60, FOLDS = 3 };

/* Two classes that the first column parts. */
static char *
write_table(const char *folder)
{
  g_autoptr(GString) text = g_string_new("filename,a,b,label\n");
  MgRng rng = mg_rng_new(3);
  for (int row = 0; row < ROWS; row++)
    g_string_append_printf(text, "%d.wav,%g,%g,%s\n", row, (row % 2 ? 2 : -2) + mg_rng_normal(&rng) * 0.5,
                           mg_rng_normal(&rng), row % 2 ? "rap" : "classique");
  char *path = g_build_filename(folder, "table.csv", NULL);
  g_assert_true(mg_file_write(path, text->str, text->len, NULL));
  return path;
}

static MgParams *
make_params(const MgClassifierClass *class)
{
  g_autoptr(GPtrArray) tables = mg_table_run_tables(class, NULL);
  MgParams *params = mg_params_new((const MgParamTable *const *)tables->pdata);
  mg_params_set_int(params, "cv", FOLDS);
  if (class->rounds)
    mg_params_set_int(params, class->rounds, 20);
  return params;
}

static MgTableJob
job_of(const char *table, const char *run, const MgClassifierClass *class, const MgParams *params)
{
  return (MgTableJob){.request = {.table = table, .label = "label", .ignore = "filename", .params = params},
                      .classifier = class,
                      .run = run};
}

static void
test_run(gconstpointer data)
{
  const MgClassifierClass *class = data;
  char *folder = test_folder();
  g_autoptr(GError) error = NULL;
  g_autofree char *table = write_table(folder), *run = g_build_filename(folder, "run", NULL);
  g_autoptr(MgParams) params = make_params(class);
  MgTableJob job = job_of(table, run, class, params);
  g_auto(MgTableResult) result = {0};
  g_assert_true(mg_table_run(&job, NULL, &result, NULL, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(result.folds->len, ==, FOLDS);
  g_assert_cmpfloat(result.f1_macro, >, 0.9);
  MgRunStatus status;
  g_assert_true(mg_run_status_read(run, &status, NULL));
  g_assert_cmpint(status.state, ==, MG_RUN_FINISHED);

  g_autofree char *predictions_path = g_build_filename(run, "predictions.csv", NULL);
  g_autoptr(MgPredictions) predictions = mg_predictions_load(predictions_path, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(predictions->predictions->len, ==, ROWS);
  guint *confusion = mg_predictions_confusion(predictions);
  g_assert_cmpuint(confusion[0] + confusion[1] + confusion[2] + confusion[3], ==, ROWS);
  g_assert_cmpfloat_with_epsilon((confusion[0] + confusion[3]) / (double)ROWS, result.accuracy, 1e-9);
  g_free(confusion);
  test_remove(folder);
}

/* The model of a run, loaded and saved again, answers the same. */
static void
test_model(gconstpointer data)
{
  const MgClassifierClass *class = data;
  char *folder = test_folder();
  g_autoptr(GError) error = NULL;
  g_autofree char *table = write_table(folder), *run = g_build_filename(folder, "run", NULL);
  g_autoptr(MgParams) params = make_params(class);
  MgTableJob job = job_of(table, run, class, params);
  g_auto(MgTableResult) result = {0};
  g_assert_true(mg_table_run(&job, NULL, &result, NULL, NULL));
  g_autofree char *path = mg_checkpoint_path(run, "best", NULL),
                  *copy = g_build_filename(folder, "copy.safetensors", NULL);
  g_autoptr(MgTableModel) model = mg_table_model_load(path, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(model->columns->pdata[1], ==, "b");
  g_assert_cmpstr(model->labels->pdata[0], ==, "classique");
  g_assert_true(mg_table_model_save(model, copy, &error));
  g_autoptr(MgTableModel) again = mg_table_model_load(copy, &error);
  g_assert_no_error(error);
  MgSamplesLayout layout = {.label = "label", .ignore = "filename"};
  g_autoptr(MgSamples) samples = mg_samples_load(table, &layout, NULL);
  g_autoptr(MgMatrix) a = mg_table_model_predict(model, samples->x), b = mg_table_model_predict(again, samples->x);
  g_assert_cmpmem(a->data, a->rows * a->cols * sizeof(float), b->data, b->rows * b->cols * sizeof(float));
  test_remove(folder);
}

/* The first column parts the classes and comes first; those that a damaged file tells are refused. */
static void
test_importances(void)
{
  static const char *const names[] = {"random-forest", "svc"}; /* one that has its own, one that has not */
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    const MgClassifierClass *class = mg_classifier_class_find(names[i], NULL);
    char *folder = test_folder();
    g_autoptr(GError) error = NULL;
    g_autofree char *table = write_table(folder), *run = g_build_filename(folder, "run", NULL),
                    *path = g_build_filename(run, "importances.csv", NULL);
    g_autoptr(MgParams) params = make_params(class);
    mg_params_set_int(params, "permutation_repeats", 4);
    MgTableJob job = job_of(table, run, class, params);
    g_auto(MgTableResult) result = {0};
    g_assert_true(mg_table_run(&job, NULL, &result, NULL, &error));
    g_autoptr(GArray) importances = mg_importances_load(run, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(importances->len, ==, 2);
    g_assert_true(mg_importances_sort(importances));
    const MgFeatureImportance *a = &g_array_index(importances, MgFeatureImportance, 0);
    g_assert_cmpstr(a->feature, ==, "a");
    g_assert_cmpfloat(a->mean, >, 0.2);
    g_assert_cmpfloat(a->deviation, >, 0);
    g_assert_true(isnan(a->importance) == !class->importances);
    g_assert_true(mg_file_write(path, "feature,importance\na,1\n", 23, NULL));
    g_assert_null(mg_importances_load(run, &error));
    g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
    g_clear_error(&error);
    static const char two_lines[] = "feature,importance,permutation_mean,permutation_deviation\na,1,\"x\ny\",0\n";
    g_assert_true(mg_file_write(path, two_lines, strlen(two_lines), NULL));
    g_assert_null(mg_importances_load(run, &error));
    g_assert_null(strchr(error->message, '\n'));
    test_remove(folder);
  }
}

/* Measured afterwards, of folds or of a split, they are those of a run that measured them; who is stopped, or finds
 * another table, leaves what there was. */
static void
test_weighing(void)
{
  static const char *const splits[] = {"", "split=6:2:2"};
  const MgClassifierClass *class = mg_classifier_class_find("random-forest", NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(splits); i++) {
    char *folder = test_folder();
    g_autoptr(GError) error = NULL;
    g_autofree char *table = write_table(folder), *run = g_build_filename(folder, "run", NULL),
                    *path = g_build_filename(run, "importances.csv", NULL);
    g_autoptr(MgParams) params = make_params(class);
    if (*splits[i]) {
      g_assert_true(mg_params_set(params, "cv", "auto", NULL));
      g_assert_true(mg_params_assign(params, splits[i], NULL));
    }
    mg_params_set_int(params, "permutation_repeats", 4);
    MgTableJob job = job_of(table, run, class, params);
    g_auto(MgTableResult) result = {0};
    g_assert_true(mg_table_run(&job, NULL, &result, NULL, &error));
    g_autofree char *within = mg_file_read(path, 1 << 20, NULL, NULL);
    g_assert_true(mg_file_write(path, "", 0, NULL));
    g_assert_true(mg_table_weigh(run, 4, 0, NULL, &error));
    g_autofree char *afterwards = mg_file_read(path, 1 << 20, NULL, NULL);
    g_assert_cmpstr(afterwards, ==, within);

    g_autoptr(MgProgress) progress = mg_progress_new(NULL, NULL);
    mg_progress_cancel(progress);
    g_assert_false(mg_table_weigh(run, 5, 0, progress, &error));
    g_assert_error(error, MG_ERROR, MG_ERROR_CANCELLED);
    g_clear_error(&error);
    g_assert_true(mg_file_write(table, "filename,b,label\n1,2,a\n2,3,b\n", 30, NULL));
    g_assert_false(mg_table_weigh(run, 4, 0, NULL, &error));
    g_assert_nonnull(error);
    g_autofree char *still = mg_file_read(path, 1 << 20, NULL, NULL);
    g_assert_cmpstr(still, ==, within);
    test_remove(folder);
  }
}

/* Nothing was asked for, and the classifier has none of its own. */
static void
test_no_importances(void)
{
  const MgClassifierClass *class = mg_classifier_class_find("knn", NULL);
  char *folder = test_folder();
  g_autoptr(GError) error = NULL;
  g_autofree char *table = write_table(folder), *run = g_build_filename(folder, "run", NULL);
  g_autoptr(MgParams) params = make_params(class);
  MgTableJob job = job_of(table, run, class, params);
  g_auto(MgTableResult) result = {0};
  g_assert_true(mg_table_run(&job, NULL, &result, NULL, &error));
  g_assert_null(mg_importances_load(run, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_DATA);
  test_remove(folder);
}

static void
test_bad(void)
{
  char *folder = test_folder();
  const MgClassifierClass *class = mg_classifier_classes()[0];
  g_autofree char *table = write_table(folder), *run = g_build_filename(folder, "run", NULL);
  g_autofree char *model = g_build_filename(folder, "model.safetensors", NULL);
  g_autoptr(MgParams) params = make_params(class);
  g_autoptr(GError) error = NULL;
  MgTableJob job = job_of(table, run, class, params);
  job.request.label = "genre";
  g_auto(MgTableResult) result = {0};
  g_assert_false(mg_table_run(&job, NULL, &result, NULL, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
  g_assert_false(g_file_test(run, G_FILE_TEST_EXISTS)); /* a mistyped command leaves nothing behind */
  g_clear_error(&error);
  g_assert_true(mg_file_write(model, "no model", 8, NULL));
  g_assert_null(mg_table_model_load(model, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (const MgClassifierClass *const *class = mg_classifier_classes(); *class; class ++) {
    g_autofree char *run = g_strdup_printf("/table-run/%s/run", (*class)->name);
    g_autofree char *model = g_strdup_printf("/table-run/%s/model", (*class)->name);
    g_test_add_data_func(run, *class, test_run);
    g_test_add_data_func(model, *class, test_model);
  }
  g_test_add_func("/table-run/importances", test_importances);
  g_test_add_func("/table-run/weighing", test_weighing);
  g_test_add_func("/table-run/no-importances", test_no_importances);
  g_test_add_func("/table-run/bad", test_bad);
  return g_test_run();
}

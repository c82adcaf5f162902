/* What each column of a row is worth: where one column alone decides it gets all of it, for every classifier. */
#include "base/error.h"
#include "base/file.h"
#include "base/rng.h"
#include "ml/samples.h"
#include "support.h"
#include "train/evaluator.h"
#include "train/explain-row.h"
#include "train/table-run.h"
#include <math.h>
#include <string.h>

enum { ROWS = 90 };

/* Two classes that column b parts; a and c are noise. */
static char *
write_table(const char *folder)
{
  g_autoptr(GString) text = g_string_new("filename,a,b,c,label\n");
  MgRng rng = mg_rng_new(11);
  for (int row = 0; row < ROWS; row++)
    g_string_append_printf(text, "%d.wav,%g,%g,%g,%s\n", row, mg_rng_normal(&rng),
                           (row % 2 ? 3 : -3) + mg_rng_normal(&rng) * 0.5, mg_rng_normal(&rng),
                           row % 2 ? "rap" : "classique");
  char *path = g_build_filename(folder, "table.csv", NULL);
  g_assert_true(mg_file_write(path, text->str, text->len, NULL));
  return path;
}

static char *
train(const char *folder, const char *table, const MgClassifierClass *class)
{
  g_autoptr(GPtrArray) tables = mg_table_run_tables(class, NULL);
  g_autoptr(MgParams) params = mg_params_new((const MgParamTable *const *)tables->pdata);
  if (class->rounds)
    mg_params_set_int(params, class->rounds, 20);
  char *run = g_build_filename(folder, class->name, NULL);
  MgTableJob job = {.request = {.table = table, .label = "label", .ignore = "filename", .params = params},
                    .classifier = class,
                    .run = run};
  g_auto(MgTableResult) result = {0};
  g_autoptr(GError) error = NULL;
  mg_table_run(&job, NULL, &result, NULL, &error);
  g_assert_no_error(error);
  return run;
}

static const MgRowFeature *
feature(const MgRowReasons *reasons, guint i)
{
  return &g_array_index(reasons->features, MgRowFeature, i);
}

static void
check_reasons(const MgRowReasons *reasons, int label)
{
  g_assert_cmpint(reasons->label, ==, label);
  g_assert_cmpuint(reasons->features->len, ==, 3);
  g_assert_cmpstr(feature(reasons, 0)->feature, ==, "b");
  /* Half of the rows are of the other class, which the model would say with their values. */
  g_assert_cmpfloat(feature(reasons, 0)->effect, >, 0.25);
  g_assert_cmpfloat(fabs(feature(reasons, 1)->effect), <, 0.2 * feature(reasons, 0)->effect);
  g_assert_cmpfloat(fabs(feature(reasons, 0)->usual), <, 1);
  g_autofree char *text = mg_row_reasons_text(reasons);
  g_test_message("%s", text);
  g_assert_nonnull(strstr(text, "For it speaks: b is "));
}

static void
test_classifier(gconstpointer data)
{
  char *folder = test_folder();
  g_autofree char *table = write_table(folder), *run = train(folder, table, data);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgRowReasons) reasons = mg_explain_row_of_run(run, "8", 0, -1, NULL, &error); /* tracks are row numbers */
  if (!reasons) { /* or the name in the first column */
    g_clear_error(&error);
    g_autoptr(MgPredictions) predictions = NULL;
    g_autofree char *path = g_build_filename(run, "predictions.csv", NULL);
    predictions = mg_predictions_load(path, &error);
    g_assert_no_error(error);
    const MgPrediction *row = predictions->predictions->pdata[7];
    reasons = mg_explain_row_of_run(run, row->track, row->start, row->y_test, NULL, &error);
    g_assert_no_error(error);
    check_reasons(reasons, row->y_test);
  } else {
    check_reasons(reasons, reasons->label);
  }
  test_remove(folder);
}

/* A row that is not there, and one that is cancelled. */
static void
test_refused(void)
{
  char *folder = test_folder();
  g_autofree char *table = write_table(folder);
  g_autofree char *run = train(folder, table, mg_classifier_class_find("logistic", NULL));
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_explain_row_of_run(run, "no such row", 0, -1, NULL, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_DATA);
  g_clear_error(&error);
  g_autofree char *path = mg_checkpoint_path(run, "best", NULL);
  g_autoptr(MgTableModel) model = mg_table_model_load(path, NULL);
  g_autoptr(MgMatrix) training = mg_matrix_new(5, 3, NULL);
  g_autoptr(MgProgress) progress = mg_progress_new(NULL, NULL);
  mg_progress_cancel(progress);
  const float x[3] = {0, 1, 0};
  g_assert_null(mg_explain_row(model, x, training, 0, progress, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_CANCELLED);
  g_clear_error(&error);
  g_autoptr(MgMatrix) wrong = mg_matrix_new(5, 2, NULL);
  g_assert_null(mg_explain_row(model, x, wrong, 0, NULL, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_DATA);
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (const MgClassifierClass *const *class = mg_classifier_classes(); *class; class ++) {
    g_autofree char *path = g_strdup_printf("/explain-row/%s", (*class)->name);
    if (!g_str_equal((*class)->name, "lstm") && !g_str_equal((*class)->name, "cnn")) /* of sequences */
      g_test_add_data_func(path, *class, test_classifier);
  }
  g_test_add_func("/explain-row/refused", test_refused);
  return g_test_run();
}

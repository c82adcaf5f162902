/* ml/figures, ml/metrics: what scikit-learn says of the same answers (tests/refs/sklearn-figures.py). */
#include "ml/figures.h"
#include "ml/metrics.h"
#include "support.h"
#include <jansson.h>

typedef struct {
  MgAnswers answers;
  float *probabilities;
  int *truth, *predicted, *other;
} Case;

static void
assert_near(const json_t *json, const char *key, double value)
{
  g_test_message("%s: %.15g", key, value);
  g_assert_cmpfloat_with_epsilon(value, json_number_value(json_object_get(json, key)), 1e-9);
}

static double
element(const json_t *json, const char *key, size_t i)
{
  return json_number_value(json_array_get(json_object_get(json, key), i));
}

static Case
read_case(const json_t *json)
{
  size_t rows = json_array_size(json_object_get(json, "truth"));
  int classes = (int)json_integer_value(json_object_get(json, "classes"));
  Case some = {.probabilities = g_new(float, rows *classes), .truth = g_new(int, rows)};
  some.other = g_new(int, rows);
  some.predicted = g_new(int, rows);
  for (size_t i = 0; i < rows * (size_t)classes; i++)
    some.probabilities[i] = (float)element(json, "probabilities", i);
  for (size_t row = 0; row < rows; row++) {
    some.truth[row] = (int)element(json, "truth", row);
    some.other[row] = (int)element(json, "other", row);
    some.predicted[row] = mg_most_probable(some.probabilities + row * (size_t)classes, classes);
  }
  some.answers = (MgAnswers){some.probabilities, some.truth, rows, classes, NULL, 0};
  return some;
}

static void
clear_case(Case *some)
{
  g_free(some->probabilities);
  g_free(some->truth);
  g_free(some->predicted);
  g_free(some->other);
}

static void
check_classes(const json_t *json, const Case *some)
{
  int classes = some->answers.classes;
  g_autofree guint *matrix = g_new0(guint, classes * classes);
  mg_confusion_add(matrix, classes, some->truth, some->predicted, some->answers.rows);
  for (int c = 0; c < classes; c++) {
    double f1 = mg_confusion_f1(matrix, classes, c), precision = mg_confusion_precision(matrix, classes, c);
    g_assert_cmpfloat_with_epsilon(isnan(f1) ? 0 : f1, element(json, "f1", c), 1e-9);
    g_assert_cmpfloat_with_epsilon(isnan(precision) ? 0 : precision, element(json, "precision", c), 1e-9);
    g_assert_cmpfloat_with_epsilon(mg_confusion_recall(matrix, classes, c), element(json, "recall", c), 1e-9);
  }
}

static void
check_calibration(const json_t *json, const Case *some)
{
  MgCalibrationBin bins[10];
  mg_calibration_curve(&some->answers, 0, bins, 10);
  size_t at = 0;
  for (int i = 0; i < 10; i++)
    if (bins[i].rows > 0) { /* scikit-learn leaves empty bins out */
      g_assert_cmpfloat_with_epsilon(bins[i].mean_predicted, element(json, "calibration_mean", at), 1e-9);
      g_assert_cmpfloat_with_epsilon(bins[i].fraction_positive, element(json, "calibration_fraction", at), 1e-9);
      at++;
    }
  g_assert_cmpuint(at, ==, json_array_size(json_object_get(json, "calibration_mean")));
}

static void
test_case(gconstpointer data)
{
  const json_t *json = data;
  Case some = read_case(json);
  MgFigures figures = mg_figures(&some.answers);
  assert_near(json, "accuracy", figures.accuracy);
  assert_near(json, "accuracy", figures.f1_micro);
  assert_near(json, "precision_macro", figures.precision_macro);
  assert_near(json, "recall_macro", figures.recall_macro);
  assert_near(json, "f1_macro", figures.f1_macro);
  assert_near(json, "auc", figures.auc_ovr);
  assert_near(json, "log_loss", figures.log_loss);
  assert_near(json, "ece", figures.ece);
  check_classes(json, &some);
  check_calibration(json, &some);
  size_t only_a, only_b;
  assert_near(json, "mcnemar", mg_mcnemar(some.truth, some.predicted, some.other, some.answers.rows, &only_a, &only_b));
  assert_near(json, "only_a", (double)only_a);
  assert_near(json, "only_b", (double)only_b);
  clear_case(&some);
}

/* 400 rows of accuracy 0.8: by the normal distribution 0.8 ± 0.0392. Twenty tracks that are right or wrong as a whole
 * say far less. The same seed gives the same interval. */
static void
test_bootstrap(void)
{
  enum { ROWS = 400 };
  float probabilities[ROWS * 2];
  int truth[ROWS];
  guint32 units[ROWS];
  for (int row = 0; row < ROWS; row++) {
    units[row] = (guint32)row / 20;
    truth[row] = 0;
    probabilities[2 * row] = units[row] % 5 ? 0.9f : 0.1f;
    probabilities[2 * row + 1] = 1 - probabilities[2 * row];
  }
  double low, high, again, same;
  MgAnswers answers = {probabilities, truth, ROWS, 2, NULL, 7};
  mg_bootstrap_accuracy(&answers, 2000, &low, &high);
  g_assert_cmpfloat_with_epsilon(low, 0.7608, 0.01);
  g_assert_cmpfloat_with_epsilon(high, 0.8392, 0.01);
  mg_bootstrap_accuracy(&answers, 2000, &again, &same);
  g_assert_cmpfloat(low, ==, again);
  g_assert_cmpfloat(high, ==, same);
  answers.units = units;
  mg_bootstrap_accuracy(&answers, 2000, &low, &high);
  g_assert_cmpfloat(low, <, 0.65);
  g_assert_cmpfloat(high, >, 0.9);
}

static void
test_nothing(void)
{
  size_t only_a, only_b;
  MgFigures none = mg_figures(&(MgAnswers){.classes = 2});
  g_assert_true(isnan(none.accuracy) && isnan(none.auc_ovr) && isnan(none.log_loss) && isnan(none.ece));
  g_assert_true(isnan(none.accuracy_low));
  g_assert_cmpfloat(mg_mcnemar(NULL, NULL, NULL, 0, &only_a, &only_b), ==, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autofree char *path = test_file("refs/sklearn-figures.json");
  json_t *json = json_load_file(path, 0, NULL), *cases = json_object_get(json, "cases");
  for (size_t i = 0; i < json_array_size(cases); i++) {
    const char *name = json_string_value(json_object_get(json_array_get(cases, i), "name"));
    g_autofree char *test = g_strdup_printf("/figures/sklearn/%s", name);
    g_test_add_data_func(test, json_array_get(cases, i), test_case);
  }
  g_test_add_func("/figures/bootstrap", test_bootstrap);
  g_test_add_func("/figures/nothing", test_nothing);
  g_assert_cmpuint(json_array_size(cases), >, 0);
  int result = g_test_run();
  json_decref(json);
  return result;
}

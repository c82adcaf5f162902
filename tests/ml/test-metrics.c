#include "ml/metrics.h"
#include "support.h"

static void
assert_near(double a, double b)
{
  g_assert_cmpfloat_with_epsilon(a, b, 1e-12);
}

/* The example of sklearn.metrics.f1_score's documentation: macro F1 0.2666… */
static void
test_documented_example(void)
{
  int truth[] = {0, 1, 2, 0, 1, 2}, predicted[] = {0, 2, 1, 0, 0, 1};
  guint matrix[9] = {0};
  mg_confusion_add(matrix, 3, truth, predicted, 6);
  guint expected[9] = {2, 0, 0, 1, 0, 1, 0, 2, 0};
  g_assert_cmpmem(matrix, sizeof matrix, expected, sizeof expected);
  assert_near(mg_confusion_macro_f1(matrix, 3), 0.8 / 3);
  assert_near(mg_confusion_accuracy(matrix, 3), 2 / 6.0);
  assert_near(mg_confusion_recall(matrix, 3, 0), 1);
  assert_near(mg_confusion_precision(matrix, 3, 0), 2 / 3.0);
}

/* f1_score([0,0,0,1,1,2,2,2,2,2], [0,0,1,1,2,2,2,2,2,0], average="macro"):
 * F1 = 2*2/(3+3), 2*1/(2+2), 2*4/(5+5). */
static void
test_unbalanced(void)
{
  int truth[] = {0, 0, 0, 1, 1, 2, 2, 2, 2, 2}, predicted[] = {0, 0, 1, 1, 2, 2, 2, 2, 2, 0};
  guint matrix[9] = {0};
  mg_confusion_add(matrix, 3, truth, predicted, 10);
  assert_near(mg_confusion_macro_f1(matrix, 3), (2 / 3.0 + 0.5 + 0.8) / 3);
  assert_near(mg_confusion_accuracy(matrix, 3), 0.7);
  assert_near(mg_confusion_recall(matrix, 3, 2), 0.8);
  assert_near(mg_confusion_precision(matrix, 3, 1), 0.5);
}

/* sklearn counts the labels that occur in either; one that is only predicted has F1 0. */
static void
test_absent_classes(void)
{
  int truth[] = {0, 0, 1}, predicted[] = {0, 2, 1};
  guint matrix[16] = {0};
  mg_confusion_add(matrix, 4, truth, predicted, 3);
  assert_near(mg_confusion_macro_f1(matrix, 4), (2 / 3.0 + 1 + 0) / 3);
  g_assert_true(isnan(mg_confusion_recall(matrix, 4, 2)));
  assert_near(mg_confusion_precision(matrix, 4, 2), 0);
  g_assert_true(isnan(mg_confusion_recall(matrix, 4, 3)));
  g_assert_true(isnan(mg_confusion_precision(matrix, 4, 3)));
}

static void
test_nothing_counted(void)
{
  guint matrix[4] = {0};
  g_assert_true(isnan(mg_confusion_accuracy(matrix, 2)));
  g_assert_true(isnan(mg_confusion_macro_f1(matrix, 2)));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/metrics/documented-example", test_documented_example);
  g_test_add_func("/metrics/unbalanced", test_unbalanced);
  g_test_add_func("/metrics/absent-classes", test_absent_classes);
  g_test_add_func("/metrics/nothing-counted", test_nothing_counted);
  return g_test_run();
}

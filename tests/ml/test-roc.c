/* scikit-learn's documented examples, ties, and what the area under the curve has to be. */
#include "support.h"
#include "base/rng.h"
#include "ml/roc.h"
#include <math.h>

enum { rows = 4 };

/* Of two classes; `scores` are those of class 1. */
static MgAnswers
answers_of(const double *scores, const int *truth, size_t n, float *probabilities)
{
  for (size_t i = 0; i < n; i++) {
    probabilities[2 * i + 1] = (float)scores[i];
    probabilities[2 * i] = (float)(1 - scores[i]);
  }
  return (MgAnswers){.probabilities = probabilities, .truth = truth, .rows = n, .classes = 2};
}

static void
check(const double *values, size_t n, const double *expected, size_t m)
{
  g_assert_cmpuint(n, ==, m);
  for (size_t i = 0; i < n; i++)
    g_assert_cmpfloat(fabs(values[i] - expected[i]), <, 1e-12);
}

/* roc_curve, precision_recall_curve, average_precision_score of the example in scikit-learn's reference. */
static void
test_documented(void)
{
  static const double scores[] = {0.1, 0.4, 0.35, 0.8};
  static const int truth[] = {0, 0, 1, 1};
  static const double fpr[] = {0, 0, 0.5, 0.5, 1}, tpr[] = {0, 0.5, 0.5, 1, 1};
  static const double recall[] = {0, 0.5, 0.5, 1, 1}, precision[] = {1, 1, 0.5, 2.0 / 3, 0.5};
  float probabilities[2 * rows];
  double x[rows + 1], y[rows + 1];
  MgAnswers answers = answers_of(scores, truth, rows, probabilities);
  size_t n = mg_roc_curve(&answers, 1, x, y);
  check(x, n, fpr, 5);
  check(y, n, tpr, 5);
  n = mg_precision_recall_curve(&answers, 1, x, y);
  check(x, n, recall, 5);
  check(y, n, precision, 5);
  g_assert_cmpfloat(fabs(mg_average_precision(&answers, 1) - 0.8333333333333333), <, 1e-12);
}

/* Rows of one score are passed together. */
static void
test_ties(void)
{
  static const double scores[] = {0.5, 0.5, 0.5, 0.5};
  static const int truth[] = {0, 1, 1, 0};
  static const double diagonal[] = {0, 1};
  float probabilities[2 * rows];
  double x[rows + 1], y[rows + 1];
  MgAnswers answers = answers_of(scores, truth, rows, probabilities);
  size_t n = mg_roc_curve(&answers, 1, x, y);
  check(x, n, diagonal, 2);
  check(y, n, diagonal, 2);
  g_assert_cmpfloat(mg_average_precision(&answers, 1), ==, 0.5);
}

/* The trapezoids under the curve are the probability that a row of the class ranks above another. */
static void
test_area(void)
{
  enum { n = 500 };
  double scores[n], x[n + 1], y[n + 1], area = 0;
  int truth[n];
  float probabilities[2 * n];
  MgRng rng = mg_rng_new(7);
  for (int i = 0; i < n; i++) {
    truth[i] = mg_rng_below(&rng, 3) == 0;
    scores[i] = mg_rng_below(&rng, 40) / 60.0 + 0.2 * truth[i];
  }
  MgAnswers answers = answers_of(scores, truth, n, probabilities);
  size_t points = mg_roc_curve(&answers, 1, x, y);
  for (size_t i = 1; i < points; i++)
    area += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2;
  g_assert_cmpfloat(fabs(area - mg_auc(&answers, 1)), <, 1e-12);
  g_assert_cmpfloat(x[points - 1], ==, 1);
  g_assert_cmpfloat(y[points - 1], ==, 1);
}

static void
test_one_side(void)
{
  static const double scores[] = {0.1, 0.4, 0.35, 0.8};
  static const int ones[] = {1, 1, 1, 1}, noughts[] = {0, 0, 0, 0};
  float probabilities[2 * rows];
  double x[rows + 1], y[rows + 1];
  MgAnswers all = answers_of(scores, ones, rows, probabilities);
  g_assert_cmpuint(mg_roc_curve(&all, 1, x, y), ==, 0);
  g_assert_cmpfloat(mg_average_precision(&all, 1), ==, 1);
  MgAnswers none = answers_of(scores, noughts, rows, probabilities);
  g_assert_cmpuint(mg_precision_recall_curve(&none, 1, x, y), ==, 0);
  g_assert_true(isnan(mg_average_precision(&none, 1)));
  MgAnswers empty = answers_of(scores, ones, 0, probabilities);
  g_assert_cmpuint(mg_roc_curve(&empty, 1, x, y), ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/roc/documented", test_documented);
  g_test_add_func("/roc/ties", test_ties);
  g_test_add_func("/roc/area", test_area);
  g_test_add_func("/roc/one-side", test_one_side);
  return g_test_run();
}

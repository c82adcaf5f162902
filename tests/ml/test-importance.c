/* Permutation importance: what is used counts, what is not does not, and nothing is changed. */
#include "ml/importance.h"
#include "base/error.h"
#include "base/rng.h"
#include "support.h"
#include <math.h>

enum { ROWS = 200, FEATURES = 4, REPEATS = 6 };

typedef struct {
  MgMatrix *x;
  int y[ROWS];
} Rows;

/* The class is the sign of the first feature and, more weakly, of the second; the third is noise, the last constant. */
static Rows
make_rows(guint64 seed)
{
  Rows rows = {.x = mg_matrix_new(ROWS, FEATURES, NULL)};
  MgRng rng = mg_rng_new(seed);
  for (size_t row = 0; row < ROWS; row++) {
    float *x = mg_matrix_row(rows.x, row);
    for (int f = 0; f < FEATURES - 1; f++)
      x[f] = mg_rng_normal(&rng);
    x[FEATURES - 1] = 2;
    rows.y[row] = 3 * x[0] + x[1] > 0;
  }
  return rows;
}

static MgClassifier *
learn(const char *name, const Rows *rows)
{
  const MgClassifierClass *class = mg_classifier_class_find(name, NULL);
  g_autoptr(MgParams) params = mg_classifier_params(class);
  MgLesson lesson = {.x = rows->x, .y = rows->y, .classes = 2, .params = params, .threads = 1};
  return mg_classifier_fit(class, &lesson, NULL);
}

static void
check_means(const char *name)
{
  Rows train = make_rows(1), test = make_rows(2);
  g_autoptr(MgClassifier) classifier = learn(name, &train);
  g_autoptr(MgMatrix) before = mg_matrix_copy(test.x);
  double one[FEATURES * REPEATS], three[FEATURES * REPEATS], mean[FEATURES], deviation[FEATURES];
  MgImportanceTask task = {.x = test.x, .y = test.y, .repeats = REPEATS, .seed = 4, .threads = 1};
  g_assert_true(mg_permutation_importance(classifier, &task, one, NULL));
  task.threads = 3;
  g_assert_true(mg_permutation_importance(classifier, &task, three, NULL));
  g_assert_cmpmem(one, sizeof one, three, sizeof three);
  g_assert_cmpmem(before->data, sizeof(float) * ROWS * FEATURES, test.x->data, sizeof(float) * ROWS * FEATURES);
  for (int f = 0; f < FEATURES; f++)
    mg_mean_deviation(one + f * REPEATS, REPEATS, &mean[f], &deviation[f]);
  g_test_message("%s: %.3f %.3f %.3f %.3f", name, mean[0], mean[1], mean[2], mean[3]);
  g_assert_cmpfloat(mean[0], >, 0.25);
  g_assert_cmpfloat(mean[1], >, 0.03);
  g_assert_cmpfloat(mean[0], >, 2 * mean[1]);
  g_assert_cmpfloat(fabs(mean[2]), <, 0.03);
  g_assert_cmpfloat(mean[3], ==, 0);
  g_assert_cmpfloat(deviation[0], >, 0);
  g_assert_cmpfloat(deviation[3], ==, 0);
  mg_matrix_free(train.x);
  mg_matrix_free(test.x);
}

static void
test_kinds(void)
{
  static const char *const names[] = {"logistic", "svc", "random-forest", "fcnn"};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
    check_means(names[i]);
}

static void
test_cancelled(void)
{
  Rows rows = make_rows(1);
  g_autoptr(MgClassifier) classifier = learn("logistic", &rows);
  g_autoptr(MgProgress) progress = mg_progress_new(NULL, NULL);
  g_autoptr(GError) error = NULL;
  double drops[FEATURES];
  MgImportanceTask task = {.x = rows.x, .y = rows.y, .repeats = 1, .threads = 2, .progress = progress};
  mg_progress_cancel(progress);
  g_assert_false(mg_permutation_importance(classifier, &task, drops, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_CANCELLED);
  mg_matrix_free(rows.x);
}

/* numpy.mean and numpy.std of the same numbers */
static void
test_mean_deviation(void)
{
  const double values[] = {0.3, -0.1, 0.25, 0.5, 0};
  double mean, deviation;
  mg_mean_deviation(values, G_N_ELEMENTS(values), &mean, &deviation);
  g_assert_cmpfloat_with_epsilon(mean, 0.19, 1e-15);
  g_assert_cmpfloat_with_epsilon(deviation, 0.21540659228538018, 1e-15);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/importance/kinds", test_kinds);
  g_test_add_func("/importance/cancelled", test_cancelled);
  g_test_add_func("/importance/mean-deviation", test_mean_deviation);
  return g_test_run();
}

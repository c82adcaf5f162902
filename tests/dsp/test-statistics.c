#include "dsp/statistics.h"
#include "base/rng.h"
#include "support.h"
#include <stdlib.h>

/* scipy 1.10 on the same eight numbers. */
static void
test_values(void)
{
  float values[] = {3, 1, 4, 1, 5, 9, 2, 6};
  static const double expected[MG_N_STATISTICS] = {3.875, 2.5708704, 0.6682892518, -0.5349496169, 3.5, 1, 9};
  double result[MG_N_STATISTICS];
  mg_statistics(values, 8, result);
  for (int s = 0; s < MG_N_STATISTICS; s++)
    g_assert_cmpfloat_with_epsilon(result[s], expected[s], 1e-6);
}

static void
test_constant(void)
{
  float values[] = {2.5f, 2.5f, 2.5f};
  static const double expected[MG_N_STATISTICS] = {2.5, 0, 0, -3, 2.5, 2.5, 2.5};
  for (size_t n = 1; n <= 3; n++) {
    double result[MG_N_STATISTICS];
    mg_statistics(values, n, result);
    for (int s = 0; s < MG_N_STATISTICS; s++)
      g_assert_cmpfloat(result[s], ==, expected[s]);
  }
}

static int
ascending(const void *a, const void *b)
{
  float left = *(const float *)a, right = *(const float *)b;
  return (left > right) - (left < right);
}

/* The median of many lengths, with values that repeat, against sorting. */
static void
test_median(void)
{
  MgRng rng = mg_rng_new(3);
  for (size_t n = 1; n < 200; n++) {
    g_autofree float *values = g_new(float, n), *sorted = g_new(float, n);
    for (size_t i = 0; i < n; i++)
      values[i] = sorted[i] = n % 3 == 0 ? (float)mg_rng_below(&rng, 5) : mg_rng_normal(&rng);
    qsort(sorted, n, sizeof *sorted, ascending);
    double result[MG_N_STATISTICS];
    mg_statistics(values, n, result);
    g_assert_cmpfloat(result[MG_STATISTIC_MEDIAN], ==, ((double)sorted[(n - 1) / 2] + sorted[n / 2]) / 2);
    g_assert_cmpfloat(result[MG_STATISTIC_MIN], ==, sorted[0]);
    g_assert_cmpfloat(result[MG_STATISTIC_MAX], ==, sorted[n - 1]);
  }
}

static void
test_names(void)
{
  g_assert_cmpuint(g_strv_length((char **)mg_statistic_names), ==, MG_N_STATISTICS);
  g_assert_cmpstr(mg_statistic_names[MG_STATISTIC_KURTOSIS], ==, "kurtosis");
}

/* Values beyond what is held are worked in passes, with the same result. */
static void
test_spool(void)
{
  enum { ROWS = 3, COLS = 1500001 };
  MgRng rng = mg_rng_new(4);
  g_autoptr(MgMatrix) values = mg_matrix_new(ROWS, COLS, NULL);
  for (size_t i = 0; i < (size_t)ROWS * COLS; i++)
    values->data[i] = mg_rng_normal(&rng) * (i % 7 == 0 ? 30 : 0.1f) - 0.02f;
  g_autoptr(MgSpool) spool = mg_spool_new(ROWS, (size_t)1 << 30);
  g_assert_true(mg_spool_append(spool, values->data, COLS, COLS, NULL));
  double streamed[MG_N_STATISTICS], held[MG_N_STATISTICS];
  for (size_t first = 0; first < 2; first++) { /* an odd and an even number of values */
    g_assert_true(mg_spool_statistics(spool, first, ROWS, streamed, NULL));
    g_autofree float *copy = g_memdup2(mg_matrix_row(values, first), (ROWS - first) * COLS * sizeof(float));
    mg_statistics(copy, (ROWS - first) * COLS, held);
    for (int s = 0; s < MG_N_STATISTICS; s++)
      g_assert_cmpfloat_with_epsilon(streamed[s], held[s], 1e-9 * fabs(held[s]));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/dsp/statistics/values", test_values);
  g_test_add_func("/dsp/statistics/constant", test_constant);
  g_test_add_func("/dsp/statistics/median", test_median);
  g_test_add_func("/dsp/statistics/names", test_names);
  g_test_add_func("/statistics/spool", test_spool);
  return g_test_run();
}

/* ml/neighbours: what comparing every pair gives. */
#include "ml/neighbours.h"
#include "base/rng.h"
#include "support.h"

enum { ROWS = 300, FEATURES = 17, K = 9 };

static MgMatrix *
make_rows(float offset)
{
  MgMatrix *x = mg_matrix_new(ROWS, FEATURES, NULL);
  MgRng rng = mg_rng_new(8);
  for (size_t i = 0; i < ROWS * FEATURES; i++)
    x->data[i] = offset + mg_rng_normal(&rng);
  memcpy(mg_matrix_row(x, 200), mg_matrix_row(x, 100), FEATURES * sizeof(float)); /* the same twice */
  return x;
}

static double
distance_of(const MgMatrix *x, size_t a, size_t b)
{
  double sum = 0;
  for (size_t f = 0; f < FEATURES; f++)
    sum += pow((double)mg_matrix_row(x, a)[f] - mg_matrix_row(x, b)[f], 2);
  return sqrt(sum);
}

/* The i-th neighbour has exactly i rows that are nearer. */
static void
check(const MgMatrix *x, const guint32 *index, const float *distance, gboolean self)
{
  for (size_t row = 0; row < ROWS; row++)
    for (size_t i = 0; i < K; i++) {
      double own = distance_of(x, row, index[row * K + i]);
      size_t nearer = 0;
      g_assert_cmpfloat_with_epsilon(distance[row * K + i], own, 1e-4);
      g_assert_true(!self || index[row * K + i] != row);
      for (size_t other = 0; other < ROWS; other++)
        nearer += !(self && other == row) && distance_of(x, row, other) < own - 1e-4;
      g_assert_cmpuint(nearer, <=, i);
    }
}

static void
test_all(gconstpointer data)
{
  g_autoptr(MgMatrix) x = make_rows(GPOINTER_TO_INT(data));
  guint32 index[ROWS * K];
  float distance[ROWS * K];
  for (int self = 0; self < 2; self++) {
    mg_neighbours_find(x, x->data, ROWS, self, K, 2, index, distance);
    check(x, index, distance, self);
    g_assert_cmpuint(index[100 * K], ==, self ? 200 : 100);
  }
  g_assert_cmpfloat(distance[200 * K], ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_data_func("/neighbours/near-zero", GINT_TO_POINTER(0), test_all);
  g_test_add_data_func("/neighbours/far-off", GINT_TO_POINTER(1000), test_all);
  return g_test_run();
}

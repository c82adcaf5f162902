/* base/matrix: limits, alignment, copies, ranges. */
#include "base/matrix.h"
#include "base/error.h"
#include "support.h"

static void
test_new(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgMatrix) matrix = mg_matrix_new(3, 5, &error);
  g_assert_no_error(error);
  g_assert_cmpuint((guintptr)matrix->data % 64, ==, 0);
  for (int i = 0; i < 15; i++)
    g_assert_cmpfloat(matrix->data[i], ==, 0);
  g_assert_true(mg_matrix_row(matrix, 2) == matrix->data + 10);
  mg_matrix_free(NULL);
}

static void
test_limits(void)
{
  static const size_t sizes[][2] = {{(size_t)1 << 28, 2},
                                    {1, ((size_t)1 << 28) + 1},
                                    {G_MAXSIZE, G_MAXSIZE},
                                    {(size_t)1 << 32, (size_t)1 << 32},
                                    {G_MAXSIZE, 1}};
  for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(mg_matrix_new(sizes[i][0], sizes[i][1], &error));
    g_assert_error(error, MG_ERROR, MG_ERROR_LIMIT);
  }
  g_autoptr(MgMatrix) empty = mg_matrix_new(0, 7, NULL), flat = mg_matrix_new(G_MAXSIZE, 0, NULL);
  g_assert_nonnull(empty);
  g_assert_nonnull(flat);
}

static void
test_copy(void)
{
  g_autoptr(MgMatrix) matrix = mg_matrix_new(2, 2, NULL);
  matrix->data[3] = 4;
  g_autoptr(MgMatrix) copy = mg_matrix_copy(matrix);
  matrix->data[3] = 5;
  g_assert_cmpuint(copy->rows, ==, 2);
  g_assert_cmpfloat(copy->data[3], ==, 4);
}

static void
test_range(void)
{
  float low, high;
  g_autoptr(MgMatrix) matrix = mg_matrix_new(1, 4, NULL);
  memcpy(matrix->data, (const float[]){NAN, 3, -INFINITY, -2}, 4 * sizeof(float));
  mg_matrix_range(matrix, &low, &high);
  g_assert_cmpfloat(low, ==, -2);
  g_assert_cmpfloat(high, ==, 3);
  g_autoptr(MgMatrix) nothing = mg_matrix_new(1, 1, NULL);
  nothing->data[0] = NAN;
  mg_matrix_range(nothing, &low, &high);
  g_assert_cmpfloat(low, ==, 0);
  g_assert_cmpfloat(high, ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/matrix/new", test_new);
  g_test_add_func("/matrix/limits", test_limits);
  g_test_add_func("/matrix/copy", test_copy);
  g_test_add_func("/matrix/range", test_range);
  return g_test_run();
}

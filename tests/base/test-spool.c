/* base/spool: what goes in by columns comes out by rows, from memory and from the file alike. */
#include "base/spool.h"
#include "base/error.h"
#include "base/file.h"
#include "support.h"

enum { ROWS = 3, COLS = 100 };

static float
value(size_t row, size_t col)
{
  return (float)(row * 1000 + col);
}

/* Appended in blocks of 1, 2, 3 … columns out of a wider matrix. */
static MgSpool *
filled(size_t memory)
{
  MgSpool *spool = mg_spool_new(ROWS, memory);
  for (size_t first = 0, cols = 1; first < COLS; first += cols, cols = MIN(cols + 1, COLS - first)) {
    g_autoptr(MgMatrix) block = mg_matrix_new(ROWS, cols + 5, NULL);
    for (size_t row = 0; row < ROWS; row++)
      for (size_t col = 0; col < cols; col++)
        mg_matrix_row(block, row)[col] = value(row, first + col);
    g_autoptr(GError) error = NULL;
    g_assert_true(mg_spool_append(spool, block->data, block->cols, cols, &error));
    g_assert_no_error(error);
  }
  g_assert_cmpuint(mg_spool_cols(spool), ==, COLS);
  return spool;
}

static void
test_read(gconstpointer memory)
{
  g_autoptr(MgSpool) spool = filled(GPOINTER_TO_SIZE(memory));
  float out[COLS];
  for (size_t first = 0; first <= COLS; first += 7)
    for (size_t n = 0; first + n <= COLS; n += 9)
      for (size_t row = 0; row < ROWS; row++) {
        g_assert_true(mg_spool_read(spool, row, first, n, out, NULL));
        for (size_t i = 0; i < n; i++)
          g_assert_cmpfloat(out[i], ==, value(row, first + i));
      }
  g_autoptr(MgMatrix) matrix = mg_spool_matrix(spool, 20, 50, NULL);
  g_assert_cmpuint(matrix->rows, ==, ROWS);
  g_assert_cmpfloat(mg_matrix_row(matrix, 2)[49], ==, value(2, 69));
  static const float more[ROWS] = {7, 8, 9};
  mg_spool_truncate(spool, 60);
  g_assert_cmpuint(mg_spool_cols(spool), ==, 60);
  g_assert_true(mg_spool_append(spool, more, 1, 1, NULL));
  g_assert_true(mg_spool_read(spool, 1, 58, 3, out, NULL));
  g_assert_cmpfloat(out[1], ==, value(1, 59));
  g_assert_cmpfloat(out[2], ==, 8);
}

static void
test_full_disk(void)
{
  g_autoptr(MgSpool) spool = mg_spool_new(1, 8);
  static const float values[4] = {1, 2, 3, 4};
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_spool_append(spool, values, 2, 2, NULL));
  mg_file_fail_after(4);
  g_assert_false(mg_spool_append(spool, values, 4, 4, &error));
  mg_file_fail_after(-1);
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  g_assert_cmpuint(mg_spool_cols(spool), ==, 2);
  float out[2];
  g_assert_true(mg_spool_read(spool, 0, 0, 2, out, NULL));
  g_assert_cmpfloat(out[1], ==, 2);
}

int
main(int argc, char **argv)
{
  char *folder = test_folder();
  g_setenv("XDG_CACHE_HOME", folder, TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add_data_func("/spool/memory", GSIZE_TO_POINTER(1 << 20), test_read);
  g_test_add_data_func("/spool/file", GSIZE_TO_POINTER(0), test_read);
  g_test_add_data_func("/spool/both", GSIZE_TO_POINTER(ROWS * 30 * sizeof(float)), test_read);
  g_test_add_func("/spool/full-disk", test_full_disk);
  int status = g_test_run();
  test_remove(folder);
  return status;
}

#include "base/matrix.h"
#include "base/error.h"
#include <math.h>
#include <string.h>

static const size_t largest_bytes = (size_t)1 << 30;

MgMatrix *
mg_matrix_new(size_t rows, size_t cols, GError **error)
{
  if (cols != 0 && rows > largest_bytes / sizeof(float) / cols) {
    g_set_error(error, MG_ERROR, MG_ERROR_LIMIT,
                "a matrix of %zu x %zu values needs more than 1 GiB; use a larger hop_length or a shorter stretch",
                rows, cols);
    return NULL;
  }
  MgMatrix *matrix = g_new(MgMatrix, 1);
  *matrix = (MgMatrix){.rows = rows, .cols = cols};
  size_t values = MAX(rows * cols, 1);
  matrix->data = g_aligned_alloc0(values, sizeof(float), 64);
  return matrix;
}

MgMatrix *
mg_matrix_copy(const MgMatrix *matrix)
{
  MgMatrix *copy = mg_matrix_new(matrix->rows, matrix->cols, NULL);
  memcpy(copy->data, matrix->data, matrix->rows * matrix->cols * sizeof(float));
  return copy;
}

void
mg_matrix_free(MgMatrix *matrix)
{
  if (!matrix)
    return;
  g_aligned_free(matrix->data);
  g_free(matrix);
}

void
mg_matrix_range(const MgMatrix *matrix, float *smallest, float *largest)
{
  float low = INFINITY, high = -INFINITY;
  for (size_t i = 0; i < matrix->rows * matrix->cols; i++) {
    if (!isfinite(matrix->data[i]))
      continue;
    low = MIN(low, matrix->data[i]);
    high = MAX(high, matrix->data[i]);
  }
  *smallest = low <= high ? low : 0;
  *largest = low <= high ? high : 0;
}

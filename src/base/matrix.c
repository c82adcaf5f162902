#include "base/matrix.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const size_t largest_bytes = (size_t)1 << 30;

/* Zeroed memory of which the system's own zeros need not be written again, in large pages where there is much of it: a
 * picture of an hour is written column by column. The block that has to be freed lies before what is returned. */
static float *
allocate(size_t bytes)
{
  enum { ALIGNMENT = 64, LARGE = 4 << 20 };
  char *block = g_malloc0(bytes + 2 * ALIGNMENT);
#ifdef MADV_HUGEPAGE
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), first = ((uintptr_t)block + page - 1) / page * page;
  if (bytes >= LARGE)
    madvise((void *)first, bytes + 2 * ALIGNMENT - (first - (uintptr_t)block), MADV_HUGEPAGE); /* may be refused */
#endif
  char *data = (char *)(((uintptr_t)block + 2 * ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  memcpy(data - sizeof block, &block, sizeof block);
  return (float *)data;
}

static void
release(float *data)
{
  char *block;
  memcpy(&block, (char *)data - sizeof block, sizeof block);
  g_free(block);
}

MgMatrix *
mg_matrix_new(size_t rows, size_t cols, GError **error)
{
  if (cols != 0 && rows > largest_bytes / sizeof(float) / cols) {
    g_set_error(error, MG_ERROR, MG_ERROR_LIMIT,
                _("a matrix of %zu x %zu values needs more than 1 GiB; use a larger hop_length or a shorter stretch"),
                rows, cols);
    return NULL;
  }
  MgMatrix *matrix = g_new(MgMatrix, 1);
  *matrix = (MgMatrix){.rows = rows, .cols = cols};
  matrix->data = allocate(MAX(rows * cols, 1) * sizeof(float));
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
  release(matrix->data);
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

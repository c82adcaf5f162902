/* A dense float32 matrix, row-major. Features are (bins, frames), as librosa's. */
#pragma once
#include <glib.h>

typedef struct {
  float *data; /* rows * cols values, 64-byte aligned; element (r, c) is data[r * cols + c] */
  size_t rows, cols;
} MgMatrix;

/* A zeroed matrix, owned by the caller. Sets MG_ERROR_LIMIT and returns NULL where rows * cols is beyond 1 GiB. */
MgMatrix *mg_matrix_new(size_t rows, size_t cols, GError **error);
MgMatrix *mg_matrix_copy(const MgMatrix *matrix);
void mg_matrix_free(MgMatrix *matrix); /* accepts NULL */

static inline float *
mg_matrix_row(const MgMatrix *matrix, size_t row)
{
  return matrix->data + row * matrix->cols;
}

/* Smallest and largest finite value; both 0 where there is none. */
void mg_matrix_range(const MgMatrix *matrix, float *smallest, float *largest);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgMatrix, mg_matrix_free)

/* A matrix that grows by columns and is read by rows: in memory while it is small, in a temporary file beyond that, so
 * that hours of sound, or of a feature, need no more memory than minutes do. */
#pragma once
#include "base/matrix.h"

typedef struct MgSpool MgSpool;

/* Bytes held in memory by one spool before the file takes over. */
#define MG_SPOOL_MEMORY ((size_t)16 << 20)

MgSpool *mg_spool_new(size_t rows, size_t memory);
MgSpool *mg_spool_ref(MgSpool *spool); /* one more owner */
void mg_spool_free(MgSpool *spool);    /* one owner less; accepts NULL */
size_t mg_spool_rows(const MgSpool *spool);
size_t mg_spool_cols(const MgSpool *spool);
/* Appends columns: `cols` values of each row, rows being `stride` values apart. MG_ERROR_IO where the temporary file
 * (below $XDG_CACHE_HOME/melograph) cannot be written. */
gboolean mg_spool_append(MgSpool *spool, const float *block, size_t stride, size_t cols, GError **error);
/* Forgets the columns from `cols` on. */
void mg_spool_truncate(MgSpool *spool, size_t cols);
/* Values first … first + n - 1 of a row, which must be there. Any thread, while nobody appends. */
gboolean mg_spool_read(const MgSpool *spool, size_t row, size_t first, size_t n, float *out, GError **error);
/* Columns first … first + n - 1 of all rows. */
MgMatrix *mg_spool_matrix(const MgSpool *spool, size_t first, size_t n, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSpool, mg_spool_free)

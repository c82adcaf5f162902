#include "base/spool.h"
#include "base/error.h"
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  size_t first, cols; /* columns that it holds, of which the last may be forgotten */
  float *values;      /* (rows, cols), or NULL: they are in the file */
  gint64 offset;
} Block;

struct MgSpool {
  gint owners;
  size_t rows, cols, memory;
  GArray *blocks;
  int descriptor; /* of the file without a name; -1 while there is none */
  gint64 length;
};

static void
clear_block(gpointer data)
{
  g_free(((Block *)data)->values);
}

MgSpool *
mg_spool_new(size_t rows, size_t memory)
{
  MgSpool *spool = g_new0(MgSpool, 1);
  spool->owners = 1;
  spool->rows = rows;
  spool->memory = memory;
  spool->blocks = g_array_new(FALSE, FALSE, sizeof(Block));
  g_array_set_clear_func(spool->blocks, clear_block);
  spool->descriptor = -1;
  return spool;
}

MgSpool *
mg_spool_ref(MgSpool *spool)
{
  g_atomic_int_inc(&spool->owners);
  return spool;
}

void
mg_spool_free(MgSpool *spool)
{
  if (!spool || !g_atomic_int_dec_and_test(&spool->owners))
    return;
  g_array_unref(spool->blocks);
  if (spool->descriptor >= 0)
    close(spool->descriptor);
  g_free(spool);
}

size_t
mg_spool_rows(const MgSpool *spool)
{
  return spool->rows;
}

size_t
mg_spool_cols(const MgSpool *spool)
{
  return spool->cols;
}

/* A file that nobody else sees, and that is gone when the program is. */
static gboolean
open_file(MgSpool *spool, GError **error)
{
  g_autofree char *folder = g_build_filename(g_get_user_cache_dir(), "melograph", NULL);
  if (!mg_folder_make(folder, error))
    return FALSE;
  g_autofree char *path = g_build_filename(folder, "spool.XXXXXX", NULL);
  spool->descriptor = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
  if (spool->descriptor < 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: cannot write: %s"), path, g_strerror(errno));
    return FALSE;
  }
  g_unlink(path);
  return TRUE;
}

static gboolean
write_block(MgSpool *spool, Block *block, const float *values, size_t stride, GError **error)
{
  if (spool->descriptor < 0 && !open_file(spool, error))
    return FALSE;
  block->offset = lseek(spool->descriptor, spool->length, SEEK_SET); /* over what a failed append left */
  for (size_t row = 0; row < spool->rows; row++)
    if (!mg_file_write_all(spool->descriptor, _("temporary file"), values + row * stride, block->cols * sizeof *values,
                           error))
      return FALSE;
  spool->length += (gint64)(spool->rows * block->cols * sizeof *values);
  return TRUE;
}

gboolean
mg_spool_append(MgSpool *spool, const float *values, size_t stride, size_t cols, GError **error)
{
  Block block = {.first = spool->cols, .cols = cols};
  if (cols == 0)
    return TRUE;
  if ((spool->cols + cols) * spool->rows * sizeof *values <= spool->memory) {
    block.values = g_new(float, spool->rows *cols);
    for (size_t row = 0; row < spool->rows; row++)
      memcpy(block.values + row * cols, values + row * stride, cols * sizeof *values);
  } else if (!write_block(spool, &block, values, stride, error)) {
    return FALSE;
  }
  g_array_append_val(spool->blocks, block);
  spool->cols += cols;
  return TRUE;
}

void
mg_spool_truncate(MgSpool *spool, size_t cols)
{
  while (spool->blocks->len > 0 && g_array_index(spool->blocks, Block, spool->blocks->len - 1).first >= cols)
    g_array_set_size(spool->blocks, spool->blocks->len - 1);
  spool->cols = MIN(spool->cols, cols);
}

static gboolean
read_file(const MgSpool *spool, gint64 offset, float *out, size_t n, GError **error)
{
  char *rest = (char *)out;
  for (size_t left = n * sizeof *out; left > 0;) {
    ssize_t got = pread(spool->descriptor, rest, left, offset);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0) {
      g_set_error(error, MG_ERROR, MG_ERROR_IO, _("temporary file: cannot read: %s"),
                  got < 0 ? g_strerror(errno) : _("it ends too early"));
      return FALSE;
    }
    rest += got;
    offset += got;
    left -= got;
  }
  return TRUE;
}

/* The number of the block that holds a column. */
static guint
find_block(const MgSpool *spool, size_t col)
{
  guint low = 0, high = spool->blocks->len;
  while (high - low > 1) {
    guint middle = (low + high) / 2;
    if (g_array_index(spool->blocks, Block, middle).first <= col)
      low = middle;
    else
      high = middle;
  }
  return low;
}

gboolean
mg_spool_read(const MgSpool *spool, size_t row, size_t first, size_t n, float *out, GError **error)
{
  g_return_val_if_fail(row < spool->rows && first + n <= spool->cols, FALSE);
  for (guint i = n > 0 ? find_block(spool, first) : 0; n > 0; i++) {
    const Block *block = &g_array_index(spool->blocks, Block, i);
    gboolean last = i + 1 == spool->blocks->len;
    size_t end = last ? spool->cols : g_array_index(spool->blocks, Block, i + 1).first;
    size_t from = first - block->first, count = MIN(n, end - first), at = row * block->cols + from;
    if (block->values)
      memcpy(out, block->values + at, count * sizeof *out);
    else if (!read_file(spool, block->offset + (gint64)(at * sizeof *out), out, count, error))
      return FALSE;
    out += count;
    first += count;
    n -= count;
  }
  return TRUE;
}

MgMatrix *
mg_spool_matrix(const MgSpool *spool, size_t first, size_t n, GError **error)
{
  g_autoptr(MgMatrix) matrix = mg_matrix_new(spool->rows, n, error);
  for (size_t row = 0; matrix && row < spool->rows; row++)
    if (!mg_spool_read(spool, row, first, n, mg_matrix_row(matrix, row), error))
      return NULL;
  return g_steal_pointer(&matrix);
}

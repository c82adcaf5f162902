#include "ml/columns.h"
#include "base/parallel.h"
#include <string.h>

void
mg_sort_keys(guint64 *keys, guint64 *spare, size_t n, int shift, int bits)
{
  guint64 *from = keys, *to = spare;
  for (int done = 0; done < bits; done += 8) {
    guint32 begin[257] = {0};
    int down = shift + done;
    for (size_t i = 0; i < n; i++)
      begin[(from[i] >> down & 255) + 1]++;
    for (int digit = 1; digit < 256; digit++)
      begin[digit] += begin[digit - 1];
    for (size_t i = 0; i < n; i++)
      to[begin[from[i] >> down & 255]++] = from[i];
    guint64 *other = from;
    from = to;
    to = other;
  }
  if (from != keys)
    memcpy(keys, from, n * sizeof *keys);
}

/* The order of these numbers is that of the values. */
static guint32
ordered_bits(float value)
{
  guint32 bits;
  memcpy(&bits, &value, sizeof bits);
  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

typedef struct {
  const MgMatrix *x;
  MgColumns *columns;
  guint32 most;
  guint64 **keys; /* [worker], room for the rows twice */
} Work;

static guint32
count_different(const MgMatrix *x, size_t feature, const guint64 *keys)
{
  guint32 n = 1;
  for (size_t i = 1; i < x->rows; i++)
    n += mg_matrix_row(x, (guint32)keys[i])[feature] > mg_matrix_row(x, (guint32)keys[i - 1])[feature];
  return n;
}

static gboolean
code_column(size_t feature, int worker, gpointer data, GError **error)
{
  const Work *work = data;
  const MgMatrix *x = work->x;
  MgColumns *columns = work->columns;
  guint64 *keys = work->keys[worker];
  guint16 *codes = columns->codes + feature * x->rows;
  for (size_t row = 0; row < x->rows; row++)
    keys[row] = (guint64)ordered_bits(mg_matrix_row(x, row)[feature]) << 32 | row;
  mg_sort_keys(keys, keys + x->rows, x->rows, 32, 32);
  guint32 different = count_different(x, feature, keys), n = MIN(different, work->most), place = 0;
  float *low = columns->low[feature] = g_new(float, n), *high = columns->high[feature] = g_new(float, n);
  columns->n[feature] = n;
  float last = low[0] = mg_matrix_row(x, (guint32)keys[0])[feature];
  for (size_t i = 0; i < x->rows; i++) {
    guint32 row = (guint32)keys[i], before = (guint32)((guint64)place * n / different);
    float value = mg_matrix_row(x, row)[feature];
    place += value > last;
    guint32 code = (guint32)((guint64)place * n / different);
    if (code > before)
      low[code] = value;
    high[code] = last = value;
    codes[row] = (guint16)code;
  }
  return TRUE;
}

MgColumns *
mg_columns_new(const MgMatrix *x, guint32 most, int threads, MgProgress *progress, GError **error)
{
  g_autoptr(MgColumns) columns = g_new0(MgColumns, 1);
  *columns = (MgColumns){x->rows,
                         x->cols,
                         g_new(guint16, x->rows * x->cols),
                         g_new0(float *, x->cols),
                         g_new0(float *, x->cols),
                         g_new0(guint32, x->cols)};
  g_autofree guint64 **keys = g_new(guint64 *, threads);
  for (int i = 0; i < threads; i++)
    keys[i] = g_new(guint64, 2 * x->rows);
  Work work = {x, columns, most, keys};
  /* Nobody is told of progress: this is the smaller part of what follows. */
  gboolean good = mg_parallel_for(x->cols, threads, code_column, &work, NULL, error);
  for (int i = 0; i < threads; i++)
    g_free(keys[i]);
  return good && mg_progress_go_on(progress, error) ? g_steal_pointer(&columns) : NULL;
}

void
mg_columns_free(MgColumns *columns)
{
  if (!columns)
    return;
  for (size_t feature = 0; feature < columns->features; feature++) {
    g_free(columns->low[feature]);
    g_free(columns->high[feature]);
  }
  g_free(columns->codes);
  g_free(columns->low);
  g_free(columns->high);
  g_free(columns->n);
  g_free(columns);
}

float
mg_columns_threshold(const MgColumns *columns, size_t feature, guint32 left, guint32 right)
{
  float below = columns->high[feature][left], above = columns->low[feature][right];
  float middle = (float)(((double)below + above) / 2);
  return middle < above ? middle : below;
}

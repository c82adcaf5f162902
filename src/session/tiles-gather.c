#include "session/tiles-gather.h"
#include <math.h>

int
mg_tiles_gather_level(MgTiles *tiles, double from, double to, size_t columns)
{
  return mg_tiles_level(tiles, (to - from) / (double)columns);
}

static void
take_column(guint8 *most, size_t rows, const guint8 *levels, size_t bins)
{
  for (size_t r = 0; r < rows; r++)
    for (size_t bin = r * bins / rows; bin < (r + 1) * bins / rows; bin++)
      most[r] = MAX(most[r], levels[bin]);
}

MgMatrix *
mg_tiles_gather(MgTiles *tiles, MgLayer layer, double from, double to, size_t rows, size_t columns)
{
  int level = mg_tiles_gather_level(tiles, from, to, columns);
  double first, step, low, high;
  size_t bins = mg_tiles_bins(tiles, layer);
  mg_tiles_times(tiles, level, &first, &step);
  mg_tiles_decibels(tiles, layer, &low, &high);
  gint64 begin = (gint64)floor((from - first) / step + 0.5), end = (gint64)ceil((to - first) / step + 0.5);
  gint64 last = mg_tiles_columns(tiles, level), n = MAX(1, end - begin);
  rows = CLAMP(rows, 1, bins);
  columns = (size_t)CLAMP((gint64)columns, 1, n);
  MgMatrix *matrix = mg_matrix_new(rows, columns, NULL);
  g_autofree guint8 *most = g_new(guint8, rows);
  for (size_t c = 0; matrix && c < columns; c++) {
    memset(most, 0, rows);
    for (gint64 k = begin + (gint64)c * n / (gint64)columns; k < begin + (gint64)(c + 1) * n / (gint64)columns; k++) {
      const guint8 *levels = k >= 0 && k < last ? mg_tiles_column(tiles, layer, level, k) : NULL;
      if (levels)
        take_column(most, rows, levels, bins);
    }
    for (size_t r = 0; r < rows; r++)
      mg_matrix_row(matrix, r)[c] = (float)(low + (high - low) * most[r] / 255);
  }
  return matrix;
}

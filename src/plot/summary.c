#include "plot/summary.h"
#include <glib/gi18n-lib.h>
#include <math.h>

enum { MOST_BARS = 12, MOST_COLUMNS = 512 };

char *
mg_bars_summary(const MgBars *bars)
{
  GString *text = g_string_new(NULL);
  size_t n = MIN(bars->n, MOST_BARS), rest = bars->n - n;
  for (size_t i = 0; i < n; i++)
    g_string_append_printf(text, "%s%s %.4g", i ? ", " : "", bars->bars[i].name, bars->bars[i].value);
  if (rest)
    g_string_append_printf(text, ngettext(" and %zu more", " and %zu more", rest), rest);
  return g_string_free(text, FALSE);
}

char *
mg_confusion_summary(const guint *matrix, int classes, const char *const *labels)
{
  GString *text = g_string_new(NULL);
  for (int truth = 0; truth < classes; truth++) {
    g_string_append_printf(text, _("%s%s: %u right"), truth ? "; " : "", labels[truth],
                           matrix[truth * classes + truth]);
    for (int other = 0; other < classes; other++)
      if (other != truth && matrix[truth * classes + other] > 0)
        g_string_append_printf(text, _(", %u as %s"), matrix[truth * classes + other], labels[other]);
  }
  return g_string_free(text, FALSE);
}

char *
mg_maps_summary(MgMatrix *const *maps, size_t n)
{
  float lowest = INFINITY, highest = -INFINITY;
  size_t largest = 0;
  for (size_t i = 0; i < n; i++) {
    float low, high;
    mg_matrix_range(maps[i], &low, &high);
    lowest = MIN(lowest, low);
    if (high > highest)
      largest = i;
    highest = MAX(highest, high);
  }
  if (n == 0)
    return g_strdup("");
  /* Translators: rows and columns of a picture, its smallest and largest value */
  g_autofree char *one = g_strdup_printf(_("%zu × %zu, values from %.3g to %.3g"), maps[0]->rows, maps[0]->cols,
                                         (double)lowest, (double)highest);
  return n == 1 ? g_steal_pointer(&one) : g_strdup_printf(_("%s, the largest in number %zu"), one, largest + 1);
}

/* The largest value of a column between two bins. */
static gboolean
column_peak(const MgImageSource *source, size_t frame, size_t first, size_t last, size_t *bin, double *value)
{
  const guint8 *levels = source->column ? source->column(frame, source->column_data) : NULL;
  const float *values = source->value_column ? source->value_column(frame, source->column_data) : NULL;
  gboolean found = FALSE;
  if (!levels && !values)
    return FALSE;
  for (size_t i = first; i <= last; i++) {
    double here = levels ? levels[i] : (double)values[i];
    if (isfinite(here) && (!found || here > *value)) {
      *value = here;
      *bin = i;
      found = TRUE;
    }
  }
  if (found && levels)
    *value = source->low_db + (source->high_db - source->low_db) * *value / 255;
  return found;
}

/* Where a bin lies on the vertical axis, between two ends that it lies between. */
static double
world_of(const MgImageSource *source, MgFrequencyScale scale, double low, double high, double bin)
{
  gboolean rises = mg_image_bin(source, scale, high) > mg_image_bin(source, scale, low);
  for (int i = 0; i < 50; i++) {
    double middle = (low + high) / 2;
    if ((mg_image_bin(source, scale, middle) < bin) == rises)
      low = middle;
    else
      high = middle;
  }
  return (low + high) / 2;
}

gboolean
mg_image_peak(const MgImageSource *source, MgFrequencyScale scale, const MgGeometry *world, double *seconds, double *y,
              double *value)
{
  double a = mg_image_bin(source, scale, world->y0), b = mg_image_bin(source, scale, world->y1);
  double from = MAX(ceil(mg_image_frame(source, world->x0)), 0);
  double to = MIN(floor(mg_image_frame(source, world->x1)), (double)source->frames - 1);
  double first = MAX(ceil(MIN(a, b)), 0), last = MIN(floor(MAX(a, b)), (double)source->bins - 1);
  double step = MAX(1, ceil((to - from + 1) / MOST_COLUMNS)), best = 0;
  size_t best_bin = 0;
  gboolean found = FALSE;
  for (double frame = from; frame <= to && first <= last; frame += step) {
    size_t bin = 0;
    double peak = 0;
    if (!column_peak(source, (size_t)frame, (size_t)first, (size_t)last, &bin, &peak) || (found && peak <= best))
      continue;
    best = peak;
    best_bin = bin;
    *seconds = source->first_time + frame * source->frame_step;
    found = TRUE;
  }
  if (!found)
    return FALSE;
  *value = best;
  *y = world_of(source, scale, world->y0, world->y1, (double)best_bin);
  return TRUE;
}

#include "plot/waveform.h"
#include "plot/text.h"
#include <math.h>

/* The loudest and quietest point of column i, reaching to its left neighbour so that steep parts stay one line. */
static gboolean
column_span(const float *low, const float *high, size_t i, double *bottom, double *top)
{
  if (!(low[i] <= high[i])) /* NaN as well */
    return FALSE;
  *bottom = low[i];
  *top = high[i];
  if (i > 0 && low[i - 1] <= high[i - 1]) {
    *bottom = MIN(*bottom, high[i - 1]);
    *top = MAX(*top, low[i - 1]);
  }
  return TRUE;
}

static void
add_column(cairo_t *cr, const MgGeometry *g, size_t i, size_t n, double bottom, double top, double least)
{
  double x = g->x + i * g->width / n;
  double y0 = mg_geometry_to_y(g, top), y1 = mg_geometry_to_y(g, bottom);
  y0 = CLAMP(y0, g->y, g->y + g->height);
  y1 = CLAMP(y1, g->y, g->y + g->height);
  if (y1 - y0 < least) {
    double middle = (y0 + y1) / 2;
    y0 = middle - least / 2;
    y1 = middle + least / 2;
  }
  cairo_rectangle(cr, x, y0, g->width / n, y1 - y0);
}

void
mg_waveform_draw(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const float *low, const float *high,
                 const float *rms, size_t n)
{
  cairo_save(cr);
  cairo_rectangle(cr, g->x, g->y, g->width, g->height);
  cairo_clip(cr);
  mg_source_alpha(cr, style->foreground, 0.2);
  mg_line_horizontal(cr, g->x, g->x + g->width, mg_geometry_to_y(g, 0));
  double least = 1 / mg_pixels_per_unit(cr);
  for (size_t i = 0; i < n; i++) {
    double bottom, top;
    if (column_span(low, high, i, &bottom, &top))
      add_column(cr, g, i, n, bottom, top, least);
  }
  mg_source_alpha(cr, style->accent, rms ? 0.5 : 1);
  cairo_fill(cr);
  for (size_t i = 0; rms && i < n; i++)
    if (low[i] <= high[i] && rms[i] > 0)
      add_column(cr, g, i, n, MAX(low[i], -rms[i]), MIN(high[i], rms[i]), 0);
  mg_source(cr, style->accent);
  cairo_fill(cr);
  cairo_restore(cr);
}

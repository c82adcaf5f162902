#include "plot/chart.h"
#include "plot/text.h"
#include <math.h>

#define MARGIN 10

static void
draw_dots(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgChart *chart)
{
  double hue[3], zero = mg_geometry_to_y(g, 0);
  mg_hue_on(style, chart->dot_hue, hue);
  cairo_save(cr);
  cairo_rectangle(cr, g->x, g->y - 4, g->width, g->height + 8);
  cairo_clip(cr);
  for (size_t i = 0; i < chart->dots; i++) {
    double x = mg_geometry_to_x(g, chart->dot_x[i]), y = mg_geometry_to_y(g, chart->dot_y[i]);
    mg_source_alpha(cr, hue, 0.5);
    mg_line_vertical(cr, x, zero, y);
    mg_source_alpha(cr, hue, 1);
    cairo_arc(cr, x, y, 3, 0, 2 * G_PI);
    cairo_fill(cr);
  }
  cairo_restore(cr);
}

void
mg_chart_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgChart *chart)
{
  MgGeometry g = {.x0 = chart->x0, .x1 = chart->x1, .y0 = chart->y0, .y1 = chart->y1, .y = MARGIN};
  double x0, x1;
  if (!(g.y1 > g.y0))
    mg_curves_limits(chart->curves, chart->n, &x0, &x1, &g.y0, &g.y1);
  mg_background(cr, style, width, height);
  g.height = floor(height - g.y - mg_axis_height_x(style, chart->x_title) - MARGIN / 2);
  g.x = ceil(MARGIN + mg_axis_width_y(style, chart->y_ticks, g.y0, g.y1, g.height, chart->y_title));
  g.width = floor(width - g.x - 2 * MARGIN);
  if (g.width < 1 || g.height < 1)
    return;
  mg_axis_draw_x(cr, &g, style, chart->x_ticks, chart->x_title, TRUE, FALSE);
  mg_axis_draw_y(cr, &g, style, chart->y_ticks, chart->y_title, TRUE);
  draw_dots(cr, &g, style, chart);
  mg_curves_draw(cr, &g, style, chart->curves, chart->n);
  if (chart->legend > 0)
    mg_curves_legend(cr, &g, style, chart->curves, MIN(chart->legend, chart->n));
}

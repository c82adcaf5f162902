#include "plot/scatter.h"
#include "plot/text.h"
#include <math.h>

static const double gap = 12, legend_limit = 160, swatch = 4.5;
enum { HUES = 7 }; /* beyond these, classes take hues again with an outline of their own */

static double
legend_width(const MgStyle *style, const MgScatter *scatter)
{
  double widest = 0, width, height;
  MgTextLook look = {.max_width = legend_limit};
  for (int i = 0; i < scatter->n_groups; i++) {
    mg_text_measure(style, scatter->groups[i], &look, &width, &height);
    widest = MAX(widest, width);
  }
  for (int i = 0; i < MG_N_POINT_SHAPES; i++)
    if (scatter->shapes && scatter->shapes[i]) {
      mg_text_measure(style, scatter->shapes[i], &look, &width, &height);
      widest = MAX(widest, width);
    }
  return widest + 2 * gap + 2 * swatch;
}

/* The points' square of the world in the middle of what the legend leaves. */
static MgGeometry
place(double width, double height, const MgStyle *style, const MgScatter *scatter)
{
  float low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
  for (size_t i = 0; i < scatter->n; i++) {
    const float at[2] = {scatter->points[i].x, scatter->points[i].y};
    for (int d = 0; d < 2; d++) {
      low[d] = MIN(low[d], at[d]);
      high[d] = MAX(high[d], at[d]);
    }
  }
  MgGeometry g = {
      .x = gap, .y = gap, .width = width - 2 * gap - legend_width(style, scatter), .height = height - 2 * gap};
  g.width = MAX(g.width, 1);
  g.height = MAX(g.height, 1);
  double units = scatter->n ? MAX(MAX((high[0] - low[0]) / g.width, (high[1] - low[1]) / g.height), 1e-12) * 1.04 : 1;
  double middle[2] = {scatter->n ? (low[0] + high[0]) / 2.0 : 0, scatter->n ? (low[1] + high[1]) / 2.0 : 0};
  g.x0 = middle[0] - units * g.width / 2;
  g.x1 = middle[0] + units * g.width / 2;
  g.y0 = middle[1] - units * g.height / 2;
  g.y1 = middle[1] + units * g.height / 2;
  return g;
}

static void
trace_shape(cairo_t *cr, MgPointShape shape, double x, double y, double size)
{
  cairo_new_path(cr);
  switch (shape) {
  case MG_POINT_SQUARE:
    cairo_rectangle(cr, x - size * 0.85, y - size * 0.85, size * 1.7, size * 1.7);
    break;
  case MG_POINT_TRIANGLE:
    cairo_move_to(cr, x, y - size * 1.2);
    cairo_line_to(cr, x + size * 1.1, y + size * 0.8);
    cairo_line_to(cr, x - size * 1.1, y + size * 0.8);
    cairo_close_path(cr);
    break;
  default:
    cairo_arc(cr, x, y, size, 0, 2 * G_PI);
  }
}

/* Classes beyond the hues are hollow, so that no two look alike among the first fourteen. */
static void
draw_point(cairo_t *cr, const MgStyle *style, int group, MgPointShape shape, double x, double y, double size)
{
  double rgb[3];
  mg_hue_on(style, group % HUES, rgb);
  trace_shape(cr, shape, x, y, size);
  mg_source_alpha(cr, rgb, group / HUES % 2 ? 0.12 : 0.75);
  cairo_fill_preserve(cr);
  mg_source_alpha(cr, rgb, 1);
  cairo_set_line_width(cr, group / HUES % 2 ? 1.4 : 0.7);
  cairo_stroke(cr);
}

static double
size_for(size_t n)
{
  return n > 3000 ? 1.8 : n > 600 ? 2.6 : 3.6;
}

static void
draw_legend(cairo_t *cr, double x, double height, const MgStyle *style, const MgScatter *scatter)
{
  double line = mg_text_line(style) + 6, y = gap + line / 2;
  MgTextLook look = {.max_width = legend_limit};
  for (int i = 0; i < scatter->n_groups && y < height - gap; i++, y += line) {
    draw_point(cr, style, i, MG_POINT_DISC, x + swatch, y, swatch);
    mg_text_draw_look(cr, style, scatter->groups[i], x + 2 * swatch + 6, y, 0, 0.5, &look);
  }
  y += line / 2;
  for (int i = 0; scatter->shapes && i < MG_N_POINT_SHAPES && y < height - gap; i++) {
    if (!scatter->shapes[i])
      continue;
    trace_shape(cr, i, x + swatch, y, swatch);
    mg_source(cr, style->foreground);
    cairo_set_line_width(cr, 1);
    cairo_stroke(cr);
    mg_text_draw_look(cr, style, scatter->shapes[i], x + 2 * swatch + 6, y, 0, 0.5, &look);
    y += line;
  }
}

void
mg_scatter_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgScatter *scatter)
{
  MgGeometry g = place(width, height, style, scatter);
  mg_background(cr, style, width, height);
  double size = size_for(scatter->n);
  for (size_t i = 0; i < scatter->n; i++) {
    const MgPoint *point = &scatter->points[i];
    draw_point(cr, style, point->group, point->shape, mg_geometry_to_x(&g, point->x), mg_geometry_to_y(&g, point->y),
               size);
  }
  draw_legend(cr, g.x + g.width + gap, height, style, scatter);
}

gssize
mg_scatter_find(double width, double height, const MgStyle *style, const MgScatter *scatter, double x, double y,
                double reach)
{
  MgGeometry g = place(width, height, style, scatter);
  gssize best = -1;
  double nearest = reach;
  for (size_t i = 0; i < scatter->n; i++) {
    double dx = mg_geometry_to_x(&g, scatter->points[i].x) - x, dy = mg_geometry_to_y(&g, scatter->points[i].y) - y;
    if (hypot(dx, dy) <= nearest) {
      nearest = hypot(dx, dy);
      best = (gssize)i;
    }
  }
  return best;
}

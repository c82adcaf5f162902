#include "plot/parallel.h"
#include "plot/text.h"
#include <math.h>

static const double gap = 8, tick = 4, dot = 2.2;

/* Titles and labels begin at their axis and go to the right. */
static MgGeometry
lay_out(double width, double height, const MgStyle *style, const MgParallel *parallel)
{
  double line = mg_text_line(style), share = width / (double)parallel->n_axes;
  MgGeometry g = {.y = ceil(gap * 1.5 + line), .x = gap * 1.5, .y1 = 1};
  g.height = MAX(1, floor(height - g.y - gap - line / 2));
  g.width = parallel->n_axes > 1 ? floor(share * (double)(parallel->n_axes - 1)) : 1;
  g.x1 = parallel->n_axes > 1 ? (double)(parallel->n_axes - 1) : 1;
  return g;
}

static double
room_beside(const MgParallel *parallel, double width)
{
  return MAX(1, width / (double)parallel->n_axes - 2 * gap - tick);
}

/* Labels that would touch the one before are left out. */
static void
draw_labels(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgParallelAxis *axis, double x, double room)
{
  double line = mg_text_line(style), last = INFINITY;
  for (size_t i = 0; i < axis->n; i++) {
    double y = mg_geometry_to_y(g, axis->places[i]);
    mg_source_alpha(cr, style->foreground, 0.6);
    mg_line_horizontal(cr, x - tick / 2, x + tick / 2, y);
    if (fabs(last - y) < line)
      continue;
    last = y;
    double text_width, text_height;
    MgTextLook look = {.max_width = room};
    mg_text_measure(style, axis->labels[i], &look, &text_width, &text_height);
    mg_source_alpha(cr, style->background, 0.75); /* lines pass behind */
    cairo_rectangle(cr, x + tick, y - text_height / 2, text_width + 4, text_height);
    cairo_fill(cr);
    mg_text_draw_look(cr, style, axis->labels[i], x + tick + 2, y, 0, 0.5, &look);
  }
}

static void
draw_axis(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgParallel *parallel, size_t i, double width)
{
  const MgParallelAxis *axis = &parallel->axes[i];
  double x = mg_geometry_to_x(g, (double)i), room = room_beside(parallel, width);
  mg_source_alpha(cr, style->foreground, 0.6);
  mg_line_vertical(cr, x, g->y, g->y + g->height);
  draw_labels(cr, g, style, axis, x, room);
  mg_text_draw_look(cr, style, axis->title, x, gap / 2, 0, 0, &(MgTextLook){.bold = TRUE, .max_width = room});
}

static void
trace_line(cairo_t *cr, const MgGeometry *g, const MgParallelLine *line, size_t n_axes)
{
  for (size_t i = 0; i < n_axes; i++)
    if (isfinite(line->places[i]))
      cairo_line_to(cr, mg_geometry_to_x(g, (double)i), mg_geometry_to_y(g, line->places[i]));
  cairo_stroke(cr);
  for (size_t i = 0; i < n_axes; i++)
    if (isfinite(line->places[i])) {
      cairo_arc(cr, mg_geometry_to_x(g, (double)i), mg_geometry_to_y(g, line->places[i]), dot, 0, 2 * G_PI);
      cairo_fill(cr);
    }
}

static void
draw_line(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgParallel *parallel, size_t i)
{
  const MgParallelLine *line = &parallel->lines[i];
  double weight = CLAMP(line->weight, 0, 1), rgb[3];
  for (int c = 0; c < 3; c++)
    rgb[c] = style->accent[c] * weight + style->foreground[c] * (1 - weight);
  mg_source_alpha(cr, rgb, 0.12 + 0.78 * weight * weight);
  cairo_set_line_width(cr, 1 + weight);
  trace_line(cr, g, line, parallel->n_axes);
}

void
mg_parallel_draw_mark(cairo_t *cr, double width, double height, const MgStyle *style, const MgParallel *parallel,
                      gssize line)
{
  MgGeometry g = lay_out(width, height, style, parallel);
  double rgb[3];
  if (line < 0 || (size_t)line >= parallel->n_lines)
    return;
  mg_hue_on(style, 1, rgb);
  mg_source_alpha(cr, rgb, 1);
  cairo_set_line_width(cr, 2.5);
  trace_line(cr, &g, &parallel->lines[line], parallel->n_axes);
}

void
mg_parallel_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgParallel *parallel,
                 gssize highlight)
{
  MgGeometry g = lay_out(width, height, style, parallel);
  mg_background(cr, style, width, height);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  for (size_t i = 0; i < parallel->n_lines; i++)
    draw_line(cr, &g, style, parallel, i);
  for (size_t i = 0; i < parallel->n_axes; i++)
    draw_axis(cr, &g, style, parallel, i, width);
  mg_parallel_draw_mark(cr, width, height, style, parallel, highlight);
}

/* Distance of (x, y) to the straight between two axes. */
static double
distance_to(const MgGeometry *g, const MgParallelLine *line, size_t from, size_t to, double x, double y)
{
  double ax = mg_geometry_to_x(g, (double)from), bx = mg_geometry_to_x(g, (double)to);
  double ay = mg_geometry_to_y(g, line->places[from]), by = mg_geometry_to_y(g, line->places[to]);
  double length = (bx - ax) * (bx - ax) + (by - ay) * (by - ay);
  double t = CLAMP(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length, 0, 1);
  return hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay));
}

static double
distance_to_line(const MgGeometry *g, const MgParallelLine *line, size_t n_axes, double x, double y)
{
  double nearest = INFINITY;
  gssize before = -1;
  for (size_t axis = 0; axis < n_axes; axis++) {
    if (!isfinite(line->places[axis]))
      continue;
    if (before >= 0)
      nearest = MIN(nearest, distance_to(g, line, (size_t)before, axis, x, y));
    before = (gssize)axis;
  }
  return nearest;
}

gssize
mg_parallel_find(double width, double height, const MgStyle *style, const MgParallel *parallel, double x, double y,
                 double reach)
{
  MgGeometry g = lay_out(width, height, style, parallel);
  gssize best = -1;
  for (size_t i = 0; i < parallel->n_lines; i++) {
    double distance = distance_to_line(&g, &parallel->lines[i], parallel->n_axes, x, y);
    if (distance > reach)
      continue;
    reach = distance;
    best = (gssize)i;
  }
  return best;
}

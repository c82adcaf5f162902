#include "plot/trials.h"
#include "plot/axis.h"
#include "plot/text.h"
#include <math.h>
#include <stdlib.h>

static const double gap = 10, radius = 3;

static int
compare(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Scores below the worst tenth would press all others together: the axis begins there, and they lie on its end. */
static double
lowest_shown(const MgTrialsPlot *plot)
{
  g_autofree double *scores = g_new(double, plot->n + 1);
  size_t n = 0;
  for (size_t i = 0; i < plot->n; i++)
    if (isfinite(plot->scores[i]))
      scores[n++] = plot->scores[i];
  qsort(scores, n, sizeof *scores, compare);
  return n > 0 ? scores[n / 10] : 0;
}

static double
highest_of(const MgTrialsPlot *plot, double low)
{
  double high = low;
  for (size_t i = 0; i < plot->n; i++)
    if (isfinite(plot->scores[i]))
      high = MAX(high, plot->scores[i]);
  return high;
}

static MgGeometry
lay_out(double width, double height, const MgStyle *style, const MgTrialsPlot *plot)
{
  size_t ahead = MIN(plot->planned, MAX(3 * plot->n, 20)); /* the first of thousands are not to stick to the edge */
  MgGeometry g = {.x0 = 0, .x1 = (double)MAX(MAX(plot->n, ahead), 1) + 1, .y = gap};
  double low = lowest_shown(plot), high = highest_of(plot, low), room = MAX(0.005, (high - low) * 0.08);
  g.y0 = low - room;
  g.y1 = high + room;
  g.height = MAX(1, floor(height - g.y - mg_axis_height_x(style, plot->x_title) - gap));
  g.x = ceil(gap + mg_axis_width_y(style, MG_TICKS_LINEAR, g.y0, g.y1, g.height, plot->y_title));
  g.width = MAX(1, floor(width - g.x - gap));
  return g;
}

static void
place_of(const MgGeometry *g, const MgTrialsPlot *plot, size_t i, double *x, double *y)
{
  *x = mg_geometry_to_x(g, (double)i + 1);
  *y = mg_geometry_to_y(g, CLAMP(plot->scores[i], g->y0, g->y1));
}

static void
draw_best(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgTrialsPlot *plot)
{
  double best = -INFINITY;
  for (size_t i = 0; i < plot->n; i++) {
    if (!plot->whole[i] || !(plot->scores[i] > best))
      continue;
    double x = mg_geometry_to_x(g, (double)i + 1);
    if (isfinite(best))
      cairo_line_to(cr, x, mg_geometry_to_y(g, MAX(best, g->y0)));
    best = plot->scores[i];
    cairo_line_to(cr, x, mg_geometry_to_y(g, MAX(best, g->y0)));
  }
  if (!isfinite(best))
    return;
  cairo_line_to(cr, mg_geometry_to_x(g, (double)plot->n + 0.5), mg_geometry_to_y(g, MAX(best, g->y0)));
  mg_source_alpha(cr, style->accent, 0.9);
  cairo_set_line_width(cr, 2);
  cairo_stroke(cr);
}

static void
draw_point(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgTrialsPlot *plot, size_t i)
{
  double x, y, rgb[3];
  place_of(g, plot, i, &x, &y);
  mg_hue_on(style, 0, rgb);
  mg_source_alpha(cr, rgb, 0.85);
  cairo_arc(cr, x, y, radius, 0, 2 * G_PI);
  cairo_set_line_width(cr, 1.2);
  (plot->whole[i] ? cairo_fill : cairo_stroke)(cr);
}

void
mg_trials_draw_mark(cairo_t *cr, double width, double height, const MgStyle *style, const MgTrialsPlot *plot,
                    gssize trial)
{
  if (trial < 0 || (size_t)trial >= plot->n || !isfinite(plot->scores[trial]))
    return;
  MgGeometry g = lay_out(width, height, style, plot);
  double x, y, rgb[3];
  place_of(&g, plot, (size_t)trial, &x, &y);
  mg_hue_on(style, 1, rgb);
  mg_source_alpha(cr, rgb, 1);
  cairo_new_path(cr);
  cairo_arc(cr, x, y, radius + 3, 0, 2 * G_PI);
  cairo_set_line_width(cr, 2);
  cairo_stroke(cr);
}

void
mg_trials_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgTrialsPlot *plot,
               gssize highlight)
{
  MgGeometry g = lay_out(width, height, style, plot);
  mg_background(cr, style, width, height);
  mg_axis_draw_x(cr, &g, style, MG_TICKS_INTEGER, plot->x_title, FALSE, FALSE);
  mg_axis_draw_y(cr, &g, style, MG_TICKS_LINEAR, plot->y_title, TRUE);
  mg_source_alpha(cr, style->foreground, 0.25);
  mg_line_frame(cr, g.x, g.y, g.width, g.height, 1);
  draw_best(cr, &g, style, plot);
  for (size_t i = 0; i < plot->n; i++)
    if (isfinite(plot->scores[i]))
      draw_point(cr, &g, style, plot, i);
  mg_trials_draw_mark(cr, width, height, style, plot, highlight);
}

gssize
mg_trials_find(double width, double height, const MgStyle *style, const MgTrialsPlot *plot, double x, double y,
               double reach)
{
  MgGeometry g = lay_out(width, height, style, plot);
  gssize best = -1;
  for (size_t i = 0; i < plot->n; i++) {
    double at_x, at_y;
    if (!isfinite(plot->scores[i]))
      continue;
    place_of(&g, plot, i, &at_x, &at_y);
    double distance = hypot(x - at_x, y - at_y);
    if (distance > reach)
      continue;
    reach = distance;
    best = (gssize)i;
  }
  return best;
}

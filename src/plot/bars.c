#include "plot/bars.h"
#include "plot/axis.h"
#include "plot/text.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>

static const double gap = 8;

static double
line_height(const MgStyle *style)
{
  return ceil(mg_text_line(style) * 1.45);
}

static double
axis_height(const MgStyle *style, const MgBars *bars)
{
  return ceil(mg_axis_height_x(style, bars->title) + gap);
}

double
mg_bars_height(const MgStyle *style, const MgBars *bars)
{
  return gap + (double)bars->n * line_height(style) + axis_height(style, bars);
}

/* How many bars a height has room for; where these are not all, a line is kept for telling so. */
static size_t
shown_in(double height, const MgStyle *style, const MgBars *bars)
{
  double room = floor((height - gap - axis_height(style, bars)) / line_height(style) + 1e-9);
  if (room >= (double)bars->n)
    return bars->n;
  return room >= 2 ? (size_t)room - 1 : 0;
}

static double
widest_name(const MgStyle *style, const MgBars *bars, size_t shown)
{
  double widest = 0, width, height;
  for (size_t i = 0; i < shown; i++) {
    mg_text_measure(style, bars->bars[i].name, &(MgTextLook){0}, &width, &height);
    widest = MAX(widest, width);
  }
  return widest;
}

static double
deviation_of(const MgBar *bar)
{
  return isfinite(bar->deviation) ? bar->deviation : 0;
}

/* Zero, every bar and every whisker; those which are not shown count too, so that scrolling keeps the scale. */
static void
find_limits(const MgBars *bars, double *low, double *high)
{
  *low = *high = 0;
  for (size_t i = 0; i < bars->n; i++) {
    *low = MIN(*low, bars->bars[i].value - deviation_of(&bars->bars[i]));
    *high = MAX(*high, bars->bars[i].value + deviation_of(&bars->bars[i]));
  }
  double room = (*high - *low) * 0.04;
  *low -= *low < 0 ? room : 0;
  *high += *high > 0 ? room : 0;
  if (!(*high > *low))
    *high = *low + 1;
}

static MgGeometry
lay_out(double width, double height, const MgStyle *style, const MgBars *bars, size_t shown)
{
  MgGeometry g = {.y = gap, .height = (double)shown * line_height(style)};
  double names = MIN(ceil(widest_name(style, bars, shown)), floor(width * 0.45));
  g.x = names + 2 * gap;
  g.width = MAX(floor(width - g.x - 2 * gap), 1);
  find_limits(bars, &g.x0, &g.x1);
  return g;
}

static void
draw_whisker(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgBar *bar, double y, double line)
{
  double deviation = deviation_of(bar), ink = style->dark ? 1 : 0;
  if (!(deviation > 0))
    return;
  double left = mg_geometry_to_x(g, bar->value - deviation), right = mg_geometry_to_x(g, bar->value + deviation);
  cairo_set_source_rgba(cr, ink, ink, ink, 0.7);
  mg_line_horizontal(cr, left, right, y);
  mg_line_vertical(cr, left, y - line * 0.16, y + line * 0.16);
  mg_line_vertical(cr, right, y - line * 0.16, y + line * 0.16);
}

static void
draw_bar(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgBars *bars, size_t i, gboolean highlighted)
{
  const MgBar *bar = &bars->bars[i];
  double line = line_height(style), y = g->y + ((double)i + 0.5) * line, zero = mg_geometry_to_x(g, 0), rgb[3];
  MgTextLook look = {.max_width = g->x - 2 * gap + 1, .bold = highlighted};
  mg_text_draw_look(cr, style, bar->name, g->x - gap, y, 1, 0.5, &look);
  if (!isfinite(bar->value))
    return;
  double end = mg_geometry_to_x(g, bar->value);
  mg_hue_on(style, bars->hue, rgb);
  mg_source_alpha(cr, rgb, highlighted ? 1 : 0.8);
  cairo_rectangle(cr, MIN(zero, end), y - line * 0.34, fabs(end - zero), line * 0.68);
  cairo_fill(cr);
  draw_whisker(cr, g, style, bar, y, line);
}

static void
draw_rest(cairo_t *cr, const MgGeometry *g, const MgStyle *style, size_t hidden)
{
  char text[96];
  snprintf(text, sizeof text, g_dngettext(GETTEXT_PACKAGE, "%zu more is not shown", "%zu more are not shown", hidden),
           hidden);
  double x = mg_geometry_to_x(g, 0) + gap, y = g->y + g->height + line_height(style) / 2;
  MgTextLook look = {.alpha = 0.6, .max_width = g->x + g->width - mg_geometry_to_x(g, 0)};
  mg_text_draw_look(cr, style, text, x, y, 0, 0.5, &look);
}

void
mg_bars_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgBars *bars, gssize highlight)
{
  mg_background(cr, style, width, height);
  size_t shown = shown_in(height, style, bars);
  if (shown == 0)
    return;
  MgGeometry g = lay_out(width, height, style, bars, shown), frame = g;
  if (shown < bars->n) {
    draw_rest(cr, &g, style, bars->n - shown);
    frame.height += line_height(style);
  }
  mg_axis_draw_x(cr, &frame, style, MG_TICKS_LINEAR, bars->title, TRUE, FALSE);
  for (size_t i = 0; i < shown; i++)
    draw_bar(cr, &g, style, bars, i, (gssize)i == highlight);
  mg_source_alpha(cr, style->foreground, 0.45);
  mg_line_vertical(cr, mg_geometry_to_x(&g, 0), frame.y, frame.y + frame.height);
}

gssize
mg_bars_find(double height, const MgStyle *style, const MgBars *bars, double y)
{
  double line = floor((y - gap) / line_height(style));
  return line >= 0 && line < (double)shown_in(height, style, bars) ? (gssize)line : -1;
}

#include "plot/axis.h"
#include "plot/text.h"
#include <math.h>

static const double tick_length = 4, minor_length = 2.5, number_gap = 3, title_gap = 4, text_gap = 24;

static double
widest_text(const MgStyle *style, const GArray *ticks)
{
  double widest = 0;
  for (guint i = 0; i < ticks->len; i++) {
    const MgTick *tick = &g_array_index(ticks, MgTick, i);
    double width = 0, height;
    if (*tick->text)
      mg_text_measure(style, tick->text, &(MgTextLook){0}, &width, &height);
    widest = MAX(widest, width);
  }
  return widest;
}

/* Ticks whose texts have room beside each other: their width is known only once they are, so ask again with more. */
static GArray *
ticks_beside(const MgStyle *style, MgTicks kind, double from, double to, double length)
{
  double spacing = 4.5 * style->font_size;
  for (int i = 0;; i++) {
    GArray *ticks = mg_ticks(kind, from, to, length, spacing);
    double needed = widest_text(style, ticks) + text_gap;
    if (needed <= spacing * 1.02 || i == 3)
      return ticks;
    spacing = needed;
    g_array_unref(ticks);
  }
}

static GArray *
ticks_above(const MgStyle *style, MgTicks kind, double from, double to, double length)
{
  return mg_ticks(kind, from, to, length, 2.2 * style->font_size);
}

static void
axis_source(cairo_t *cr, const MgStyle *style)
{
  mg_source_alpha(cr, style->foreground, 0.45);
}

/* Moves [*at, *at + size] into [low, high] by at most half its size (and a little), or says that it cannot be seen. */
static gboolean
fit_between(double *at, double size, double low, double high)
{
  double moved = CLAMP(*at, low, MAX(low, high - size));
  if (fabs(moved - *at) > size / 2 + 4 || size > high - low)
    return FALSE;
  *at = moved;
  return TRUE;
}

static void
draw_x_numbers(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const GArray *ticks, double y, double anchor)
{
  double left, top, right, bottom, end = -INFINITY;
  cairo_clip_extents(cr, &left, &top, &right, &bottom);
  gboolean backwards = g->x1 < g->x0;
  for (guint n = 0; n < ticks->len; n++) {
    const MgTick *tick = &g_array_index(ticks, MgTick, backwards ? ticks->len - 1 - n : n);
    if (!*tick->text)
      continue;
    double width, height;
    mg_text_measure(style, tick->text, &(MgTextLook){0}, &width, &height);
    double at = mg_geometry_to_x(g, tick->at) - width / 2;
    if (!fit_between(&at, width, left + 2, right - 2) || at < end)
      continue;
    mg_text_draw(cr, style, tick->text, at, y, 0, anchor, 0);
    end = at + width + text_gap / 4;
  }
}

void
mg_axis_draw_x(cairo_t *cr, const MgGeometry *g, const MgStyle *style, MgTicks kind, const char *title, gboolean grid,
               gboolean on_top)
{
  GArray *ticks = ticks_beside(style, kind, g->x0, g->x1, g->width);
  double edge = on_top ? g->y : g->y + g->height, outward = on_top ? -1 : 1;
  for (guint i = 0; i < ticks->len; i++) {
    const MgTick *tick = &g_array_index(ticks, MgTick, i);
    double x = mg_geometry_to_x(g, tick->at);
    axis_source(cr, style);
    mg_line_vertical(cr, x, edge, edge + outward * (*tick->text ? tick_length : minor_length));
    mg_source(cr, style->grid);
    if (grid && *tick->text)
      mg_line_vertical(cr, x, g->y, g->y + g->height);
  }
  double at = edge + outward * (tick_length + number_gap);
  draw_x_numbers(cr, g, style, ticks, at, on_top ? 1 : 0);
  MgTextLook look = {.max_width = g->width, .alpha = 0.75};
  mg_text_draw_look(cr, style, title, g->x + g->width / 2, at + outward * (mg_text_line(style) + title_gap), 0.5,
                    on_top ? 1 : 0, &look);
  g_array_unref(ticks);
}

static void
draw_y_numbers(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const GArray *ticks)
{
  double left, top, right, bottom, end = INFINITY;
  cairo_clip_extents(cr, &left, &top, &right, &bottom);
  gboolean backwards = g->y1 < g->y0;
  for (guint n = 0; n < ticks->len; n++) {
    const MgTick *tick = &g_array_index(ticks, MgTick, backwards ? ticks->len - 1 - n : n);
    if (!*tick->text)
      continue;
    double width, height;
    mg_text_measure(style, tick->text, &(MgTextLook){0}, &width, &height);
    double at = mg_geometry_to_y(g, tick->at) - height / 2;
    if (!fit_between(&at, height, top, bottom) || at + height > end)
      continue;
    mg_text_draw(cr, style, tick->text, g->x - tick_length - number_gap, at, 1, 0, 0);
    end = at;
  }
}

void
mg_axis_draw_y_ticks(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const GArray *ticks, const char *title,
                     gboolean grid)
{
  for (guint i = 0; i < ticks->len; i++) {
    const MgTick *tick = &g_array_index(ticks, MgTick, i);
    double y = mg_geometry_to_y(g, tick->at);
    axis_source(cr, style);
    mg_line_horizontal(cr, g->x - (*tick->text ? tick_length : minor_length), g->x, y);
    mg_source(cr, style->grid);
    if (grid && *tick->text)
      mg_line_horizontal(cr, g->x, g->x + g->width, y);
  }
  draw_y_numbers(cr, g, style, ticks);
  double x = g->x - tick_length - number_gap - widest_text(style, ticks) - title_gap;
  MgTextLook look = {.max_width = g->height, .alpha = 0.75, .angle = -G_PI / 2};
  mg_text_draw_look(cr, style, title, x, g->y + g->height / 2, 0.5, 1, &look);
}

void
mg_axis_draw_y(cairo_t *cr, const MgGeometry *g, const MgStyle *style, MgTicks kind, const char *title, gboolean grid)
{
  g_autoptr(GArray) ticks = ticks_above(style, kind, g->y0, g->y1, g->height);
  mg_axis_draw_y_ticks(cr, g, style, ticks, title, grid);
}

double
mg_axis_height_x(const MgStyle *style, const char *title)
{
  double line = mg_text_line(style);
  return tick_length + number_gap + line + (title ? title_gap + line : 0);
}

double
mg_axis_width_y(const MgStyle *style, MgTicks kind, double from, double to, double length, const char *title)
{
  GArray *ticks = ticks_above(style, kind, from, to, length);
  double widest = widest_text(style, ticks);
  g_array_unref(ticks);
  return tick_length + number_gap + widest + (title ? title_gap + mg_text_line(style) : 0);
}

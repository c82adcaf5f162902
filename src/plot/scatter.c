#include "plot/scatter.h"
#include "plot/axis.h"
#include "plot/text.h"
#include <math.h>

static const double gap = 12, legend_limit = 160, swatch = 4.5, ring_gap = 2;
enum { STAMPED_FROM = 600 }; /* tracing so many points takes longer than a frame lasts */

static double
widest_of(const MgStyle *style, const char *const *names, int n)
{
  double widest = 0, width, height;
  for (int i = 0; names && i < n; i++)
    if (names[i]) {
      mg_text_measure(style, names[i], &(MgTextLook){.max_width = legend_limit}, &width, &height);
      widest = MAX(widest, width);
    }
  return widest;
}

static double
legend_width(const MgStyle *style, const MgScatter *scatter)
{
  double widest = widest_of(style, scatter->groups, scatter->n_groups);
  widest = MAX(widest, widest_of(style, scatter->shapes, MG_N_POINT_SHAPES));
  return MAX(widest, widest_of(style, &scatter->wrong, 1)) + 2 * gap + 2 * swatch;
}

static gboolean
has_axes(const MgScatter *scatter)
{
  return scatter->x_title && scatter->y_title;
}

typedef struct {
  double low, high;
} Limits;

static Limits
limits_of(const MgScatter *scatter, gboolean vertical)
{
  Limits limits = {INFINITY, -INFINITY};
  for (size_t i = 0; i < scatter->n; i++) {
    double at = vertical ? scatter->points[i].y : scatter->points[i].x;
    limits.low = MIN(limits.low, at);
    limits.high = MAX(limits.high, at);
  }
  return limits.low <= limits.high ? limits : (Limits){0, 0};
}

static void
spread(Limits limits, double span, double *from, double *to)
{
  double middle = (limits.low + limits.high) / 2;
  *from = middle - span / 2;
  *to = middle + span / 2;
}

/* A value that never changes still gets a range around it. */
static double
span_of(Limits limits)
{
  double span = limits.high - limits.low;
  return span > 1e-6 * fabs(limits.high) ? span : MAX(fabs(limits.high), 1e-12);
}

static void
place_on_axes(MgGeometry *g, double width, double height, const MgStyle *style, const MgScatter *scatter)
{
  Limits x = limits_of(scatter, FALSE), y = limits_of(scatter, TRUE);
  spread(x, span_of(x) * 1.08, &g->x0, &g->x1);
  spread(y, span_of(y) * 1.08, &g->y0, &g->y1);
  g->height = MAX(floor(height - gap - mg_axis_height_x(style, scatter->x_title) - gap / 2), 1);
  g->x = ceil(gap / 2 + mg_axis_width_y(style, MG_TICKS_LINEAR, g->y0, g->y1, g->height, scatter->y_title));
  g->width = MAX(floor(width - g->x - gap - legend_width(style, scatter)), 1);
}

static void
place_evenly(MgGeometry *g, double width, double height, const MgStyle *style, const MgScatter *scatter)
{
  Limits x = limits_of(scatter, FALSE), y = limits_of(scatter, TRUE);
  g->x = gap;
  g->width = MAX(width - 2 * gap - legend_width(style, scatter), 1);
  g->height = MAX(height - 2 * gap, 1);
  double units = MAX(MAX((x.high - x.low) / g->width, (y.high - y.low) / g->height), 1e-12) * 1.04;
  spread(x, units * g->width, &g->x0, &g->x1);
  spread(y, units * g->height, &g->y0, &g->y1);
}

MgGeometry
mg_scatter_geometry(double width, double height, const MgStyle *style, const MgScatter *scatter)
{
  MgGeometry g = {.y = gap};
  if (has_axes(scatter))
    place_on_axes(&g, width, height, style, scatter);
  else
    place_evenly(&g, width, height, style, scatter);
  return g;
}

/* Points */

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
  gboolean hollow = group / MG_CLASS_HUES % 2;
  mg_class_hue(style, group, rgb);
  trace_shape(cr, shape, x, y, size);
  mg_source_alpha(cr, rgb, hollow ? 0.12 : 0.75);
  cairo_fill_preserve(cr);
  mg_source_alpha(cr, rgb, 1);
  cairo_set_line_width(cr, hollow ? 1.4 : 0.7);
  cairo_stroke(cr);
}

static void
draw_ring(cairo_t *cr, const MgStyle *style, double x, double y, double size, double line)
{
  double ink = style->dark ? 1 : 0;
  cairo_new_path(cr);
  cairo_arc(cr, x, y, size + ring_gap, 0, 2 * G_PI);
  cairo_set_source_rgba(cr, ink, ink, ink, 0.85);
  cairo_set_line_width(cr, line);
  cairo_stroke(cr);
}

static double
size_for(size_t n)
{
  return n > 3000 ? 1.8 : n > 600 ? 2.6 : 3.6;
}

/* One drawing of a class, shape and ring, put wherever such a point lies, on whole pixels. */
enum { KINDS = 2 * MG_CLASS_HUES * MG_N_POINT_SHAPES * 2 };

typedef struct {
  cairo_surface_t *drawn[KINDS];
  double size, half; /* user units: of a point, and of half a stamp */
  double scale;      /* pixels a unit */
} Stamps;

static cairo_surface_t *
new_stamp(const Stamps *stamps, const MgStyle *style, const MgPoint *point)
{
  int side = (int)ceil(2 * stamps->half * stamps->scale);
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, side, side);
  cairo_surface_set_device_scale(surface, stamps->scale, stamps->scale);
  cairo_t *cr = cairo_create(surface);
  draw_point(cr, style, point->group, point->shape, stamps->half, stamps->half, stamps->size);
  if (point->wrong)
    draw_ring(cr, style, stamps->half, stamps->half, stamps->size, 1);
  cairo_destroy(cr);
  return surface;
}

static void
stamp_point(cairo_t *cr, Stamps *stamps, const MgStyle *style, const MgPoint *point, double x, double y)
{
  int kind = ((point->group % (2 * MG_CLASS_HUES)) * MG_N_POINT_SHAPES + (int)point->shape) * 2 + (point->wrong != 0);
  if (!stamps->drawn[kind])
    stamps->drawn[kind] = new_stamp(stamps, style, point);
  double left = round((x - stamps->half) * stamps->scale) / stamps->scale,
         top = round((y - stamps->half) * stamps->scale) / stamps->scale;
  cairo_set_source_surface(cr, stamps->drawn[kind], left, top);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_paint(cr);
}

static void
trace_point(cairo_t *cr, const MgStyle *style, const MgPoint *point, double x, double y, double size)
{
  draw_point(cr, style, point->group, point->shape, x, y, size);
  if (point->wrong)
    draw_ring(cr, style, x, y, size, 1);
}

void
mg_scatter_draw_points(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgScatter *scatter)
{
  double size = size_for(scatter->n);
  Stamps stamps = {.size = size, .half = ceil(size * 1.2 + ring_gap + 1), .scale = mg_pixels_per_unit(cr)};
  gboolean stamped = scatter->n > STAMPED_FROM && !mg_is_vector(cr);
  cairo_save(cr);
  cairo_rectangle(cr, g->x - gap / 2, g->y - gap / 2, g->width + gap, g->height + gap);
  cairo_clip(cr);
  for (size_t i = 0; i < scatter->n; i++) {
    const MgPoint *point = &scatter->points[i];
    double x = mg_geometry_to_x(g, point->x), y = mg_geometry_to_y(g, point->y);
    if (x < g->x - gap || x > g->x + g->width + gap || y < g->y - gap || y > g->y + g->height + gap)
      continue;
    if (stamped)
      stamp_point(cr, &stamps, style, point, x, y);
    else
      trace_point(cr, style, point, x, y, size);
  }
  cairo_restore(cr);
  for (int kind = 0; kind < KINDS; kind++)
    if (stamps.drawn[kind])
      cairo_surface_destroy(stamps.drawn[kind]);
}

void
mg_scatter_draw_mark(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgScatter *scatter, size_t point)
{
  const MgPoint *marked = &scatter->points[point];
  double size = size_for(scatter->n), x = mg_geometry_to_x(g, marked->x), y = mg_geometry_to_y(g, marked->y);
  draw_point(cr, style, marked->group, marked->shape, x, y, size * 1.4);
  draw_ring(cr, style, x, y, size * 1.4 + 1, 2);
}

/* Around the points */

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
  if (!scatter->wrong || y >= height - gap)
    return;
  mg_source_alpha(cr, style->foreground, 0.5);
  trace_shape(cr, MG_POINT_DISC, x + swatch, y, swatch / 2);
  cairo_fill(cr);
  draw_ring(cr, style, x + swatch, y, swatch - ring_gap + 1, 1);
  mg_text_draw_look(cr, style, scatter->wrong, x + 2 * swatch + 6, y, 0, 0.5, &look);
}

void
mg_scatter_draw_frame(cairo_t *cr, double width, double height, const MgGeometry *g, const MgStyle *style,
                      const MgScatter *scatter)
{
  mg_background(cr, style, width, height);
  if (scatter->regions)
    mg_regions_draw(cr, g, style, scatter->regions);
  if (has_axes(scatter)) {
    mg_axis_draw_x(cr, g, style, MG_TICKS_LINEAR, scatter->x_title, !scatter->regions, FALSE);
    mg_axis_draw_y(cr, g, style, MG_TICKS_LINEAR, scatter->y_title, !scatter->regions);
    mg_source_alpha(cr, style->foreground, 0.25);
    mg_line_frame(cr, g->x, g->y, g->width, g->height, 1);
  }
  draw_legend(cr, g->x + g->width + gap, height, style, scatter);
}

void
mg_scatter_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgScatter *scatter)
{
  MgGeometry g = mg_scatter_geometry(width, height, style, scatter);
  mg_scatter_draw_frame(cr, width, height, &g, style, scatter);
  mg_scatter_draw_points(cr, &g, style, scatter);
}

gssize
mg_scatter_find(const MgGeometry *g, const MgScatter *scatter, double x, double y, double reach)
{
  gssize best = -1;
  double nearest = reach;
  for (size_t i = 0; i < scatter->n; i++) {
    double dx = mg_geometry_to_x(g, scatter->points[i].x) - x, dy = mg_geometry_to_y(g, scatter->points[i].y) - y;
    if (hypot(dx, dy) <= nearest) {
      nearest = hypot(dx, dy);
      best = (gssize)i;
    }
  }
  return best;
}

gssize
mg_scatter_towards(const MgGeometry *geometry, const MgScatter *scatter, size_t from, double dx, double dy)
{
  double x = mg_geometry_to_x(geometry, scatter->points[from].x);
  double y = mg_geometry_to_y(geometry, scatter->points[from].y);
  gssize best = -1;
  double nearest = INFINITY;
  for (size_t i = 0; i < scatter->n; i++) {
    double away_x = mg_geometry_to_x(geometry, scatter->points[i].x) - x;
    double away_y = mg_geometry_to_y(geometry, scatter->points[i].y) - y;
    double ahead = away_x * dx + away_y * dy, aside = fabs(away_x * dy - away_y * dx);
    if (i == from || ahead <= 0 || aside > ahead || ahead + 2 * aside >= nearest)
      continue;
    nearest = ahead + 2 * aside;
    best = (gssize)i;
  }
  return best;
}

static gboolean
is_within(double x, double y, const double (*corners)[2], size_t n)
{
  gboolean within = FALSE;
  for (size_t i = 0, j = n - 1; i < n; j = i++) {
    const double *a = corners[i], *b = corners[j];
    if ((a[1] > y) != (b[1] > y) && x < a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]))
      within = !within;
  }
  return within;
}

GArray *
mg_scatter_within(const MgGeometry *geometry, const MgScatter *scatter, const double (*corners)[2], size_t n)
{
  GArray *found = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint i = 0; i < scatter->n; i++) {
    const MgPoint *point = &scatter->points[i];
    if (is_within(mg_geometry_to_x(geometry, point->x), mg_geometry_to_y(geometry, point->y), corners, n))
      g_array_append_val(found, i);
  }
  return found;
}

#include "plot/overlay.h"
#include "plot/text.h"
#include <math.h>

static const double line_width = 1.6, halo_width = 4, mark_length = 9, least_gap = 6;

const double mg_overlay_halo[4] = {0, 0, 0, 0.72};

void
mg_overlay_hue(int i, double rgb[3])
{
  /* The light ones of Okabe and Ito's hues, and white: all stand out from black, which surrounds them. */
  static const guint32 hues[] = {0x56b4e9, 0xf0e442, 0x2fd39f, 0xffffff, 0xf5a623, 0xe59ac6};
  guint32 hue = hues[(guint)i % G_N_ELEMENTS(hues)];
  for (int c = 0; c < 3; c++)
    rgb[c] = (hue >> (16 - 8 * c) & 255) / 255.0;
}

static double
world_of(const MgOverlayCurve *curve, size_t frame)
{
  double value = curve->values[frame];
  return curve->to_world ? curve->to_world(value, curve->data) : value;
}

typedef struct {
  cairo_t *cr;
  const MgGeometry *g;
  gboolean drawing; /* the line goes on */
} Pen;

static void
go_to(Pen *pen, double x, double world)
{
  /* A little outside is enough to leave the picture, and keeps Cairo's fixed point numbers from overflowing. */
  double y = CLAMP(mg_geometry_to_y(pen->g, world), pen->g->y - 1000, pen->g->y + pen->g->height + 1000);
  if (pen->drawing)
    cairo_line_to(pen->cr, x, y);
  else {
    cairo_move_to(pen->cr, x, y);
    cairo_line_to(pen->cr, x, y); /* a lone value is a dot */
  }
  pen->drawing = TRUE;
}

static void
add_frames(Pen *pen, const MgOverlayCurve *curve, size_t from, size_t to)
{
  for (size_t frame = from; frame < to; frame++) {
    double world = world_of(curve, frame);
    if (isfinite(world))
      go_to(pen, mg_geometry_to_x(pen->g, curve->first_time + frame * curve->frame_step), world);
    else
      pen->drawing = FALSE;
  }
}

/* The frames of one pixel column: from the value that the line comes in with over both extremes. */
static void
add_column(Pen *pen, const MgOverlayCurve *curve, size_t from, size_t to, double x)
{
  double low = INFINITY, high = -INFINITY;
  for (size_t frame = from; frame < to; frame++) {
    double world = world_of(curve, frame);
    if (!isfinite(world))
      continue;
    low = MIN(low, world);
    high = MAX(high, world);
  }
  if (low > high) {
    pen->drawing = FALSE;
    return;
  }
  go_to(pen, x, low);
  if (high > low)
    go_to(pen, x, high);
}

static size_t
frame_before(const MgOverlayCurve *curve, double seconds)
{
  double frame = floor((seconds - curve->first_time) / curve->frame_step);
  return (size_t)CLAMP(frame, 0, (double)curve->n);
}

static void
add_path(cairo_t *cr, const MgGeometry *g, const MgOverlayCurve *curve)
{
  Pen pen = {cr, g, FALSE};
  size_t from = frame_before(curve, g->x0), to = MIN(curve->n, frame_before(curve, g->x1) + 2);
  double frames_a_pixel = (g->x1 - g->x0) / curve->frame_step / g->width;
  if (frames_a_pixel <= 1) {
    add_frames(&pen, curve, from, to);
    return;
  }
  for (int x = 0; x < (int)g->width; x++) {
    double left = g->x0 + (g->x1 - g->x0) * x / g->width, right = g->x0 + (g->x1 - g->x0) * (x + 1) / g->width;
    size_t first = frame_before(curve, left), end = MIN(to, frame_before(curve, right));
    if (first < end)
      add_column(&pen, curve, first, end, g->x + x + 0.5);
  }
}

static void
clip_to(cairo_t *cr, const MgGeometry *g)
{
  cairo_rectangle(cr, g->x, g->y, g->width, g->height);
  cairo_clip(cr);
}

void
mg_overlay_curve_draw(cairo_t *cr, const MgGeometry *g, const MgOverlayCurve *curve)
{
  if (curve->n == 0 || !(curve->frame_step > 0) || !(g->width >= 1) || !(g->x1 > g->x0))
    return;
  cairo_save(cr);
  clip_to(cr, g);
  cairo_new_path(cr);
  add_path(cr, g, curve);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_BEVEL);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  if (curve->halo[3] > 0) {
    mg_source(cr, curve->halo);
    cairo_set_line_width(cr, halo_width);
    cairo_stroke_preserve(cr);
  }
  cairo_set_source_rgb(cr, curve->colour[0], curve->colour[1], curve->colour[2]);
  cairo_set_line_width(cr, line_width);
  cairo_stroke(cr);
  cairo_restore(cr);
}

/* The least distance in user units between two marks that are seen. */
static double
closest(const MgGeometry *g, const double *times, size_t n)
{
  double gap = INFINITY;
  for (size_t i = 1; i < n; i++)
    if (times[i] >= g->x0 && times[i - 1] <= g->x1)
      gap = MIN(gap, times[i] - times[i - 1]);
  return gap / (g->x1 - g->x0) * g->width;
}

void
mg_overlay_events_draw(cairo_t *cr, const MgGeometry *g, const double *times, size_t n, const double colour[3],
                       gboolean at_bottom)
{
  gboolean long_lines = closest(g, times, n) >= least_gap;
  double end = at_bottom ? g->y + g->height : g->y, length = at_bottom ? -mark_length : mark_length;
  cairo_save(cr);
  clip_to(cr, g);
  for (size_t i = 0; i < n; i++) {
    double x = mg_geometry_to_x(g, times[i]);
    if (times[i] < g->x0 || times[i] > g->x1)
      continue;
    mg_source_alpha(cr, mg_overlay_halo, 0.45);
    for (int side = -1; side <= 1; side += 2)
      mg_line_vertical(cr, x + side, long_lines ? g->y : end, long_lines ? g->y + g->height : end + length);
    mg_source_alpha(cr, colour, 0.55);
    if (long_lines)
      mg_line_vertical(cr, x, g->y, g->y + g->height);
    mg_source_alpha(cr, colour, 1);
    mg_line_vertical(cr, x, end, end + length);
    if (long_lines) /* a broad end tells which kind of mark it is, and where to look */
      for (int side = -1; side <= 1; side += 2)
        mg_line_vertical(cr, x + side, end, end + length / 2);
  }
  cairo_restore(cr);
}

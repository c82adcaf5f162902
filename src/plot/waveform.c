#include "plot/waveform.h"
#include "plot/text.h"
#include <math.h>

/* Where each column of a body begins and ends, in user units from the plot's top; empty where top > bottom. */
typedef struct {
  double *top, *bottom;
  size_t n;
} Body;

static Body
new_body(size_t n)
{
  return (Body){g_new(double, MAX(n, 1)), g_new(double, MAX(n, 1)), n};
}

static void
clear_body(Body *body)
{
  g_free(body->top);
  g_free(body->bottom);
}

/* From amplitudes to user units, no thinner than `least`. */
static void
set_column(Body *body, const MgGeometry *g, size_t i, double low, double high, double least)
{
  double top = CLAMP(mg_geometry_to_y(g, high) - g->y, 0, g->height);
  double bottom = CLAMP(mg_geometry_to_y(g, low) - g->y, 0, g->height);
  double thin = MAX(0, least - (bottom - top)) / 2;
  body->top[i] = top - thin;
  body->bottom[i] = bottom + thin;
}

static void
set_empty(Body *body, size_t i)
{
  body->top[i] = 1;
  body->bottom[i] = 0;
}

/* Each column reaches to its left neighbour, so that steep parts stay one line. */
static void
outer_body(Body *body, const MgGeometry *g, const float *low, const float *high, double least)
{
  for (size_t i = 0; i < body->n; i++) {
    double bottom = low[i], top = high[i];
    if (i > 0 && low[i - 1] <= high[i - 1]) {
      bottom = MIN(bottom, high[i - 1]);
      top = MAX(top, low[i - 1]);
    }
    if (low[i] <= high[i]) /* NaN is not */
      set_column(body, g, i, bottom, top, least);
    else
      set_empty(body, i);
  }
}

static void
inner_body(Body *body, const MgGeometry *g, const float *low, const float *high, const float *rms)
{
  for (size_t i = 0; i < body->n; i++) {
    double bottom = MAX(low[i], -rms[i]), top = MIN(high[i], rms[i]);
    if (low[i] <= high[i] && bottom < top)
      set_column(body, g, i, bottom, top, 0);
    else
      set_empty(body, i);
  }
}

static void
fill_as_paths(cairo_t *cr, const MgGeometry *g, const Body *body)
{
  double width = g->width / body->n;
  for (size_t i = 0; i < body->n; i++)
    if (body->top[i] < body->bottom[i])
      cairo_rectangle(cr, g->x + i * width, g->y + body->top[i], width, body->bottom[i] - body->top[i]);
  cairo_fill(cr);
}

/* How much of each pixel of one column is covered. */
static void
cover_column(guint8 *mask, int stride, int height, double top, double bottom)
{
  int first = (int)CLAMP(floor(top), 0, height), last = (int)CLAMP(ceil(bottom), 0, height);
  for (int y = first; y < last; y++) {
    double covered = MIN(bottom, y + 1) - MAX(top, y);
    mask[y * stride] = (guint8)(255 * CLAMP(covered, 0, 1) + 0.5);
  }
}

/* A mask of pixels is several times faster than Cairo's fill of as many rectangles as there are columns. */
static void
fill_as_mask(cairo_t *cr, const MgGeometry *g, const Body *body, double pixels)
{
  int width = (int)body->n, height = (int)CLAMP(round(g->height * pixels), 1, 16384);
  cairo_surface_t *mask = cairo_image_surface_create(CAIRO_FORMAT_A8, width, height);
  if (cairo_surface_status(mask) == CAIRO_STATUS_SUCCESS) {
    guint8 *data = cairo_image_surface_get_data(mask);
    int stride = cairo_image_surface_get_stride(mask);
    for (int i = 0; i < width; i++)
      if (body->top[i] < body->bottom[i])
        cover_column(data + i, stride, height, body->top[i] * height / g->height, body->bottom[i] * height / g->height);
    cairo_surface_mark_dirty(mask);
    cairo_pattern_t *pattern = cairo_pattern_create_for_surface(mask);
    cairo_pattern_set_filter(pattern, CAIRO_FILTER_NEAREST);
    cairo_save(cr);
    cairo_translate(cr, g->x, g->y);
    cairo_scale(cr, g->width / width, g->height / height);
    cairo_mask(cr, pattern);
    cairo_restore(cr);
    cairo_pattern_destroy(pattern);
  }
  cairo_surface_destroy(mask);
}

static void
fill_body(cairo_t *cr, const MgGeometry *g, const Body *body)
{
  if (mg_is_vector(cr) || body->n > 16384)
    fill_as_paths(cr, g, body);
  else
    fill_as_mask(cr, g, body, mg_pixels_per_unit(cr));
}

void
mg_waveform_draw(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const float *low, const float *high,
                 const float *rms, size_t n)
{
  if (!(g->width > 0) || !(g->height > 0))
    return;
  cairo_save(cr);
  cairo_rectangle(cr, g->x, g->y, g->width, g->height);
  cairo_clip(cr);
  mg_source_alpha(cr, style->foreground, 0.2);
  mg_line_horizontal(cr, g->x, g->x + g->width, mg_geometry_to_y(g, 0));
  Body body = new_body(n);
  outer_body(&body, g, low, high, 1 / mg_pixels_per_unit(cr));
  mg_source_alpha(cr, style->accent, rms ? 0.5 : 1);
  if (n > 0)
    fill_body(cr, g, &body);
  if (rms && n > 0) {
    inner_body(&body, g, low, high, rms);
    mg_source(cr, style->accent);
    fill_body(cr, g, &body);
  }
  clear_body(&body);
  cairo_restore(cr);
}

/* A picture to draw on and to look into. */
#pragma once
#include <cairo.h>
#include <glib.h>

typedef struct {
  cairo_surface_t *surface;
  cairo_t *cr;
  int width, height;
} Canvas;

static inline Canvas
canvas_new(int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
  return (Canvas){surface, cairo_create(surface), width, height};
}

static inline void
canvas_free(Canvas *canvas)
{
  cairo_destroy(canvas->cr);
  cairo_surface_destroy(canvas->surface);
}

static inline guint32
canvas_pixel(Canvas *canvas, int x, int y)
{
  cairo_surface_flush(canvas->surface);
  g_assert_cmpint(x, >=, 0);
  g_assert_cmpint(x, <, canvas->width);
  g_assert_cmpint(y, >=, 0);
  g_assert_cmpint(y, <, canvas->height);
  const unsigned char *row = cairo_image_surface_get_data(canvas->surface);
  row += (size_t)y * cairo_image_surface_get_stride(canvas->surface);
  return ((const guint32 *)(gconstpointer)row)[x];
}

/* Pixels of the rectangle that something was drawn on. */
static inline int
canvas_marked(Canvas *canvas, int x, int y, int width, int height)
{
  int marked = 0;
  for (int j = y; j < y + height; j++)
    for (int i = x; i < x + width; i++)
      marked += canvas_pixel(canvas, i, j) != 0;
  return marked;
}

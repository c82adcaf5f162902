/* Where a picture is drawn and what part of the world it shows. Painters take (data, geometry, cairo_t). */
#pragma once
#include <cairo.h>
#include <glib.h>

typedef struct {
  double x, y, width, height; /* plot area, in cairo user units; axes are drawn outside of it */
  double x0, x1;              /* world at the left and right edges (seconds, steps …) */
  double y0, y1;              /* world at the bottom and top edges */
} MgGeometry;

static inline double
mg_geometry_to_x(const MgGeometry *g, double world)
{
  return g->x + (world - g->x0) / (g->x1 - g->x0) * g->width;
}
static inline double
mg_geometry_to_y(const MgGeometry *g, double world)
{
  return g->y + g->height - (world - g->y0) / (g->y1 - g->y0) * g->height;
}
static inline double
mg_geometry_from_x(const MgGeometry *g, double x)
{
  return g->x0 + (x - g->x) / g->width * (g->x1 - g->x0);
}
static inline double
mg_geometry_from_y(const MgGeometry *g, double y)
{
  return g->y0 + (g->y + g->height - y) / g->height * (g->y1 - g->y0);
}

/* Colours and type of a drawing: the window's light or dark ones, or print's. */
typedef struct {
  double foreground[4], background[4], grid[4], accent[4]; /* RGBA, 0 to 1 */
  const char *font;                                        /* family */
  double font_size;                                        /* of axis numbers, user units */
  gboolean dark;
} MgStyle;

extern const MgStyle mg_style_light, mg_style_dark;

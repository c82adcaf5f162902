/* Lines and marks over a picture, readable on every colour map by a halo; and the same line on an area of its own. */
#pragma once
#include "plot/geometry.h"

typedef struct {
  const float *values; /* one a frame; NaN: none, the line has a gap */
  size_t n;
  double first_time, frame_step;                        /* s */
  double (*to_world)(double value, gconstpointer data); /* onto the vertical axis; NULL: the value itself */
  gconstpointer data;
  double colour[3], halo[4]; /* RGB of the line, RGBA of what surrounds it */
} MgOverlayCurve;

/* Where pixels are coarser than frames, a column shows all values between its smallest and its largest. */
void mg_overlay_curve_draw(cairo_t *cr, const MgGeometry *geometry, const MgOverlayCurve *curve);
/* Marks at `times` (s, ascending): a line over the whole height where they are far enough apart, else a short tick at
 * the top (or the bottom). */
void mg_overlay_events_draw(cairo_t *cr, const MgGeometry *geometry, const double *times, size_t n,
                            const double colour[3], gboolean at_bottom);
/* Colours that stand out on pictures, told apart from each other. */
void mg_overlay_hue(int i, double rgb[3]);
extern const double mg_overlay_halo[4];

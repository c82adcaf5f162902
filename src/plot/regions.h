/* Where in the plane a classifier would say what: each place in the hue of its most probable class, the stronger the
 * surer it is, and a line between two classes. */
#pragma once
#include "plot/geometry.h"

typedef struct {
  int cols, rows, classes;
  const float *probabilities; /* (rows, cols, classes): row 0 at y0, column 0 at x0, both ends included */
  double x0, x1, y0, y1;      /* world */
} MgRegions;

/* Within the geometry's area; between the places that are known, probabilities are interpolated. */
void mg_regions_draw(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgRegions *regions);

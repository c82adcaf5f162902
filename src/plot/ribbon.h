/* Painter of ribbons: what a classifier says along time, one row a class, the stronger the more certain. */
#pragma once
#include "plot/geometry.h"

typedef struct {
  double start, end;      /* s */
  const float *strengths; /* one a row, 0 to 1 */
  int chosen, truth;      /* rows; -1: none */
} MgRibbonSegment;

/* Rows from the top, as high as the plot area gives: names and numbers are left out where there is no room for them.
 * What was chosen wrongly is hatched, the truth has a frame. */
void mg_ribbon_draw(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgRibbonSegment *segments,
                    size_t n, int rows);
/* The rows' names in `room` user units at the left of the plot area; a name that needs more goes on over
 * the ribbon, a third of it at most. */
void mg_ribbon_draw_names(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const char *const *names,
                          int rows, double room);

/* Learning curves. */
#pragma once
#include "plot/geometry.h"

typedef struct {
  const char *name;
  const double *x, *y;
  size_t n;
  int hue;          /* mg_hue() */
  gboolean dashed;  /* validation */
  double smoothing; /* 0: none; 0.9: exponential moving average; the raw line stays faint beneath */
  double marked_x;  /* NaN: none; e.g. the best epoch */
} MgCurve;

/* World limits that hold all curves, with a margin and round ends. */
void mg_curves_limits(const MgCurve *curves, size_t n, double *x0, double *x1, double *y0, double *y1);
void mg_curves_draw(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgCurve *curves, size_t n);
/* The first curves' names, as many as fit, in the corner where they hide least. */
void mg_curves_legend(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgCurve *curves, size_t n);

/* Curves on axes of one's own choice, with dots: small pictures that explain something. */
#pragma once
#include "plot/axis.h"
#include "plot/curve.h"

typedef struct {
  const MgCurve *curves;
  size_t n;
  double x0, x1, y0, y1; /* of the world; y0 = y1: as the curves need it */
  MgTicks x_ticks, y_ticks;
  const char *x_title, *y_title; /* with their units */
  const double *dot_x, *dot_y;   /* each with a stem from 0, in the hue `dot_hue` */
  size_t dots;
  int dot_hue;
  size_t legend; /* so many of the first curves are named */
} MgChart;

/* Fills width x height user units. */
void mg_chart_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgChart *chart);

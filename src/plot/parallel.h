/* Parallel coordinates (Inselberg, 1985): an upright axis a quantity, and across them a line for each of many things
 * that have a value of all. The better a thing, the stronger its line. */
#pragma once
#include "plot/geometry.h"

typedef struct {
  const char *title;
  const char *const *labels; /* [n] */
  const double *places;      /* [n] of the labels: 0 at the bottom … 1 at the top */
  size_t n;
} MgParallelAxis;

typedef struct {
  const double *places; /* [axes]; NaN where it has no value: the line passes without a dot */
  double weight;        /* 0, faint, … 1, strong */
} MgParallelLine;

typedef struct {
  const MgParallelAxis *axes;
  size_t n_axes; /* at least 1 */
  const MgParallelLine *lines;
  size_t n_lines; /* later ones are drawn over earlier ones */
} MgParallel;

/* Fills width x height; highlight: a line, or -1. */
void mg_parallel_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgParallel *parallel,
                      gssize highlight);
/* That highlight alone, over what was drawn without it. */
void mg_parallel_draw_mark(cairo_t *cr, double width, double height, const MgStyle *style, const MgParallel *parallel,
                           gssize line);
/* The number of the line nearest to (x, y), at most `reach` user units away; -1 where there is none. */
gssize mg_parallel_find(double width, double height, const MgStyle *style, const MgParallel *parallel, double x,
                        double y, double reach);

/* Points in the plane: hue tells the class, shape the side of the split. */
#pragma once
#include "plot/geometry.h"

typedef enum { MG_POINT_DISC, MG_POINT_SQUARE, MG_POINT_TRIANGLE, MG_N_POINT_SHAPES } MgPointShape;

typedef struct {
  float x, y;
  int group; /* hue: the class */
  MgPointShape shape;
} MgPoint;

typedef struct {
  const MgPoint *points;
  size_t n;
  const char *const *groups; /* names of the groups */
  int n_groups;
  const char *const *shapes; /* names of the shapes that occur, NULL for one that does not; MG_N_POINT_SHAPES of them */
} MgScatter;

/* Fills width x height: the points, on equal scales in both directions, and a legend beside them. */
void mg_scatter_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgScatter *scatter);
/* The number of the point nearest to (x, y), at most `reach` user units away; -1 where there is none. */
gssize mg_scatter_find(double width, double height, const MgStyle *style, const MgScatter *scatter, double x, double y,
                       double reach);

/* Points in the plane: hue tells the class, shape the side of the split, a ring what was taken for another class. */
#pragma once
#include "plot/regions.h"

typedef enum { MG_POINT_DISC, MG_POINT_SQUARE, MG_POINT_TRIANGLE, MG_N_POINT_SHAPES } MgPointShape;

typedef struct {
  float x, y;
  int group; /* hue: the class */
  MgPointShape shape;
  gboolean wrong; /* ringed */
} MgPoint;

typedef struct {
  const MgPoint *points;
  size_t n;
  const char *const *groups; /* names of the groups */
  int n_groups;
  const char *const *shapes; /* names of the shapes that occur, NULL for one that does not; MG_N_POINT_SHAPES of them */
  const char *wrong;         /* what a ring means, for the legend; NULL: nothing is said */
  const char *x_title, *y_title; /* both: axes, each on its own scale; NULL: equal scales and no axes */
  const MgRegions *regions;      /* behind the points; NULL: none */
} MgScatter;

/* Fills width x height: the points, and a legend beside them. */
void mg_scatter_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgScatter *scatter);

/* The same in parts, for who keeps a drawn part or looks closer: a geometry with less of the world shows less. */

/* Where the points lie when all of them are seen; its world is the one to ask regions for. */
MgGeometry mg_scatter_geometry(double width, double height, const MgStyle *style, const MgScatter *scatter);
/* The background, the regions, the axes and the legend. */
void mg_scatter_draw_frame(cairo_t *cr, double width, double height, const MgGeometry *geometry, const MgStyle *style,
                           const MgScatter *scatter);
void mg_scatter_draw_points(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgScatter *scatter);
/* A rim around one point, for the pointer and the selection. */
void mg_scatter_draw_mark(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgScatter *scatter,
                          size_t point);
/* The number of the point nearest to (x, y), at most `reach` user units away; -1 where there is none. */
gssize mg_scatter_find(const MgGeometry *geometry, const MgScatter *scatter, double x, double y, double reach);
/* The point that an arrow key leads to from point `from`: the nearest within 45 degrees of the direction (dx, dy), dy
 * downwards, where what is aside counts double; -1 where there is none. */
gssize mg_scatter_towards(const MgGeometry *geometry, const MgScatter *scatter, size_t from, double dx, double dy);
/* The points inside a closed outline of n corners (x, y) in user units, by the even-odd rule; guint elements. */
GArray *mg_scatter_within(const MgGeometry *geometry, const MgScatter *scatter, const double (*corners)[2], size_t n);

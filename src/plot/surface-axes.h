/* The camera of the 3D surface, and the axes around it. The box: x and y from -1 to 1 (time, frequency), z from 0 to 1.
 */
#pragma once
#include "plot/raster.h"
#include "plot/surface.h"

typedef struct {
  double cos_azimuth, sin_azimuth, cos_elevation, sin_elevation;
  double height;             /* of z = 1, against x = 1 */
  double scale;              /* user units a unit of the box */
  double centre_x, centre_y; /* user units */
  int far_x, far_y;          /* the sides (-1 or 1) that are turned away from the viewer */
} MgCamera;

MgCamera mg_camera_fit(double width, double height, const MgStyle *style, const MgParams *params);
void mg_camera_scale(MgCamera *camera, double factor); /* the same view in finer units */
MgVertex mg_camera_vertex(const MgCamera *camera, double x, double y, double z);
/* The way back from a place on the screen and its depth. */
void mg_camera_unproject(const MgCamera *camera, double screen_x, double screen_y, double depth, double *x, double *y);

/* The frequency at a share of the axis, Hz. */
double mg_surface_world_hz(const MgSurfaceWorld *world, double share);

/* The two far walls with their grid, to be drawn before the surface. */
void mg_surface_walls_draw(cairo_t *cr, const MgStyle *style, const MgCamera *camera, const MgSurfaceWorld *world);
/* Ticks, numbers and titles along the near edges and the left one. */
void mg_surface_axes_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgCamera *camera,
                          const MgSurfaceWorld *world);

/* A 3D surface as pixels seen from one side, that knows what lies under each of them: for the window, which turns it
 * and reads it. Made on any thread. */
#pragma once
#include "plot/surface-axes.h"

typedef struct MgSurfacePicture MgSurfacePicture;

/* width x height user units at `scale` pixels a unit; `quick` leaves out the smoothing of edges, whatever the
 * parameters say. `former` (may be NULL) is taken over, and its memory used again. */
MgSurfacePicture *mg_surface_picture_new(MgSurface *surface, double width, double height, double scale,
                                         const MgStyle *style, const MgParams *params, gboolean quick,
                                         MgSurfacePicture *former);
void mg_surface_picture_free(MgSurfacePicture *picture);                      /* accepts NULL */
cairo_surface_t *mg_surface_picture_pixels(const MgSurfacePicture *picture);  /* borrowed; its device scale is set */
const MgSurface *mg_surface_picture_surface(const MgSurfacePicture *picture); /* borrowed */

typedef struct {
  double time_share, frequency_share; /* along the axes, 0 to 1 */
  double seconds, hz, db;
} MgSurfacePoint;

/* What is seen at (x, y), user units. FALSE: not the surface. */
gboolean mg_surface_picture_pick(const MgSurfacePicture *picture, double x, double y, MgSurfacePoint *point);
/* Where a place of the surface is seen, and whether nothing stands before it. */
gboolean mg_surface_picture_find(const MgSurfacePicture *picture, double time_share, double frequency_share, double *x,
                                 double *y);

typedef enum { MG_SURFACE_TIME, MG_SURFACE_FREQUENCY } MgSurfaceAxis;

/* The line of one time (or frequency) over the surface, and down its near side; fainter where the surface hides it. */
void mg_surface_picture_draw_section(const MgSurfacePicture *picture, cairo_t *cr, MgSurfaceAxis axis, double share,
                                     const double rgb[3], double alpha);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSurfacePicture, mg_surface_picture_free)

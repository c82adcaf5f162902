/* The height field of a 3D surface: its points, its light, and its faces in an order from far to near. */
#pragma once
#include "plot/surface-axes.h"

#define MG_SURFACE_SHADES 32

struct MgSurface {
  gint references;
  MgSurfaceWorld world;
  size_t columns, rows; /* at least 2 */
  float *heights;       /* [row * columns + column], 0 to 1: time from left to right, frequency from near to far */
};

/* A surface of at most that size, of the maxima. */
MgSurface *mg_surface_coarser(const MgSurface *surface, size_t most_columns, size_t most_rows);
/* Height at a place, 0 to 1 along both axes; linear between the points. */
double mg_surface_height(const MgSurface *surface, double time_share, double frequency_share);

typedef enum { MG_MESH_NONE, MG_MESH_OVER, MG_MESH_ONLY } MgMesh;

/* What is needed to draw a surface from one side. */
typedef struct {
  const MgSurface *surface;
  MgCamera camera;
  MgVertex *points;                        /* of the surface, projected */
  guint8 *shades;                          /* of the cells, [row * columns + column] */
  guint32 colours[MG_SURFACE_SHADES][256]; /* by shade and level */
  guint32 ground[256];                     /* of hidden faces: the background */
  guint32 lines[256];                      /* of the mesh, by level */
  MgMesh mesh;
  double shading, light_right, light_away;
  size_t line_columns, line_rows; /* from one line of the mesh to the next */
} MgSurfaceScene;

/* What takes faces; `colours` by level. Lines lie on the face that was taken last. */
typedef struct {
  void (*face)(const MgVertex quad[4], const guint32 *colours, gpointer data);
  void (*line)(MgVertex from, MgVertex to, const guint32 *colours, gpointer data);
} MgSurfaceSink;

/* The surface and the camera have to stay. Free by mg_surface_scene_clear(). */
void mg_surface_scene_init(MgSurfaceScene *scene, const MgSurface *surface, const MgCamera *camera,
                           const MgStyle *style, const MgParams *params);
void mg_surface_scene_walk(const MgSurfaceScene *scene, const MgSurfaceSink *sink, gpointer data);
void mg_surface_scene_clear(MgSurfaceScene *scene);

/* Draws background, walls, surface and axes. `finer`: raster pixels a pixel each way, 0 for paths. Returns the raster,
 * NULL for paths; `former` (may be NULL) is taken over, its memory used again. */
MgRaster *mg_surface_render(cairo_t *cr, double width, double height, const MgStyle *style, const MgSurface *surface,
                            const MgParams *params, const MgCamera *camera, int finer, MgRaster *former);

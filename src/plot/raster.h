/* A z-buffer for triangles whose colour runs along a colour map. */
#pragma once
#include <glib.h>

typedef struct {
  float x, y, depth; /* pixels; smaller is nearer */
  float level;       /* 0 to 255, an index into the triangle's colours */
} MgVertex;

typedef struct {
  int width, height;
  guint32 *argb; /* width * height, 0 where nothing was drawn */
  float *depth;
} MgRaster;

MgRaster *mg_raster_new(int width, int height);
/* Empties it for a picture of that size; new where `raster` is NULL or of another size. */
MgRaster *mg_raster_renew(MgRaster *raster, int width, int height);
void mg_raster_triangle(MgRaster *raster, MgVertex a, MgVertex b, MgVertex c, const guint32 colours[256]);
/* A line that lies on faces: it wins against what is as near. */
void mg_raster_line(MgRaster *raster, MgVertex a, MgVertex b, const guint32 colours[256]);
/* Into width / finer x height / finer pixels (stride in pixels): each the mean of finer x finer (1 or 2). */
void mg_raster_copy(const MgRaster *raster, int finer, guint32 *argb, size_t stride);
void mg_raster_free(MgRaster *raster); /* accepts NULL */

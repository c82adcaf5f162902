/* Draws 3D surfaces on a thread, one request at a time: what is asked for meanwhile is drawn after it, the last alone.
 */
#pragma once
#include "plot/surface-picture.h"
#include <glib-object.h>

#define MG_SURFACE_SIDES 2

typedef struct MgSurfaceMaker MgSurfaceMaker;

/* What to draw; the surfaces are referenced while it lasts. */
typedef struct {
  MgSurface *surfaces[MG_SURFACE_SIDES]; /* NULL: that side is empty */
  const MgParams *params;
  const MgStyle *style;
  double width, height, scale; /* of one side */
  gboolean quick;
} MgSurfaceRequest;

/* In the main thread: the pictures have changed. */
typedef void (*MgSurfaceMakerFunc)(gpointer data);

MgSurfaceMaker *mg_surface_maker_new(MgSurfaceMakerFunc made, gpointer data);
void mg_surface_maker_request(MgSurfaceMaker *maker, const MgSurfaceRequest *request);
/* The last picture of a side; borrowed until the next `made`. NULL: there is none. */
const MgSurfacePicture *mg_surface_maker_picture(MgSurfaceMaker *maker, int side);
void mg_surface_maker_clear(MgSurfaceMaker *maker); /* forgets the pictures and what was asked for */
/* No more calls of `made`. Accepts NULL. */
void mg_surface_maker_free(MgSurfaceMaker *maker);

/* The 3D spectrogram: a height field over time and frequency, drawn by a software z-buffer; axes by Cairo. */
#pragma once
#include "plot/geometry.h"
#include "plot/colormap.h"
#include "base/matrix.h"
#include "plot/surface-params.h"

typedef struct {
  double seconds; /* length of the time axis */
  double low_hz, high_hz;
  gboolean mel; /* rows are mel bands, low_hz … high_hz their fmin and fmax */
  double low_db, high_db;
  gboolean htk; /* HTK's, not Slaney's */
  double start; /* of the time axis, s */
} MgSurfaceWorld;

/* The heights, made once and drawn from many sides; never changed after, so that any thread may draw them. */
typedef struct MgSurface MgSurface;

/* values (bins, frames) in dB, joined by their maxima to at most 256 x 512. */
MgSurface *mg_surface_new(const MgMatrix *values, const MgSurfaceWorld *world);
MgSurface *mg_surface_ref(MgSurface *surface);
void mg_surface_unref(MgSurface *surface); /* accepts NULL */
const MgSurfaceWorld *mg_surface_world(const MgSurface *surface);
/* Draws into the whole width x height. `vector`: paths in place of the raster (SVG, PDF). */
void mg_surface_paint(cairo_t *cr, double width, double height, const MgStyle *style, const MgSurface *surface,
                      const MgParams *params, gboolean vector);
/* The same for values that are drawn once. */
void mg_surface_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgMatrix *values,
                     const MgSurfaceWorld *world, const MgParams *params, gboolean vector);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSurface, mg_surface_unref)

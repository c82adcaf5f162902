/* The 3D spectrogram: a height field over time and frequency, drawn by a software z-buffer; axes by Cairo. */
#pragma once
#include "plot/geometry.h"
#include "plot/colormap.h"
#include "base/matrix.h"
#include "base/param.h"

extern const MgParamTable mg_surface_params; /* azimuth elevation zoom steady height shading smooth colormap */

typedef struct {
  double seconds; /* length of the time axis */
  double low_hz, high_hz;
  gboolean mel; /* rows are mel bands, low_hz … high_hz their fmin and fmax */
  double low_db, high_db;
  gboolean htk; /* HTK's, not Slaney's */
} MgSurfaceWorld;

/* values (bins, frames) in dB. Draws into the whole width x height. `vector`: paths in place of the raster (SVG, PDF).
 */
void mg_surface_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgMatrix *values,
                     const MgSurfaceWorld *world, const MgParams *params, gboolean vector);

/* Waveform painter. */
#pragma once
#include "plot/geometry.h"

/* One column a device pixel: low[i], high[i] in [-1, 1], rms[i] or NULL; columns with low > high are empty. n columns
 * cover the plot's width. */
void mg_waveform_draw(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const float *low,
                      const float *high, const float *rms, size_t n);

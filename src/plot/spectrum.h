/* Painter of one spectrum: decibels over frequency (logarithmic), with its peaks marked. */
#pragma once
#include "plot/geometry.h"

typedef struct {
  const float *db; /* [bins], of frequencies from 0 on */
  size_t bins;
  double bin_hz, low_hz; /* what is seen begins at low_hz, above 0 */
  double low_db, high_db;
  const double *peak_hz, *peak_db;
  size_t peaks;
} MgSpectrum;

/* Fills width x height user units, axes included. */
void mg_spectrum_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgSpectrum *spectrum,
                      const char *hz_title, const char *db_title);
/* The plot area in there: x is log2 Hz, y is dB. */
void mg_spectrum_geometry(double width, double height, const MgStyle *style, const MgSpectrum *spectrum,
                          MgGeometry *geometry);

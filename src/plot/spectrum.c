#include "plot/spectrum.h"
#include "plot/axis.h"
#include "plot/text.h"
#include <math.h>

#define MARGIN 10
#define LEFT 64

void
mg_spectrum_geometry(double width, double height, const MgStyle *style, const MgSpectrum *spectrum,
                     MgGeometry *geometry)
{
  double bottom = mg_axis_height_x(style, "Hz");
  double numbers = mg_axis_width_y(style, MG_TICKS_DB, spectrum->low_db, spectrum->high_db, height - bottom, "dB");
  double left = MAX(LEFT, ceil(MARGIN / 2 + numbers)); /* text may be large */
  *geometry = (MgGeometry){
      .x = left,
      .y = MARGIN,
      .width = MAX(width - left - MARGIN, 1),
      .height = MAX(height - bottom - MARGIN, 1),
      .x0 = log2(spectrum->low_hz),
      .x1 = log2(MAX((double)(spectrum->bins - 1) * spectrum->bin_hz, 2 * spectrum->low_hz)),
      .y0 = spectrum->low_db,
      .y1 = spectrum->high_db,
  };
}

/* A pixel's column shows the loudest of its bins; where bins are wider than pixels, straight lines lead from one to the
 * next. */
static void
trace(cairo_t *cr, const MgGeometry *geometry, const MgSpectrum *spectrum)
{
  double column = -1, loudest = -INFINITY;
  for (size_t bin = 1; bin < spectrum->bins; bin++) {
    double x = mg_geometry_to_x(geometry, log2((double)bin * spectrum->bin_hz));
    if (column >= 0 && floor(x) != column) {
      cairo_line_to(cr, column + 0.5, mg_geometry_to_y(geometry, MAX(loudest, spectrum->low_db - 20)));
      loudest = -INFINITY;
    }
    column = floor(x);
    loudest = MAX(loudest, (double)spectrum->db[bin]);
  }
  if (column >= 0)
    cairo_line_to(cr, column + 0.5, mg_geometry_to_y(geometry, MAX(loudest, spectrum->low_db - 20)));
}

static void
draw_curve(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgSpectrum *spectrum)
{
  cairo_save(cr);
  cairo_rectangle(cr, geometry->x, geometry->y, geometry->width, geometry->height);
  cairo_clip(cr);
  trace(cr, geometry, spectrum);
  mg_source(cr, style->accent);
  cairo_set_line_width(cr, 1.25);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke(cr);
  for (size_t i = 0; i < spectrum->peaks; i++) {
    cairo_arc(cr, mg_geometry_to_x(geometry, log2(spectrum->peak_hz[i])),
              mg_geometry_to_y(geometry, spectrum->peak_db[i]), 3, 0, 2 * G_PI);
    mg_source(cr, style->foreground);
    cairo_fill(cr);
  }
  cairo_restore(cr);
}

void
mg_spectrum_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgSpectrum *spectrum,
                 const char *hz_title, const char *db_title)
{
  MgGeometry geometry;
  mg_background(cr, style, width, height);
  mg_spectrum_geometry(width, height, style, spectrum, &geometry);
  mg_axis_draw_x(cr, &geometry, style, MG_TICKS_LOG, hz_title, TRUE, FALSE);
  mg_axis_draw_y(cr, &geometry, style, MG_TICKS_DB, db_title, TRUE);
  draw_curve(cr, &geometry, style, spectrum);
}

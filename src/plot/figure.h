/* Whole pictures with title, axes and margins, for files: the command line, exports and reports. Each fills
 * (0, 0, width, height), the background included; 960 x 480 is a good size. `title` may be NULL. */
#pragma once
#include "plot/bars.h"
#include "plot/curve.h"
#include "plot/image.h"
#include "plot/overlay.h"
#include "plot/row-axis.h"
#include "plot/scatter.h"
#include "plot/surface.h"

/* `unit` of the levels ("dB"), beside the colour bar; NULL leaves the bar without one. `rows` names the rows of a
 * picture of MG_SCALE_ROWS or MG_SCALE_TEMPO, under `rows_title`; not needed for the others. */
void mg_figure_spectrogram(cairo_t *cr, double width, double height, const MgStyle *style, const char *title,
                           const MgImageSource *source, const MgImageStyle *image, const char *unit,
                           const MgRowAxis *rows, const char *rows_title);
/* One value a frame over time, from 0 to `seconds`, under `y_title` ("Hz", or NULL). */
void mg_figure_line(cairo_t *cr, double width, double height, const MgStyle *style, const char *title,
                    const char *y_title, const MgOverlayCurve *curve, double seconds);
/* Marks at `times` (s, ascending), from 0 to `seconds`. */
void mg_figure_events(cairo_t *cr, double width, double height, const MgStyle *style, const char *title,
                      const double *times, size_t n, double seconds);
/* n mono samples at sr. */
void mg_figure_waveform(cairo_t *cr, double width, double height, const MgStyle *style, const char *title,
                        const float *samples, size_t n, double sr);
/* Axis titles with their units ("Epoch", "Loss"). */
void mg_figure_curves(cairo_t *cr, double width, double height, const MgStyle *style, const char *title,
                      const char *x_title, const char *y_title, const MgCurve *curves, size_t n);
void mg_figure_confusion(cairo_t *cr, double width, double height, const MgStyle *style, const char *title,
                         const guint *matrix, int classes, const char *const *labels);
void mg_figure_bars(cairo_t *cr, double width, double height, const MgStyle *style, const char *title,
                    const MgBars *bars);
void mg_figure_scatter(cairo_t *cr, double width, double height, const MgStyle *style, const char *title,
                       const MgScatter *scatter);
void mg_figure_maps(cairo_t *cr, double width, double height, const MgStyle *style, const char *title,
                    const MgMatrix *input, MgMatrix *const *maps, size_t n, const MgColormap *colormap);
void mg_figure_surface(cairo_t *cr, double width, double height, const MgStyle *style, const char *title,
                       const MgMatrix *values, const MgSurfaceWorld *world, const MgParams *params, gboolean vector);

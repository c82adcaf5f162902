/* Text by Pango, and strokes on whole device pixels. What painters share; see axis.h for mg_text_draw(). */
#pragma once
#include "plot/geometry.h"

typedef struct {
  double size;      /* user units; 0: the style's */
  double max_width; /* ellipsised beyond it; 0: as wide as it is */
  double angle;     /* radians, clockwise, about the anchor */
  gboolean bold;
  double alpha;         /* of the colour; 0 stands for 1 */
  const double *colour; /* RGB(A); NULL: the style's foreground */
} MgTextLook;

void mg_text_measure(const MgStyle *style, const char *text, const MgTextLook *look, double *width, double *height);
/* Anchors as in mg_text_draw(). */
void mg_text_draw_look(cairo_t *cr, const MgStyle *style, const char *text, double x, double y, double anchor_x,
                       double anchor_y, const MgTextLook *look);
/* The height kept for a line of the style's axis numbers: the same for every font, so that a layout does not depend on
 * which of them a machine has. */
double mg_text_line(const MgStyle *style);

/* One-pixel lines that lie on whole device pixels; the source colour is the caller's. */
void mg_line_vertical(cairo_t *cr, double x, double y0, double y1);
void mg_line_horizontal(cairo_t *cr, double x0, double x1, double y);
/* A rectangle's outline, `width` user units wide, just outside of it. */
void mg_line_frame(cairo_t *cr, double x, double y, double width, double height, double line);

/* Paints width x height in the style's background. */
void mg_background(cairo_t *cr, const MgStyle *style, double width, double height);
void mg_source(cairo_t *cr, const double rgba[4]);
void mg_source_alpha(cairo_t *cr, const double rgb[3], double alpha);
/* A hue that stays readable on the style's background. */
void mg_hue_on(const MgStyle *style, int i, double rgb[3]);
/* The hue of a class, which classes that are MG_CLASS_HUES apart share: yellow is too faint for a point. */
#define MG_CLASS_HUES 7
void mg_class_hue(const MgStyle *style, int class, double rgb[3]);
/* TRUE where the drawing goes to a file of paths (SVG, PDF) and has no pixels of its own. */
gboolean mg_is_vector(cairo_t *cr);
/* Device pixels a user unit, at least 1; 2 for vector targets. */
double mg_pixels_per_unit(cairo_t *cr);

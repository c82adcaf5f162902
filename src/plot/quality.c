#include "plot/quality.h"
#include "plot/axis.h"
#include "plot/curve.h"
#include "plot/text.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const double margin = 8, largest_disc = 7, smallest_disc = 2;

static const MgQualityLook looks[] = {
    {"roc", N_("ROC"), N_("False positive rate"), N_("True positive rate"), TRUE, FALSE},
    {"precision-recall", N_("Precision and recall"), N_("Recall"), N_("Precision"), FALSE, FALSE},
    {"calibration", N_("Calibration"), N_("Probability of the answer"), N_("Share that is right"), TRUE, FALSE},
    {"position", N_("Accuracy over the track"), N_("Middle of the segment"), N_("Accuracy"), FALSE, TRUE},
};

const MgQualityLook *
mg_quality_look(const char *kind)
{
  for (size_t i = 0; i < G_N_ELEMENTS(looks); i++)
    if (g_str_equal(looks[i].kind, kind))
      return &looks[i];
  return NULL;
}

static MgGeometry
lay_out(double width, double height, const MgStyle *style, const MgQuality *quality)
{
  MgGeometry g = {.y = margin, .x1 = 1, .y1 = 1};
  for (size_t i = 0; quality->look->time && i < quality->n; i++)
    for (size_t k = 0; k < quality->lines[i].n; k++)
      g.x1 = MAX(g.x1, quality->lines[i].x[k] * 1.05);
  g.y += ceil(mg_text_line(style) * 1.5);
  g.height = floor(height - g.y - mg_axis_height_x(style, _(quality->look->x_title)) - margin);
  g.x = ceil(margin + mg_axis_width_y(style, MG_TICKS_LINEAR, 0, 1, g.height, _(quality->look->y_title)));
  g.width = floor(width - g.x - 2 * margin);
  return g;
}

static void
draw_diagonal(cairo_t *cr, const MgGeometry *g, const MgStyle *style)
{
  static const double dots[] = {1, 3};
  cairo_save(cr);
  double ink = style->dark ? 1 : 0;
  cairo_set_source_rgba(cr, ink, ink, ink, 0.5);
  cairo_set_line_width(cr, 1);
  cairo_set_dash(cr, dots, 2, 0);
  cairo_move_to(cr, g->x, g->y + g->height);
  cairo_line_to(cr, g->x + g->width, g->y);
  cairo_stroke(cr);
  cairo_restore(cr);
}

/* The area of a disc tells how many rows are behind it. */
static void
draw_discs(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgQualityLine *line)
{
  double most = 0, rgb[3];
  for (size_t i = 0; line->weights && i < line->n; i++)
    most = MAX(most, line->weights[i]);
  mg_hue_on(style, line->hue, rgb);
  for (size_t i = 0; most > 0 && i < line->n; i++) {
    double radius = MAX(largest_disc * sqrt(line->weights[i] / most), smallest_disc);
    cairo_new_sub_path(cr);
    cairo_arc(cr, mg_geometry_to_x(g, line->x[i]), mg_geometry_to_y(g, line->y[i]), radius, 0, 2 * G_PI);
    mg_source_alpha(cr, rgb, line->dashed ? 0.25 : 0.7);
    cairo_fill_preserve(cr);
    mg_source_alpha(cr, rgb, 1);
    cairo_set_line_width(cr, 1);
    cairo_stroke(cr);
  }
}

static void
draw_lines(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgQuality *quality)
{
  g_autofree MgCurve *curves = g_new(MgCurve, quality->n + 1);
  for (size_t i = 0; i < quality->n; i++) {
    const MgQualityLine *line = &quality->lines[i];
    curves[i] = (MgCurve){line->name, line->x, line->y, line->n, line->hue, line->dashed, 0, NAN};
  }
  mg_curves_draw(cr, g, style, curves, quality->n);
  for (size_t i = 0; i < quality->n; i++)
    draw_discs(cr, g, style, &quality->lines[i]);
  mg_curves_legend(cr, g, style, curves, quality->n);
}

void
mg_quality_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgQuality *quality)
{
  mg_background(cr, style, width, height);
  MgGeometry g = lay_out(width, height, style, quality);
  if (g.width < 1 || g.height < 1)
    return;
  MgTextLook bold = {.bold = TRUE, .max_width = g.width};
  mg_text_draw_look(cr, style, quality->title ? quality->title : _(quality->look->title), g.x, margin, 0, 0, &bold);
  mg_axis_draw_x(cr, &g, style, quality->look->time ? MG_TICKS_TIME : MG_TICKS_LINEAR, _(quality->look->x_title), TRUE,
                 FALSE);
  mg_axis_draw_y(cr, &g, style, MG_TICKS_LINEAR, _(quality->look->y_title), TRUE);
  mg_source_alpha(cr, style->foreground, 0.25);
  mg_line_frame(cr, g.x, g.y, g.width, g.height, 1);
  if (quality->look->diagonal)
    draw_diagonal(cr, &g, style);
  const MgTextLook pale = {.alpha = 0.55, .max_width = g.width};
  if (quality->n > 0)
    draw_lines(cr, &g, style, quality);
  else if (quality->empty)
    mg_text_draw_look(cr, style, quality->empty, g.x + g.width / 2, g.y + g.height / 2, 0.5, 0.5, &pale);
}

#include "plot/answers.h"
#include "plot/text.h"

static const double padding = 4, least_text = 24, rounding = 0.02; /* s between neighbours */

static void
fill(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgAnswer *stretch)
{
  double x0 = MAX(mg_geometry_to_x(geometry, stretch->start), geometry->x);
  double x1 = MIN(mg_geometry_to_x(geometry, stretch->end), geometry->x + geometry->width), rgb[3];
  if (x1 <= x0)
    return;
  mg_class_hue(style, stretch->class, rgb);
  mg_source_alpha(cr, rgb, stretch->sure ? 0.25 + 0.65 * stretch->probability : 0.12);
  cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE); /* no seam between neighbours */
  cairo_rectangle(cr, x0, geometry->y, x1 - x0, geometry->height);
  cairo_fill(cr);
  cairo_set_antialias(cr, CAIRO_ANTIALIAS_DEFAULT);
}

static gboolean
goes_on(const MgAnswer *a, const MgAnswer *b)
{
  return a->class == b->class && a->sure == b->sure && b->start - a->end < rounding;
}

static void
draw_name(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgAnswer *first, double end)
{
  double x0 = MAX(mg_geometry_to_x(geometry, first->start), geometry->x);
  double x1 = MIN(mg_geometry_to_x(geometry, end), geometry->x + geometry->width), rgb[3];
  mg_class_hue(style, first->class, rgb);
  if (!first->sure && x1 - x0 > 2) {
    mg_source_alpha(cr, rgb, 0.8);
    mg_line_frame(cr, x0 + 1, geometry->y + 1, x1 - x0 - 2, geometry->height - 2, 1);
  }
  if (x1 - x0 < least_text)
    return;
  MgTextLook look = {.max_width = x1 - x0 - 2 * padding, .alpha = first->sure ? 1 : 0.6};
  cairo_save(cr);
  cairo_rectangle(cr, x0, geometry->y, x1 - x0, geometry->height);
  cairo_clip(cr);
  mg_text_draw_look(cr, style, first->label, x0 + padding, geometry->y + geometry->height / 2, 0, 0.5, &look);
  cairo_restore(cr);
}

void
mg_answers_draw(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgAnswer *stretches, size_t n)
{
  for (size_t i = 0; i < n; i++)
    fill(cr, geometry, style, &stretches[i]);
  for (size_t i = 0, first = 0; i < n; i++)
    if (i + 1 == n || !goes_on(&stretches[i], &stretches[i + 1])) {
      draw_name(cr, geometry, style, &stretches[first], stretches[i].end);
      first = i + 1;
    }
}

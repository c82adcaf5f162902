#include "plot/labels.h"
#include "plot/text.h"
#include <math.h>

#define MOST_ROWS 6
#define TALLEST 26 /* user units */
#define PADDING 4  /* between a box and its text */
#define FLAG 110   /* width of a mark's text at most */

static gboolean
is_mark(const MgLabelSpan *span)
{
  return span->end <= span->start;
}

/* Right end with the text of a mark. */
static double
reach(const MgLabelSpan *span, const MgGeometry *geometry, const MgStyle *style)
{
  double width = 0, height, right = mg_geometry_to_x(geometry, span->end);
  if (!is_mark(span))
    return MAX(right, mg_geometry_to_x(geometry, span->start) + 2);
  if (*span->text)
    mg_text_measure(style, span->text, &(MgTextLook){.max_width = FLAG}, &width, &height);
  return right + width + 2 * PADDING;
}

int
mg_label_spans_stack(MgLabelSpan *spans, size_t n, const MgGeometry *geometry, const MgStyle *style)
{
  double ends[MOST_ROWS];
  int rows = 0;
  for (size_t i = 0; i < n; i++) {
    double left = mg_geometry_to_x(geometry, spans[i].start);
    int row = 0;
    while (row < rows && ends[row] > left)
      row++;
    spans[i].row = MIN(row, MOST_ROWS - 1);
    rows = MAX(rows, spans[i].row + 1);
    ends[spans[i].row] = reach(&spans[i], geometry, style);
  }
  return MAX(rows, 1);
}

void
mg_label_span_box(const MgLabelSpan *span, int rows, const MgGeometry *geometry, double *x, double *y, double *width,
                  double *height)
{
  double high = MIN(geometry->height / rows, TALLEST);
  *x = mg_geometry_to_x(geometry, span->start);
  *y = geometry->y + floor(span->row * high);
  *width = MAX(mg_geometry_to_x(geometry, span->end) - *x, 1);
  *height = MAX(high - 2, 2);
}

static void
draw_text(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const char *text, double left, double right,
          double middle)
{
  double from = MAX(left, geometry->x) + PADDING, to = MIN(right, geometry->x + geometry->width) - PADDING;
  MgTextLook look = {.max_width = to - from};
  if (*text && to - from > 8)
    mg_text_draw_look(cr, style, text, from, middle, 0, 0.5, &look);
}

static void
draw_span(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgLabelSpan *span, int rows)
{
  double x, y, width, height, right = geometry->x + geometry->width;
  mg_label_span_box(span, rows, geometry, &x, &y, &width, &height);
  if (x > right || (x + width < geometry->x && !is_mark(span)))
    return;
  mg_source_alpha(cr, style->accent, span->chosen ? 0.45 : 0.18);
  cairo_rectangle(cr, x, y, width, height);
  cairo_fill(cr);
  mg_source_alpha(cr, style->accent, 1);
  mg_line_vertical(cr, x, y, y + height);
  if (!is_mark(span)) {
    mg_line_vertical(cr, x + width, y, y + height);
    draw_text(cr, geometry, style, span->text, x, x + width, y + height / 2);
    return;
  }
  cairo_arc(cr, floor(x) + 0.5, y + 4, span->chosen ? 4 : 3, 0, 2 * G_PI);
  cairo_fill(cr);
  draw_text(cr, geometry, style, span->text, x + 2, x + FLAG, y + height / 2);
}

void
mg_label_spans_draw(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgLabelSpan *spans, size_t n,
                    int rows)
{
  cairo_save(cr);
  cairo_rectangle(cr, geometry->x, geometry->y, geometry->width, geometry->height);
  cairo_clip(cr);
  for (size_t i = 0; i < n; i++)
    draw_span(cr, geometry, style, &spans[i], rows);
  cairo_restore(cr);
}

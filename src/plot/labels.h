/* Painter of a label track: regions as boxes with their text, marks as flags. */
#pragma once
#include "plot/geometry.h"

typedef struct {
  double start, end; /* s; end = start: a mark */
  const char *text;
  gboolean chosen;
  int row; /* by mg_label_spans_stack() */
} MgLabelSpan;

/* Gives labels that overlap, texts of marks included, rows of their own from 0 on; returns how many rows there are.
 * `spans` are by time. */
int mg_label_spans_stack(MgLabelSpan *spans, size_t n, const MgGeometry *geometry, const MgStyle *style);
/* Where a span is drawn, of so many rows. */
void mg_label_span_box(const MgLabelSpan *span, int rows, const MgGeometry *geometry, double *x, double *y,
                       double *width, double *height);
void mg_label_spans_draw(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgLabelSpan *spans,
                         size_t n, int rows);

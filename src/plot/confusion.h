/* Confusion matrix painter: counts and shares of rows; the diagonal and the errors differ by shape as well as colour.
 */
#pragma once
#include "plot/geometry.h"

/* matrix[truth * classes + prediction]; labels (classes). Draws into the whole width x height. highlight: a cell or -1.
 */
void mg_confusion_draw(cairo_t *cr, double width, double height, const MgStyle *style, const guint *matrix, int classes,
                       const char *const *labels, int highlight);
/* The cell under (x, y), truth * classes + prediction, or -1. */
int mg_confusion_cell(double width, double height, const MgStyle *style, int classes, const char *const *labels,
                      double x, double y);

/* Answers along time: one rectangle a stretch, its hue tells the class, its name stands in it where there is room. What
 * is not sure is an empty frame, so that shape tells it as well as colour. */
#pragma once
#include "plot/geometry.h"

typedef struct {
  double start, end; /* s */
  int class;         /* its hue */
  const char *label;
  double probability; /* how strong the colour is, 0 to 1 */
  gboolean sure;
} MgAnswer;

/* The area's whole height. Stretches in the order of time; neighbours of one class share their name. */
void mg_answers_draw(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgAnswer *stretches,
                     size_t n);

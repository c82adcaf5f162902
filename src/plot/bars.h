/* Bars beside names, one a line: the importances of features. */
#pragma once
#include "plot/geometry.h"

typedef struct {
  const char *name;
  double value;     /* below 0: to the left of the zero line */
  double deviation; /* a whisker to both sides; NaN or 0: none */
} MgBar;

typedef struct {
  const MgBar *bars; /* in the order in which they are shown */
  size_t n;
  const char *title; /* of the values; NULL: none */
  int hue;           /* mg_hue() */
} MgBars;

/* The height at which every bar has its line. */
double mg_bars_height(const MgStyle *style, const MgBars *bars);
/* Fills width x height. Where not all bars have room, the last line tells how many are not shown. highlight: a bar, or
 * -1. */
void mg_bars_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgBars *bars, gssize highlight);
/* The bar whose line is at y; -1 where there is none. */
gssize mg_bars_find(double height, const MgStyle *style, const MgBars *bars, double y);

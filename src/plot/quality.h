/* How good a classifier is, over all thresholds, confidences or places: ROC, precision-recall, calibration, accuracy
 * over the position in the track. Painted with axes into the whole width x height. */
#pragma once
#include "plot/geometry.h"

typedef struct {
  const char *name;
  const double *x, *y;
  const double *weights; /* rows behind each point, which gets a disc of that size; NULL: a line alone */
  size_t n;
  int hue; /* mg_hue() */
  gboolean dashed;
} MgQualityLine;

/* What is the same in all pictures of a kind. */
typedef struct {
  const char *kind;                      /* "roc", "precision-recall", "calibration", "position" */
  const char *title, *x_title, *y_title; /* N_() */
  gboolean diagonal;                     /* what chance, or perfect calibration, would give */
  gboolean time;                         /* x is seconds, from 0; else 0 to 1 */
} MgQualityLook;

typedef struct {
  const MgQualityLook *look;
  const MgQualityLine *lines;
  size_t n;
  const char *title; /* NULL: the look's */
  const char *empty; /* said where there are no lines; may be NULL */
} MgQuality;

const MgQualityLook *mg_quality_look(const char *kind); /* NULL where there is none of that name */

void mg_quality_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgQuality *quality);

/* The trials of a search in the order in which they began: a point for each score, and a line for the best so far. */
#pragma once
#include "plot/geometry.h"

typedef struct {
  const double *scores;  /* [n]; NaN: none yet, or it failed */
  const gboolean *whole; /* [n]: went to its end; others, stopped early, are hollow and not the best */
  size_t n;              /* trials begun */
  size_t planned;        /* the axis reaches so far, at most three times as far as those begun */
  const char *x_title, *y_title;
} MgTrialsPlot;

/* Fills width x height; highlight: a trial, or -1. */
void mg_trials_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgTrialsPlot *plot,
                    gssize highlight);
/* That highlight alone, over what was drawn without it. */
void mg_trials_draw_mark(cairo_t *cr, double width, double height, const MgStyle *style, const MgTrialsPlot *plot,
                         gssize trial);
/* The trial whose point is nearest to (x, y), at most `reach` user units away; -1 where there is none. */
gssize mg_trials_find(double width, double height, const MgStyle *style, const MgTrialsPlot *plot, double x, double y,
                      double reach);

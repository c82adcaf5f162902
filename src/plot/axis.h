/* Axes: round ticks, their texts, grids. */
#pragma once
#include "plot/geometry.h"

typedef enum {
  MG_TICKS_LINEAR,
  MG_TICKS_TIME, /* seconds as 0:05, 1:02:03 or 0.25 s, by zoom */
  MG_TICKS_HZ,   /* linear frequency */
  MG_TICKS_LOG,  /* decades or octaves; world is log2 of the value */
  MG_TICKS_MEL,  /* world is mel (Slaney), texts are Hz */
  MG_TICKS_DB,
  MG_TICKS_INTEGER,
} MgTicks;

typedef struct {
  double at;      /* world */
  char text[24];  /* empty: a minor tick */
} MgTick;

/* Ticks within [from, to] with at least `spacing` of the axis' `length` (user units) between texts. GArray of MgTick. */
GArray *mg_ticks(MgTicks kind, double from, double to, double length, double spacing);
void mg_axis_draw_x(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, MgTicks kind, const char *title,
                    gboolean grid, gboolean on_top);
void mg_axis_draw_y(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, MgTicks kind, const char *title,
                    gboolean grid);
/* Text at (x, y): anchors 0 (left, top) … 1 (right, bottom). Tabular numerals. */
void mg_text_draw(cairo_t *cr, const MgStyle *style, const char *text, double x, double y, double anchor_x,
                  double anchor_y, double size);

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
  double at;     /* world */
  char text[24]; /* empty: a minor tick */
} MgTick;

/* Ticks within [from, to] with at least `spacing` of the axis' `length` (user units) between texts. GArray of MgTick,
 * in ascending order; empty where the range or the length is. from > to is an axis that runs backwards. */
GArray *mg_ticks(MgTicks kind, double from, double to, double length, double spacing);

/* Draw outside of the plot area, and the grid inside of it. Texts that would leave the cairo_t's clip are shifted along
 * the axis; two texts never overlap. `title` (with the unit: "Frequency (Hz)") may be NULL. */
void mg_axis_draw_x(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, MgTicks kind, const char *title,
                    gboolean grid, gboolean on_top);
void mg_axis_draw_y(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, MgTicks kind, const char *title,
                    gboolean grid);
/* The same for ticks of the caller's own (GArray of MgTick, ascending). */
void mg_axis_draw_y_ticks(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const GArray *ticks,
                          const char *title, gboolean grid);
/* The room that an axis takes beside the plot area. */
double mg_axis_height_x(const MgStyle *style, const char *title);
double mg_axis_width_y(const MgStyle *style, MgTicks kind, double from, double to, double length, const char *title);

/* Text at (x, y): anchors 0 (left, top) … 1 (right, bottom). Tabular numerals. `size` 0: the style's. */
void mg_text_draw(cairo_t *cr, const MgStyle *style, const char *text, double x, double y, double anchor_x,
                  double anchor_y, double size);

/* Slaney's mel scale (Auditory Toolbox, 1998), librosa.hz_to_mel(htk=False): the world of MG_TICKS_MEL. */
double mg_axis_mel(double hz);
double mg_axis_mel_hz(double mel);
/* The smallest of 1, 2, 5 x 10^k that is at least `step`. */
double mg_round_step(double step);

/* The vertical axis of a picture whose rows have names: pitch classes, notes, tonal dimensions, tempi. */
#pragma once
#include "plot/axis.h"

typedef enum {
  MG_ROWS_NUMBERS, /* 0, 1, 2 … */
  MG_ROWS_CHROMA,  /* C, C♯ … B */
  MG_ROWS_NOTES,   /* from first_hz on, bins_per_octave of them an octave */
  MG_ROWS_TONNETZ, /* 5x 5y m3x m3y M3x M3y: fifths, minor thirds, major thirds */
  MG_ROWS_TEMPO    /* the world is log2 BPM (MG_SCALE_TEMPO) */
} MgRows;

typedef struct {
  MgRows kind;
  size_t n; /* rows */
  double first_hz, bins_per_octave;
} MgRowAxis;

/* Ticks of the rows in [y0, y1], as mg_ticks(): texts at the middle of their row, which lies between r and r + 1. */
GArray *mg_row_ticks(const MgRowAxis *axis, double y0, double y1, double length, double spacing);
void mg_row_axis_draw(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgRowAxis *axis,
                      const char *title);
double mg_row_axis_width(const MgStyle *style, const MgRowAxis *axis, const char *title);
/* The name of a row of chroma or tonnetz; NULL for the other kinds and beyond the ends. */
const char *mg_row_name(const MgRowAxis *axis, size_t row);
/* "C", "C♯" … of a semitone counted from any C. */
const char *mg_pitch_class(int semitone);

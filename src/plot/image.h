/* Spectrogram painter: levels to pixels by a colour map. */
#pragma once
#include "plot/geometry.h"
#include "plot/colormap.h"
#include "base/matrix.h"

/* MG_SCALE_TEMPO: rows are lags from 0 on; the world is log2 of beats per minute. */
typedef enum { MG_SCALE_LINEAR_HZ, MG_SCALE_LOG_HZ, MG_SCALE_MEL_HZ, MG_SCALE_ROWS, MG_SCALE_TEMPO } MgFrequencyScale;

/* A source of levels: (bins, frames) values where frame f is centred at time first_time + f * frame_step (s). One of
 * `values`, `value_column`, `levels` and `column` is set. */
typedef struct {
  const float *values; /* row-major (bins, frames) when column_major is FALSE, else (frames, bins) */
  gboolean column_major;
  size_t bins, frames;
  double first_time, frame_step;
  double top_hz;      /* the highest bin's frequency where bins are linear in Hz; fmax of mel bands */
  gboolean mel_rows;  /* rows are mel bands: drawn evenly */
  double low_hz;      /* fmin of mel bands */
  gboolean htk;       /* the bands are HTK's, not Slaney's */
  double lag_seconds; /* from one row to the next, where rows are lags */

  /* For values kept in blocks: the `bins` values of a frame, NULL where they are not there yet (drawn as outside). */
  const float *(*value_column)(size_t frame, gpointer data);

  const guint8 *levels; /* column-major (frames, bins), evenly quantised */
  /* For levels kept in tiles: the `bins` levels of a frame, NULL where they are not there yet (drawn as outside). */
  const guint8 *(*column)(size_t frame, gpointer data);
  gpointer column_data;   /* of either callback */
  double low_db, high_db; /* what levels 0 and 255 stand for */
} MgImageSource;

typedef struct {
  double low, high; /* values mapped to the colour map's ends */
  const MgColormap *colormap;
  MgFrequencyScale scale; /* of the picture's vertical axis */
} MgImageStyle;

/* Fills width x height ARGB pixels (stride in pixels) for the world [x0, x1] s x [y0, y1] (in the axis' unit: Hz, log2
 * Hz, mel (Slaney), log2 BPM or row number, where row r lies between r and r + 1). Max-pooling where pixels are coarser
 * than the data, nearest where finer; NaN is the lowest value. Pixels beyond the data are `outside`. No allocation per
 * pixel. */
void mg_image_compose(const MgImageSource *source, const MgImageStyle *style, double x0, double x1, double y0,
                      double y1, int width, int height, guint32 *argb, size_t stride, guint32 outside);
void mg_image_draw(cairo_t *cr, const MgGeometry *geometry, const MgImageSource *source, const MgImageStyle *style);
/* The dB bar beside a picture: fills the geometry's area, numbers at its right, `unit` above (NULL: none). */
void mg_colorbar_draw(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgImageStyle *image,
                      const char *unit);
/* The same for values that are no levels. */
void mg_colorbar_draw_values(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgImageStyle *image);

/* Between Hz and the unit of a picture's vertical axis; MG_SCALE_ROWS leaves the value. */
double mg_scale_world(MgFrequencyScale scale, double hz);
double mg_scale_hz(MgFrequencyScale scale, double world);
/* The bin (frame) that lies at a place of the world, fractional, for readouts: 0 is the centre of the first. */
double mg_image_bin(const MgImageSource *source, MgFrequencyScale scale, double world);
double mg_image_frame(const MgImageSource *source, double seconds);
/* The world's vertical limits that show the whole source. */
void mg_image_limits(const MgImageSource *source, MgFrequencyScale scale, double *y0, double *y1);

/* Spectrogram painter: levels to pixels by a colour map. */
#pragma once
#include "plot/geometry.h"
#include "plot/colormap.h"
#include "base/matrix.h"

typedef enum { MG_SCALE_LINEAR_HZ, MG_SCALE_LOG_HZ, MG_SCALE_MEL_HZ, MG_SCALE_ROWS } MgFrequencyScale;

/* A source of levels: (bins, frames) values where frame f is centred at time first_time + f * frame_step (s). */
typedef struct {
  const float *values; /* row-major (bins, frames) when column_major is FALSE, else (frames, bins) */
  gboolean column_major;
  size_t bins, frames;
  double first_time, frame_step;
  double top_hz;       /* the highest bin's frequency where bins are linear in Hz */
  gboolean mel_rows;   /* rows are mel bands: drawn evenly */
} MgImageSource;

typedef struct {
  double low, high; /* values mapped to the colour map's ends */
  const MgColormap *colormap;
  MgFrequencyScale scale; /* of the picture's vertical axis */
} MgImageStyle;

/* Fills width x height ARGB pixels (stride in pixels) for the world [x0, x1] s x [y0, y1] (in the axis' unit: Hz, log2 Hz,
 * mel or row number). Max-pooling where pixels are coarser than the data, nearest where finer. Pixels beyond the data are
 * `outside`. No allocation per pixel; about 1 ms a megapixel. */
void mg_image_compose(const MgImageSource *source, const MgImageStyle *style, double x0, double x1, double y0, double y1,
                      int width, int height, guint32 *argb, size_t stride, guint32 outside);
void mg_image_draw(cairo_t *cr, const MgGeometry *geometry, const MgImageSource *source, const MgImageStyle *style);
/* The dB bar beside a picture. */
void mg_colorbar_draw(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgImageStyle *image,
                      const char *unit);

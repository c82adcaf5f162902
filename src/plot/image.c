#include "plot/image.h"
#include "plot/axis.h"
#include "plot/text.h"
#include <math.h>
#include <string.h>

#define BLOCK 16 /* columns composed together: one cache line of pixels */

static const double fastest_tempo = 480; /* BPM: above, a lag of a frame is a leap */

double
mg_scale_world(MgFrequencyScale scale, double hz)
{
  switch (scale) {
  case MG_SCALE_LOG_HZ:
  case MG_SCALE_TEMPO:
    return log2(MAX(hz, 1e-3));
  case MG_SCALE_MEL_HZ:
    return mg_axis_mel(hz);
  default:
    return hz;
  }
}

double
mg_scale_hz(MgFrequencyScale scale, double world)
{
  switch (scale) {
  case MG_SCALE_LOG_HZ:
  case MG_SCALE_TEMPO:
    return exp2(world);
  case MG_SCALE_MEL_HZ:
    return mg_axis_mel_hz(world);
  default:
    return world;
  }
}

/* HTK's scale: O'Shaughnessy's formula, 2595 log10(1 + f / 700). */
static double
mel_of_bands(const MgImageSource *source, double hz)
{
  return source->htk ? 2595 * log10(1 + MAX(hz, 0) / 700) : mg_axis_mel(hz);
}

/* Band m peaks at the (m + 1)th of n + 2 points that divide fmin … fmax evenly in mel. The halves below the first
 * centre and above the last one show these bands. */
static double
band_at(const MgImageSource *source, double hz)
{
  double low = mel_of_bands(source, source->low_hz), high = mel_of_bands(source, source->top_hz);
  double mel = mel_of_bands(source, hz), slack = 1e-9 * (high - low);
  double band = (mel - low) / (high - low) * (source->bins + 1) - 1;
  if (mel < low - slack || mel > high + slack)
    return mel < low ? -1 : (double)source->bins;
  return CLAMP(band, -0.49, source->bins - 0.51);
}

double
mg_image_bin(const MgImageSource *source, MgFrequencyScale scale, double world)
{
  if (scale == MG_SCALE_ROWS)
    return world - 0.5;
  if (scale == MG_SCALE_TEMPO)
    return 60 / exp2(world) / source->lag_seconds;
  double hz = mg_scale_hz(scale, world);
  if (source->mel_rows)
    return band_at(source, hz);
  return hz / source->top_hz * (source->bins - 1);
}

double
mg_image_frame(const MgImageSource *source, double seconds)
{
  return (seconds - source->first_time) / source->frame_step;
}

void
mg_image_limits(const MgImageSource *source, MgFrequencyScale scale, double *y0, double *y1)
{
  *y0 = 0;
  *y1 = MAX(1, source->bins);
  if (scale == MG_SCALE_ROWS)
    return;
  if (scale == MG_SCALE_TEMPO) {
    double longest = source->lag_seconds * MAX(2, source->bins) - source->lag_seconds;
    *y0 = log2(60 / longest);
    *y1 = log2(MIN(fastest_tempo, 60 / source->lag_seconds));
    *y1 = MAX(*y1, *y0 + 1);
    return;
  }
  double low = source->mel_rows ? source->low_hz : 0;
  if (scale == MG_SCALE_LOG_HZ) /* zero has no logarithm: begin where hearing does, or where the bins can tell apart */
    low = MAX(MAX(low, 20), source->bins > 1 && !source->mel_rows ? source->top_hz / (source->bins - 1) : 0);
  *y0 = mg_scale_world(scale, low);
  *y1 = mg_scale_world(scale, MAX(source->top_hz, low + 1));
}

/* The bins (frames) that one pixel shows: those with their centre in it, else the nearest; count 0 is outside. So each
 * belongs to one pixel, and the loudest of several is seen whatever the zoom. */
typedef struct {
  int first, count;
} Range;

static Range
range_between(double a, double b, size_t n, gboolean last)
{
  double from = MIN(a, b), to = MAX(a, b), middle = (from + to) / 2;
  Range outside = {0, 0};
  if (!isfinite(from) || !isfinite(to) || to < -0.5 || from > n - 0.5)
    return outside;
  double first = ceil(from), end = last ? floor(to + 1e-9) : ceil(to) - 1;
  first = MAX(first, 0);
  end = MIN(end, (double)n - 1);
  if (first <= end)
    return (Range){(int)first, (int)(end - first) + 1};
  if (middle < -0.5 - 1e-9 || middle > n - 0.5 + 1e-9)
    return outside;
  return (Range){(int)CLAMP(floor(middle + 0.5), 0, (double)n - 1), 1};
}

static Range *
ranges_of_rows(const MgImageSource *source, MgFrequencyScale scale, double y0, double y1, int height)
{
  Range *rows = g_new(Range, height);
  double below = mg_image_bin(source, scale, y0);
  for (int i = 0; i < height; i++) {
    double above = mg_image_bin(source, scale, y0 + (y1 - y0) * (i + 1) / height);
    rows[height - 1 - i] = range_between(below, above, source->bins, i == height - 1);
    below = above;
  }
  return rows;
}

static Range *
ranges_of_columns(const MgImageSource *source, double x0, double x1, int width)
{
  Range *columns = g_new(Range, width);
  double before = mg_image_frame(source, x0);
  for (int i = 0; i < width; i++) {
    double after = mg_image_frame(source, x0 + (x1 - x0) * (i + 1) / width);
    columns[i] = range_between(before, after, source->frames, i == width - 1);
    before = after;
  }
  return columns;
}

typedef struct {
  const MgImageSource *source;
  int first_bin, end_bin; /* in view */
  float offset, factor;   /* a float value's level: (value - offset) * factor */
  guint32 colours[256];   /* of levels */
  Range *rows;
  guint8 *pooled; /* BLOCK columns of `bins` levels */
  float *largest; /* of a pixel column, by bin; for value_column */
  guint8 *blank;  /* a column of zeros */
} Composer;

static guint8
level_of(const Composer *composer, float value)
{
  float level = (value - composer->offset) * composer->factor + 0.5f;
  return level > 0 ? level < 255 ? (guint8)level : 255 : 0; /* NaN is 0 */
}

/* Zoomed in, neighbouring pixel columns show the same frame. */
static gboolean
is_repeated(const Range *columns, int k)
{
  return k > 0 && columns[k].first == columns[k - 1].first && columns[k].count == columns[k - 1].count;
}

static float
largest(const float *values, size_t n)
{
  float most = -INFINITY;
  for (size_t i = 0; i < n; i++)
    most = values[i] > most ? values[i] : most;
  return most;
}

static void
pool_values_by_row(const Composer *composer, const Range *columns, int n)
{
  const MgImageSource *source = composer->source;
  for (int bin = composer->first_bin; bin < composer->end_bin; bin++) {
    const float *row = source->values + bin * source->frames;
    for (int k = 0; k < n; k++)
      if (!is_repeated(columns, k))
        composer->pooled[k * source->bins + bin] =
            level_of(composer, largest(row + columns[k].first, columns[k].count));
  }
}

static void
pool_values_by_column(const Composer *composer, const Range *columns, int n)
{
  const MgImageSource *source = composer->source;
  for (int k = 0; k < n; k++) {
    guint8 *out = composer->pooled + k * source->bins;
    memset(out, 0, source->bins);
    for (int f = 0; f < columns[k].count && !is_repeated(columns, k); f++) {
      const float *values = source->values + (columns[k].first + f) * source->bins;
      for (int bin = composer->first_bin; bin < composer->end_bin; bin++)
        out[bin] = MAX(out[bin], level_of(composer, values[bin]));
    }
  }
}

static void
raise_values(float *restrict values, const float *restrict by, size_t n)
{
  for (size_t i = 0; i < n; i++)
    values[i] = by[i] > values[i] ? by[i] : values[i];
}

/* The levels of the largest of the frames' values, or NULL where none is there yet. */
static const guint8 *
pool_value_columns(const Composer *composer, Range range, guint8 *out)
{
  const MgImageSource *source = composer->source;
  size_t from = composer->first_bin, n = composer->end_bin - from;
  const float *only = NULL;
  for (int f = 0; f < range.count; f++) {
    const float *values = source->value_column(range.first + f, source->column_data);
    if (!values)
      continue;
    if (only && only != composer->largest)
      memcpy(composer->largest + from, only + from, n * sizeof *values);
    if (only)
      raise_values(composer->largest + from, values + from, n);
    only = only ? composer->largest : values;
  }
  for (size_t bin = from; only && bin < from + n; bin++)
    out[bin] = level_of(composer, only[bin]);
  return only ? out : NULL;
}

static void
raise_levels(guint8 *restrict levels, const guint8 *restrict by, size_t n)
{
  for (size_t i = 0; i < n; i++)
    levels[i] = by[i] > levels[i] ? by[i] : levels[i];
}

static const guint8 *
column_levels(const MgImageSource *source, size_t frame)
{
  return source->levels ? source->levels + frame * source->bins : source->column(frame, source->column_data);
}

/* The loudest of the frames, in `scratch` where there are several; NULL where none is there yet. */
static const guint8 *
pool_levels(const Composer *composer, Range range, guint8 *scratch)
{
  const guint8 *only = NULL;
  size_t from = composer->first_bin, n = composer->end_bin - from;
  for (int f = 0; f < range.count; f++) {
    const guint8 *levels = column_levels(composer->source, range.first + f);
    if (!levels)
      continue;
    if (only && only != scratch)
      memcpy(scratch + from, only + from, n);
    if (only)
      raise_levels(scratch + from, levels + from, n);
    only = only ? scratch : levels;
  }
  return only;
}

/* Points columns[k] at the levels of pixel column k. */
static void
pool_block(const Composer *composer, const Range *ranges, int n, const guint8 **columns)
{
  const MgImageSource *source = composer->source;
  for (int k = 0; k < n; k++) {
    guint8 *scratch = composer->pooled + k * source->bins;
    if (is_repeated(ranges, k))
      columns[k] = columns[k - 1];
    else if (source->values)
      columns[k] = ranges[k].count ? scratch : NULL;
    else if (source->value_column)
      columns[k] = pool_value_columns(composer, ranges[k], scratch);
    else
      columns[k] = pool_levels(composer, ranges[k], scratch);
  }
  if (source->values && source->column_major)
    pool_values_by_column(composer, ranges, n);
  else if (source->values)
    pool_values_by_row(composer, ranges, n);
}

static guint8
loudest(const guint8 *levels, Range range)
{
  guint8 most = levels[range.first];
  for (int i = 1; i < range.count; i++)
    most = MAX(most, levels[range.first + i]);
  return most;
}

/* Always BLOCK columns, so that the compiler unrolls: a narrower block has blank ones that are written to `out` of its
 * own. */
static void
paint_row(const Composer *composer, const guint8 *const *columns, Range range, guint32 *out)
{
  const guint32 *colours = composer->colours;
  if (range.count == 1)
    for (int k = 0; k < BLOCK; k++)
      out[k] = colours[columns[k][range.first]];
  else if (range.count == 2)
    for (int k = 0; k < BLOCK; k++) {
      guint8 a = columns[k][range.first], b = columns[k][range.first + 1];
      out[k] = colours[MAX(a, b)];
    }
  else
    for (int k = 0; k < BLOCK; k++)
      out[k] = colours[loudest(columns[k], range)];
}

static void
paint_block(const Composer *composer, const guint8 *const *given, int n, int height, guint32 *argb, size_t stride,
            guint32 outside)
{
  const guint8 *columns[BLOCK];
  guint32 spare[BLOCK];
  for (int k = 0; k < BLOCK; k++)
    columns[k] = k < n && given[k] ? given[k] : composer->blank;
  for (int y = 0; y < height; y++) {
    guint32 *out = argb + y * stride;
    if (composer->rows[y].count == 0) {
      for (int k = 0; k < n; k++)
        out[k] = outside;
      continue;
    }
    paint_row(composer, columns, composer->rows[y], n == BLOCK ? out : spare);
    if (n < BLOCK)
      memcpy(out, spare, n * sizeof *out);
  }
  for (int k = 0; k < n; k++)
    for (int y = 0; !given[k] && y < height; y++)
      argb[y * stride + k] = outside;
}

static void
prepare_colours(Composer *composer, const MgImageStyle *style)
{
  const MgImageSource *source = composer->source;
  double span = style->high - style->low;
  double factor = span > 0 ? 255 / span : 0;
  composer->offset = (float)style->low;
  composer->factor = (float)factor;
  for (int i = 0; i < 256; i++) {
    double value = source->low_db + i / 255.0 * (source->high_db - source->low_db);
    double level = source->values || source->value_column ? i : (value - style->low) * factor;
    composer->colours[i] = style->colormap->argb[(int)CLAMP(level + 0.5, 0, 255)];
  }
}

static void
prepare_bins(Composer *composer, int height)
{
  composer->first_bin = (int)composer->source->bins;
  for (int y = 0; y < height; y++) {
    Range range = composer->rows[y];
    if (range.count == 0)
      continue;
    composer->first_bin = MIN(composer->first_bin, range.first);
    composer->end_bin = MAX(composer->end_bin, range.first + range.count);
  }
  composer->first_bin = MIN(composer->first_bin, composer->end_bin);
}

static gboolean
can_be_seen(const MgImageSource *source, double x0, double x1, double y0, double y1)
{
  return source->bins > 0 && source->frames > 0 && source->bins < G_MAXINT / BLOCK && source->frames < G_MAXINT &&
         source->frame_step > 0 && (source->values || source->value_column || source->levels || source->column) &&
         isfinite(x0) && isfinite(x1) && isfinite(y0) && isfinite(y1);
}

void
mg_image_compose(const MgImageSource *source, const MgImageStyle *style, double x0, double x1, double y0, double y1,
                 int width, int height, guint32 *argb, size_t stride, guint32 outside)
{
  if (width <= 0 || height <= 0)
    return;
  if (!can_be_seen(source, x0, x1, y0, y1)) {
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++)
        argb[y * stride + x] = outside;
    return;
  }
  Composer composer = {.source = source};
  prepare_colours(&composer, style);
  composer.rows = ranges_of_rows(source, style->scale, y0, y1, height);
  prepare_bins(&composer, height);
  composer.pooled = g_malloc(BLOCK * source->bins);
  composer.blank = g_malloc0(source->bins);
  composer.largest = source->value_column ? g_new(float, source->bins) : NULL;
  Range *columns = ranges_of_columns(source, x0, x1, width);
  for (int x = 0; x < width; x += BLOCK) {
    const guint8 *levels[BLOCK];
    int n = MIN(BLOCK, width - x);
    pool_block(&composer, columns + x, n, levels);
    paint_block(&composer, levels, n, height, argb + x, stride, outside);
  }
  g_free(columns);
  g_free(composer.rows);
  g_free(composer.pooled);
  g_free(composer.blank);
  g_free(composer.largest);
}

static const int most_pixels = 16384; /* a side; Cairo's own limit is 32767 */

void
mg_image_draw(cairo_t *cr, const MgGeometry *g, const MgImageSource *source, const MgImageStyle *style)
{
  double scale = mg_pixels_per_unit(cr);
  int width = (int)CLAMP(round(g->width * scale), 0, most_pixels);
  int height = (int)CLAMP(round(g->height * scale), 0, most_pixels);
  if (width == 0 || height == 0)
    return;
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
  if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS) {
    size_t stride = cairo_image_surface_get_stride(surface) / sizeof(guint32);
    guint32 *pixels = (guint32 *)(gpointer)cairo_image_surface_get_data(surface);
    mg_image_compose(source, style, g->x0, g->x1, g->y0, g->y1, width, height, pixels, stride, 0);
    cairo_surface_mark_dirty(surface);
    cairo_save(cr);
    cairo_translate(cr, g->x, g->y);
    cairo_scale(cr, g->width / width, g->height / height);
    cairo_set_source_surface(cr, surface, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
    cairo_rectangle(cr, 0, 0, width, height);
    cairo_fill(cr);
    cairo_restore(cr);
  }
  cairo_surface_destroy(surface);
}

static void
draw_bar(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgImageStyle *image, MgTicks kind,
         const char *unit)
{
  float ramp[256];
  for (int i = 0; i < 256; i++)
    ramp[i] = i;
  MgImageSource source = {.values = ramp, .bins = 256, .frames = 1, .frame_step = 1};
  MgImageStyle look = {.high = 255, .colormap = image->colormap, .scale = MG_SCALE_ROWS};
  MgGeometry bar = *g;
  bar.x0 = -0.5;
  bar.x1 = 0.5;
  bar.y0 = 0;
  bar.y1 = 256;
  mg_image_draw(cr, &bar, &source, &look);
  bar.y0 = image->low;
  bar.y1 = image->high;
  mg_source_alpha(cr, style->foreground, 0.25);
  mg_line_frame(cr, g->x, g->y, g->width, g->height, 1);
  double left, top, right, bottom, line = mg_text_line(style), end = INFINITY;
  cairo_clip_extents(cr, &left, &top, &right, &bottom);
  GArray *ticks = mg_ticks(kind, image->low, image->high, g->height, 2.2 * style->font_size);
  for (guint i = 0; i < ticks->len; i++) {
    const MgTick *tick = &g_array_index(ticks, MgTick, i);
    double y = mg_geometry_to_y(&bar, tick->at);
    mg_source_alpha(cr, style->foreground, 0.45);
    mg_line_horizontal(cr, g->x + g->width, g->x + g->width + (*tick->text ? 4 : 2.5), y);
    double at = CLAMP(y - line / 2, top, MAX(top, bottom - line));
    if (!*tick->text || at + line > end)
      continue;
    mg_text_draw(cr, style, tick->text, g->x + g->width + 7, at, 0, 0, 0);
    end = at;
  }
  g_array_unref(ticks);
  MgTextLook look_of_unit = {.alpha = 0.75};
  if (unit && g->y - line - 4 >= top)
    mg_text_draw_look(cr, style, unit, g->x, g->y - 4, 0, 1, &look_of_unit);
}

void
mg_colorbar_draw(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgImageStyle *image, const char *unit)
{
  draw_bar(cr, g, style, image, MG_TICKS_DB, unit);
}

void
mg_colorbar_draw_values(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgImageStyle *image)
{
  draw_bar(cr, g, style, image, MG_TICKS_LINEAR, NULL);
}

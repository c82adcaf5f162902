#include "support.h"
#include "base/rng.h"
#include "plot/axis.h"
#include "plot/image.h"
#include <string.h>

enum { bins = 129, frames = 700, most_pixels = 900 * 300 };
static const guint32 outside = 0x12345678;

/* The same levels in the four forms that a source may take. */
typedef struct {
  float rows[bins * frames], columns[bins * frames];
  guint8 levels[bins * frames];
} Levels;

static const guint8 *
column_of(size_t frame, gpointer data)
{
  const Levels *levels = data;
  return levels->levels + frame * bins;
}

static void
set_level(Levels *levels, int bin, int frame, guint8 level)
{
  levels->rows[bin * frames + frame] = levels->columns[frame * bins + bin] = level;
  levels->levels[frame * bins + bin] = level;
}

static MgImageSource
source_of(Levels *levels, int form)
{
  MgImageSource source = {.bins = bins, .frames = frames, .frame_step = 0.01, .top_hz = 8000, .high_db = 255};
  if (form < 2) {
    source.values = form ? levels->columns : levels->rows;
    source.column_major = form == 1;
  }
  if (form == 2)
    source.levels = levels->levels;
  if (form == 3) {
    source.column = column_of;
    source.column_data = levels;
  }
  return source;
}

static MgImageStyle
style_of(MgFrequencyScale scale)
{
  return (MgImageStyle){0, 255, mg_colormap_find("grey"), scale};
}

static int
count(const guint32 *argb, int n, guint32 colour)
{
  int found = 0;
  for (int i = 0; i < n; i++)
    found += argb[i] == colour;
  return found;
}

/* One loud point, looked at through windows of any size at any zoom: always there while it is in view, gone when not.
 */
static void
test_peaks_never_vanish(void)
{
  MgRng rng = mg_rng_new(1);
  Levels *levels = g_new0(Levels, 1);
  guint32 *argb = g_new(guint32, most_pixels);
  for (int i = 0; i < 600; i++) {
    int bin = 1 + mg_rng_below(&rng, bins - 2), frame = 1 + mg_rng_below(&rng, frames - 2);
    set_level(levels, bin, frame, 255);
    MgImageSource source = source_of(levels, i % 4);
    source.mel_rows = i % 3 == 0;
    MgFrequencyScale scale = (MgFrequencyScale)(i / 4 % 4);
    MgImageStyle style = style_of(scale);
    double bottom, top, time = frame * 0.01, span = exp(mg_rng_between(&rng, -5, 2));
    mg_image_limits(&source, scale, &bottom, &top);
    double x0 = time - span * mg_rng_uniform(&rng), x1 = x0 + span;
    int width = 1 + mg_rng_below(&rng, 900), height = 1 + mg_rng_below(&rng, 300);
    mg_image_compose(&source, &style, x0, x1, bottom, top, width, height, argb, width, outside);
    double from = mg_image_bin(&source, scale, bottom), to = mg_image_bin(&source, scale, top);
    gboolean visible = x0 <= time && time <= x1 && bin >= from && bin <= to;
    if (visible)
      g_assert_cmpint(count(argb, width * height, 0xffffffff), >, 0);
    mg_image_compose(&source, &style, time + 0.02, time + 0.02 + span, bottom, top, width, height, argb, width,
                     outside);
    g_assert_cmpint(count(argb, width * height, 0xffffffff), ==, 0);
    set_level(levels, bin, frame, 0);
  }
  g_free(argb);
  g_free(levels);
}

static void
test_forms_agree(void)
{
  MgRng rng = mg_rng_new(2);
  Levels *levels = g_new0(Levels, 1);
  for (int bin = 0; bin < bins; bin++)
    for (int frame = 0; frame < frames; frame++)
      set_level(levels, bin, frame, mg_rng_below(&rng, 256));
  guint32 *first = g_new(guint32, most_pixels), *other = g_new(guint32, most_pixels);
  for (int i = 0; i < 60; i++) {
    double x0 = mg_rng_between(&rng, -1, 6), span = exp(mg_rng_between(&rng, -4, 2));
    MgImageStyle style = style_of((MgFrequencyScale)(i % 4));
    for (int form = 0; form < 4; form++) {
      MgImageSource source = source_of(levels, form);
      double y0, y1;
      mg_image_limits(&source, style.scale, &y0, &y1);
      mg_image_compose(&source, &style, x0, x0 + span, y0, y1, 333, 100, form ? other : first, 333, outside);
      if (form)
        g_assert_cmpmem(first, 333 * 100 * sizeof *first, other, 333 * 100 * sizeof *other);
    }
  }
  g_free(first);
  g_free(other);
  g_free(levels);
}

/* Zoomed in, each pixel has the colour of the bin and frame that lie there. */
static void
test_fine_is_nearest(void)
{
  MgRng rng = mg_rng_new(3);
  Levels *levels = g_new0(Levels, 1);
  for (int i = 0; i < bins * frames; i++)
    set_level(levels, i % bins, i / bins, mg_rng_below(&rng, 256));
  enum { width = 800, height = 600 };
  guint32 *argb = g_new(guint32, width * height);
  for (int scale = 0; scale < 4; scale++) {
    MgImageSource source = source_of(levels, scale);
    MgImageStyle style = style_of((MgFrequencyScale)scale);
    double y0, y1;
    mg_image_limits(&source, style.scale, &y0, &y1);
    double middle = mg_scale_world(style.scale, 3000);
    if (style.scale == MG_SCALE_ROWS)
      middle = 50;
    y0 = middle - (y1 - y0) / 40;
    y1 = 2 * middle - y0;
    mg_image_compose(&source, &style, 2, 2.3, y0, y1, width, height, argb, width, outside);
    for (int i = 0; i < 5000; i++) {
      int x = mg_rng_below(&rng, width), y = mg_rng_below(&rng, height);
      double bin = mg_image_bin(&source, style.scale, y1 + (y0 - y1) * (y + 0.5) / height);
      double frame = mg_image_frame(&source, 2 + 0.3 * (x + 0.5) / width);
      if (fabs(bin - floor(bin) - 0.5) < 0.1 || fabs(frame - floor(frame) - 0.5) < 0.1)
        continue; /* at the border of two */
      guint8 level = levels->levels[lround(frame) * bins + lround(bin)];
      g_assert_cmphex(argb[y * width + x], ==, style.colormap->argb[level]);
    }
  }
  g_free(argb);
  g_free(levels);
}

static void
test_outside(void)
{
  Levels *levels = g_new0(Levels, 1);
  guint32 argb[100 * 50];
  MgImageSource source = source_of(levels, 2);
  MgImageStyle style = style_of(MG_SCALE_LINEAR_HZ);
  mg_image_compose(&source, &style, -7, 14, 0, 16000, 100, 50, argb, 100, outside);
  g_assert_cmphex(argb[49 * 100 + 10], ==, outside);
  g_assert_cmphex(argb[49 * 100 + 90], ==, outside);
  g_assert_cmphex(argb[5 * 100 + 50], ==, outside);
  g_assert_cmphex(argb[40 * 100 + 50], ==, 0xff000000);
  g_assert_cmpint(count(argb, 100 * 50, 0xff000000), ==, 34 * 26);
  g_free(levels);
}

static const guint8 *
no_column(size_t frame, gpointer data)
{
  return frame < frames / 2 ? data : NULL;
}

static void
test_missing_columns(void)
{
  guint8 column[bins] = {0};
  guint32 argb[100 * 20];
  MgImageSource source = {.column = no_column,
                          .column_data = column,
                          .bins = bins,
                          .frames = frames,
                          .frame_step = 0.01,
                          .top_hz = 8000,
                          .high_db = 255};
  MgImageStyle style = style_of(MG_SCALE_LINEAR_HZ);
  mg_image_compose(&source, &style, 0, 7, 0, 8000, 100, 20, argb, 100, outside);
  g_assert_cmphex(argb[10 * 100 + 20], ==, 0xff000000);
  g_assert_cmphex(argb[10 * 100 + 80], ==, outside);
}

static void
test_odd_data(void)
{
  guint32 argb[64];
  float one = 3, nan[4] = {NAN, NAN, NAN, INFINITY};
  MgImageStyle style = {0, 10, mg_colormap_find("grey"), MG_SCALE_ROWS};
  MgImageSource empty = {.frame_step = 1};
  mg_image_compose(&empty, &style, 0, 1, 0, 1, 8, 8, argb, 8, outside);
  g_assert_cmpint(count(argb, 64, outside), ==, 64);
  MgImageSource single = {.values = &one, .bins = 1, .frames = 1, .frame_step = 1};
  mg_image_compose(&single, &style, -0.5, 0.5, 0, 1, 8, 8, argb, 8, outside);
  g_assert_cmpint(count(argb, 64, style.colormap->argb[77]), ==, 64);
  MgImageSource nans = {.values = nan, .bins = 1, .frames = 4, .frame_step = 1};
  mg_image_compose(&nans, &style, -0.5, 3.5, 0, 1, 8, 8, argb, 8, outside);
  g_assert_cmpint(count(argb, 64, 0xff000000), ==, 48);
  g_assert_cmpint(count(argb, 64, 0xffffffff), ==, 16);
  style.high = style.low; /* no range at all */
  mg_image_compose(&single, &style, -0.5, 0.5, 0, 1, 8, 8, argb, 8, outside);
  g_assert_cmpint(count(argb, 64, outside), ==, 0);
  mg_image_compose(&single, &style, NAN, 0.5, 0, 1, 8, 8, argb, 8, outside);
  g_assert_cmpint(count(argb, 64, outside), ==, 64);
  mg_image_compose(&single, &style, 0, 1, 0, 1, 0, -3, NULL, 0, outside);
}

static void
test_scales_invert(void)
{
  for (int scale = 0; scale < 4; scale++)
    for (double hz = 1; hz < 22050; hz *= 1.1)
      g_assert_cmpfloat_with_epsilon(mg_scale_hz((MgFrequencyScale)scale, mg_scale_world((MgFrequencyScale)scale, hz)),
                                     hz, 1e-6 * hz);
}

/* Band m of n is centred at the (m + 1)th of n + 2 points between fmin and fmax in mel (librosa.mel_frequencies). */
static void
test_mel_bands(void)
{
  MgImageSource source = {.bins = 40, .frames = 1, .low_hz = 300, .top_hz = 8000, .mel_rows = TRUE};
  double low = mg_axis_mel(300), high = mg_axis_mel(8000);
  for (int m = 1; m < 39; m++) {
    double mel = low + (high - low) * (m + 1) / 41;
    g_assert_cmpfloat_with_epsilon(mg_image_bin(&source, MG_SCALE_MEL_HZ, mel), m, 1e-6);
    g_assert_cmpfloat_with_epsilon(mg_image_bin(&source, MG_SCALE_LINEAR_HZ, mg_axis_mel_hz(mel)), m, 1e-6);
  }
  g_assert_cmpfloat(mg_image_bin(&source, MG_SCALE_LINEAR_HZ, 299), <, -0.5);
  g_assert_cmpfloat(mg_image_bin(&source, MG_SCALE_LINEAR_HZ, 8100), >, 39.5);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/image/peaks-never-vanish", test_peaks_never_vanish);
  g_test_add_func("/image/forms-agree", test_forms_agree);
  g_test_add_func("/image/fine-is-nearest", test_fine_is_nearest);
  g_test_add_func("/image/outside", test_outside);
  g_test_add_func("/image/missing-columns", test_missing_columns);
  g_test_add_func("/image/odd-data", test_odd_data);
  g_test_add_func("/image/scales-invert", test_scales_invert);
  g_test_add_func("/image/mel-bands", test_mel_bands);
  return g_test_run();
}

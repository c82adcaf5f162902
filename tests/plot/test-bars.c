/* plot/bars: every bar has its line where it is looked for, at any size, whatever the values are. */
#include "canvas.h"
#include "support.h"
#include "plot/bars.h"

enum { N = 20 };
static MgBar values[N];

static MgBars
twenty_bars(void)
{
  for (int i = 0; i < N; i++)
    values[i] = (MgBar){i % 2 ? "mfcc1_mean" : "spectral_centroid_variance", N - i, i};
  return (MgBars){values, N, "Importance", 0};
}

static void
test_height(void)
{
  MgBars bars = twenty_bars();
  double all = mg_bars_height(&mg_style_light, &bars);
  gboolean found[N] = {FALSE};
  for (double y = 0; y < all; y++) {
    gssize bar = mg_bars_find(all, &mg_style_light, &bars, y);
    if (bar >= 0)
      found[bar] = TRUE;
  }
  for (int i = 0; i < N; i++)
    g_assert_true(found[i]);
  g_assert_cmpint(mg_bars_find(all, &mg_style_light, &bars, all - 1), ==, -1);
  g_assert_cmpint(mg_bars_find(all, &mg_style_light, &bars, -3), ==, -1);
}

/* With less height, the last bars and the line that tells of them have no place. */
static void
test_less_height(void)
{
  MgBars bars = twenty_bars();
  double half = mg_bars_height(&mg_style_light, &bars) / 2;
  gssize last = -1;
  for (double y = 0; y < half; y++)
    last = MAX(last, mg_bars_find(half, &mg_style_light, &bars, y));
  g_assert_cmpint(last, >, 3);
  g_assert_cmpint(last, <, N / 2);
}

/* The longest bar is drawn over its whole line, the shortest over a twentieth of it. */
static void
test_lengths(void)
{
  MgBars bars = twenty_bars();
  for (int i = 0; i < N; i++)
    values[i].name = "";
  MgStyle style = mg_style_light;
  int tall = (int)mg_bars_height(&style, &bars), filled[N] = {0}, line_of = 0;
  values[0].deviation = NAN;
  Canvas canvas = canvas_new(400, tall);
  mg_bars_draw(canvas.cr, 400, tall, &style, &bars, -1);
  for (int y = 0; y < tall; y++) {
    gssize bar = mg_bars_find(tall, &style, &bars, y);
    int blue = 0;
    for (int x = 0; x < 400; x++) {
      guint32 pixel = canvas_pixel(&canvas, x, y);
      blue += (pixel & 255) > (pixel >> 16 & 255) + 60;
    }
    if (bar >= 0)
      filled[bar] = MAX(filled[bar], blue);
    line_of += bar >= 0;
  }
  canvas_free(&canvas);
  g_assert_cmpint(line_of, >, 0);
  for (int i = 0; i < N; i++)
    g_assert_cmpfloat_with_epsilon(filled[i], filled[0] * (N - i) / (double)N, 4);
}

static void
test_any_size(void)
{
  static const int sizes[][2] = {{1, 1}, {40, 40}, {200, 90}, {900, 700}};
  MgBar odd[] = {{"a", NAN, NAN}, {"b", -1, 2}, {"Зима", 0, 0}};
  for (size_t n = 0; n <= G_N_ELEMENTS(odd); n++)
    for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++) {
      Canvas canvas = canvas_new(sizes[s][0], sizes[s][1]);
      MgBars bars = {odd, n, n ? "title" : NULL, 3};
      mg_bars_draw(canvas.cr, sizes[s][0], sizes[s][1], &mg_style_dark, &bars, 0);
      g_assert_cmpint(cairo_status(canvas.cr), ==, CAIRO_STATUS_SUCCESS);
      canvas_free(&canvas);
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/bars/height", test_height);
  g_test_add_func("/bars/less-height", test_less_height);
  g_test_add_func("/bars/lengths", test_lengths);
  g_test_add_func("/bars/any-size", test_any_size);
  return g_test_run();
}

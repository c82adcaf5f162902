#include "canvas.h"
#include "support.h"
#include "plot/axis.h"
#include "plot/image.h"
#include "plot/row-axis.h"
#include "plot/text.h"

/* A number that were cut off would reach the picture's edge. */
static void
test_numbers_are_not_cut(void)
{
  static const struct {
    MgTicks kind;
    double from, to;
  } axes[] = {{MG_TICKS_TIME, 0, 7300}, {MG_TICKS_DB, -80, 0}, {MG_TICKS_LOG, 4.3, 14.3}, {MG_TICKS_MEL, 0, 50}};
  for (size_t i = 0; i < G_N_ELEMENTS(axes); i++)
    for (int width = 50; width <= 3000; width = width * 5 / 3) {
      Canvas canvas = canvas_new(width, 40);
      MgGeometry g = {0, 0, width, 10, axes[i].from, axes[i].to, 0, 1};
      mg_axis_draw_x(canvas.cr, &g, &mg_style_light, axes[i].kind, NULL, FALSE, FALSE);
      g_assert_cmpint(canvas_marked(&canvas, 0, 16, width, 24), >, 0);
      g_assert_cmpint(canvas_marked(&canvas, 0, 16, 1, 24), ==, 0);
      g_assert_cmpint(canvas_marked(&canvas, width - 1, 16, 1, 24), ==, 0);
      canvas_free(&canvas);
    }
}

/* Numbers that touched would make a block that is wider than one of them. */
static void
test_numbers_do_not_touch(void)
{
  double number_width, number_height;
  mg_text_measure(&mg_style_light, "0.0042 s", &(MgTextLook){0}, &number_width, &number_height);
  for (int width = 200; width <= 3000; width = width * 4 / 3) {
    Canvas canvas = canvas_new(width, 40);
    MgGeometry g = {20, 0, width - 40, 10, 0, 0.0042, 0, 1};
    mg_axis_draw_x(canvas.cr, &g, &mg_style_light, MG_TICKS_TIME, NULL, FALSE, FALSE);
    int start = -1, last = -100, blocks = 0;
    for (int x = 0; x < width; x++) {
      if (canvas_marked(&canvas, x, 16, 1, 24) == 0)
        continue;
      if (x - last > 6) {
        start = x;
        blocks++;
      }
      last = x;
      g_assert_cmpfloat(last - start, <=, number_width + 3);
    }
    g_assert_cmpint(blocks, >=, 2);
    canvas_free(&canvas);
  }
}

static void
test_size_holds_the_axis(void)
{
  double height = ceil(mg_axis_height_x(&mg_style_dark, "Time"));
  double left = ceil(mg_axis_width_y(&mg_style_dark, MG_TICKS_HZ, 0, 11025, 200, "Frequency (Hz)"));
  Canvas canvas = canvas_new(400, 200 + 2 * (int)height);
  MgGeometry g = {left + 20, height, 300, 200, 0, 10, 0, 11025};
  mg_axis_draw_y(canvas.cr, &g, &mg_style_dark, MG_TICKS_HZ, "Frequency (Hz)", TRUE);
  g_assert_cmpint(canvas_marked(&canvas, 0, 0, 20, canvas.height), ==, 0);
  g_assert_cmpint(canvas_marked(&canvas, 20, 0, (int)left, canvas.height), >, 0);
  mg_axis_draw_x(canvas.cr, &g, &mg_style_dark, MG_TICKS_TIME, "Time", TRUE, TRUE);
  mg_axis_draw_x(canvas.cr, &g, &mg_style_dark, MG_TICKS_TIME, "Time", TRUE, FALSE);
  g_assert_cmpint(canvas_marked(&canvas, 0, 0, 400, 1), ==, 0);
  g_assert_cmpint(canvas_marked(&canvas, 0, canvas.height - 1, 400, 1), ==, 0);
  canvas_free(&canvas);
}

static void
test_grid_lines_are_one_pixel(void)
{
  Canvas canvas = canvas_new(300, 60);
  MgGeometry g = {10.3, 5, 277.7, 20, 0, 10, 0, 1};
  mg_axis_draw_x(canvas.cr, &g, &mg_style_light, MG_TICKS_LINEAR, NULL, TRUE, FALSE);
  for (int x = 1; x < 300; x++)
    g_assert_false(canvas_pixel(&canvas, x, 10) && canvas_pixel(&canvas, x - 1, 10));
  g_assert_cmpint(canvas_marked(&canvas, 0, 10, 300, 1), >, 2);
  canvas_free(&canvas);
}

static void
test_any_script(void)
{
  Canvas canvas = canvas_new(300, 40);
  mg_text_draw(canvas.cr, &mg_style_light, "Зима · 冬 · शीत \xff", 5, 5, 0, 0, 0);
  g_assert_cmpint(canvas_marked(&canvas, 0, 0, 300, 40), >, 50);
  mg_text_draw(canvas.cr, &mg_style_light, NULL, 5, 5, 0, 0, 0);
  mg_text_draw(canvas.cr, &mg_style_light, "", 5, 5, 0, 0, 0);
  canvas_free(&canvas);
}

static GArray *
row_ticks(MgRows kind, size_t n, double length)
{
  MgRowAxis axis = {.kind = kind, .n = n, .first_hz = 32.70319566, .bins_per_octave = 12};
  return mg_row_ticks(&axis, 0, (double)n, length, 14);
}

static void
assert_tick(GArray *ticks, guint i, double at, const char *text)
{
  const MgTick *tick = &g_array_index(ticks, MgTick, i);
  g_assert_cmpuint(i, <, ticks->len);
  g_assert_cmpstr(tick->text, ==, text);
  g_assert_cmpfloat_with_epsilon(tick->at, at, 1e-6);
}

/* A row's name stands at its middle; where there is no room, fewer are told. */
static void
test_rows(void)
{
  g_autoptr(GArray) classes = row_ticks(MG_ROWS_CHROMA, 12, 400), few = row_ticks(MG_ROWS_CHROMA, 12, 60);
  g_autoptr(GArray) notes = row_ticks(MG_ROWS_NOTES, 84, 200), tonnetz = row_ticks(MG_ROWS_TONNETZ, 6, 200);
  g_autoptr(GArray) numbers = row_ticks(MG_ROWS_NUMBERS, 20, 100), none = row_ticks(MG_ROWS_CHROMA, 0, 100);
  g_assert_cmpuint(classes->len, ==, 12);
  assert_tick(classes, 1, 1.5, "C♯");
  assert_tick(classes, 11, 11.5, "B");
  g_assert_cmpuint(few->len, ==, 3);
  assert_tick(few, 2, 7.5, "G");
  g_assert_cmpuint(notes->len, ==, 7);
  assert_tick(notes, 0, 0.5, "C1");
  assert_tick(notes, 3, 36.5, "C4");
  assert_tick(tonnetz, 5, 5.5, "M3y");
  assert_tick(numbers, 0, 0.5, "0");
  assert_tick(numbers, 1, 5.5, "5");
  g_assert_cmpuint(none->len, ==, 0);
}

/* Lags run downwards in tempo: the row at 120 BPM is the one half a second long. */
static void
test_tempo(void)
{
  MgRowAxis axis = {.kind = MG_ROWS_TEMPO, .n = 384};
  MgImageSource source = {.bins = 384, .frames = 1, .frame_step = 1, .lag_seconds = 0.02};
  double y0, y1;
  mg_image_limits(&source, MG_SCALE_TEMPO, &y0, &y1);
  g_assert_cmpfloat_with_epsilon(exp2(y0), 60 / (0.02 * 383), 1e-6);
  g_assert_cmpfloat_with_epsilon(exp2(y1), 480, 1e-6);
  g_assert_cmpfloat_with_epsilon(mg_image_bin(&source, MG_SCALE_TEMPO, log2(120)), 25, 1e-6);
  g_autoptr(GArray) ticks = mg_row_ticks(&axis, y0, y1, 120, 14);
  assert_tick(ticks, 0, log2(15), "15");
  g_assert_cmpuint(ticks->len, ==, 6);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/axis/numbers-are-not-cut", test_numbers_are_not_cut);
  g_test_add_func("/axis/numbers-do-not-touch", test_numbers_do_not_touch);
  g_test_add_func("/axis/size-holds-the-axis", test_size_holds_the_axis);
  g_test_add_func("/axis/grid-lines-are-one-pixel", test_grid_lines_are_one_pixel);
  g_test_add_func("/axis/any-script", test_any_script);
  g_test_add_func("/axis/rows", test_rows);
  g_test_add_func("/axis/tempo", test_tempo);
  return g_test_run();
}

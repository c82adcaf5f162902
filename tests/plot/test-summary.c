/* plot/summary: pictures in words, with the figures that they show. */
#include "support.h"
#include "plot/summary.h"
#include <math.h>

static void
test_bars(void)
{
  MgBar values[20];
  for (int i = 0; i < 20; i++)
    values[i] = (MgBar){i == 1 ? "Моя" : "rap", i / 2.0, NAN};
  g_autofree char *none = mg_bars_summary(&(MgBars){values, 0, NULL, 0});
  g_autofree char *two = mg_bars_summary(&(MgBars){values, 2, NULL, 0});
  g_autofree char *many = mg_bars_summary(&(MgBars){values, 20, NULL, 0});
  g_assert_cmpstr(none, ==, "");
  g_assert_cmpstr(two, ==, "rap 0, Моя 0.5");
  g_assert_true(g_str_has_suffix(many, "rap 5.5 and 8 more"));
}

static void
test_confusion(void)
{
  static const guint matrix[] = {20, 3, 0, 12};
  static const char *const labels[] = {"rap", "猫"};
  g_autofree char *text = mg_confusion_summary(matrix, 2, labels);
  g_assert_cmpstr(text, ==, "rap: 20 right, 3 as 猫; 猫: 12 right");
}

static void
test_maps(void)
{
  g_autoptr(MgMatrix) one = mg_matrix_new(3, 4, NULL), other = mg_matrix_new(3, 4, NULL);
  MgMatrix *const maps[] = {one, other};
  one->data[2] = -0.5f;
  other->data[7] = 2.25f;
  g_autofree char *alone = mg_maps_summary(maps, 1), *both = mg_maps_summary(maps, 2), *none = mg_maps_summary(maps, 0);
  g_assert_cmpstr(alone, ==, "3 × 4, values from -0.5 to 0");
  g_assert_cmpstr(both, ==, "3 × 4, values from -0.5 to 2.25, the largest in number 2");
  g_assert_cmpstr(none, ==, "");
}

/* Columns of three bins each; the middle one of five is not there yet. */
static const float *
value_column(size_t frame, gpointer data)
{
  return frame == 2 ? NULL : (const float *)data + 3 * frame;
}

static const guint8 *
level_column(size_t frame, gpointer data)
{
  return (const guint8 *)data + 3 * frame;
}

static void
test_peak(void)
{
  float values[15] = {[4] = 7, [7] = 99, [9] = NAN, [14] = 8};
  MgImageSource source = {
      .value_column = value_column, .column_data = values, .bins = 3, .frames = 5, .frame_step = 0.5, .top_hz = 4000};
  double seconds = 0, y = 0, value = 0;
  g_assert_true(
      mg_image_peak(&source, MG_SCALE_LINEAR_HZ, &(MgGeometry){0, 0, 9, 9, 0, 2, 0, 4000}, &seconds, &y, &value));
  g_assert_cmpfloat(value, ==, 8);
  g_assert_cmpfloat(seconds, ==, 2);
  g_assert_cmpfloat_with_epsilon(y, 4000, 1);
  /* what is not seen does not count */
  g_assert_true(
      mg_image_peak(&source, MG_SCALE_LINEAR_HZ, &(MgGeometry){0, 0, 9, 9, 0, 1.9, 0, 4000}, &seconds, &y, &value));
  g_assert_cmpfloat(value, ==, 7);
  g_assert_cmpfloat_with_epsilon(y, 2000, 1);
  g_assert_true(
      mg_image_peak(&source, MG_SCALE_LINEAR_HZ, &(MgGeometry){0, 0, 9, 9, 0, 2, 0, 1000}, &seconds, &y, &value));
  g_assert_cmpfloat(value, ==, 0);
  g_assert_false(
      mg_image_peak(&source, MG_SCALE_ROWS, &(MgGeometry){0, 0, 9, 9, 0.9, 1.1, 0, 3}, &seconds, &y, &value));
}

static void
test_peak_of_levels(void)
{
  guint8 levels[6] = {1, 2, 3, 4, 51, 6};
  MgImageSource source = {.column = level_column,
                          .column_data = levels,
                          .bins = 3,
                          .frames = 2,
                          .frame_step = 1,
                          .low_db = -100,
                          .high_db = 155};
  double seconds, y, value;
  g_assert_true(mg_image_peak(&source, MG_SCALE_ROWS, &(MgGeometry){0, 0, 9, 9, 0, 1, 0, 3}, &seconds, &y, &value));
  g_assert_cmpfloat(value, ==, -49);
  g_assert_cmpfloat_with_epsilon(y, 1.5, 1e-6); /* the middle of the second row */
}

/* Lags fall as the tempo rises. */
static void
test_peak_of_tempo(void)
{
  float values[9] = {[2] = 5};
  MgImageSource source = {.value_column = value_column,
                          .column_data = values,
                          .bins = 3,
                          .frames = 1,
                          .frame_step = 1,
                          .lag_seconds = 0.25};
  double seconds, y, value;
  g_assert_true(mg_image_peak(&source, MG_SCALE_TEMPO, &(MgGeometry){0, 0, 9, 9, 0, 1, log2(100), log2(300)}, &seconds,
                              &y, &value));
  g_assert_cmpfloat(value, ==, 5);
  g_assert_cmpfloat_with_epsilon(exp2(y), 120, 1e-3);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/summary/bars", test_bars);
  g_test_add_func("/summary/confusion", test_confusion);
  g_test_add_func("/summary/maps", test_maps);
  g_test_add_func("/summary/peak", test_peak);
  g_test_add_func("/summary/peak-of-levels", test_peak_of_levels);
  g_test_add_func("/summary/peak-of-tempo", test_peak_of_tempo);
  return g_test_run();
}

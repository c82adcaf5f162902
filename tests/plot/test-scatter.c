/* plot/scatter: points are found where they are drawn, at any size, also none at all. */
#include "canvas.h"
#include "support.h"
#include "plot/scatter.h"

static const char *const names[] = {"a", "crackling fire", "Зима"}, *const shapes[] = {"train", NULL, "test"};

static void
test_find(void)
{
  MgPoint points[] = {{0, 0, 0, MG_POINT_DISC}, {10, 0, 1, MG_POINT_SQUARE}, {5, 8, 2, MG_POINT_TRIANGLE}};
  MgScatter scatter = {points, 3, names, 3, shapes};
  gboolean found[3] = {FALSE};
  for (double y = 0; y < 400; y += 3)
    for (double x = 0; x < 600; x += 3) {
      gssize point = mg_scatter_find(600, 400, &mg_style_light, &scatter, x, y, 5);
      if (point >= 0)
        found[point] = TRUE;
    }
  g_assert_true(found[0] && found[1] && found[2]);
  g_assert_cmpint(mg_scatter_find(600, 400, &mg_style_light, &scatter, 590, 390, 5), ==, -1);
}

static void
test_any_size(void)
{
  static const int sizes[][2] = {{1, 1}, {40, 40}, {200, 90}, {900, 700}};
  MgPoint points[] = {{1, 1, 0, MG_POINT_DISC}, {1, 1, 2, MG_POINT_SQUARE}};
  for (size_t n = 0; n < 3; n++)
    for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++) {
      Canvas canvas = canvas_new(sizes[s][0], sizes[s][1]);
      MgScatter scatter = {points, n, names, 3, n ? shapes : NULL};
      mg_scatter_draw(canvas.cr, sizes[s][0], sizes[s][1], &mg_style_dark, &scatter);
      g_assert_cmpint(cairo_status(canvas.cr), ==, CAIRO_STATUS_SUCCESS);
      canvas_free(&canvas);
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/scatter/find", test_find);
  g_test_add_func("/scatter/any-size", test_any_size);
  return g_test_run();
}

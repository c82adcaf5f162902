/* plot/ribbon: the names of rows stand beside them, and are not cut off where the text is large. */
#include "plot/ribbon.h"
#include "canvas.h"
#include "support.h"

enum { LEFT = 64, ROOM = 54, WIDTH = 600, HEIGHT = 60 };

/* Marked pixels beside the plot area and in it. */
static void
draw_name(const char *name, double font_size, int *beside, int *within)
{
  Canvas canvas = canvas_new(WIDTH, HEIGHT);
  MgGeometry area = {.x = LEFT, .width = WIDTH - LEFT, .height = HEIGHT, .x1 = 1};
  MgStyle style = mg_style_light;
  style.font_size = font_size;
  mg_ribbon_draw_names(canvas.cr, &area, &style, &name, 1, ROOM);
  *beside = canvas_marked(&canvas, LEFT - 6 - ROOM, 0, 6 + ROOM, HEIGHT);
  *within = canvas_marked(&canvas, LEFT, 0, WIDTH - LEFT, HEIGHT);
  g_assert_cmpint(canvas_marked(&canvas, 0, 0, LEFT - 8 - ROOM, HEIGHT), ==, 0);
  g_assert_cmpint(canvas_marked(&canvas, LEFT + (WIDTH - LEFT) / 2, 0, (WIDTH - LEFT) / 2, HEIGHT), ==, 0);
  canvas_free(&canvas);
}

static void
test_names(void)
{
  int beside, within;
  double normal = mg_style_light.font_size;
  draw_name("rap", normal, &beside, &within);
  g_assert_cmpint(beside, >, 0);
  g_assert_cmpint(within, ==, 0);
  draw_name("crackling fire", 2 * normal, &beside, &within);
  g_assert_cmpint(beside, >, 0);
  g_assert_cmpint(within, >, 0);
  draw_name("a name that is longer than all of the place that there is for it and more", 2 * normal, &beside, &within);
  g_assert_cmpint(within, >, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ribbon/names", test_names);
  return g_test_run();
}

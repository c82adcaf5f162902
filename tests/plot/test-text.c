/* plot/text: a text lies where it is put, whichever way it is written and whatever room it has. */
#include "canvas.h"
#include "support.h"
#include "plot/text.h"

static const char *const texts[] = {"Silence", "Тишина", "猫の声", "موسيقى", "שקט", "🎵 ♪"};

static void
check_place(const char *text, double room, double anchor)
{
  Canvas canvas = canvas_new(600, 60);
  MgTextLook look = {.max_width = room};
  double width, height;
  mg_text_measure(&mg_style_light, text, &look, &width, &height);
  mg_text_draw_look(canvas.cr, &mg_style_light, text, 300, 30, anchor, 0.5, &look);
  int left = (int)floor(300 - anchor * width) - 2, right = (int)ceil(300 + (1 - anchor) * width) + 2;
  g_assert_cmpint(canvas_marked(&canvas, left, 0, right - left, 60), >, 0);
  g_assert_cmpint(canvas_marked(&canvas, 0, 0, left, 60), ==, 0);
  g_assert_cmpint(canvas_marked(&canvas, right, 0, 600 - right, 60), ==, 0);
  canvas_free(&canvas);
}

static void
test_place(void)
{
  static const double rooms[] = {0, 200, 30};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
    for (size_t r = 0; r < G_N_ELEMENTS(rooms); r++)
      for (double anchor = 0; anchor <= 1; anchor += 0.5)
        check_place(texts[i], rooms[r], anchor);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/text/place", test_place);
  return g_test_run();
}

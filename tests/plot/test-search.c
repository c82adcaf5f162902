/* plot/parallel, plot/trials: what lies under the pointer, and pictures of nothing. */
#include "canvas.h"
#include "plot/parallel.h"
#include "plot/trials.h"
#include <math.h>

enum { WIDTH = 600, HEIGHT = 300 };

static void
test_parallel_find(void)
{
  static const char *const labels[] = {"low", "high"};
  static const double ends[] = {0, 1}, flat[] = {0.2, 0.2, 0.2}, gap[] = {0.8, NAN, 0.8}, alone[] = {NAN, 0.5, NAN};
  MgParallelAxis axes[] = {{"a", labels, ends, 2}, {"b", labels, ends, 2}, {"c", labels, ends, 2}};
  MgParallelLine lines[] = {{flat, 0}, {gap, 1}, {alone, 0.5}};
  MgParallel parallel = {axes, 3, lines, 3};
  int found[3] = {0};
  for (int y = 0; y < HEIGHT; y++) {
    gssize line = mg_parallel_find(WIDTH, HEIGHT, &mg_style_light, &parallel, 150, y, 2);
    if (line >= 0)
      found[line]++;
  }
  g_assert_cmpint(found[0], >=, 3);
  g_assert_cmpint(found[1], >=, 3); /* between its two axes, past the one where it has no value */
  g_assert_cmpint(found[2], ==, 0);
  g_assert_cmpint(mg_parallel_find(WIDTH, HEIGHT, &mg_style_light, &parallel, 150, 0, 2), ==, -1);
}

static void
test_trials_find(void)
{
  const double scores[] = {0.5, NAN, 0.7};
  const gboolean whole[] = {TRUE, TRUE, TRUE};
  MgTrialsPlot plot = {scores, whole, 3, 3, "Trial", "F1"};
  int found[3] = {0};
  for (int y = 0; y < HEIGHT; y += 2)
    for (int x = 0; x < WIDTH; x += 2) {
      gssize trial = mg_trials_find(WIDTH, HEIGHT, &mg_style_light, &plot, x, y, 4);
      if (trial >= 0)
        found[trial]++;
    }
  g_assert_cmpint(found[0], >, 5);
  g_assert_cmpint(found[1], ==, 0);
  g_assert_cmpint(found[2], >, 5);
}

/* Nothing to show, one of it, and hardly any room. */
static void
test_little(void)
{
  Canvas canvas = canvas_new(WIDTH, HEIGHT);
  const double score = 0.5, place = 0.5;
  const gboolean whole = TRUE;
  MgTrialsPlot none = {NULL, NULL, 0, 20, "Trial", "F1"}, one = {&score, &whole, 1, 1, "Trial", "F1"};
  MgParallelAxis axis = {"a", NULL, NULL, 0};
  MgParallelLine line = {&place, 1};
  MgParallel empty = {&axis, 1, NULL, 0}, single = {&axis, 1, &line, 1};
  for (int size = 1; size < WIDTH; size += 97) {
    mg_trials_draw(canvas.cr, size, HEIGHT, &mg_style_light, &none, -1);
    mg_trials_draw(canvas.cr, WIDTH, size, &mg_style_dark, &one, 0);
    mg_parallel_draw(canvas.cr, size, HEIGHT, &mg_style_light, &empty, 3);
    mg_parallel_draw(canvas.cr, WIDTH, size, &mg_style_dark, &single, 0);
  }
  g_assert_cmpint(cairo_status(canvas.cr), ==, CAIRO_STATUS_SUCCESS);
  canvas_free(&canvas);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/plot/search/parallel-find", test_parallel_find);
  g_test_add_func("/plot/search/trials-find", test_trials_find);
  g_test_add_func("/plot/search/little", test_little);
  return g_test_run();
}

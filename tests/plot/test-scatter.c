/* plot/scatter: points are found where they are drawn, at any size, also none at all; regions and rings. */
#include "canvas.h"
#include "support.h"
#include "plot/scatter.h"

static const char *const names[] = {"a", "crackling fire", "Зима"}, *const shapes[] = {"train", NULL, "test"};

static void
check_found(const MgScatter *scatter)
{
  gboolean found[3] = {FALSE};
  MgGeometry g = mg_scatter_geometry(600, 400, &mg_style_light, scatter);
  for (double y = 0; y < 400; y += 3)
    for (double x = 0; x < 600; x += 3) {
      gssize point = mg_scatter_find(&g, scatter, x, y, 5);
      if (point >= 0)
        found[point] = TRUE;
    }
  g_assert_true(found[0] && found[1] && found[2]);
  g_assert_cmpint(mg_scatter_find(&g, scatter, 590, 390, 5), ==, -1);
}

static void
test_find(void)
{
  MgPoint points[] = {{0, 0, 0, MG_POINT_DISC, FALSE}, {10, 0, 1, MG_POINT_SQUARE, TRUE}, {5, 8, 2, 2, FALSE}};
  MgScatter scatter = {.points = points, .n = 3, .groups = names, .n_groups = 3, .shapes = shapes};
  check_found(&scatter);
  scatter.x_title = "mfcc1_mean";
  scatter.y_title = "rms_var";
  for (int i = 0; i < 3; i++)
    points[i].y *= 1e6f;
  check_found(&scatter);
}

static MgRegions
two_regions(float *probabilities)
{
  for (int i = 0; i < 4; i++) { /* class 0 at the left, class 1 at the right */
    probabilities[2 * i] = i % 2 ? 0 : 1;
    probabilities[2 * i + 1] = i % 2 ? 1 : 0;
  }
  return (MgRegions){2, 2, 2, probabilities, 0, 2, 0, 1};
}

static void
test_any_size(void)
{
  static const int sizes[][2] = {{1, 1}, {40, 40}, {200, 90}, {900, 700}};
  MgPoint points[] = {{1, 1, 0, MG_POINT_DISC, TRUE}, {1, 1, 2, MG_POINT_SQUARE, FALSE}};
  float probabilities[8];
  MgRegions regions = two_regions(probabilities);
  for (size_t n = 0; n < 3; n++)
    for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++) {
      Canvas canvas = canvas_new(sizes[s][0], sizes[s][1]);
      MgScatter scatter = {.points = points, .n = n, .groups = names, .n_groups = 3, .shapes = n ? shapes : NULL};
      mg_scatter_draw(canvas.cr, sizes[s][0], sizes[s][1], &mg_style_dark, &scatter);
      scatter.x_title = scatter.y_title = scatter.wrong = "x";
      scatter.regions = &regions;
      mg_scatter_draw(canvas.cr, sizes[s][0], sizes[s][1], &mg_style_dark, &scatter);
      g_assert_cmpint(cairo_status(canvas.cr), ==, CAIRO_STATUS_SUCCESS);
      canvas_free(&canvas);
    }
}

/* Blue to the left of the middle, vermilion to the right, strongest at the ends. */
static void
test_regions(void)
{
  float probabilities[8];
  MgRegions regions = two_regions(probabilities);
  MgGeometry g = {0, 0, 100, 20, 0, 2, 0, 1};
  Canvas canvas = canvas_new(100, 20);
  mg_regions_draw(canvas.cr, &g, &mg_style_light, &regions);
  for (int x = 0; x < 100; x++) {
    guint32 pixel = canvas_pixel(&canvas, x, 10);
    if (x < 49)
      g_assert_cmpuint(pixel & 255, >=, pixel >> 16 & 255);
    if (x > 50)
      g_assert_cmpuint(pixel & 255, <=, pixel >> 16 & 255);
  }
  g_assert_cmpuint(canvas_pixel(&canvas, 2, 10) >> 24, >, 2 * (canvas_pixel(&canvas, 44, 10) >> 24));
  g_assert_cmpuint(canvas_pixel(&canvas, 97, 10) >> 24, >, 2 * (canvas_pixel(&canvas, 55, 10) >> 24));
  g_assert_cmpuint(canvas_pixel(&canvas, 49, 10), ==, canvas_pixel(&canvas, 49, 5)); /* the line between them */
  canvas_free(&canvas);
}

/* Mean of the pixels' grey. */
static double
mean_grey(Canvas *canvas)
{
  double sum = 0;
  for (int y = 0; y < canvas->height; y++)
    for (int x = 0; x < canvas->width; x++) {
      guint32 pixel = canvas_pixel(canvas, x, y);
      sum += (pixel & 255) + (pixel >> 8 & 255) + (pixel >> 16 & 255);
    }
  return sum / canvas->width / canvas->height / 3;
}

static double
grey_of(const MgPoint *points, size_t n)
{
  Canvas canvas = canvas_new(500, 400);
  cairo_set_source_rgb(canvas.cr, 1, 1, 1);
  cairo_paint(canvas.cr);
  MgGeometry g = {10, 10, 480, 380, 0, 50, 0, 50};
  MgScatter scatter = {.points = points, .n = n, .groups = names, .n_groups = 3};
  mg_scatter_draw_points(canvas.cr, &g, &mg_style_light, &scatter);
  double grey = mean_grey(&canvas);
  canvas_free(&canvas);
  return grey;
}

/* Points by the thousand are stamped, fewer are traced: both leave as much ink a point. */
static void
test_stamps(void)
{
  enum { n = 601 };
  MgPoint points[n];
  for (int i = 0; i < n; i++)
    points[i] = (MgPoint){i % 25 * 2 + 0.3f * (i % 3), i / 25 * 2, i % 3, i % MG_N_POINT_SHAPES, i % 5 == 0};
  double stamped = 255 - grey_of(points, n), traced = 255 - grey_of(points, 600);
  g_assert_cmpfloat(stamped, >, 0.3 * traced); /* they are smaller, 2.6 against 3.6 */
  g_assert_cmpfloat(stamped, <, 0.9 * traced);
  for (int i = 0; i < n; i++)
    points[i].wrong = FALSE;
  g_assert_cmpfloat(255 - grey_of(points, n), <, 0.98 * stamped); /* rings are drawn */
  g_assert_cmpfloat(255 - grey_of(points, 600), <, 0.98 * traced);
}

/* A lasso around some of a square's corners, and arrow keys from one to the next. */
static void
test_hands(void)
{
  enum { n = 4 };
  MgPoint points[n] = {{.x = 0, .y = 0}, {.x = 1, .y = 0}, {.x = 1, .y = 1}, {.x = 0, .y = 1}};
  MgScatter scatter = {.points = points, .n = n, .groups = names, .n_groups = 3};
  MgGeometry g = mg_scatter_geometry(500, 400, &mg_style_light, &scatter);
  double left = mg_geometry_to_x(&g, 0), right = mg_geometry_to_x(&g, 1), bottom = mg_geometry_to_y(&g, 0);
  const double corners[][2] = {{left - 5, bottom - 10}, {right - 10, bottom + 5}, {left - 5, bottom + 5}};
  g_autoptr(GArray) one = mg_scatter_within(&g, &scatter, corners, 3);
  g_assert_cmpuint(one->len, ==, 1);
  g_assert_cmpuint(g_array_index(one, guint, 0), ==, 0);
  const double half[][2] = {{left - 5, 0}, {left + 5, 0}, {left + 5, 400}, {left - 5, 400}};
  g_autoptr(GArray) two = mg_scatter_within(&g, &scatter, half, 4);
  g_assert_cmpuint(two->len, ==, 2);
  g_assert_cmpuint(g_array_index(two, guint, 1), ==, 3);
  g_assert_cmpint(mg_scatter_towards(&g, &scatter, 0, 1, 0), ==, 1);
  g_assert_cmpint(mg_scatter_towards(&g, &scatter, 0, 0, -1), ==, 3);
  g_assert_cmpint(mg_scatter_towards(&g, &scatter, 2, -1, 0), ==, 3);
  g_assert_cmpint(mg_scatter_towards(&g, &scatter, 0, -1, 0), ==, -1);
  g_assert_cmpint(mg_scatter_towards(&g, &scatter, 0, 0, 1), ==, -1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/scatter/find", test_find);
  g_test_add_func("/scatter/any-size", test_any_size);
  g_test_add_func("/scatter/regions", test_regions);
  g_test_add_func("/scatter/stamps", test_stamps);
  g_test_add_func("/scatter/hands", test_hands);
  return g_test_run();
}

#include "canvas.h"
#include "support.h"
#include "plot/curve.h"

static const MgGeometry area = {10, 10, 280, 180, 0, 1, 0, 1};

static void
test_limits(void)
{
  double x[] = {0, 1, 2, 3}, loss[] = {2.31, 1.2, NAN, 0.4}, accuracy[] = {0.1, 0.7, 0.97, 1.0};
  double x0, x1, y0, y1;
  MgCurve curve = {.x = x, .y = loss, .n = 4, .marked_x = NAN};
  mg_curves_limits(&curve, 1, &x0, &x1, &y0, &y1);
  g_assert_cmpfloat(x0, ==, 0);
  g_assert_cmpfloat(x1, ==, 3);
  g_assert_cmpfloat(y0, >=, 0);
  g_assert_cmpfloat(y0, <=, 0.4);
  g_assert_cmpfloat(y1, >=, 2.31);
  g_assert_cmpfloat(y1, <=, 3);
  curve.y = accuracy;
  mg_curves_limits(&curve, 1, &x0, &x1, &y0, &y1);
  g_assert_cmpfloat(y1, ==, 1); /* a share has no more than all */
}

static void
test_limits_of_nothing(void)
{
  double nan[] = {NAN, INFINITY}, same[] = {5, 5}, x0, x1, y0, y1;
  MgCurve curves[] = {{.x = nan, .y = nan, .n = 2}, {.x = same, .y = same, .n = 2}, {.n = 0}};
  for (int i = 0; i < 4; i++) {
    mg_curves_limits(curves + i % 3, i < 3 ? 1 : 0, &x0, &x1, &y0, &y1);
    g_assert_true(isfinite(x0) && isfinite(x1) && isfinite(y0) && isfinite(y1));
    g_assert_cmpfloat(x1, >, x0);
    g_assert_cmpfloat(y1, >, y0);
  }
}

static int
drawn(const MgCurve *curves, size_t n)
{
  Canvas canvas = canvas_new(300, 200);
  mg_curves_draw(canvas.cr, &area, &mg_style_light, curves, n);
  int marked = canvas_marked(&canvas, 0, 0, 300, 200);
  canvas_free(&canvas);
  return marked;
}

static void
test_odd_data(void)
{
  double x[] = {0, 0.5, 1}, y[] = {0.5, NAN, 0.5}, far[] = {1e300, -1e300, 0.5};
  MgCurve curve = {.name = "a", .x = x, .y = y, .n = 0, .marked_x = 0.5};
  g_assert_cmpint(drawn(NULL, 0), ==, 0);
  g_assert_cmpint(drawn(&curve, 1), ==, 0);
  curve.n = 1;
  g_assert_cmpint(drawn(&curve, 1), >, 0); /* a lone point can be seen */
  curve.n = 3;
  g_assert_cmpint(drawn(&curve, 1), >, 0);
  curve.y = far;
  g_assert_cmpint(drawn(&curve, 1), >, 0);
}

/* A spike among very many points is drawn. */
static void
test_spike(void)
{
  enum { n = 200000 };
  double *x = g_new(double, n), *y = g_new0(double, n);
  for (int i = 0; i < n; i++)
    x[i] = i / (double)n;
  y[123456] = 0.9;
  MgCurve curve = {.x = x, .y = y, .n = n, .marked_x = NAN};
  Canvas canvas = canvas_new(300, 200);
  mg_curves_draw(canvas.cr, &area, &mg_style_light, &curve, 1);
  g_assert_cmpint(canvas_marked(&canvas, 175, 35, 15, 20), >, 0);
  canvas_free(&canvas);
  g_free(x);
  g_free(y);
}

static void
test_train_and_validation_differ(void)
{
  double x[] = {0, 1}, y[] = {0.5, 0.5};
  MgCurve curve = {.x = x, .y = y, .n = 2, .marked_x = NAN};
  int solid = drawn(&curve, 1);
  curve.dashed = TRUE;
  g_assert_cmpint(drawn(&curve, 1), <, solid * 0.8);
}

/* Each corner taken in turn by data: the legend goes elsewhere. */
static void
test_legend_avoids_data(void)
{
  for (int corner = 0; corner < 4; corner++) {
    double x[50], y[50];
    for (int i = 0; i < 50; i++) {
      x[i] = (corner & 1 ? 0.8 : 0.05) + i * 0.003;
      y[i] = corner & 2 ? 0.9 : 0.1;
    }
    MgCurve curve = {.name = "validation", .x = x, .y = y, .n = 50, .marked_x = NAN};
    Canvas canvas = canvas_new(300, 200);
    mg_curves_legend(canvas.cr, &area, &mg_style_light, &curve, 1);
    int at_x = 10 + (int)(280 * x[25]), at_y = 190 - (int)(180 * y[25]);
    g_assert_cmphex(canvas_pixel(&canvas, at_x, at_y), ==, 0);
    g_assert_cmpint(canvas_marked(&canvas, 0, 0, 300, 200), >, 100);
    canvas_free(&canvas);
  }
}

/* As many names as fit: nothing is written outside of the plot. */
static void
test_legend_fits(void)
{
  double x[] = {0, 1}, y[] = {0.5, 0.5};
  MgCurve curves[20];
  for (int i = 0; i < 20; i++)
    curves[i] = (MgCurve){.name = "class", .x = x, .y = y, .n = 2, .marked_x = NAN};
  Canvas canvas = canvas_new(300, 200);
  mg_curves_legend(canvas.cr, &area, &mg_style_light, curves, 20);
  g_assert_cmpint(canvas_marked(&canvas, 0, 0, 300, 200), >, 100);
  g_assert_cmpint(canvas_marked(&canvas, 0, 0, 300, 10), ==, 0);
  g_assert_cmpint(canvas_marked(&canvas, 0, 190, 300, 10), ==, 0);
  canvas_free(&canvas);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/curve/limits", test_limits);
  g_test_add_func("/curve/limits-of-nothing", test_limits_of_nothing);
  g_test_add_func("/curve/odd-data", test_odd_data);
  g_test_add_func("/curve/spike", test_spike);
  g_test_add_func("/curve/train-and-validation-differ", test_train_and_validation_differ);
  g_test_add_func("/curve/legend-avoids-data", test_legend_avoids_data);
  g_test_add_func("/curve/legend-fits", test_legend_fits);
  return g_test_run();
}

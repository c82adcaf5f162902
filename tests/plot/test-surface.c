#include "canvas.h"
#include "support.h"
#include "plot/raster.h"
#include "plot/surface.h"

static const MgParamTable *const tables[] = {&mg_surface_params, NULL};
static const MgSurfaceWorld world = {.seconds = 5, .high_hz = 8000, .mel = TRUE, .low_db = -80, .high_db = 0};

static MgMatrix *
hill(size_t rows, size_t cols)
{
  MgMatrix *matrix = mg_matrix_new(rows, cols, NULL);
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < cols; c++)
      mg_matrix_row(matrix, r)[c] = (float)(-80 + 75 * sin(G_PI * (r + 0.5) / rows) * sin(G_PI * (c + 0.5) / cols));
  return matrix;
}

static int
coloured(Canvas *canvas)
{
  int n = 0;
  for (int y = 0; y < canvas->height; y++)
    for (int x = 0; x < canvas->width; x++) {
      guint32 p = canvas_pixel(canvas, x, y);
      n += (p >> 16 & 255) > (p >> 8 & 255) + 40; /* magma's reds */
    }
  return n;
}

static void
test_any_angle(void)
{
  g_autoptr(MgMatrix) matrix = hill(32, 64);
  g_autoptr(MgParams) params = mg_params_new(tables);
  mg_params_set(params, "smooth", "false", NULL);
  for (int azimuth = -360; azimuth <= 360; azimuth += 45)
    for (int elevation = 0; elevation <= 90; elevation += 15) {
      mg_params_set_float(params, "azimuth", azimuth);
      mg_params_set_float(params, "elevation", elevation);
      Canvas canvas = canvas_new(300, 200);
      mg_surface_draw(canvas.cr, 300, 200, &mg_style_light, matrix, &world, params, FALSE);
      g_assert_cmpint(cairo_status(canvas.cr), ==, CAIRO_STATUS_SUCCESS);
      g_assert_cmpint(coloured(&canvas), >, 1000);
      canvas_free(&canvas);
    }
}

static void
test_odd_data(void)
{
  g_autoptr(MgParams) params = mg_params_new(tables);
  static const size_t shapes[][2] = {{0, 0}, {1, 1}, {1, 50}, {50, 1}, {300, 2}, {2, 3000}};
  for (size_t s = 0; s < G_N_ELEMENTS(shapes); s++)
    for (int vector = 0; vector < 2; vector++) {
      g_autoptr(MgMatrix) matrix = hill(shapes[s][0], shapes[s][1]);
      if (matrix->cols > 1)
        matrix->data[0] = NAN;
      Canvas canvas = canvas_new(120, 90);
      mg_surface_draw(canvas.cr, 120, 90, &mg_style_dark, matrix, &world, params, vector);
      MgSurfaceWorld flat = {0};
      mg_surface_draw(canvas.cr, 120, 90, &mg_style_dark, matrix, &flat, params, vector);
      g_assert_cmpint(cairo_status(canvas.cr), ==, CAIRO_STATUS_SUCCESS);
      canvas_free(&canvas);
    }
}

/* Paths and pixels show the same thing. */
static void
test_vector_agrees(void)
{
  g_autoptr(MgMatrix) matrix = hill(60, 100);
  g_autoptr(MgParams) params = mg_params_new(tables);
  Canvas canvases[2] = {canvas_new(400, 300), canvas_new(400, 300)};
  for (int vector = 0; vector < 2; vector++)
    mg_surface_draw(canvases[vector].cr, 400, 300, &mg_style_light, matrix, &world, params, vector);
  double difference = 0;
  for (int y = 0; y < 300; y++)
    for (int x = 0; x < 400; x++)
      for (int shift = 0; shift < 24; shift += 8)
        difference += ABS((int)(canvas_pixel(&canvases[0], x, y) >> shift & 255) -
                          (int)(canvas_pixel(&canvases[1], x, y) >> shift & 255));
  g_assert_cmpfloat(difference / (400 * 300 * 3), <, 3);
  canvas_free(&canvases[0]);
  canvas_free(&canvases[1]);
}

/* A lone loud cell is as high as its value says, however coarse the surface is. */
static void
test_peak_survives(void)
{
  g_autoptr(MgParams) params = mg_params_new(tables);
  g_autoptr(MgMatrix) matrix = mg_matrix_new(1025, 5000, NULL);
  for (size_t i = 0; i < matrix->rows * matrix->cols; i++)
    matrix->data[i] = -80;
  mg_matrix_row(matrix, 500)[2500] = 0;
  Canvas canvas = canvas_new(600, 400);
  mg_surface_draw(canvas.cr, 600, 400, &mg_style_light, matrix, &world, params, FALSE);
  g_assert_cmpint(coloured(&canvas), >, 20);
  canvas_free(&canvas);
}

static void
test_nearest_wins(void)
{
  guint32 red[256], blue[256];
  for (int i = 0; i < 256; i++) {
    red[i] = 0xffff0000;
    blue[i] = 0xff0000ff;
  }
  for (int order = 0; order < 2; order++) {
    MgRaster *raster = mg_raster_new(40, 40);
    for (int k = 0; k < 2; k++) {
      gboolean near = (k == 0) == (order == 0);
      float depth = near ? 1 : 2;
      MgVertex a = {-10, -10, depth, 0}, b = {90, -10, depth, 0}, c = {-10, 90, depth, 0};
      mg_raster_triangle(raster, a, b, c, near ? red : blue);
    }
    g_assert_cmphex(raster->argb[20 * 40 + 15], ==, 0xffff0000);
    mg_raster_free(raster);
  }
}

/* Two triangles of a quad leave no gap between them, and cover what they should. */
static void
test_no_gaps(void)
{
  guint32 white[256];
  for (int i = 0; i < 256; i++)
    white[i] = 0xffffffff;
  MgRaster *raster = mg_raster_new(64, 64);
  MgVertex q[4] = {{5.3f, 7.1f, 1, 0}, {58.2f, 3.7f, 1, 0}, {60.4f, 55.5f, 1, 0}, {2.2f, 61.9f, 1, 0}};
  mg_raster_triangle(raster, q[0], q[1], q[2], white);
  mg_raster_triangle(raster, q[2], q[0], q[3], white); /* the other way round */
  int covered = 0;
  for (int y = 8; y < 55; y++)
    for (int x = 6; x < 58; x++)
      covered += raster->argb[y * 64 + x] != 0;
  g_assert_cmpint(covered, ==, 47 * 52);
  g_assert_cmphex(raster->argb[0], ==, 0);
  mg_raster_free(raster);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/surface/any-angle", test_any_angle);
  g_test_add_func("/surface/odd-data", test_odd_data);
  g_test_add_func("/surface/vector-agrees", test_vector_agrees);
  g_test_add_func("/surface/peak-survives", test_peak_survives);
  g_test_add_func("/surface/nearest-wins", test_nearest_wins);
  g_test_add_func("/surface/no-gaps", test_no_gaps);
  return g_test_run();
}

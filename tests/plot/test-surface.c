#include "canvas.h"
#include "support.h"
#include "plot/raster.h"
#include "plot/axis.h"
#include "plot/surface-axes.h"
#include "plot/surface-picture.h"

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

static MgSurfacePicture *
picture_of(MgSurface *surface, double azimuth, double elevation, gboolean quick, MgSurfacePicture *former)
{
  g_autoptr(MgParams) params = mg_params_new(tables);
  mg_params_set_float(params, "azimuth", azimuth);
  mg_params_set_float(params, "elevation", elevation);
  return mg_surface_picture_new(surface, 480, 320, 1, &mg_style_light, params, quick, former);
}

/* What is found at a place is what was picked there, from every side. */
static void
test_pick(void)
{
  g_autoptr(MgMatrix) matrix = hill(32, 64);
  g_autoptr(MgSurface) surface = mg_surface_new(matrix, &world);
  MgSurfacePoint point;
  double x, y;
  int picked = 0;
  for (int azimuth = -180; azimuth < 180; azimuth += 20)
    for (int elevation = 10; elevation <= 90; elevation += 40)
      for (int quick = 0; quick < 2; quick++) {
        g_autoptr(MgSurfacePicture) picture = picture_of(surface, azimuth, elevation, quick, NULL);
        g_assert_false(mg_surface_picture_pick(picture, 0, 0, &point));
        g_assert_false(mg_surface_picture_pick(picture, -5, 1e9, &point));
        for (int place = 0; place < 9; place++) {
          double time = 0.2 + 0.3 * (place % 3), frequency = 0.2 + 0.3 * (int)(place / 3);
          if (!mg_surface_picture_find(picture, time, frequency, &x, &y))
            continue;
          gboolean hit = mg_surface_picture_pick(picture, x, y, &point);
          picked += hit;
          if (elevation < 40) /* a pixel covers much of what is seen from the side, and a rim lies between two */
            continue;
          g_assert_true(hit);
          g_assert_cmpfloat_with_epsilon(point.time_share, time, 0.015);
          g_assert_cmpfloat_with_epsilon(point.frequency_share, frequency, 0.02);
          g_assert_cmpfloat_with_epsilon(point.seconds, 5 * point.time_share, 1e-9);
        }
      }
  g_assert_cmpint(picked, >, 600);
}

/* A tone of 1 kHz reads so, within half a row, and has its level. */
static void
test_tone(void)
{
  enum { rows = 257, cols = 100 };
  g_autoptr(MgMatrix) matrix = mg_matrix_new(rows, cols, NULL);
  MgSurfaceWorld linear = {.seconds = 3, .start = 60, .high_hz = 8000, .low_db = -80};
  MgSurfacePoint point;
  double x, y;
  for (size_t i = 0; i < rows * cols; i++)
    matrix->data[i] = i / cols == 32 ? -12 : -80;
  g_autoptr(MgSurface) surface = mg_surface_new(matrix, &linear);
  g_autoptr(MgSurfacePicture) picture = picture_of(surface, -20, 45, FALSE, NULL);
  g_assert_true(mg_surface_picture_find(picture, 0.5, 32 / 256.0, &x, &y));
  g_assert_true(mg_surface_picture_pick(picture, x, y + 0.5, &point));
  g_assert_cmpfloat_with_epsilon(point.hz, 1000, 8000 / 255.0 / 2);
  g_assert_cmpfloat_with_epsilon(point.seconds, 61.5, 0.03);
  g_assert_cmpfloat_with_epsilon(point.db, -12, 12); /* the side of a ridge that is one row wide */
}

/* Shares of the axis in Hz: Slaney's and HTK's formulas. */
static void
test_hz(void)
{
  MgSurfaceWorld mel = {.low_hz = 100, .high_hz = 8000, .mel = TRUE}, htk = mel, linear = {.high_hz = 8000};
  htk.htk = TRUE;
  g_assert_cmpfloat_with_epsilon(mg_surface_world_hz(&linear, 0.25), 2000, 1e-9);
  g_assert_cmpfloat_with_epsilon(mg_axis_mel(mg_surface_world_hz(&mel, 0.5)),
                                 (mg_axis_mel(100) + mg_axis_mel(8000)) / 2, 1e-9);
  double middle = (2595 * log10(1 + 100 / 700.0) + 2595 * log10(1 + 8000 / 700.0)) / 2;
  g_assert_cmpfloat_with_epsilon(2595 * log10(1 + mg_surface_world_hz(&htk, 0.5) / 700), middle, 1e-6);
  for (int i = 0; i < 2; i++) {
    g_assert_cmpfloat_with_epsilon(mg_surface_world_hz(i ? &htk : &mel, 0), 100, 1e-6);
    g_assert_cmpfloat_with_epsilon(mg_surface_world_hz(i ? &htk : &mel, 1), 8000, 1e-6);
  }
}

/* Memory that is used again leaves nothing behind. */
static void
test_former(void)
{
  g_autoptr(MgMatrix) matrix = hill(32, 64), other = hill(5, 9);
  g_autoptr(MgSurface) surface = mg_surface_new(matrix, &world), few = mg_surface_new(other, &world);
  MgSurfacePicture *again = picture_of(few, 70, 20, TRUE, NULL);
  again = picture_of(surface, -32, 38, TRUE, again);
  g_autoptr(MgSurfacePicture) fresh = picture_of(surface, -32, 38, TRUE, NULL);
  cairo_surface_t *a = mg_surface_picture_pixels(again), *b = mg_surface_picture_pixels(fresh);
  gsize bytes = (gsize)cairo_image_surface_get_stride(a) * cairo_image_surface_get_height(a);
  g_assert_cmpmem(cairo_image_surface_get_data(a), bytes, cairo_image_surface_get_data(b), bytes);
  mg_surface_picture_free(again);
}

/* Lines alone hide what lies behind, and show far less colour than faces. */
static void
test_mesh(void)
{
  g_autoptr(MgMatrix) matrix = hill(32, 64);
  static const char *const kinds[] = {"none", "over", "only"};
  int reds[2][3];
  for (int vector = 0; vector < 2; vector++)
    for (int kind = 0; kind < 3; kind++) {
      g_autoptr(MgParams) params = mg_params_new(tables);
      Canvas canvas = canvas_new(480, 320);
      mg_params_set(params, "mesh", kinds[kind], NULL);
      mg_surface_draw(canvas.cr, 480, 320, &mg_style_light, matrix, &world, params, vector);
      reds[vector][kind] = coloured(&canvas);
      canvas_free(&canvas);
    }
  for (int vector = 0; vector < 2; vector++) {
    g_assert_cmpint(reds[vector][1], >, reds[vector][0] / 4);
    g_assert_cmpint(reds[vector][2], <, reds[vector][0] / 2);
    g_assert_cmpint(reds[vector][2], >, 300);
  }
}

/* The cursor's line is seen in front and faint behind. */
static void
test_section(void)
{
  g_autoptr(MgMatrix) matrix = hill(64, 64);
  g_autoptr(MgSurface) surface = mg_surface_new(matrix, &world);
  static const double green[3] = {0, 1, 0};
  g_autoptr(MgSurfacePicture) picture = picture_of(surface, 0, 12, TRUE, NULL);
  int strong[2] = {0, 0};
  for (int axis = 0; axis < 2; axis++) {
    Canvas canvas = canvas_new(480, 320);
    mg_surface_picture_draw_section(picture, canvas.cr, axis, axis == MG_SURFACE_TIME ? 0.5 : 0.9, green, 1);
    for (int y = 0; y < 320; y++)
      for (int x = 0; x < 480; x++)
        strong[axis] += canvas_pixel(&canvas, x, y) >> 24 > 200;
    canvas_free(&canvas);
  }
  g_assert_cmpint(strong[MG_SURFACE_TIME], >, 80);      /* up the near slope */
  g_assert_cmpint(strong[MG_SURFACE_FREQUENCY], <, 80); /* behind the hill, but for its ends */
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
  g_test_add_func("/surface/pick", test_pick);
  g_test_add_func("/surface/tone", test_tone);
  g_test_add_func("/surface/hz", test_hz);
  g_test_add_func("/surface/former", test_former);
  g_test_add_func("/surface/mesh", test_mesh);
  g_test_add_func("/surface/section", test_section);
  return g_test_run();
}

#include "plot/surface.h"
#include "plot/axis.h"
#include "plot/raster.h"
#include "plot/surface-axes.h"
#include "plot/text.h"
#include <glib/gi18n-lib.h>
#include <math.h>

#define SHADES 32

static const MgParamSpec specs[] = {
    {"azimuth", MG_PARAM_FLOAT, "-32", -360, 360, NULL, "°", NULL,
     N_("Turn about the vertical axis; at 0 time runs from left to right")},
    {"elevation", MG_PARAM_FLOAT, "38", 0, 90, NULL, "°", NULL, N_("Height of the eye; 90 looks straight down")},
    {"zoom", MG_PARAM_FLOAT, "1", 0.1, 20, NULL, NULL, NULL, N_("Size of the surface; 1 fits the picture")},
    {"steady", MG_PARAM_BOOL, "false", 0, 0, NULL, NULL, NULL,
     N_("One size for a whole turn, in place of the largest that fits")},
    {"height", MG_PARAM_FLOAT, "0.45", 0.01, 3, NULL, NULL, NULL,
     N_("Height of the loudest point against half the length of the time axis")},
    {"shading", MG_PARAM_FLOAT, "0.5", 0, 1, NULL, NULL, NULL,
     N_("How much slopes that face away from the light darken")},
    {"smooth", MG_PARAM_BOOL, "true", 0, 0, NULL, NULL, NULL, N_("Smooth edges; takes about twice the time")},
    {"colormap", MG_PARAM_CHOICE, "magma", 0, 0, MG_COLORMAP_CHOICES, NULL, NULL, N_("Colours of levels")},
};
const MgParamTable mg_surface_params = MG_PARAM_TABLE("surface", N_("3D surface"), specs);

static const size_t raster_columns = 512, raster_rows = 256, vector_columns = 160, vector_rows = 80;

/* The height field: columns x rows heights from 0 to 1, time from left to right, frequency from near to far. */
typedef struct {
  size_t columns, rows;
  float *heights; /* [row * columns + column] */
  MgVertex *points;
  guint32 colours[SHADES][256];
  double shading;
} Field;

static float
loudest(const MgMatrix *values, size_t row, size_t end_row, size_t col, size_t end_col)
{
  float most = -INFINITY;
  for (size_t r = row; r < end_row; r++)
    for (size_t c = col; c < end_col; c++)
      most = values->data[r * values->cols + c] > most ? values->data[r * values->cols + c] : most;
  return most;
}

static void
fill_heights(Field *field, const MgMatrix *values, const MgSurfaceWorld *world, size_t most_columns, size_t most_rows)
{
  size_t columns = MIN(values->cols, most_columns), rows = MIN(values->rows, most_rows);
  field->columns = MAX(columns, 2);
  field->rows = MAX(rows, 2);
  field->heights = g_new0(float, field->columns * field->rows);
  float span = world->high_db - world->low_db;
  for (size_t r = 0; r < field->rows && rows > 0; r++)
    for (size_t c = 0; c < field->columns && columns > 0; c++) {
      size_t i = MIN(r, rows - 1), j = MIN(c, columns - 1);
      float level = loudest(values, i * values->rows / rows, (i + 1) * values->rows / rows, j * values->cols / columns,
                            (j + 1) * values->cols / columns);
      level = span > 0 ? (level - world->low_db) / span : 0;
      field->heights[r * field->columns + c] = level > 0 ? MIN(level, 1) : 0; /* NaN: 0 */
    }
}

/* Shade s multiplies a colour by 0.4 to 1.2. */
static void
fill_colours(Field *field, const MgColormap *colormap)
{
  for (int s = 0; s < SHADES; s++)
    for (int i = 0; i < 256; i++) {
      double factor = 0.4 + 0.8 * s / (SHADES - 1);
      guint32 shaded = 0xff000000;
      for (int shift = 0; shift < 24; shift += 8)
        shaded |= (guint32)MIN(255, ((colormap->argb[i] >> shift) & 255) * factor) << shift;
      field->colours[s][i] = shaded;
    }
}

static const guint32 *
colours_of_factor(const Field *field, double factor)
{
  return field->colours[CLAMP((int)lround((factor - 0.4) / 0.8 * (SHADES - 1)), 0, SHADES - 1)];
}

/* Light comes from the viewer's upper left, whatever the angle. Slopes are per cell, so that fine grids are not
 * noisier. */
static const guint32 *
colours_of_cell(const Field *field, const MgCamera *camera, size_t r, size_t c)
{
  const float *h = field->heights + r * field->columns + c;
  double along = (h[1] + h[field->columns + 1] - h[0] - h[field->columns]) * 2.5;
  double across = (h[field->columns] + h[field->columns + 1] - h[0] - h[1]) * 2.5;
  double right = along * camera->cos_azimuth - across * camera->sin_azimuth;
  double away = along * camera->sin_azimuth + across * camera->cos_azimuth;
  double light = (0.45 * right + 0.35 * away + 0.82) / sqrt(right * right + away * away + 1);
  return colours_of_factor(field, 1 + field->shading * CLAMP(light / 0.82 - 1, -1, 0.25));
}

static void
project_points(Field *field, const MgCamera *camera)
{
  field->points = g_new(MgVertex, field->columns * field->rows);
  for (size_t r = 0; r < field->rows; r++)
    for (size_t c = 0; c < field->columns; c++) {
      size_t i = r * field->columns + c;
      double x = 2.0 * c / (field->columns - 1) - 1, y = 2.0 * r / (field->rows - 1) - 1;
      field->points[i] = mg_camera_vertex(camera, x, y, field->heights[i]);
    }
}

/* What takes quads, in an order from far to near. */
typedef void (*QuadFunc)(const MgVertex quad[4], const guint32 *colours, gpointer data);

typedef struct {
  MgRaster *raster;
  cairo_t *cr;
} Canvas;

static void
quad_to_raster(const MgVertex quad[4], const guint32 *colours, gpointer data)
{
  Canvas *canvas = data;
  mg_raster_triangle(canvas->raster, quad[0], quad[1], quad[2], colours);
  mg_raster_triangle(canvas->raster, quad[0], quad[2], quad[3], colours);
}

/* A hair's stroke in the quad's own colour closes the seams that anti-aliasing leaves. */
static void
quad_to_path(const MgVertex quad[4], const guint32 *colours, gpointer data)
{
  Canvas *canvas = data;
  cairo_t *cr = canvas->cr;
  double level = (quad[0].level + quad[1].level + quad[2].level + quad[3].level) / 4;
  guint32 colour = colours[(int)CLAMP(level, 0, 255)];
  cairo_set_source_rgb(cr, ((colour >> 16) & 255) / 255.0, ((colour >> 8) & 255) / 255.0, (colour & 255) / 255.0);
  for (int i = 0; i < 4; i++)
    cairo_line_to(cr, quad[i].x, quad[i].y);
  cairo_close_path(cr);
  cairo_fill_preserve(cr);
  cairo_stroke(cr);
}

static void
draw_cells(const Field *field, const MgCamera *camera, QuadFunc draw, gpointer data)
{
  size_t rows = field->rows - 1, columns = field->columns - 1, n = field->columns;
  for (size_t i = 0; i < rows; i++)
    for (size_t k = 0; k < columns; k++) {
      size_t r = camera->far_y > 0 ? rows - 1 - i : i, c = camera->far_x > 0 ? columns - 1 - k : k;
      const MgVertex *p = field->points + r * n + c;
      MgVertex quad[4] = {p[0], p[1], p[n + 1], p[n]};
      draw(quad, colours_of_cell(field, camera, r, c), data);
    }
}

/* One near side of the block, from the floor to the surface's rim: points first, first + step, … */
static void
draw_side(const Field *field, const MgCamera *camera, size_t first, size_t step, size_t n, double factor, QuadFunc draw,
          gpointer data)
{
  const guint32 *colours = colours_of_factor(field, factor);
  for (size_t i = 0; i + 1 < n; i++) {
    size_t a = first + i * step, b = a + step, columns = field->columns;
    MgVertex quad[4] = {field->points[a], field->points[b]};
    size_t foot[2] = {b, a};
    for (int k = 0; k < 2; k++)
      quad[2 + k] = mg_camera_vertex(camera, 2.0 * (foot[k] % columns) / (columns - 1) - 1,
                                     2.0 * (foot[k] / columns) / (field->rows - 1) - 1, 0);
    draw(quad, colours, data);
  }
}

static void
draw_field(const Field *field, const MgCamera *camera, QuadFunc draw, gpointer data)
{
  size_t columns = field->columns, rows = field->rows;
  draw_cells(field, camera, draw, data);
  draw_side(field, camera, camera->far_y > 0 ? 0 : (rows - 1) * columns, 1, columns, 0.85, draw, data);
  draw_side(field, camera, camera->far_x > 0 ? 0 : columns - 1, columns, rows, 0.65, draw, data);
}

static void
draw_vector(cairo_t *cr, Field *field, const MgCamera *camera)
{
  Canvas canvas = {.cr = cr};
  project_points(field, camera);
  cairo_save(cr);
  cairo_set_line_width(cr, 0.6);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_BEVEL);
  draw_field(field, camera, quad_to_path, &canvas);
  cairo_restore(cr);
}

static void
draw_raster(cairo_t *cr, Field *field, const MgCamera *camera, double width, double height, gboolean smooth)
{
  double scale = mg_pixels_per_unit(cr);
  int pixels_x = (int)CLAMP(ceil(width * scale), 1, 8192), pixels_y = (int)CLAMP(ceil(height * scale), 1, 8192);
  int finer = smooth ? 2 : 1;
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, pixels_x, pixels_y);
  if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
    cairo_surface_destroy(surface);
    return;
  }
  MgRaster *raster = mg_raster_new(pixels_x * finer, pixels_y * finer);
  MgCamera fine = *camera;
  mg_camera_scale(&fine, scale * finer);
  project_points(field, &fine);
  Canvas canvas = {.raster = raster};
  draw_field(field, &fine, quad_to_raster, &canvas);
  guint32 *argb = (guint32 *)(gpointer)cairo_image_surface_get_data(surface);
  size_t stride = cairo_image_surface_get_stride(surface) / sizeof(guint32);
  mg_raster_copy(raster, finer, argb, stride);
  cairo_surface_mark_dirty(surface);
  mg_raster_free(raster);
  cairo_save(cr);
  cairo_scale(cr, 1 / scale, 1 / scale);
  cairo_set_source_surface(cr, surface, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_paint(cr);
  cairo_restore(cr);
  cairo_surface_destroy(surface);
}

void
mg_surface_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgMatrix *values,
                const MgSurfaceWorld *world, const MgParams *params, gboolean vector)
{
  if (!(width >= 1) || !(height >= 1))
    return;
  mg_background(cr, style, width, height);
  MgCamera camera = mg_camera_fit(width, height, style, params);
  Field field = {.shading = mg_params_float(params, "shading")};
  fill_heights(&field, values, world, vector ? vector_columns : raster_columns, vector ? vector_rows : raster_rows);
  fill_colours(&field, mg_colormap_find(mg_params_text(params, "colormap")));
  cairo_save(cr);
  cairo_rectangle(cr, 0, 0, width, height);
  cairo_clip(cr);
  mg_surface_walls_draw(cr, style, &camera, world);
  if (vector)
    draw_vector(cr, &field, &camera);
  else
    draw_raster(cr, &field, &camera, width, height, mg_params_bool(params, "smooth"));
  mg_surface_axes_draw(cr, width, height, style, &camera, world);
  cairo_restore(cr);
  g_free(field.heights);
  g_free(field.points);
}

#include "plot/surface-field.h"
#include <math.h>

#define DARKEST 0.4 /* what the first shade multiplies a colour by */
#define SHADE_SPAN 0.8
#define MESH_COLUMNS 64 /* lines of the mesh at most */
#define MESH_ROWS 32

static const size_t most_columns = 512, most_rows = 256;

static float
largest(const float *values, size_t stride, size_t row, size_t end_row, size_t col, size_t end_col)
{
  float most = -INFINITY;
  for (size_t r = row; r < end_row; r++)
    for (size_t c = col; c < end_col; c++)
      most = values[r * stride + c] > most ? values[r * stride + c] : most;
  return most;
}

/* Joins rows x cols values into at most those of the surface, whose size it sets. */
static void
join(MgSurface *surface, const float *values, size_t rows, size_t cols, size_t columns_limit, size_t rows_limit)
{
  size_t columns = MIN(cols, columns_limit), lines = MIN(rows, rows_limit);
  surface->columns = MAX(columns, 2);
  surface->rows = MAX(lines, 2);
  surface->heights = g_new0(float, surface->columns * surface->rows);
  for (size_t r = 0; r < surface->rows && lines > 0; r++)
    for (size_t c = 0; c < surface->columns && columns > 0; c++) {
      size_t i = MIN(r, lines - 1), j = MIN(c, columns - 1);
      surface->heights[r * surface->columns + c] =
          largest(values, cols, i * rows / lines, (i + 1) * rows / lines, j * cols / columns, (j + 1) * cols / columns);
    }
}

static MgSurface *
new_surface(const MgSurfaceWorld *world)
{
  MgSurface *surface = g_new0(MgSurface, 1);
  surface->references = 1;
  surface->world = *world;
  return surface;
}

MgSurface *
mg_surface_new(const MgMatrix *values, const MgSurfaceWorld *world)
{
  MgSurface *surface = new_surface(world);
  float span = (float)(world->high_db - world->low_db);
  join(surface, values->data, values->rows, values->cols, most_columns, most_rows);
  for (size_t i = 0; i < surface->columns * surface->rows; i++) {
    float level = span > 0 ? (surface->heights[i] - (float)world->low_db) / span : 0;
    surface->heights[i] = level > 0 ? MIN(level, 1) : 0; /* NaN: 0 */
  }
  return surface;
}

MgSurface *
mg_surface_coarser(const MgSurface *surface, size_t columns, size_t rows)
{
  MgSurface *coarser = new_surface(&surface->world);
  join(coarser, surface->heights, surface->rows, surface->columns, columns, rows);
  return coarser;
}

MgSurface *
mg_surface_ref(MgSurface *surface)
{
  g_atomic_int_inc(&surface->references);
  return surface;
}

void
mg_surface_unref(MgSurface *surface)
{
  if (!surface || !g_atomic_int_dec_and_test(&surface->references))
    return;
  g_free(surface->heights);
  g_free(surface);
}

const MgSurfaceWorld *
mg_surface_world(const MgSurface *surface)
{
  return &surface->world;
}

double
mg_surface_height(const MgSurface *surface, double time_share, double frequency_share)
{
  double x = CLAMP(time_share, 0, 1) * (surface->columns - 1), y = CLAMP(frequency_share, 0, 1) * (surface->rows - 1);
  size_t c = MIN((size_t)x, surface->columns - 2), r = MIN((size_t)y, surface->rows - 2);
  const float *h = surface->heights + r * surface->columns + c;
  double near = h[0] + (x - c) * (h[1] - h[0]), far = h[surface->columns];
  far += (x - c) * (h[surface->columns + 1] - far);
  return near + (y - r) * (far - near);
}

static guint32
scaled(guint32 argb, double factor, double towards_white)
{
  guint32 result = 0xff000000;
  for (int shift = 0; shift < 24; shift += 8) {
    double value = ((argb >> shift) & 255) * factor;
    result |= (guint32)CLAMP(value + towards_white * (255 - value), 0, 255) << shift;
  }
  return result;
}

static double
lightness(guint32 argb)
{
  return (0.2126 * ((argb >> 16) & 255) + 0.7152 * ((argb >> 8) & 255) + 0.0722 * (argb & 255)) / 255;
}

static guint32
pixel_of(const double rgb[3])
{
  guint32 pixel = 0xff;
  for (int i = 0; i < 3; i++)
    pixel = pixel << 8 | (guint32)(rgb[i] * 255 + 0.5);
  return pixel;
}

/* Lines over faces stand out on light and dark colours; lines alone have the levels' colours. */
static void
fill_colours(MgSurfaceScene *scene, const MgStyle *style, const MgColormap *colormap)
{
  for (int s = 0; s < MG_SURFACE_SHADES; s++)
    for (int i = 0; i < 256; i++)
      scene->colours[s][i] = scaled(colormap->argb[i], DARKEST + SHADE_SPAN * s / (MG_SURFACE_SHADES - 1), 0);
  for (int i = 0; i < 256; i++) {
    guint32 colour = colormap->argb[i];
    gboolean light = lightness(colour) > 0.45;
    scene->ground[i] = pixel_of(style->background);
    scene->lines[i] = colour;
    if (scene->mesh == MG_MESH_OVER)
      scene->lines[i] = scaled(colour, light ? 0.55 : 1, light ? 0 : 0.3);
    else if (style->dark && lightness(colour) < 0.12)
      scene->lines[i] = scaled(colour, 1, 0.25);
  }
}

static guint8
shade_of_factor(double factor)
{
  return (guint8)CLAMP(lround((factor - DARKEST) / SHADE_SPAN * (MG_SURFACE_SHADES - 1)), 0, MG_SURFACE_SHADES - 1);
}

/* The light stays with the viewer, whatever the angle. Slopes are per cell, so that fine grids are not noisier. */
static guint8
shade_of_cell(const MgSurfaceScene *scene, const float *h)
{
  size_t n = scene->surface->columns;
  const MgCamera *camera = &scene->camera;
  double along = (h[1] + h[n + 1] - h[0] - h[n]) * 2.5;
  double across = (h[n] + h[n + 1] - h[0] - h[1]) * 2.5;
  double right = along * camera->cos_azimuth - across * camera->sin_azimuth;
  double away = along * camera->sin_azimuth + across * camera->cos_azimuth;
  double light = (scene->light_right * right + scene->light_away * away + 0.82) / sqrt(right * right + away * away + 1);
  return shade_of_factor(1 + scene->shading * CLAMP(light / 0.82 - 1, -1, 0.25));
}

static void
prepare(MgSurfaceScene *scene)
{
  const MgSurface *surface = scene->surface;
  size_t columns = surface->columns, rows = surface->rows;
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < columns; c++) {
      size_t i = r * columns + c;
      double x = 2.0 * c / (columns - 1) - 1, y = 2.0 * r / (rows - 1) - 1;
      scene->points[i] = mg_camera_vertex(&scene->camera, x, y, surface->heights[i]);
      scene->shades[i] = r + 1 < rows && c + 1 < columns ? shade_of_cell(scene, surface->heights + i) : 0;
    }
}

static MgMesh
mesh_of(const char *name)
{
  return g_str_equal(name, "over") ? MG_MESH_OVER : g_str_equal(name, "only") ? MG_MESH_ONLY : MG_MESH_NONE;
}

void
mg_surface_scene_init(MgSurfaceScene *scene, const MgSurface *surface, const MgCamera *camera, const MgStyle *style,
                      const MgParams *params)
{
  double light = mg_params_float(params, "light") * G_PI / 180;
  size_t n = surface->columns * surface->rows;
  scene->surface = surface;
  scene->camera = *camera;
  scene->shading = mg_params_float(params, "shading");
  scene->light_right = -0.57 * sin(light); /* with 0.82 upwards a vector of length 1 */
  scene->light_away = 0.57 * cos(light);
  scene->mesh = mesh_of(mg_params_text(params, "mesh"));
  scene->line_columns = (surface->columns + MESH_COLUMNS - 1) / MESH_COLUMNS;
  scene->line_rows = (surface->rows + MESH_ROWS - 1) / MESH_ROWS;
  scene->points = g_new(MgVertex, n);
  scene->shades = g_new(guint8, n);
  fill_colours(scene, style, mg_colormap_find(mg_params_text(params, "colormap")));
  prepare(scene);
}

void
mg_surface_scene_clear(MgSurfaceScene *scene)
{
  g_free(scene->points);
  g_free(scene->shades);
}

static const guint32 *
colours_of_shade(const MgSurfaceScene *scene, guint8 shade)
{
  return scene->mesh == MG_MESH_ONLY ? scene->ground : scene->colours[shade];
}

static void
add_lines(const MgSurfaceScene *scene, const MgVertex quad[4], size_t r, size_t c, const MgSurfaceSink *sink,
          gpointer data)
{
  const MgSurface *surface = scene->surface;
  if (r % scene->line_rows == 0)
    sink->line(quad[0], quad[1], scene->lines, data);
  if (c % scene->line_columns == 0)
    sink->line(quad[0], quad[3], scene->lines, data);
  if (r + 2 == surface->rows)
    sink->line(quad[3], quad[2], scene->lines, data);
  if (c + 2 == surface->columns)
    sink->line(quad[1], quad[2], scene->lines, data);
}

static void
walk_cells(const MgSurfaceScene *scene, const MgSurfaceSink *sink, gpointer data)
{
  size_t n = scene->surface->columns, rows = scene->surface->rows - 1, columns = n - 1;
  for (size_t i = 0; i < rows; i++)
    for (size_t k = 0; k < columns; k++) {
      size_t r = scene->camera.far_y > 0 ? rows - 1 - i : i, c = scene->camera.far_x > 0 ? columns - 1 - k : k;
      const MgVertex *p = scene->points + r * n + c;
      MgVertex quad[4] = {p[0], p[1], p[n + 1], p[n]};
      sink->face(quad, colours_of_shade(scene, scene->shades[r * n + c]), data);
      if (scene->mesh != MG_MESH_NONE)
        add_lines(scene, quad, r, c, sink, data);
    }
}

/* One near side of the block, from the floor to the surface's rim: n points, first, first + step, …; a negative step
 * where that lets the faces turn outwards. */
static void
walk_side(const MgSurfaceScene *scene, size_t first, gssize step, size_t n, double factor, const MgSurfaceSink *sink,
          gpointer data)
{
  const guint32 *colours = colours_of_shade(scene, shade_of_factor(factor));
  size_t columns = scene->surface->columns, rows = scene->surface->rows;
  for (size_t i = 0; i + 1 < n; i++) {
    size_t a = first + i * step, b = a + step, foot[2] = {b, a};
    MgVertex quad[4] = {scene->points[a], scene->points[b]};
    for (int k = 0; k < 2; k++)
      quad[2 + k] = mg_camera_vertex(&scene->camera, 2.0 * (foot[k] % columns) / (columns - 1) - 1,
                                     2.0 * (foot[k] / columns) / (rows - 1) - 1, 0);
    sink->face(quad, colours, data);
    if (scene->mesh != MG_MESH_NONE)
      sink->line(quad[0], quad[1], scene->lines, data);
  }
}

void
mg_surface_scene_walk(const MgSurfaceScene *scene, const MgSurfaceSink *sink, gpointer data)
{
  size_t columns = scene->surface->columns, rows = scene->surface->rows, last = rows * columns - 1;
  gssize line = (gssize)columns;
  walk_cells(scene, sink, data);
  if (scene->camera.far_y > 0)
    walk_side(scene, columns - 1, -1, columns, 0.85, sink, data);
  else
    walk_side(scene, last - (columns - 1), 1, columns, 0.85, sink, data);
  if (scene->camera.far_x > 0)
    walk_side(scene, 0, line, rows, 0.65, sink, data);
  else
    walk_side(scene, last, -line, rows, 0.65, sink, data);
}

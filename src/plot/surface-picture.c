#include "plot/surface-picture.h"
#include "plot/axis.h"
#include "plot/surface-field.h"
#include "plot/text.h"
#include <math.h>

#define SECTION_POINTS 257
#define NEAR_ENOUGH 0.02f /* of depth, in units of the box: what lies on the surface is not hidden by its own faces */

struct MgSurfacePicture {
  MgSurface *surface;
  cairo_surface_t *pixels;
  MgRaster *raster;
  MgCamera camera;
  double fineness; /* raster pixels a user unit */
};

MgSurfacePicture *
mg_surface_picture_new(MgSurface *surface, double width, double height, double scale, const MgStyle *style,
                       const MgParams *params, gboolean quick, MgSurfacePicture *former)
{
  int finer = quick || !mg_params_bool(params, "smooth") ? 1 : 2;
  int across = (int)ceil(MAX(width, 1) * scale), down = (int)ceil(MAX(height, 1) * scale);
  MgSurfacePicture *picture = g_new0(MgSurfacePicture, 1);
  picture->surface = mg_surface_ref(surface);
  picture->fineness = scale * finer;
  picture->pixels = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, across, down);
  cairo_surface_set_device_scale(picture->pixels, scale, scale);
  picture->camera = mg_camera_fit(width, height, style, params);
  cairo_t *cr = cairo_create(picture->pixels);
  MgRaster *raster = former ? g_steal_pointer(&former->raster) : NULL;
  picture->raster = mg_surface_render(cr, width, height, style, surface, params, &picture->camera, finer, raster);
  cairo_destroy(cr);
  mg_surface_picture_free(former);
  return picture;
}

void
mg_surface_picture_free(MgSurfacePicture *picture)
{
  if (!picture)
    return;
  mg_surface_unref(picture->surface);
  cairo_surface_destroy(picture->pixels);
  mg_raster_free(picture->raster);
  g_free(picture);
}

cairo_surface_t *
mg_surface_picture_pixels(const MgSurfacePicture *picture)
{
  return picture->pixels;
}

const MgSurface *
mg_surface_picture_surface(const MgSurfacePicture *picture)
{
  return picture->surface;
}

/* INFINITY where nothing was drawn. */
static float
depth_at(const MgSurfacePicture *picture, double x, double y)
{
  double column = floor(x * picture->fineness), row = floor(y * picture->fineness);
  if (!(column >= 0 && row >= 0 && column < picture->raster->width && row < picture->raster->height))
    return INFINITY;
  return picture->raster->depth[(size_t)row * picture->raster->width + (size_t)column];
}

gboolean
mg_surface_picture_pick(const MgSurfacePicture *picture, double x, double y, MgSurfacePoint *point)
{
  const MgSurfaceWorld *world = &picture->surface->world;
  float depth = depth_at(picture, x, y);
  double box_x, box_y;
  if (!isfinite(depth))
    return FALSE;
  mg_camera_unproject(&picture->camera, x, y, depth, &box_x, &box_y);
  point->time_share = CLAMP((box_x + 1) / 2, 0, 1);
  point->frequency_share = CLAMP((box_y + 1) / 2, 0, 1);
  point->seconds = world->start + point->time_share * world->seconds;
  point->hz = mg_surface_world_hz(world, point->frequency_share);
  double height = mg_surface_height(picture->surface, point->time_share, point->frequency_share);
  point->db = world->low_db + height * (world->high_db - world->low_db);
  return TRUE;
}

static MgVertex
vertex_at(const MgSurfacePicture *picture, double time_share, double frequency_share, double height)
{
  return mg_camera_vertex(&picture->camera, 2 * time_share - 1, 2 * frequency_share - 1, height);
}

static gboolean
is_seen(const MgSurfacePicture *picture, MgVertex v)
{
  return v.depth <= depth_at(picture, v.x, v.y) + NEAR_ENOUGH;
}

gboolean
mg_surface_picture_find(const MgSurfacePicture *picture, double time_share, double frequency_share, double *x,
                        double *y)
{
  MgVertex v =
      vertex_at(picture, time_share, frequency_share, mg_surface_height(picture->surface, time_share, frequency_share));
  *x = v.x;
  *y = v.y;
  return is_seen(picture, v);
}

/* The points of a section, the last one at the floor of the near side. */
static size_t
find_section(const MgSurfacePicture *picture, MgSurfaceAxis axis, double share, MgVertex *points)
{
  int far = axis == MG_SURFACE_TIME ? picture->camera.far_y : picture->camera.far_x;
  for (size_t i = 0; i < SECTION_POINTS; i++) {
    double along = i / (SECTION_POINTS - 1.0);
    if (far > 0)
      along = 1 - along;
    double time = axis == MG_SURFACE_TIME ? share : along, frequency = axis == MG_SURFACE_TIME ? along : share;
    points[i] = vertex_at(picture, time, frequency, mg_surface_height(picture->surface, time, frequency));
    if (i + 1 == SECTION_POINTS)
      points[i + 1] = vertex_at(picture, time, frequency, 0);
  }
  return SECTION_POINTS + 1;
}

static void
stroke_part(const MgSurfacePicture *picture, cairo_t *cr, const MgVertex *points, size_t n, gboolean seen)
{
  for (size_t i = 0; i + 1 < n; i++) {
    if (is_seen(picture, points[i]) != seen)
      continue;
    cairo_move_to(cr, points[i].x, points[i].y);
    cairo_line_to(cr, points[i + 1].x, points[i + 1].y);
  }
}

void
mg_surface_picture_draw_section(const MgSurfacePicture *picture, cairo_t *cr, MgSurfaceAxis axis, double share,
                                const double rgb[3], double alpha)
{
  static const double black[3] = {0, 0, 0};
  MgVertex points[SECTION_POINTS + 1];
  size_t n = find_section(picture, axis, share, points);
  cairo_save(cr);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  stroke_part(picture, cr, points, n, FALSE);
  cairo_set_line_width(cr, 1);
  mg_source_alpha(cr, rgb, alpha * 0.25);
  cairo_stroke(cr);
  stroke_part(picture, cr, points, n, TRUE);
  cairo_set_line_width(cr, 3.5); /* a dark edge is seen on every colour map */
  mg_source_alpha(cr, black, alpha * 0.35);
  cairo_stroke_preserve(cr);
  cairo_set_line_width(cr, 1.5);
  mg_source_alpha(cr, rgb, alpha);
  cairo_stroke(cr);
  cairo_restore(cr);
}

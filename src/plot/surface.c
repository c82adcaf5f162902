#include "plot/surface.h"
#include "plot/surface-field.h"
#include "plot/text.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {"colormap", MG_PARAM_CHOICE, "magma", 0, 0, MG_COLORMAP_CHOICES, NULL, NULL, N_("Colours of levels")},
    {"frequency_axis", MG_PARAM_CHOICE, "mel", 0, 0, "mel|linear", NULL, NULL,
     N_("Frequencies as mel bands, or all alike as the STFT gives them")},
    {"azimuth", MG_PARAM_FLOAT, "-32", -360, 360, NULL, "°", NULL,
     N_("Turn about the vertical axis; at 0 time runs from left to right")},
    {"elevation", MG_PARAM_FLOAT, "38", 0, 90, NULL, "°", NULL, N_("Height of the eye; 90 looks straight down")},
    {"zoom", MG_PARAM_FLOAT, "1", 0.1, 20, NULL, NULL, NULL, N_("Size of the surface; 1 fits the picture")},
    {"height", MG_PARAM_FLOAT, "0.45", 0.01, 3, NULL, NULL, NULL,
     N_("Height of the loudest point against half the length of the time axis")},
    {"shading", MG_PARAM_FLOAT, "0.5", 0, 1, NULL, NULL, NULL,
     N_("How much slopes that face away from the light darken")},
    {"light", MG_PARAM_FLOAT, "-52", -180, 180, NULL, "°", NULL,
     N_("Where the light comes from: 0 from the viewer, -90 from the left, 90 from the right")},
    {"mesh", MG_PARAM_CHOICE, "none", 0, 0, "none|over|only", NULL, NULL,
     N_("Lines of equal time and frequency: none, over the faces, or in place of them")},
    {"pan_x", MG_PARAM_FLOAT, "0", -20, 20, NULL, NULL, NULL, N_("Shift to the right, in widths of the picture")},
    {"pan_y", MG_PARAM_FLOAT, "0", -20, 20, NULL, NULL, NULL, N_("Shift downwards, in heights of the picture")},
    {"steady", MG_PARAM_BOOL, "false", 0, 0, NULL, NULL, NULL,
     N_("One size for a whole turn, in place of the largest that fits")},
    {"smooth", MG_PARAM_BOOL, "true", 0, 0, NULL, NULL, NULL, N_("Smooth edges; takes about twice the time")},
};
const MgParamTable mg_surface_params = MG_PARAM_TABLE("surface", N_("3D surface"), specs);

static const size_t vector_columns = 160, vector_rows = 80;

/* Above 0 where the corners turn as those of a face that is seen from its upper side. */
static float
turn_of(MgVertex a, MgVertex b, MgVertex c)
{
  return (c.x - a.x) * (b.y - a.y) - (b.x - a.x) * (c.y - a.y);
}

/* The lower side is never seen: the eye is above, and there are walls below the near rims. */
static void
face_to_raster(const MgVertex quad[4], const guint32 *colours, gpointer raster)
{
  if (turn_of(quad[0], quad[1], quad[2]) > 0)
    mg_raster_triangle(raster, quad[0], quad[1], quad[2], colours);
  if (turn_of(quad[0], quad[2], quad[3]) > 0)
    mg_raster_triangle(raster, quad[0], quad[2], quad[3], colours);
}

static void
line_to_raster(MgVertex from, MgVertex to, const guint32 *colours, gpointer raster)
{
  mg_raster_line(raster, from, to, colours);
}

static void
set_colour(cairo_t *cr, const guint32 *colours, double level)
{
  guint32 colour = colours[(int)CLAMP(level, 0, 255)];
  cairo_set_source_rgb(cr, ((colour >> 16) & 255) / 255.0, ((colour >> 8) & 255) / 255.0, (colour & 255) / 255.0);
}

/* A hair's stroke in the face's own colour closes the seams that anti-aliasing leaves. */
static void
face_to_path(const MgVertex quad[4], const guint32 *colours, gpointer data)
{
  cairo_t *cr = data;
  set_colour(cr, colours, (quad[0].level + quad[1].level + quad[2].level + quad[3].level) / 4);
  for (int i = 0; i < 4; i++)
    cairo_line_to(cr, quad[i].x, quad[i].y);
  cairo_close_path(cr);
  cairo_fill_preserve(cr);
  cairo_stroke(cr);
}

static void
line_to_path(MgVertex from, MgVertex to, const guint32 *colours, gpointer data)
{
  cairo_t *cr = data;
  set_colour(cr, colours, (from.level + to.level) / 2);
  cairo_move_to(cr, from.x, from.y);
  cairo_line_to(cr, to.x, to.y);
  cairo_stroke(cr);
}

static void
draw_vector(cairo_t *cr, const MgSurfaceScene *scene)
{
  static const MgSurfaceSink sink = {face_to_path, line_to_path};
  cairo_save(cr);
  cairo_set_line_width(cr, 0.6);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_BEVEL);
  mg_surface_scene_walk(scene, &sink, cr);
  cairo_restore(cr);
}

/* The raster's pixels, or the means of its pixels. */
static cairo_surface_t *
pixels_of(const MgRaster *raster, int finer)
{
  int width = raster->width / finer, height = raster->height / finer;
  if (finer == 1) /* opaque or empty, so that they are premultiplied */
    return cairo_image_surface_create_for_data((unsigned char *)raster->argb, CAIRO_FORMAT_ARGB32, width, height,
                                               width * (int)sizeof *raster->argb);
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
  if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
    return surface;
  mg_raster_copy(raster, finer, (guint32 *)(gpointer)cairo_image_surface_get_data(surface),
                 cairo_image_surface_get_stride(surface) / sizeof(guint32));
  cairo_surface_mark_dirty(surface);
  return surface;
}

static void
draw_raster(cairo_t *cr, const MgSurfaceScene *scene, MgRaster *raster, double scale, int finer)
{
  static const MgSurfaceSink sink = {face_to_raster, line_to_raster};
  mg_surface_scene_walk(scene, &sink, raster);
  cairo_surface_t *surface = pixels_of(raster, finer);
  cairo_save(cr);
  cairo_scale(cr, 1 / scale, 1 / scale);
  cairo_set_source_surface(cr, surface, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_paint(cr);
  cairo_restore(cr);
  cairo_surface_destroy(surface);
}

MgRaster *
mg_surface_render(cairo_t *cr, double width, double height, const MgStyle *style, const MgSurface *surface,
                  const MgParams *params, const MgCamera *camera, int finer, MgRaster *former)
{
  MgSurfaceScene scene;
  MgCamera fine = *camera;
  MgRaster *raster = NULL;
  double scale = mg_pixels_per_unit(cr);
  if (finer > 0) {
    int across = (int)CLAMP(ceil(width * scale), 1, 8192), down = (int)CLAMP(ceil(height * scale), 1, 8192);
    raster = mg_raster_renew(former, across * finer, down * finer);
    mg_camera_scale(&fine, scale * finer);
  }
  mg_surface_scene_init(&scene, surface, &fine, style, params);
  mg_background(cr, style, width, height);
  cairo_save(cr);
  cairo_rectangle(cr, 0, 0, width, height);
  cairo_clip(cr);
  mg_surface_walls_draw(cr, style, camera, &surface->world);
  if (raster)
    draw_raster(cr, &scene, raster, scale, finer);
  else
    draw_vector(cr, &scene);
  mg_surface_axes_draw(cr, width, height, style, camera, &surface->world);
  cairo_restore(cr);
  mg_surface_scene_clear(&scene);
  return raster;
}

void
mg_surface_paint(cairo_t *cr, double width, double height, const MgStyle *style, const MgSurface *surface,
                 const MgParams *params, gboolean vector)
{
  if (!(width >= 1) || !(height >= 1))
    return;
  MgCamera camera = mg_camera_fit(width, height, style, params);
  g_autoptr(MgSurface) coarser = vector ? mg_surface_coarser(surface, vector_columns, vector_rows) : NULL;
  int finer = vector ? 0 : mg_params_bool(params, "smooth") ? 2 : 1;
  mg_raster_free(
      mg_surface_render(cr, width, height, style, coarser ? coarser : surface, params, &camera, finer, NULL));
}

void
mg_surface_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgMatrix *values,
                const MgSurfaceWorld *world, const MgParams *params, gboolean vector)
{
  g_autoptr(MgSurface) surface = mg_surface_new(values, world);
  mg_surface_paint(cr, width, height, style, surface, params, vector);
}

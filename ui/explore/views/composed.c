#include "ui/explore/views/composed.h"
#include "ui/trace.h"
#include <math.h>

static guint32
empty_pixel(const MgStyle *style)
{
  guint32 pixel = 0xff;
  for (int i = 0; i < 3; i++)
    pixel = pixel << 8 | (guint32)(style->background[i] * 255 + 0.5);
  return pixel;
}

gboolean
mg_composed_is_for(const MgComposed *composed, const MgGeometry *geometry, int scale)
{
  return composed->node && !composed->outdated && composed->scale == scale &&
         memcmp(&composed->of, geometry, sizeof *geometry) == 0;
}

static GskRenderNode *
node_of(cairo_surface_t *surface, const MgGeometry *geometry)
{
  GskRenderNode *node =
      gsk_cairo_node_new(&GRAPHENE_RECT_INIT(0, 0, (float)floor(geometry->width), (float)floor(geometry->height)));
  cairo_t *cr = gsk_cairo_node_get_draw_context(node);
  cairo_set_source_surface(cr, surface, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_paint(cr);
  cairo_destroy(cr);
  return node;
}

void
mg_composed_make(MgComposed *composed, const MgImageSource *source, const MgImageStyle *style,
                 const MgGeometry *geometry, int scale, const MgStyle *look)
{
  gint64 start = g_get_monotonic_time();
  int width = (int)(geometry->width * scale), height = (int)(geometry->height * scale);
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, MAX(width, 1), MAX(height, 1));
  cairo_surface_flush(surface);
  mg_image_compose(source, style, geometry->x0, geometry->x1, geometry->y0, geometry->y1, width, height,
                   (guint32 *)(gpointer)cairo_image_surface_get_data(surface),
                   (size_t)cairo_image_surface_get_stride(surface) / sizeof(guint32), empty_pixel(look));
  cairo_surface_mark_dirty(surface);
  cairo_surface_set_device_scale(surface, scale, scale);
  g_clear_pointer(&composed->node, gsk_render_node_unref);
  composed->node = node_of(surface, geometry);
  cairo_surface_destroy(surface);
  composed->of = *geometry;
  composed->scale = scale;
  composed->outdated = FALSE;
  composed->cost = (g_get_monotonic_time() - start) / 1000.0;
  mg_trace("compose", composed->cost);
}

void
mg_composed_append(const MgComposed *composed, GtkSnapshot *snapshot, const MgGeometry *geometry)
{
  double across = floor(geometry->width) / floor(composed->of.width);
  double down = floor(geometry->height) / floor(composed->of.height);
  gtk_snapshot_save(snapshot);
  gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT((float)geometry->x, (float)geometry->y));
  if (across != 1 || down != 1)
    gtk_snapshot_scale(snapshot, (float)across, (float)down);
  gtk_snapshot_append_node(snapshot, composed->node);
  gtk_snapshot_restore(snapshot);
}

void
mg_composed_clear(MgComposed *composed)
{
  g_clear_pointer(&composed->node, gsk_render_node_unref);
}

#include "ui/explore/ruler.h"
#include "plot/axis.h"
#include <glib/gi18n.h>

struct _MgRuler {
  MgView parent;
  GskRenderNode *picture; /* cached for `drawn` */
  MgGeometry drawn;
  gboolean drawn_dark;
};

G_DEFINE_FINAL_TYPE(MgRuler, mg_ruler, MG_TYPE_VIEW)

GtkWidget *
mg_ruler_new(void)
{
  return g_object_new(MG_TYPE_RULER, "height-request", MG_RULER_HEIGHT, NULL);
}

static void
draw(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style)
{
  mg_axis_draw_x(cr, geometry, style, MG_TICKS_TIME, NULL, FALSE, TRUE);
}

/* The pointer and the cursor move far more often than the axis: its drawing is kept. */
static void
paint(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  MgRuler *ruler = MG_RULER(view);
  int width = gtk_widget_get_width(GTK_WIDGET(view)), height = gtk_widget_get_height(GTK_WIDGET(view));
  gboolean valid =
      ruler->picture && ruler->drawn_dark == style->dark && memcmp(&ruler->drawn, geometry, sizeof *geometry) == 0;
  if (!valid) {
    g_clear_pointer(&ruler->picture, gsk_render_node_unref);
    ruler->picture = gsk_cairo_node_new(&GRAPHENE_RECT_INIT(0, 0, width, height));
    cairo_t *cr = gsk_cairo_node_get_draw_context(ruler->picture);
    draw(view, cr, geometry, style);
    cairo_destroy(cr);
    ruler->drawn = *geometry;
    ruler->drawn_dark = style->dark;
  }
  gtk_snapshot_append_node(snapshot, ruler->picture);
}

static char *
describe(MgView *view, const char *range)
{
  return g_strdup_printf(_("Time axis, %s"), range);
}

static void
limits(MgView *view, double *y0, double *y1)
{
  *y0 = 0;
  *y1 = 1;
}

static void
dispose(GObject *object)
{
  g_clear_pointer(&MG_RULER(object)->picture, gsk_render_node_unref);
  G_OBJECT_CLASS(mg_ruler_parent_class)->dispose(object);
}

static void
mg_ruler_class_init(MgRulerClass *class)
{
  G_OBJECT_CLASS(class)->dispose = dispose;
  MgViewClass *view = MG_VIEW_CLASS(class);
  view->paint = paint;
  view->draw = draw;
  view->describe = describe;
  view->limits = limits;
  view->top = MG_RULER_HEIGHT - 1;
  view->bottom = 0;
}

static void
mg_ruler_init(MgRuler *ruler)
{
}

#include "ui/explore/views/ruler.h"
#include "plot/axis.h"
#include <glib/gi18n.h>

struct _MgRuler {
  MgView parent;
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
mg_ruler_class_init(MgRulerClass *class)
{
  MgViewClass *view = MG_VIEW_CLASS(class);
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

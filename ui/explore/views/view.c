#include "ui/explore/views/view-private.h"
#include "plot/text.h"
#include "ui/explore/tools/hands.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>
#include <math.h>

#define DESCRIBE_AFTER_MS 120
#define SMALLEST_ZOOM 0.002 /* of the vertical axis */
#define LARGE_FONT 13       /* logical pixels */
#define TITLE_GAP 4         /* logical pixels between a title and the view's edge */

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(MgView, mg_view, GTK_TYPE_WIDGET)

MgViewPrivate *
mg_view_private(MgView *view)
{
  return mg_view_get_instance_private(view);
}

const MgStyle *
mg_view_style(void)
{
  static MgStyle style;
  mg_drawing_adapt(&style);
  return &style;
}

MgTimeline *
mg_view_timeline(MgView *view)
{
  return mg_view_private(view)->timeline;
}

MgSelection *
mg_view_selection(MgView *view)
{
  return mg_view_private(view)->selection;
}

MgTools *
mg_view_tools(MgView *view)
{
  return mg_view_private(view)->tools;
}

gboolean
mg_view_has_hz(MgView *view)
{
  MgViewClass *class = MG_VIEW_GET_CLASS(view);
  return class->of_hz && isfinite(class->of_hz(view, 1000));
}

void
mg_view_geometry(MgView *view, double x, double y, double width, double height, MgGeometry *geometry)
{
  MgViewClass *class = MG_VIEW_GET_CLASS(view);
  MgTimeline *timeline = mg_view_private(view)->timeline;
  *geometry = (MgGeometry){
      .x = x + MG_VIEW_LEFT,
      .y = y + class->top,
      .width = MAX(width - MG_VIEW_LEFT - MG_VIEW_RIGHT, 1),
      .height = MAX(height - class->top - class->bottom, 1),
      .x0 = class->whole ? 0 : mg_timeline_from(timeline),
      .x1 = class->whole ? mg_timeline_duration(timeline) : mg_timeline_to(timeline),
  };
  if (!(geometry->x1 > geometry->x0))
    geometry->x1 = geometry->x0 + 1;
  class->limits(view, &geometry->y0, &geometry->y1);
  double low = geometry->y0, length = geometry->y1 - geometry->y0;
  geometry->y0 = low + mg_view_private(view)->y0 * length;
  geometry->y1 = low + mg_view_private(view)->y1 * length;
}

void
mg_view_own_geometry(MgView *view, MgGeometry *geometry)
{
  mg_view_geometry(view, 0, 0, gtk_widget_get_width(GTK_WIDGET(view)), gtk_widget_get_height(GTK_WIDGET(view)),
                   geometry);
}

double
mg_view_hz_at(MgView *view, double y)
{
  MgGeometry geometry;
  mg_view_own_geometry(view, &geometry);
  return mg_view_has_hz(view) ? MG_VIEW_GET_CLASS(view)->to_hz(view, mg_geometry_from_y(&geometry, y)) : NAN;
}

double
mg_view_level_at(MgView *view, double x, double y)
{
  MgGeometry geometry;
  MgViewClass *class = MG_VIEW_GET_CLASS(view);
  mg_view_own_geometry(view, &geometry);
  return class->level ? class->level(view, mg_geometry_from_x(&geometry, x), mg_geometry_from_y(&geometry, y)) : NAN;
}

void
mg_view_zoom(MgView *view, double *y0, double *y1)
{
  *y0 = mg_view_private(view)->y0;
  *y1 = mg_view_private(view)->y1;
}

void
mg_view_set_zoom(MgView *view, double y0, double y1)
{
  MgViewPrivate *self = mg_view_private(view);
  double length = mg_view_has_hz(view) ? CLAMP(y1 - y0, SMALLEST_ZOOM, 1) : 1;
  double low = CLAMP((y0 + y1 - length) / 2, 0, 1 - length);
  if (low == self->y0 && low + length == self->y1)
    return;
  self->y0 = low;
  self->y1 = low + length;
  mg_view_redraw_axes(view);
  mg_view_describe_soon(view);
}

void
mg_view_show_band(MgView *view, double low, double high)
{
  MgViewClass *class = MG_VIEW_GET_CLASS(view);
  double y0, y1;
  if (!mg_view_has_hz(view))
    return;
  class->limits(view, &y0, &y1);
  double bottom = class->of_hz(view, MAX(low, 1)), top = class->of_hz(view, high);
  if (isfinite(bottom) && isfinite(top) && y1 > y0)
    mg_view_set_zoom(view, (bottom - y0) / (y1 - y0), (top - y0) / (y1 - y0));
}

void
mg_view_draw(MgView *view, cairo_t *cr, double x, double y, double width, double height, const MgStyle *style)
{
  MgViewClass *class = MG_VIEW_GET_CLASS(view);
  MgGeometry geometry;
  mg_view_geometry(view, x, y, width, height, &geometry);
  class->draw(view, cr, &geometry, style);
  if (mg_view_private(view)->overlays)
    mg_overlays_draw(mg_view_private(view)->overlays, cr, &geometry);
  if (class->draw_axes)
    class->draw_axes(view, cr, &geometry, style);
}

static void
draw_title(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const char *text, double x, double anchor)
{
  gboolean contrast = adw_style_manager_get_high_contrast(adw_style_manager_get_default());
  MgTextLook look = {.alpha = contrast ? 1 : 0.75, .angle = -G_PI / 2};
  double width = 0, height;
  if (!text)
    return;
  mg_text_measure(style, text, &look, &width, &height);
  if (width <= geometry->height + 2)
    mg_text_draw_look(cr, style, text, x, geometry->y + geometry->height / 2, 0.5, anchor, &look);
}

void
mg_view_draw_titles(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const char *left, const char *right)
{
  if (style->font_size > LARGE_FONT) /* numbers beside the bar need all of the margin */
    right = NULL;
  draw_title(cr, geometry, style, left, geometry->x - MG_VIEW_LEFT + TITLE_GAP, 0);
  draw_title(cr, geometry, style, right, geometry->x + geometry->width + MG_VIEW_RIGHT - TITLE_GAP, 1);
}

static gboolean
want(gpointer data)
{
  MgView *view = data;
  MgViewPrivate *self = mg_view_private(view);
  MgViewClass *class = MG_VIEW_GET_CLASS(view);
  self->wish = 0;
  if (!gtk_widget_get_mapped(GTK_WIDGET(view)))
    return G_SOURCE_REMOVE;
  mg_view_own_geometry(view, &self->wished);
  double pixels = self->wished.width * gtk_widget_get_scale_factor(GTK_WIDGET(view));
  double per_pixel = (self->wished.x1 - self->wished.x0) / pixels;
  if (class->want)
    class->want(view, &self->wished, per_pixel);
  if (self->overlays)
    mg_overlays_want(self->overlays, &self->wished, per_pixel);
  return G_SOURCE_REMOVE;
}

void
mg_view_want_soon(MgView *view)
{
  MgViewPrivate *self = mg_view_private(view);
  if (!self->wish && (MG_VIEW_GET_CLASS(view)->want || self->overlays))
    self->wish = g_idle_add_full(G_PRIORITY_HIGH_IDLE + 30, want, view, NULL);
}

static gboolean
describe(gpointer data)
{
  MgView *view = data;
  MgViewPrivate *self = mg_view_private(view);
  MgGeometry geometry;
  self->describing = 0;
  mg_view_own_geometry(view, &geometry);
  int decimals = geometry.x1 - geometry.x0 < 20 ? 3 : 0;
  g_autofree char *from = mg_format_clock(geometry.x0, decimals);
  g_autofree char *to = mg_format_clock(geometry.x1, decimals);
  g_autofree char *range = g_strdup_printf("%s–%s", from, to);
  g_autofree char *text = MG_VIEW_GET_CLASS(view)->describe(view, range);
  g_autofree char *summary =
      MG_VIEW_GET_CLASS(view)->summarise ? MG_VIEW_GET_CLASS(view)->summarise(view, &geometry) : NULL;
  gtk_accessible_update_property(GTK_ACCESSIBLE(view), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, summary ? summary : "", -1);
  return G_SOURCE_REMOVE;
}

char *
mg_view_place_text(MgView *view, double seconds, double y)
{
  g_autofree char *time = mg_format_clock(seconds, 3);
  GString *text = g_string_new(time);
  if (MG_VIEW_GET_CLASS(view)->read)
    MG_VIEW_GET_CLASS(view)->read(view, seconds, y, text);
  return g_string_free(text, FALSE);
}

void
mg_view_describe_soon(MgView *view)
{
  MgViewPrivate *self = mg_view_private(view);
  if (!self->describing)
    self->describing = g_timeout_add(DESCRIBE_AFTER_MS, describe, view);
}

static void
follow_timeline(MgView *view)
{
  gtk_widget_queue_draw(GTK_WIDGET(view));
  mg_view_describe_soon(view);
}

static void
queue_draw(MgView *view)
{
  gtk_widget_queue_draw(GTK_WIDGET(view));
}

static void
restyle(MgView *view)
{
  mg_view_redraw_picture(view);
  mg_view_redraw_overlays(view);
  mg_view_redraw_axes(view);
}

void
mg_view_set_up(MgView *view, MgTimeline *timeline, MgSelection *selection, MgTools *tools)
{
  MgViewPrivate *self = mg_view_private(view);
  self->timeline = g_object_ref(timeline);
  self->selection = g_object_ref(selection);
  self->tools = g_object_ref(tools);
  g_signal_connect_object(tools, "changed", G_CALLBACK(queue_draw), view, G_CONNECT_SWAPPED);
  g_signal_connect_object(timeline, "changed", G_CALLBACK(follow_timeline), view, G_CONNECT_SWAPPED);
  g_signal_connect_object(timeline, "moved", G_CALLBACK(queue_draw), view, G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "notify", G_CALLBACK(queue_draw), view, G_CONNECT_SWAPPED);
  mg_drawing_follow_style(GTK_WIDGET(view), G_CALLBACK(restyle));
  if (MG_VIEW_GET_CLASS(view)->locate)
    mg_hands_attach_keys(view);
  else
    mg_hands_attach(view, MG_VIEW_GET_CLASS(view)->whole);
  mg_view_describe_soon(view);
}

/* FALSE: there is no picture at that place. */
static gboolean
find_place(MgView *view, double x, double y, double *seconds, double *world_y)
{
  MgViewClass *class = MG_VIEW_GET_CLASS(view);
  MgGeometry geometry;
  mg_view_own_geometry(view, &geometry);
  *world_y = NAN;
  if (class->locate)
    return class->locate(view, x, y, seconds);
  *seconds = mg_geometry_from_x(&geometry, x);
  *world_y = mg_geometry_from_y(&geometry, y);
  return x >= geometry.x && x < geometry.x + geometry.width && y >= geometry.y && y < geometry.y + geometry.height;
}

static void
follow_pointer(GtkEventControllerMotion *motion, double x, double y, MgView *view)
{
  MgViewPrivate *self = mg_view_private(view);
  double seconds, world_y;
  gboolean inside = find_place(view, x, y, &seconds, &world_y);
  self->pointer_x = inside ? x : -1;
  self->pointer_y = inside ? y : -1;
  mg_timeline_set_pointer(self->timeline, inside ? seconds : NAN);
}

static void
lose_pointer(GtkEventControllerMotion *motion, MgView *view)
{
  mg_view_private(view)->pointer_x = -1;
  if (mg_view_private(view)->timeline)
    mg_timeline_set_pointer(mg_view_private(view)->timeline, NAN);
  if (mg_view_private(view)->tools)
    mg_tools_set_comb(mg_view_private(view)->tools, NAN);
}

/* Time, frequency and level of what is under the pointer. */
static char *
read_briefly(MgView *view, double seconds)
{
  double x = mg_view_private(view)->pointer_x, y = mg_view_private(view)->pointer_y;
  g_autofree char *time = mg_format_readout(seconds, NAN, NAN);
  GString *text = g_string_new(time);
  mg_format_append_value(text, mg_view_hz_at(view, y), _("Hz"));
  mg_format_append_value(text, mg_view_level_at(view, x, y), _("dB"));
  return g_string_free(text, FALSE);
}

char *
mg_view_readout(MgView *view, MgReadout detail)
{
  MgViewPrivate *self = mg_view_private(view);
  MgViewClass *class = MG_VIEW_GET_CLASS(view);
  double seconds, world_y;
  if (self->pointer_x < 0 || !find_place(view, self->pointer_x, self->pointer_y, &seconds, &world_y))
    return NULL;
  if (detail == MG_READOUT_BRIEF && mg_view_has_hz(view) && class->level)
    return read_briefly(view, seconds);
  g_autofree char *time = mg_format_readout(seconds, NAN, NAN);
  GString *text = g_string_new(time);
  if (class->read)
    class->read(view, seconds, world_y, text);
  if (self->overlays && detail == MG_READOUT_WHOLE)
    mg_overlays_read(self->overlays, seconds, text);
  return g_string_free(text, FALSE);
}

static void
dispose(GObject *object)
{
  MgViewPrivate *self = mg_view_private(MG_VIEW(object));
  g_clear_handle_id(&self->describing, g_source_remove);
  g_clear_handle_id(&self->wish, g_source_remove);
  mg_view_forget_paint(MG_VIEW(object));
  g_clear_object(&self->timeline);
  g_clear_object(&self->selection);
  g_clear_object(&self->tools);
  G_OBJECT_CLASS(mg_view_parent_class)->dispose(object);
}

static void
mg_view_class_init(MgViewClass *class)
{
  G_OBJECT_CLASS(class)->dispose = dispose;
  GTK_WIDGET_CLASS(class)->snapshot = mg_view_snapshot;
  gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "plot");
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_IMG);
  class->top = 4;
  class->bottom = 4;
}

static void
mg_view_init(MgView *view)
{
  GtkEventController *motion = gtk_event_controller_motion_new();
  mg_view_private(view)->pointer_x = -1;
  mg_view_private(view)->y1 = 1;
  g_signal_connect(motion, "enter", G_CALLBACK(follow_pointer), view);
  g_signal_connect(motion, "motion", G_CALLBACK(follow_pointer), view);
  g_signal_connect(motion, "leave", G_CALLBACK(lose_pointer), view);
  gtk_widget_add_controller(GTK_WIDGET(view), motion);
  gtk_widget_set_focusable(GTK_WIDGET(view), TRUE);
  gtk_widget_set_overflow(GTK_WIDGET(view), GTK_OVERFLOW_HIDDEN);
}

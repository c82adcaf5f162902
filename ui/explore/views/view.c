#include "ui/explore/views/view.h"
#include "plot/text.h"
#include "ui/explore/tools/hands.h"
#include "ui/explore/views/overlays.h"
#include "ui/explore/views/view-marks.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>
#include <math.h>

#define DESCRIBE_AFTER_MS 120
#define SMALLEST_ZOOM 0.002 /* of the vertical axis */
#define LARGE_FONT 13       /* logical pixels */
#define TITLE_GAP 4         /* logical pixels between a title and the view's edge */

typedef struct {
  MgTimeline *timeline;
  MgSelection *selection;
  MgTools *tools;
  double y0, y1;          /* which part of the vertical axis is seen */
  GskRenderNode *picture; /* of MgViewClass.draw, cached for `drawn` */
  MgGeometry drawn;
  gboolean drawn_dark;
  GskRenderNode *axes; /* cached */
  int axes_width, axes_height;
  gboolean axes_dark;
  double pointer_x, pointer_y; /* negative: away */
  guint describing, wish;
  MgGeometry wished;    /* what was asked for last */
  MgOverlays *overlays; /* NULL: none */
  GskRenderNode *over;  /* cached for `drawn_over` */
  MgGeometry drawn_over;
} MgViewPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(MgView, mg_view, GTK_TYPE_WIDGET)

static MgViewPrivate *private(MgView *view)
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
  return private(view)->timeline;
}

MgSelection *
mg_view_selection(MgView *view)
{
  return private(view)->selection;
}

MgTools *
mg_view_tools(MgView *view)
{
  return private(view)->tools;
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
  MgTimeline *timeline = private(view)->timeline;
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
  geometry->y0 = low + private(view)->y0 * length;
  geometry->y1 = low + private(view)->y1 * length;
}

static void
own_geometry(MgView *view, MgGeometry *geometry)
{
  mg_view_geometry(view, 0, 0, gtk_widget_get_width(GTK_WIDGET(view)), gtk_widget_get_height(GTK_WIDGET(view)),
                   geometry);
}

double
mg_view_hz_at(MgView *view, double y)
{
  MgGeometry geometry;
  own_geometry(view, &geometry);
  return mg_view_has_hz(view) ? MG_VIEW_GET_CLASS(view)->to_hz(view, mg_geometry_from_y(&geometry, y)) : NAN;
}

double
mg_view_level_at(MgView *view, double x, double y)
{
  MgGeometry geometry;
  MgViewClass *class = MG_VIEW_GET_CLASS(view);
  own_geometry(view, &geometry);
  return class->level ? class->level(view, mg_geometry_from_x(&geometry, x), mg_geometry_from_y(&geometry, y)) : NAN;
}

void
mg_view_zoom(MgView *view, double *y0, double *y1)
{
  *y0 = private(view)->y0;
  *y1 = private(view)->y1;
}

void
mg_view_set_zoom(MgView *view, double y0, double y1)
{
  MgViewPrivate *self = private(view);
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
  if (private(view)->overlays)
    mg_overlays_draw(private(view)->overlays, cr, &geometry);
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

void
mg_view_redraw_axes(MgView *view)
{
  g_clear_pointer(&private(view)->axes, gsk_render_node_unref);
  gtk_widget_queue_draw(GTK_WIDGET(view));
}

/* The axes are drawn anew only where their size or the style has changed. */
static void
append_axes(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  MgViewPrivate *self = private(view);
  MgViewClass *class = MG_VIEW_GET_CLASS(view);
  int width = gtk_widget_get_width(GTK_WIDGET(view)), height = gtk_widget_get_height(GTK_WIDGET(view));
  if (!class->draw_axes)
    return;
  if (self->axes_width != width || self->axes_height != height || self->axes_dark != style->dark)
    g_clear_pointer(&self->axes, gsk_render_node_unref);
  if (!self->axes) {
    self->axes = gsk_cairo_node_new(&GRAPHENE_RECT_INIT(0, 0, width, height));
    cairo_t *cr = gsk_cairo_node_get_draw_context(self->axes);
    class->draw_axes(view, cr, geometry, style);
    cairo_destroy(cr);
    self->axes_width = width;
    self->axes_height = height;
    self->axes_dark = style->dark;
  }
  gtk_snapshot_append_node(snapshot, self->axes);
}

void
mg_view_redraw_picture(MgView *view)
{
  g_clear_pointer(&private(view)->picture, gsk_render_node_unref);
  gtk_widget_queue_draw(GTK_WIDGET(view));
}

/* The pointer and the cursor move far more often than what is drawn: that is kept. */
static void
append_picture(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  MgViewPrivate *self = private(view);
  MgViewClass *class = MG_VIEW_GET_CLASS(view);
  if (class->paint) {
    class->paint(view, snapshot, geometry, style);
    return;
  }
  if (self->drawn_dark != style->dark || memcmp(&self->drawn, geometry, sizeof *geometry) != 0)
    g_clear_pointer(&self->picture, gsk_render_node_unref);
  if (!self->picture) {
    int width = gtk_widget_get_width(GTK_WIDGET(view)), height = gtk_widget_get_height(GTK_WIDGET(view));
    self->picture = gsk_cairo_node_new(&GRAPHENE_RECT_INIT(0, 0, width, height));
    cairo_t *cr = gsk_cairo_node_get_draw_context(self->picture);
    class->draw(view, cr, geometry, style);
    cairo_destroy(cr);
    self->drawn = *geometry;
    self->drawn_dark = style->dark;
  }
  gtk_snapshot_append_node(snapshot, self->picture);
}

void
mg_view_redraw_overlays(MgView *view)
{
  g_clear_pointer(&private(view)->over, gsk_render_node_unref);
  gtk_widget_queue_draw(GTK_WIDGET(view));
}

void
mg_view_set_overlays(MgView *view, MgOverlays *overlays)
{
  MgViewPrivate *self = private(view);
  g_clear_pointer(&self->overlays, mg_overlays_free);
  self->overlays = overlays;
  mg_view_redraw_overlays(view);
  mg_view_want_soon(view);
}

/* They move with the picture and seldom otherwise: the pointer and the cursor are drawn more often. */
static void
append_overlays(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry)
{
  MgViewPrivate *self = private(view);
  if (!self->overlays)
    return;
  if (memcmp(&self->drawn_over, geometry, sizeof *geometry) != 0)
    g_clear_pointer(&self->over, gsk_render_node_unref);
  if (!self->over) {
    self->over = gsk_cairo_node_new(
        &GRAPHENE_RECT_INIT((float)geometry->x, (float)geometry->y, (float)geometry->width, (float)geometry->height));
    cairo_t *cr = gsk_cairo_node_get_draw_context(self->over);
    mg_overlays_draw(self->overlays, cr, geometry);
    cairo_destroy(cr);
    self->drawn_over = *geometry;
  }
  gtk_snapshot_append_node(snapshot, self->over);
}

static gboolean
want(gpointer data)
{
  MgView *view = data;
  MgViewPrivate *self = private(view);
  MgViewClass *class = MG_VIEW_GET_CLASS(view);
  self->wish = 0;
  if (!gtk_widget_get_mapped(GTK_WIDGET(view)))
    return G_SOURCE_REMOVE;
  own_geometry(view, &self->wished);
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
  MgViewPrivate *self = private(view);
  if (!self->wish && (MG_VIEW_GET_CLASS(view)->want || self->overlays))
    self->wish = g_idle_add_full(G_PRIORITY_HIGH_IDLE + 30, want, view, NULL);
}

/* What is not there yet is told where it will be. */
static void
append_status(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  MgViewClass *class = MG_VIEW_GET_CLASS(view);
  g_autofree char *text = class->status ? class->status(view) : NULL;
  double width, height;
  if (!text)
    return;
  MgTextLook look = {.max_width = MAX(40, geometry->width - 24)};
  mg_text_measure(style, text, &look, &width, &height);
  double x = geometry->x + (geometry->width - width) / 2, y = geometry->y + (geometry->height - height) / 2;
  cairo_t *cr = gtk_snapshot_append_cairo(
      snapshot, &GRAPHENE_RECT_INIT((float)x - 10, (float)y - 5, (float)width + 20, (float)height + 10));
  mg_source_alpha(cr, style->background, 0.85);
  cairo_paint(cr);
  mg_text_draw_look(cr, style, text, x, y, 0, 0, &look);
  cairo_destroy(cr);
}

static void
append_bar(GtkSnapshot *snapshot, const MgGeometry *geometry, double x0, double x1, const double rgb[3], double alpha)
{
  double left = MAX(x0, geometry->x), right = MIN(x1, geometry->x + geometry->width);
  GdkRGBA colour = {(float)rgb[0], (float)rgb[1], (float)rgb[2], (float)alpha};
  if (right > left)
    gtk_snapshot_append_color(snapshot, &colour,
                              &GRAPHENE_RECT_INIT(left, geometry->y, right - left, geometry->height));
}

static void
append_selection(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  MgSelection *selection = private(view)->selection;
  static const double white[3] = {1, 1, 1};
  if (!mg_selection_is_stretch(selection))
    return;
  double left = floor(mg_geometry_to_x(geometry, mg_selection_start(selection)));
  double right = ceil(mg_geometry_to_x(geometry, mg_selection_end(selection)));
  MgGeometry tinted = *geometry; /* a tint over the whole of a picture would falsify its colours */
  if (MG_VIEW_GET_CLASS(view)->coloured)
    tinted.height = 3;
  append_bar(snapshot, &tinted, left, right, style->accent, MG_VIEW_GET_CLASS(view)->coloured ? 1 : 0.22);
  append_bar(snapshot, geometry, left, left + 1, white, 0.8);
  append_bar(snapshot, geometry, right - 1, right, white, 0.8);
}

/* A light line with a dark edge is seen on every colour map. */
static void
append_cursor(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry)
{
  static const double white[3] = {1, 1, 1}, black[3] = {0, 0, 0};
  double seconds = mg_timeline_cursor(private(view)->timeline);
  if (seconds < geometry->x0 || seconds > geometry->x1)
    return;
  double x = floor(mg_geometry_to_x(geometry, seconds));
  append_bar(snapshot, geometry, x - 1, x + 2, black, 0.35);
  append_bar(snapshot, geometry, x, x + 1, white, 1);
}

static void
append_pointer(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  double seconds = mg_timeline_pointer(private(view)->timeline);
  if (isnan(seconds) || MG_VIEW_GET_CLASS(view)->whole)
    return;
  double x = floor(mg_geometry_to_x(geometry, seconds));
  append_bar(snapshot, geometry, x, x + 1, style->foreground, 0.35);
  if (private(view)->overlays && x >= geometry->x && x < geometry->x + geometry->width)
    mg_overlays_append_values(private(view)->overlays, snapshot, geometry, style, seconds);
}

/* What is not visible in the panes lies in the shade. */
static void
append_visible_part(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  MgTimeline *timeline = private(view)->timeline;
  double left = floor(mg_geometry_to_x(geometry, mg_timeline_from(timeline)));
  double right = MAX(ceil(mg_geometry_to_x(geometry, mg_timeline_to(timeline))), left + 3);
  append_bar(snapshot, geometry, geometry->x, left, style->background, 0.6);
  append_bar(snapshot, geometry, right, geometry->x + geometry->width, style->background, 0.6);
  GskRoundedRect frame;
  graphene_rect_t outline = GRAPHENE_RECT_INIT(left, geometry->y, right - left, geometry->height);
  gsk_rounded_rect_init_from_rect(&frame, &outline, 3);
  GdkRGBA colour = {(float)style->accent[0], (float)style->accent[1], (float)style->accent[2], 1};
  gtk_snapshot_append_border(snapshot, &frame, (float[4]){1.5, 1.5, 1.5, 1.5},
                             (GdkRGBA[4]){colour, colour, colour, colour});
}

/* What lies over the picture where time runs across. */
static void
append_marks(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  append_selection(view, snapshot, geometry, style);
  mg_view_append_marks(view, snapshot, geometry, style);
  if (MG_VIEW_GET_CLASS(view)->whole)
    append_visible_part(view, snapshot, geometry, style);
  append_pointer(view, snapshot, geometry, style);
  append_cursor(view, snapshot, geometry);
}

static void
snapshot_view(GtkWidget *widget, GtkSnapshot *snapshot)
{
  MgView *view = MG_VIEW(widget);
  MgViewClass *class = MG_VIEW_GET_CLASS(view);
  const MgStyle *style = mg_view_style();
  MgGeometry geometry;
  if (!private(view)->timeline || gtk_widget_get_width(widget) <= MG_VIEW_LEFT + MG_VIEW_RIGHT)
    return;
  own_geometry(view, &geometry);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT(0, 0, gtk_widget_get_width(widget), gtk_widget_get_height(widget));
  gtk_snapshot_push_clip(snapshot, &bounds);
  append_picture(view, snapshot, &geometry, style);
  append_overlays(view, snapshot, &geometry);
  append_status(view, snapshot, &geometry, style);
  if (geometry.x0 != private(view)->wished.x0 || geometry.x1 != private(view)->wished.x1 ||
      geometry.width != private(view)->wished.width)
    mg_view_want_soon(view);
  append_axes(view, snapshot, &geometry, style);
  if (!class->locate)
    append_marks(view, snapshot, &geometry, style);
  gtk_snapshot_pop(snapshot);
}

static gboolean
describe(gpointer data)
{
  MgView *view = data;
  MgViewPrivate *self = private(view);
  MgGeometry geometry;
  self->describing = 0;
  own_geometry(view, &geometry);
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
  MgViewPrivate *self = private(view);
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
  MgViewPrivate *self = private(view);
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
  own_geometry(view, &geometry);
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
  MgViewPrivate *self = private(view);
  double seconds, world_y;
  gboolean inside = find_place(view, x, y, &seconds, &world_y);
  self->pointer_x = inside ? x : -1;
  self->pointer_y = inside ? y : -1;
  mg_timeline_set_pointer(self->timeline, inside ? seconds : NAN);
}

static void
lose_pointer(GtkEventControllerMotion *motion, MgView *view)
{
  private(view)->pointer_x = -1;
  if (private(view)->timeline)
    mg_timeline_set_pointer(private(view)->timeline, NAN);
  if (private(view)->tools)
    mg_tools_set_comb(private(view)->tools, NAN);
}

/* Time, frequency and level of what is under the pointer. */
static char *
read_briefly(MgView *view, double seconds)
{
  double x = private(view)->pointer_x, y = private(view)->pointer_y;
  g_autofree char *time = mg_format_readout(seconds, NAN, NAN);
  GString *text = g_string_new(time);
  mg_format_append_value(text, mg_view_hz_at(view, y), _("Hz"));
  mg_format_append_value(text, mg_view_level_at(view, x, y), _("dB"));
  return g_string_free(text, FALSE);
}

char *
mg_view_readout(MgView *view, MgReadout detail)
{
  MgViewPrivate *self = private(view);
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
  MgViewPrivate *self = private(MG_VIEW(object));
  g_clear_handle_id(&self->describing, g_source_remove);
  g_clear_handle_id(&self->wish, g_source_remove);
  g_clear_pointer(&self->overlays, mg_overlays_free);
  g_clear_pointer(&self->over, gsk_render_node_unref);
  g_clear_pointer(&self->picture, gsk_render_node_unref);
  g_clear_pointer(&self->axes, gsk_render_node_unref);
  g_clear_object(&self->timeline);
  g_clear_object(&self->selection);
  g_clear_object(&self->tools);
  G_OBJECT_CLASS(mg_view_parent_class)->dispose(object);
}

static void
mg_view_class_init(MgViewClass *class)
{
  G_OBJECT_CLASS(class)->dispose = dispose;
  GTK_WIDGET_CLASS(class)->snapshot = snapshot_view;
  gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "plot");
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_IMG);
  class->top = 4;
  class->bottom = 4;
}

static void
mg_view_init(MgView *view)
{
  GtkEventController *motion = gtk_event_controller_motion_new();
  private(view)->pointer_x = -1;
  private(view)->y1 = 1;
  g_signal_connect(motion, "enter", G_CALLBACK(follow_pointer), view);
  g_signal_connect(motion, "motion", G_CALLBACK(follow_pointer), view);
  g_signal_connect(motion, "leave", G_CALLBACK(lose_pointer), view);
  gtk_widget_add_controller(GTK_WIDGET(view), motion);
  gtk_widget_set_focusable(GTK_WIDGET(view), TRUE);
  gtk_widget_set_overflow(GTK_WIDGET(view), GTK_OVERFLOW_HIDDEN);
}

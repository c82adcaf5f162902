#include "ui/explore/views/view-marks.h"
#include "ui/explore/views/view-private.h"
#include "plot/text.h"
#include <math.h>

void
mg_view_redraw_axes(MgView *view)
{
  g_clear_pointer(&mg_view_private(view)->axes, gsk_render_node_unref);
  gtk_widget_queue_draw(GTK_WIDGET(view));
}

/* The axes are drawn anew only where their size or the style has changed. */
static void
append_axes(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  MgViewPrivate *self = mg_view_private(view);
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
  g_clear_pointer(&mg_view_private(view)->picture, gsk_render_node_unref);
  gtk_widget_queue_draw(GTK_WIDGET(view));
}

/* The pointer and the cursor move far more often than what is drawn: that is kept. */
static void
append_picture(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  MgViewPrivate *self = mg_view_private(view);
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
  g_clear_pointer(&mg_view_private(view)->over, gsk_render_node_unref);
  gtk_widget_queue_draw(GTK_WIDGET(view));
}

void
mg_view_set_overlays(MgView *view, MgOverlays *overlays)
{
  MgViewPrivate *self = mg_view_private(view);
  g_clear_pointer(&self->overlays, mg_overlays_free);
  self->overlays = overlays;
  mg_view_redraw_overlays(view);
  mg_view_want_soon(view);
}

/* They move with the picture and seldom otherwise: the pointer and the cursor are drawn more often. */
static void
append_overlays(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry)
{
  MgViewPrivate *self = mg_view_private(view);
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
  MgSelection *selection = mg_view_private(view)->selection;
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
  double seconds = mg_timeline_cursor(mg_view_private(view)->timeline);
  if (seconds < geometry->x0 || seconds > geometry->x1)
    return;
  double x = floor(mg_geometry_to_x(geometry, seconds));
  append_bar(snapshot, geometry, x - 1, x + 2, black, 0.35);
  append_bar(snapshot, geometry, x, x + 1, white, 1);
}

static void
append_pointer(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  double seconds = mg_timeline_pointer(mg_view_private(view)->timeline);
  if (isnan(seconds) || MG_VIEW_GET_CLASS(view)->whole)
    return;
  double x = floor(mg_geometry_to_x(geometry, seconds));
  append_bar(snapshot, geometry, x, x + 1, style->foreground, 0.35);
  if (mg_view_private(view)->overlays && x >= geometry->x && x < geometry->x + geometry->width)
    mg_overlays_append_values(mg_view_private(view)->overlays, snapshot, geometry, style, seconds);
}

/* What is not visible in the panes lies in the shade. */
static void
append_visible_part(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  MgTimeline *timeline = mg_view_private(view)->timeline;
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

void
mg_view_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
  MgView *view = MG_VIEW(widget);
  MgViewClass *class = MG_VIEW_GET_CLASS(view);
  const MgStyle *style = mg_view_style();
  MgGeometry geometry;
  if (!mg_view_private(view)->timeline || gtk_widget_get_width(widget) <= MG_VIEW_LEFT + MG_VIEW_RIGHT)
    return;
  mg_view_own_geometry(view, &geometry);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT(0, 0, gtk_widget_get_width(widget), gtk_widget_get_height(widget));
  gtk_snapshot_push_clip(snapshot, &bounds);
  append_picture(view, snapshot, &geometry, style);
  append_overlays(view, snapshot, &geometry);
  append_status(view, snapshot, &geometry, style);
  if (geometry.x0 != mg_view_private(view)->wished.x0 || geometry.x1 != mg_view_private(view)->wished.x1 ||
      geometry.width != mg_view_private(view)->wished.width)
    mg_view_want_soon(view);
  append_axes(view, snapshot, &geometry, style);
  if (!class->locate)
    append_marks(view, snapshot, &geometry, style);
  gtk_snapshot_pop(snapshot);
}

void
mg_view_forget_paint(MgView *view)
{
  MgViewPrivate *self = mg_view_private(view);
  g_clear_pointer(&self->overlays, mg_overlays_free);
  g_clear_pointer(&self->over, gsk_render_node_unref);
  g_clear_pointer(&self->picture, gsk_render_node_unref);
  g_clear_pointer(&self->axes, gsk_render_node_unref);
}

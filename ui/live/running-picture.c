#include "ui/live/running-picture.h"
#include "plot/axis.h"
#include "plot/image.h"
#include "plot/overlay.h"
#include "plot/answers.h"
#include "plot/text.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/format.h"
#include "ui/widgets/motion.h"
#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

static const double seen_seconds = 30, dynamic_range = 70; /* dB */
static const int ribbon_height = 22, ribbon_gap = 4, most_ribbons = 4, minimum_width = 280, minimum_height = 160;

struct _MgRunningPicture {
  GtkWidget parent_instance;
  MgListening *listening;
  GArray *decisions[4]; /* MgAnswer a model; labels belong to the listening's models */
  GArray *marks;        /* double, s */
  GskRenderNode *frame; /* axes at width x height with `ribbons` ribbons */
  int width, height;
  guint ribbons, tick;
  double drawn; /* the time that the picture shows, s */
};

G_DEFINE_FINAL_TYPE(MgRunningPicture, mg_running_picture, GTK_TYPE_WIDGET)

/* The world is mel upwards and seconds before now to the right. */
static MgGeometry
picture_area(MgRunningPicture *picture)
{
  const MgStyle *style = mg_drawing_style();
  double top = mg_axis_mel(
      mg_listening_strip(picture->listening) ? mg_mel_strip_top_hz(mg_listening_strip(picture->listening)) : 22050);
  double below = mg_axis_height_x(style, _("Seconds before now")) + picture->ribbons * (ribbon_height + ribbon_gap);
  MgGeometry area = {0, 6, 0, MAX(1, picture->height - below - 6), -seen_seconds, 0, 0, top};
  area.x = mg_axis_width_y(style, MG_TICKS_MEL, 0, top, area.height, _("Frequency (Hz)"));
  area.width = MAX(1, picture->width - area.x - 8);
  return area;
}

static MgGeometry
ribbon_area(const MgGeometry *picture, guint model)
{
  MgGeometry area = *picture;
  area.y = picture->y + picture->height + ribbon_gap + model * (ribbon_height + ribbon_gap);
  area.height = ribbon_height;
  return area;
}

static GskRenderNode *
render_frame(MgRunningPicture *picture)
{
  const MgStyle *style = mg_drawing_style();
  MgGeometry area = picture_area(picture), below = area;
  below.height += picture->ribbons * (ribbon_height + ribbon_gap);
  g_autoptr(GtkSnapshot) snapshot = gtk_snapshot_new();
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, picture->width, picture->height));
  mg_axis_draw_y(cr, &area, style, MG_TICKS_MEL, _("Frequency (Hz)"), FALSE);
  mg_axis_draw_x(cr, &below, style, MG_TICKS_LINEAR, _("Seconds before now"), FALSE, FALSE);
  cairo_destroy(cr);
  return gtk_snapshot_free_to_node(g_steal_pointer(&snapshot));
}

static guint32
packed(const double rgb[3])
{
  return 0xff000000u | (guint32)(rgb[0] * 255) << 16 | (guint32)(rgb[1] * 255) << 8 | (guint32)(rgb[2] * 255);
}

/* One buffer of device pixels, as all pictures of sound are. */
static void
append_picture(MgRunningPicture *picture, GtkSnapshot *snapshot, const MgGeometry *area, double now)
{
  MgMelStrip *strip = mg_listening_strip(picture->listening);
  int scale = gtk_widget_get_scale_factor(GTK_WIDGET(picture));
  int width = (int)area->width * scale, height = (int)area->height * scale;
  gsize bytes = (gsize)width * height * sizeof(guint32);
  guint32 *pixels = g_malloc(bytes);
  mg_mel_strip_lock(strip);
  MgImageSource source = {.value_column = mg_mel_strip_column,
                          .column_data = strip,
                          .bins = mg_mel_strip_bands(strip),
                          .frames = mg_mel_strip_frames(strip),
                          .first_time = mg_mel_strip_first_time(strip),
                          .frame_step = mg_mel_strip_frame_step(strip),
                          .top_hz = mg_mel_strip_top_hz(strip),
                          .mel_rows = TRUE};
  float peak = mg_mel_strip_peak(strip);
  MgImageStyle style = {peak - dynamic_range, peak, mg_colormap_find("magma"), MG_SCALE_MEL_HZ};
  mg_image_compose(&source, &style, now - seen_seconds, now, area->y0, area->y1, width, height, pixels, (size_t)width,
                   packed(mg_drawing_style()->background));
  mg_mel_strip_unlock(strip);
  g_autoptr(GBytes) data = g_bytes_new_take(pixels, bytes);
  g_autoptr(GdkTexture) texture =
      gdk_memory_texture_new(width, height, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, data, (gsize)width * sizeof(guint32));
  gtk_snapshot_append_texture(snapshot, texture,
                              &GRAPHENE_RECT_INIT((float)area->x, (float)area->y, (int)area->width, (int)area->height));
}

static double
seen_now(MgRunningPicture *picture)
{
  return mg_motion_time(GTK_WIDGET(picture), mg_listening_seconds(picture->listening));
}

static void
append_ribbons(MgRunningPicture *picture, GtkSnapshot *snapshot, const MgGeometry *area, double now)
{
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, picture->width, picture->height));
  MgGeometry moved = *area;
  moved.x0 = now - seen_seconds;
  moved.x1 = now;
  for (guint i = 0; i < picture->ribbons; i++) {
    MgGeometry ribbon = ribbon_area(&moved, i);
    const GArray *decisions = picture->decisions[i];
    mg_answers_draw(cr, &ribbon, mg_drawing_style(), (const MgAnswer *)decisions->data, decisions->len);
  }
  double rgb[3];
  mg_overlay_hue(1, rgb);
  mg_overlay_events_draw(cr, &moved, (const double *)picture->marks->data, picture->marks->len, rgb, FALSE);
  cairo_destroy(cr);
}

static void
mg_running_picture_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
  MgRunningPicture *picture = MG_RUNNING_PICTURE(widget);
  int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
  guint ribbons = MIN(mg_listening_n_models(picture->listening), (guint)most_ribbons);
  if (width != picture->width || height != picture->height || ribbons != picture->ribbons)
    g_clear_pointer(&picture->frame, gsk_render_node_unref);
  picture->width = width;
  picture->height = height;
  picture->ribbons = ribbons;
  if (!mg_listening_strip(picture->listening))
    return;
  if (!picture->frame)
    picture->frame = render_frame(picture);
  if (picture->frame)
    gtk_snapshot_append_node(snapshot, picture->frame);
  double now = picture->drawn = seen_now(picture);
  MgGeometry area = picture_area(picture);
  append_picture(picture, snapshot, &area, now);
  append_ribbons(picture, snapshot, &area, now);
}

static void
mg_running_picture_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                           int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? minimum_width : minimum_height;
}

/* What runs along is drawn in every frame; with nothing running there is nothing to draw. */
static gboolean
on_tick(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  MgRunningPicture *picture = MG_RUNNING_PICTURE(widget);
  if (mg_listening_active(picture->listening) && seen_now(picture) != picture->drawn)
    gtk_widget_queue_draw(widget);
  return G_SOURCE_CONTINUE;
}

static void
forget_old(GArray *decisions, double before)
{
  guint old = 0;
  while (old < decisions->len && g_array_index(decisions, MgAnswer, old).end < before)
    old++;
  if (old > 0)
    g_array_remove_range(decisions, 0, old);
}

/* What was said last, model by model: "rap 0.92 at 0:12". */
static void
tell(MgRunningPicture *picture)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (int i = 0; i < most_ribbons; i++) {
    const GArray *decisions = picture->decisions[i];
    if (decisions->len == 0)
      continue;
    const MgAnswer *last = &g_array_index(decisions, MgAnswer, decisions->len - 1);
    g_autofree char *clock = mg_format_clock(last->end, 0);
    g_string_append_printf(text, _("%s%s %.2f at %s"), text->len ? "; " : "", last->label, last->probability, clock);
  }
  gtk_accessible_update_property(GTK_ACCESSIBLE(picture), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text->str, -1);
}

void
mg_running_picture_clear(MgRunningPicture *picture)
{
  for (int i = 0; i < most_ribbons; i++)
    g_array_set_size(picture->decisions[i], 0);
  g_array_set_size(picture->marks, 0);
  tell(picture);
  gtk_widget_queue_draw(GTK_WIDGET(picture));
}

/* A decision is drawn where it was made: from the end of the one before it to its own end. */
void
mg_running_picture_add(MgRunningPicture *picture, const MgLiveDecision *decision, const char *label)
{
  if (decision->model >= (guint)most_ribbons)
    return;
  GArray *decisions = picture->decisions[decision->model];
  forget_old(decisions, decision->end - 2 * seen_seconds);
  const MgAnswer *last = decisions->len > 0 ? &g_array_index(decisions, MgAnswer, decisions->len - 1) : NULL;
  MgAnswer stretch = {last ? last->end : decision->start,   decision->end, decision->y_pred, label,
                      decision->smoothed[decision->y_pred], decision->sure};
  g_array_append_val(decisions, stretch);
  gtk_widget_queue_draw(GTK_WIDGET(picture));
  tell(picture);
}

void
mg_running_picture_mark(MgRunningPicture *picture, double seconds)
{
  g_array_append_val(picture->marks, seconds);
  gtk_widget_queue_draw(GTK_WIDGET(picture));
}

static void
on_style(MgRunningPicture *picture)
{
  g_clear_pointer(&picture->frame, gsk_render_node_unref);
  gtk_widget_queue_draw(GTK_WIDGET(picture));
}

static void
mg_running_picture_dispose(GObject *object)
{
  MgRunningPicture *picture = MG_RUNNING_PICTURE(object);
  g_clear_pointer(&picture->frame, gsk_render_node_unref);
  g_clear_object(&picture->listening);
  for (int i = 0; i < most_ribbons; i++)
    g_clear_pointer(&picture->decisions[i], g_array_unref);
  g_clear_pointer(&picture->marks, g_array_unref);
  G_OBJECT_CLASS(mg_running_picture_parent_class)->dispose(object);
}

static void
mg_running_picture_class_init(MgRunningPictureClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->dispose = mg_running_picture_dispose;
  widget_class->snapshot = mg_running_picture_snapshot;
  widget_class->measure = mg_running_picture_measure;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
mg_running_picture_init(MgRunningPicture *picture)
{
  for (int i = 0; i < most_ribbons; i++)
    picture->decisions[i] = g_array_new(FALSE, FALSE, sizeof(MgAnswer));
  picture->marks = g_array_new(FALSE, FALSE, sizeof(double));
  gtk_widget_add_tick_callback(GTK_WIDGET(picture), on_tick, NULL, NULL);
  gtk_accessible_update_property(GTK_ACCESSIBLE(picture), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Mel spectrogram of what is heard"), -1);
  mg_drawing_follow_style(GTK_WIDGET(picture), G_CALLBACK(on_style));
}

GtkWidget *
mg_running_picture_new(MgListening *listening)
{
  MgRunningPicture *picture = g_object_new(MG_TYPE_RUNNING_PICTURE, NULL);
  picture->listening = g_object_ref(listening);
  return GTK_WIDGET(picture);
}

#include "ui/classify/track-picture.h"
#include "plot/axis.h"
#include "plot/ribbon.h"
#include "plot/text.h"
#include "plot/waveform.h"
#include "session/sound.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>
#include <math.h>

#define WAVE_SHARE 0.3 /* of the height, for the waveform */
#define GAP 6
#define MOST_NAME 140 /* user units for the names of the classes */

struct _MgTrackPicture {
  GtkBox parent;
  GtkWidget *drawing;
  const MgPrediction *const *segments;
  guint n;
  const char *const *labels;
  const MgPrediction *marked;
  char *path;            /* of `sound`, or of what is being opened */
  GCancellable *opening; /* NULL: nothing is */
  MgSound *sound;        /* NULL: not open, or not to be read */
};

G_DEFINE_FINAL_TYPE(MgTrackPicture, mg_track_picture, GTK_TYPE_BOX)

static guint clicked_signal;

/* Where things are. */

static double
end_of(MgTrackPicture *picture)
{
  double end = picture->sound ? mg_sound_duration(picture->sound) : 0;
  return picture->n > 0 && end <= 0 ? picture->segments[picture->n - 1]->end : end;
}

static double
name_width(MgTrackPicture *picture, const MgStyle *style)
{
  double widest = 0, width, height;
  for (const char *const *label = picture->labels; *label; label++) {
    mg_text_measure(style, *label, &(MgTextLook){0}, &width, &height);
    widest = MAX(widest, width);
  }
  return MIN(widest, MOST_NAME);
}

static MgGeometry
area_of(MgTrackPicture *picture, double width, double height, const MgStyle *style)
{
  double left = name_width(picture, style) + 12, below = mg_axis_height_x(style, NULL);
  return (MgGeometry){.x = left,
                      .y = 2,
                      .width = MAX(width - left - 12, 1),
                      .height = MAX(height - below - 4, 1),
                      .x0 = 0,
                      .x1 = MAX(end_of(picture), 1e-3),
                      .y0 = -1,
                      .y1 = 1};
}

static MgGeometry
wave_of(const MgGeometry *area)
{
  MgGeometry wave = *area;
  wave.height = floor(area->height * WAVE_SHARE);
  return wave;
}

static MgGeometry
ribbon_of(const MgGeometry *area)
{
  MgGeometry ribbon = *area;
  double above = floor(area->height * WAVE_SHARE) + GAP;
  ribbon.y += above;
  ribbon.height = MAX(ribbon.height - above, 1);
  return ribbon;
}

/* Drawing. */

static void
draw_wave(cairo_t *cr, const MgGeometry *wave, const MgStyle *style, MgSound *sound)
{
  size_t n = (size_t)MAX(1, wave->width);
  g_autofree float *columns = g_new(float, 3 * n);
  float *low = columns, *high = low + n, *rms = high + n;
  gboolean filled = mg_sound_columns(sound, -1, wave->x0, wave->x1, n, low, high, rms);
  mg_waveform_draw(cr, wave, style, low, high, filled ? rms : NULL, n);
}

static void
draw(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  MgTrackPicture *picture = data;
  mg_background(cr, style, width, height);
  if (picture->n == 0)
    return;
  MgGeometry area = area_of(picture, width, height, style), wave = wave_of(&area), ribbon = ribbon_of(&area);
  int rows = (int)g_strv_length((char **)picture->labels);
  g_autofree MgRibbonSegment *segments = g_new(MgRibbonSegment, picture->n);
  for (guint i = 0; i < picture->n; i++) {
    const MgPrediction *one = picture->segments[i];
    segments[i] = (MgRibbonSegment){one->start, one->end, one->probabilities, one->y_pred, one->y_test};
  }
  if (picture->sound)
    draw_wave(cr, &wave, style, picture->sound);
  mg_ribbon_draw(cr, &ribbon, style, segments, picture->n, rows);
  mg_ribbon_draw_names(cr, &ribbon, style, picture->labels, rows, MOST_NAME);
  mg_axis_draw_x(cr, &area, style, MG_TICKS_TIME, NULL, FALSE, FALSE);
}

static void
draw_mark(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  MgTrackPicture *picture = data;
  if (!picture->marked || picture->n == 0)
    return;
  MgGeometry area = area_of(picture, width, height, style);
  double left = mg_geometry_to_x(&area, picture->marked->start);
  double right = MIN(mg_geometry_to_x(&area, picture->marked->end), area.x + area.width);
  mg_source(cr, style->accent);
  mg_line_frame(cr, left, area.y, MAX(right - left - 1, 1), area.height, 2);
}

static void
describe(MgTrackPicture *picture)
{
  g_autofree char *name = picture->n > 0 ? g_filename_display_basename(picture->segments[0]->track) : NULL;
  g_autofree char *text = name ? g_strdup_printf(_("What was said of %s along time"), name) : NULL;
  mg_drawing_set_text(MG_DRAWING(picture->drawing), text ? text : _("Nothing classified"), NULL);
  mg_drawing_changed(MG_DRAWING(picture->drawing));
}

static void
redraw(MgTrackPicture *picture)
{
  mg_drawing_changed(MG_DRAWING(picture->drawing));
}

/* The sound. */

static void
forget_sound(MgTrackPicture *picture)
{
  g_cancellable_cancel(picture->opening);
  g_clear_object(&picture->opening);
  if (picture->sound) {
    g_signal_handlers_disconnect_by_data(picture->sound, picture);
    mg_sound_stop(picture->sound);
  }
  g_clear_object(&picture->sound);
  g_clear_pointer(&picture->path, g_free);
}

/* Without a waveform the ribbon says all the same what was said. */
static void
take_sound(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(MgTrackPicture) picture = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(MgSound) sound = mg_sound_open_finish(result, &error);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object(&picture->opening);
  if (!sound)
    return;
  picture->sound = g_steal_pointer(&sound);
  g_signal_connect_object(picture->sound, "changed", G_CALLBACK(redraw), picture, G_CONNECT_SWAPPED);
  redraw(picture);
}

void
mg_track_picture_set(MgTrackPicture *picture, const MgPrediction *const *segments, guint n, const char *const *labels)
{
  picture->segments = segments;
  picture->n = n;
  picture->labels = labels;
  picture->marked = NULL;
  if (n == 0)
    forget_sound(picture);
  else if (g_strcmp0(picture->path, segments[0]->track) != 0) {
    forget_sound(picture);
    picture->path = g_strdup(segments[0]->track);
    picture->opening = g_cancellable_new();
    mg_sound_open_async(picture->path, picture->opening, take_sound, g_object_ref(picture));
  }
  describe(picture);
}

void
mg_track_picture_mark(MgTrackPicture *picture, const MgPrediction *segment)
{
  picture->marked = segment;
  mg_drawing_live_changed(MG_DRAWING(picture->drawing));
}

static void
on_click(GtkGestureClick *click, int presses, double x, double y, MgTrackPicture *picture)
{
  if (picture->n == 0)
    return;
  MgGeometry area = area_of(picture, gtk_widget_get_width(picture->drawing), gtk_widget_get_height(picture->drawing),
                            mg_drawing_style());
  double seconds = mg_geometry_from_x(&area, x);
  for (guint i = 0; i < picture->n; i++)
    if (seconds >= picture->segments[i]->start && seconds < picture->segments[i]->end) {
      g_signal_emit(picture, clicked_signal, 0, picture->segments[i]);
      return;
    }
}

static void
dispose(GObject *object)
{
  forget_sound(MG_TRACK_PICTURE(object));
  G_OBJECT_CLASS(mg_track_picture_parent_class)->dispose(object);
}

static void
mg_track_picture_class_init(MgTrackPictureClass *class)
{
  G_OBJECT_CLASS(class)->dispose = dispose;
  clicked_signal = g_signal_new("clicked", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
mg_track_picture_init(MgTrackPicture *picture)
{
  GtkGesture *click = gtk_gesture_click_new();
  picture->drawing = mg_drawing_new("classified", 260, 180);
  mg_drawing_set_funcs(MG_DRAWING(picture->drawing), draw, draw_mark, picture);
  gtk_widget_set_hexpand(picture->drawing, TRUE);
  gtk_widget_set_vexpand(picture->drawing, TRUE);
  g_signal_connect(click, "pressed", G_CALLBACK(on_click), picture);
  gtk_widget_add_controller(picture->drawing, GTK_EVENT_CONTROLLER(click));
  gtk_box_append(GTK_BOX(picture), picture->drawing);
}

GtkWidget *
mg_track_picture_new(void)
{
  return g_object_new(MG_TYPE_TRACK_PICTURE, NULL);
}

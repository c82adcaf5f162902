#include "ui/explore/views/wave-view.h"
#include "plot/axis.h"
#include "plot/waveform.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>
#include <math.h>

#define LANE_GAP 2 /* logical pixels between channels */
#define PARTS 256  /* in which the largest amplitude is looked for */

typedef struct {
  MgSound *sound;
  float *columns; /* low, high, rms of one lane */
  size_t room;
  GskRenderNode *picture; /* cached for `drawn` */
  MgGeometry drawn;
  gboolean drawn_dark, outdated;
} MgWaveViewPrivate;

G_DEFINE_TYPE_WITH_PRIVATE(MgWaveView, mg_wave_view, MG_TYPE_VIEW)

static MgWaveViewPrivate *private(MgView *view)
{
  return mg_wave_view_get_instance_private(MG_WAVE_VIEW(view));
}

GtkWidget *
mg_wave_view_new(void)
{
  return g_object_new(MG_TYPE_WAVE_VIEW, NULL);
}

static void
follow_sound(MgView *view)
{
  private(view)->outdated = TRUE;
  gtk_widget_queue_draw(GTK_WIDGET(view));
  mg_view_describe_soon(view);
}

void
mg_wave_view_set_sound(MgWaveView *view, MgSound *sound)
{
  MgWaveViewPrivate *self = private(MG_VIEW(view));
  if (self->sound)
    g_signal_handlers_disconnect_by_data(self->sound, view);
  g_set_object(&self->sound, sound);
  if (sound)
    g_signal_connect_object(sound, "changed", G_CALLBACK(follow_sound), view, G_CONNECT_SWAPPED);
  mg_view_redraw_axes(MG_VIEW(view));
  follow_sound(MG_VIEW(view));
}

static int
lanes(MgView *view)
{
  MgSound *sound = private(view)->sound;
  return sound && !MG_VIEW_GET_CLASS(view)->whole ? mg_sound_channels(sound) : 1;
}

static MgGeometry
lane_of(MgView *view, const MgGeometry *geometry, int lane)
{
  int n = lanes(view);
  double height = (geometry->height - (n - 1) * LANE_GAP) / n;
  MgGeometry part = *geometry;
  part.y += lane * (height + LANE_GAP);
  part.height = MAX(height, 1);
  return part;
}

static void
draw_lane(MgView *view, cairo_t *cr, const MgGeometry *lane, const MgStyle *style, int channel, size_t n)
{
  MgWaveViewPrivate *self = private(view);
  if (self->room < n) {
    self->columns = g_renew(float, self->columns, 3 * n);
    self->room = n;
  }
  float *low = self->columns, *high = low + n, *rms = high + n;
  gboolean filled = mg_sound_columns(self->sound, channel, lane->x0, lane->x1, n, low, high, rms);
  mg_waveform_draw(cr, lane, style, low, high, filled ? rms : NULL, n);
}

static void
draw_at(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, double scale)
{
  size_t n = (size_t)MAX(1, floor(geometry->width * scale));
  if (!private(view)->sound)
    return;
  for (int lane = 0; lane < lanes(view); lane++) {
    MgGeometry part = lane_of(view, geometry, lane);
    draw_lane(view, cr, &part, style, lanes(view) == 1 ? -1 : lane, n);
  }
}

static void
draw(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style)
{
  draw_at(view, cr, geometry, style, 1);
}

static gboolean
is_drawn(MgWaveViewPrivate *self, const MgGeometry *geometry, const MgStyle *style)
{
  return self->picture && !self->outdated && self->drawn_dark == style->dark &&
         memcmp(&self->drawn, geometry, sizeof *geometry) == 0;
}

/* The cursor moves far more often than the waveform: its drawing is kept. */
static void
paint(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  MgWaveViewPrivate *self = private(view);
  if (!is_drawn(self, geometry, style)) {
    g_clear_pointer(&self->picture, gsk_render_node_unref);
    self->picture = gsk_cairo_node_new(
        &GRAPHENE_RECT_INIT((float)geometry->x, (float)geometry->y, (float)geometry->width, (float)geometry->height));
    cairo_t *cr = gsk_cairo_node_get_draw_context(self->picture);
    draw_at(view, cr, geometry, style, gtk_widget_get_scale_factor(GTK_WIDGET(view)));
    cairo_destroy(cr);
    self->drawn = *geometry;
    self->drawn_dark = style->dark;
    self->outdated = FALSE;
  }
  gtk_snapshot_append_node(snapshot, self->picture);
}

/* A lane that is too low for numbers tells its channel only. */
static void
draw_axes(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style)
{
  mg_view_draw_titles(cr, geometry, style, _("Amplitude"), NULL);
  for (int lane = 0; lane < lanes(view); lane++) {
    MgGeometry part = lane_of(view, geometry, lane);
    g_autofree char *channel = g_strdup_printf(_("ch %d"), lane + 1);
    if (part.height >= 72)
      mg_axis_draw_y(cr, &part, style, MG_TICKS_LINEAR, NULL, FALSE);
    else if (lanes(view) > 1 && part.height >= style->font_size)
      mg_text_draw(cr, style, channel, part.x - 8, part.y + part.height / 2, 1, 0.5, 0);
  }
}

static char *
describe(MgView *view, const char *range)
{
  MgSound *sound = private(view)->sound;
  int channels = sound ? mg_sound_channels(sound) : 0;
  return g_strdup_printf(ngettext("Waveform, %s, %d channel", "Waveform, %s, %d channels", channels), range, channels);
}

static char *
summarise(MgView *view, const MgGeometry *geometry)
{
  MgSound *sound = private(view)->sound;
  float columns[3][PARTS], largest = 0;
  int at = 0;
  if (!sound)
    return NULL;
  mg_sound_columns(sound, -1, geometry->x0, geometry->x1, PARTS, columns[0], columns[1], columns[2]);
  for (int i = 0; i < PARTS; i++) {
    float here = columns[1][i] >= columns[0][i] ? MAX(columns[1][i], -columns[0][i]) : 0; /* else nothing is known */
    at = here > largest ? i : at;
    largest = MAX(largest, here);
  }
  g_autofree char *time = mg_format_clock(geometry->x0 + (geometry->x1 - geometry->x0) * (at + 0.5) / PARTS, 3);
  g_autofree char *level = mg_format_value(20 * log10(MAX((double)largest, 1e-10)), N_("dB"));
  return largest > 0 ? g_strdup_printf(_("Largest amplitude %.3f (%s) at %s"), (double)largest, level, time)
                     : g_strdup(_("Silence"));
}

static void
limits(MgView *view, double *y0, double *y1)
{
  *y0 = -1;
  *y1 = 1;
}

static void
dispose(GObject *object)
{
  MgWaveViewPrivate *self = private(MG_VIEW(object));
  g_clear_pointer(&self->picture, gsk_render_node_unref);
  g_clear_object(&self->sound);
  g_clear_pointer(&self->columns, g_free);
  self->room = 0;
  G_OBJECT_CLASS(mg_wave_view_parent_class)->dispose(object);
}

static void
mg_wave_view_class_init(MgWaveViewClass *class)
{
  MgViewClass *view = MG_VIEW_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  view->paint = paint;
  view->draw_axes = draw_axes;
  view->draw = draw;
  view->describe = describe;
  view->summarise = summarise;
  view->limits = limits;
}

static void
mg_wave_view_init(MgWaveView *view)
{
}

struct _MgOverview {
  MgWaveView parent;
};

G_DEFINE_FINAL_TYPE(MgOverview, mg_overview, MG_TYPE_WAVE_VIEW)

GtkWidget *
mg_overview_new(void)
{
  return g_object_new(MG_TYPE_OVERVIEW, "height-request", 48, NULL);
}

static char *
describe_overview(MgView *view, const char *range)
{
  return g_strdup_printf(_("Overview, %s"), range);
}

static void
mg_overview_class_init(MgOverviewClass *class)
{
  MgViewClass *view = MG_VIEW_CLASS(class);
  view->draw_axes = NULL;
  view->draw = NULL;
  view->describe = describe_overview;
  view->whole = TRUE;
}

static void
mg_overview_init(MgOverview *overview)
{
}

#include "ui/explore/views/picture-view.h"
#include "plot/axis.h"
#include "plot/image.h"
#include "plot/summary.h"
#include "ui/explore/views/composed.h"
#include "ui/trace.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>
#include <math.h>

#define BAR_WIDTH 8 /* of the dB bar, logical pixels */

struct _MgPictureView {
  MgView parent;
  MgLayer layer;
  MgTiles *tiles;
  MgParams *params;
  MgComposed picture;
  double loudest; /* dB that the colours are relative to */
  guint wish;     /* idle source that asks for tiles */
  gboolean shown, whole, refined;
  gint64 began;
};

G_DEFINE_FINAL_TYPE(MgPictureView, mg_picture_view, MG_TYPE_VIEW)

GtkWidget *
mg_picture_view_new(MgLayer layer)
{
  MgPictureView *self = g_object_new(MG_TYPE_PICTURE_VIEW, NULL);
  self->layer = layer;
  return GTK_WIDGET(self);
}

double
mg_picture_view_cost(MgPictureView *self)
{
  return self->picture.cost;
}

static MgFrequencyScale
scale_of(MgPictureView *self)
{
  const char *axis = self->params ? mg_params_text(self->params, "frequency_axis") : "linear";
  if (self->layer == MG_LAYER_MEL || g_str_equal(axis, "mel"))
    return MG_SCALE_MEL_HZ;
  return g_str_equal(axis, "log") ? MG_SCALE_LOG_HZ : MG_SCALE_LINEAR_HZ;
}

static MgTicks
ticks_of(MgPictureView *self)
{
  static const MgTicks ticks[] = {
      [MG_SCALE_LINEAR_HZ] = MG_TICKS_HZ, [MG_SCALE_LOG_HZ] = MG_TICKS_LOG, [MG_SCALE_MEL_HZ] = MG_TICKS_MEL};
  return ticks[scale_of(self)];
}

typedef struct {
  MgPictureView *view;
  int level;
} Columns;

static const guint8 *
column(size_t frame, gpointer data)
{
  Columns *columns = data;
  return mg_tiles_column(columns->view->tiles, columns->view->layer, columns->level, (gint64)frame);
}

static void
describe_source(MgPictureView *self, Columns *columns, MgImageSource *source)
{
  double low, high, low_hz, high_hz;
  mg_tiles_decibels(self->tiles, self->layer, &low, &high);
  mg_tiles_band(self->tiles, self->layer, &low_hz, &high_hz);
  *source = (MgImageSource){
      .bins = mg_tiles_bins(self->tiles, self->layer),
      .frames = (size_t)mg_tiles_columns(self->tiles, columns->level),
      .top_hz = high_hz,
      .low_hz = low_hz,
      .mel_rows = self->layer == MG_LAYER_MEL,
      .htk = mg_params_has(self->params, "htk") && mg_params_bool(self->params, "htk"),
      .column = column,
      .column_data = columns,
      .low_db = low - self->loudest,
      .high_db = high - self->loudest,
  };
  mg_tiles_times(self->tiles, columns->level, &source->first_time, &source->frame_step);
}

static void
describe_colours(MgPictureView *self, MgImageStyle *style)
{
  double high = mg_params_float(self->params, "max_db");
  *style = (MgImageStyle){
      .low = high - mg_params_float_or(self->params, "top_db", 120),
      .high = high,
      .colormap = mg_colormap_find(mg_params_text(self->params, "colormap")),
      .scale = scale_of(self),
  };
}

static void
compose(MgPictureView *self, const MgGeometry *geometry, const MgStyle *look, int scale)
{
  Columns columns = {self, mg_tiles_level(self->tiles, (geometry->x1 - geometry->x0) / (geometry->width * scale))};
  MgImageSource source;
  MgImageStyle style;
  describe_source(self, &columns, &source);
  describe_colours(self, &style);
  mg_composed_make(&self->picture, &source, &style, geometry, scale, look);
}

/* Every column of what is seen is there, be it coarse. */
static gboolean
is_whole(MgPictureView *self, const MgGeometry *geometry, int scale)
{
  Columns columns = {self, mg_tiles_level(self->tiles, (geometry->x1 - geometry->x0) / (geometry->width * scale))};
  MgImageSource source;
  describe_source(self, &columns, &source);
  double first = MAX(0, floor(mg_image_frame(&source, geometry->x0) + 0.5)),
         last = mg_image_frame(&source, geometry->x1);
  for (size_t frame = (size_t)first; frame < source.frames && (double)frame < last; frame++)
    if (!column(frame, &columns))
      return FALSE;
  return TRUE;
}

/* What was known from before may be all that is wanted. */
static void
trace_refined(MgPictureView *self)
{
  if (self->refined || !self->shown || !mg_tiles_complete(self->tiles))
    return;
  self->refined = TRUE;
  mg_trace("refined", (g_get_monotonic_time() - self->began) / 1000.0);
}

static void
trace_progress(MgPictureView *self, const MgGeometry *geometry, int scale)
{
  if (!mg_trace_on())
    return;
  if (!self->shown && mg_tiles_bytes(self->tiles) > 0) {
    self->shown = TRUE;
    mg_trace("first-picture", (g_get_monotonic_time() - self->began) / 1000.0);
  }
  if (!self->whole && self->shown && is_whole(self, geometry, scale)) {
    self->whole = TRUE;
    mg_trace("whole-picture", (g_get_monotonic_time() - self->began) / 1000.0);
  }
  trace_refined(self);
}

/* Asks for what will be seen, outside of the drawing of a frame. */
static gboolean
want_tiles(gpointer data)
{
  MgPictureView *self = data;
  MgGeometry geometry;
  GtkWidget *widget = GTK_WIDGET(self);
  self->wish = 0;
  if (!self->tiles || !gtk_widget_get_mapped(widget))
    return G_SOURCE_REMOVE;
  mg_view_geometry(MG_VIEW(self), 0, 0, gtk_widget_get_width(widget), gtk_widget_get_height(widget), &geometry);
  double width = geometry.width * gtk_widget_get_scale_factor(widget);
  mg_tiles_want(self->tiles, mg_tiles_level(self->tiles, (geometry.x1 - geometry.x0) / width), geometry.x0,
                geometry.x1);
  trace_refined(self);
  return G_SOURCE_REMOVE;
}

static void
paint(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  MgPictureView *self = MG_PICTURE_VIEW(view);
  int scale = gtk_widget_get_scale_factor(GTK_WIDGET(view));
  /* While new tiles are on their way the former picture stays. */
  gboolean nothing_yet = self->tiles && mg_tiles_bytes(self->tiles) == 0;
  if (self->tiles && !(nothing_yet && self->picture.node) && !mg_composed_is_for(&self->picture, geometry, scale)) {
    compose(self, geometry, style, scale);
    trace_progress(self, geometry, scale);
    if (!self->wish)
      self->wish = g_idle_add_full(G_PRIORITY_HIGH_IDLE + 30, want_tiles, self, NULL);
  } else if (nothing_yet && !self->wish)
    self->wish = g_idle_add_full(G_PRIORITY_HIGH_IDLE + 30, want_tiles, self, NULL);
  if (self->picture.node)
    mg_composed_append(&self->picture, snapshot, geometry);
}

static void
draw_axes(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style)
{
  MgPictureView *self = MG_PICTURE_VIEW(view);
  MgImageStyle colours;
  if (!self->params)
    return;
  mg_view_draw_titles(cr, geometry, style, _("Hz"), self->tiles ? _("dB") : NULL);
  if (!self->tiles) { /* a recording under way */
    mg_text_draw(cr, style, _("The picture is made when the recording ends"), geometry->x + geometry->width / 2,
                 geometry->y + geometry->height / 2, 0.5, 0.5, 0);
    return;
  }
  mg_axis_draw_y(cr, geometry, style, ticks_of(self), NULL, FALSE);
  MgGeometry bar = *geometry;
  bar.x = geometry->x + geometry->width + 8;
  bar.width = BAR_WIDTH;
  describe_colours(self, &colours);
  mg_colorbar_draw(cr, &bar, style, &colours, NULL);
}

static void
draw(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style)
{
  MgPictureView *self = MG_PICTURE_VIEW(view);
  if (!self->tiles)
    return;
  Columns columns = {self, mg_tiles_level(self->tiles, (geometry->x1 - geometry->x0) / geometry->width / 2)};
  MgImageSource source;
  MgImageStyle colours;
  describe_source(self, &columns, &source);
  describe_colours(self, &colours);
  mg_image_draw(cr, geometry, &source, &colours);
}

static void
limits(MgView *view, double *y0, double *y1)
{
  MgPictureView *self = MG_PICTURE_VIEW(view);
  Columns columns = {self, 0};
  MgImageSource source;
  *y0 = 0;
  *y1 = 1;
  if (!self->tiles)
    return;
  describe_source(self, &columns, &source);
  mg_image_limits(&source, scale_of(self), y0, y1);
}

static double
level_at(MgPictureView *self, double seconds, double y)
{
  Columns columns = {
      self, mg_tiles_level(self->tiles, (self->picture.of.x1 - self->picture.of.x0) / MAX(self->picture.of.width, 1))};
  MgImageSource source;
  describe_source(self, &columns, &source);
  double bin = floor(mg_image_bin(&source, scale_of(self), y) + 0.5);
  double frame = floor(mg_image_frame(&source, seconds) + 0.5);
  if (bin < 0 || bin >= source.bins || frame < 0 || frame >= source.frames)
    return NAN;
  const guint8 *levels = column((size_t)frame, &columns);
  return levels ? source.low_db + (source.high_db - source.low_db) * levels[(size_t)bin] / 255 : NAN;
}

static void
read_place(MgView *view, double seconds, double y, GString *text)
{
  MgPictureView *self = MG_PICTURE_VIEW(view);
  if (self->tiles)
    mg_format_append_hz(text, mg_scale_hz(scale_of(self), y), level_at(self, seconds, y));
}

static double
of_hz(MgView *view, double hz)
{
  MgFrequencyScale scale = scale_of(MG_PICTURE_VIEW(view));
  return hz > 0 ? mg_scale_world(scale, hz) : NAN;
}

static double
to_hz(MgView *view, double y)
{
  return mg_scale_hz(scale_of(MG_PICTURE_VIEW(view)), y);
}

static double
level(MgView *view, double seconds, double y)
{
  return MG_PICTURE_VIEW(view)->tiles ? level_at(MG_PICTURE_VIEW(view), seconds, y) : NAN;
}

static char *
describe(MgView *view, const char *range)
{
  MgPictureView *self = MG_PICTURE_VIEW(view);
  const char *title = self->layer == MG_LAYER_STFT ? _("STFT") : _("Mel");
  if (!self->tiles)
    return g_strdup(title);
  MgGeometry geometry;
  mg_view_geometry(view, 0, 0, gtk_widget_get_width(GTK_WIDGET(view)), gtk_widget_get_height(GTK_WIDGET(view)),
                   &geometry);
  g_autofree char *head =
      g_strdup_printf("%s, %s, %.0f–%.0f Hz", title, range, to_hz(view, geometry.y0), to_hz(view, geometry.y1));
  if (self->layer == MG_LAYER_STFT)
    return g_strdup_printf("%s, n_fft %s", head, mg_params_text(self->params, "n_fft"));
  return g_strdup_printf("%s, n_mels %s", head, mg_params_text(self->params, "n_mels"));
}

static char *
summarise(MgView *view, const MgGeometry *geometry)
{
  MgPictureView *self = MG_PICTURE_VIEW(view);
  double seconds, y, level;
  MgImageSource source;
  if (!self->tiles)
    return NULL;
  Columns columns = {self, mg_tiles_level(self->tiles, (geometry->x1 - geometry->x0) / MAX(geometry->width, 1))};
  describe_source(self, &columns, &source);
  if (!mg_image_peak(&source, scale_of(self), geometry, &seconds, &y, &level))
    return NULL;
  g_autofree char *place = mg_view_place_text(view, seconds, y);
  return g_strdup_printf(_("Strongest at %s"), place);
}

static void
follow_tiles(MgPictureView *self)
{
  double loudest = mg_tiles_loudest(self->tiles, self->layer);
  if (isfinite(loudest))
    self->loudest = loudest;
  self->picture.outdated = TRUE;
  gtk_widget_queue_draw(GTK_WIDGET(self));
  mg_view_describe_soon(MG_VIEW(self));
}

void
mg_picture_view_set(MgPictureView *self, MgTiles *tiles, const MgParams *params)
{
  g_clear_pointer(&self->params, mg_params_free);
  self->params = mg_params_copy(params);
  if (tiles != self->tiles) {
    if (self->tiles)
      g_signal_handlers_disconnect_by_data(self->tiles, self);
    g_set_object(&self->tiles, tiles);
    self->shown = self->whole = self->refined = FALSE;
    self->began = g_get_monotonic_time();
    double low;
    if (tiles) /* silence stays dark: nothing in it is loud */
      mg_tiles_decibels(tiles, self->layer, &low, &self->loudest);
    if (tiles)
      g_signal_connect_object(tiles, "changed", G_CALLBACK(follow_tiles), self, G_CONNECT_SWAPPED);
    else
      mg_composed_clear(&self->picture);
  }
  if (tiles)
    follow_tiles(self);
  mg_view_redraw_axes(MG_VIEW(self));
  mg_view_describe_soon(MG_VIEW(self));
}

static void
dispose(GObject *object)
{
  MgPictureView *self = MG_PICTURE_VIEW(object);
  g_clear_handle_id(&self->wish, g_source_remove);
  g_clear_object(&self->tiles);
  mg_composed_clear(&self->picture);
  g_clear_pointer(&self->params, mg_params_free);
  G_OBJECT_CLASS(mg_picture_view_parent_class)->dispose(object);
}

static void
mg_picture_view_class_init(MgPictureViewClass *class)
{
  MgViewClass *view = MG_VIEW_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  view->paint = paint;
  view->draw_axes = draw_axes;
  view->draw = draw;
  view->read = read_place;
  view->of_hz = of_hz;
  view->to_hz = to_hz;
  view->level = level;
  view->describe = describe;
  view->summarise = summarise;
  view->limits = limits;
  view->coloured = TRUE;
}

static void
mg_picture_view_init(MgPictureView *self)
{
}

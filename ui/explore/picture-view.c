#include "ui/explore/picture-view.h"
#include "plot/axis.h"
#include "plot/image.h"
#include "ui/trace.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>
#include <math.h>

#define BAR_WIDTH 8 /* of the dB bar, logical pixels */

static const MgParamSpec specs[] = {
    {"colormap", MG_PARAM_CHOICE, "magma", 0, 0, MG_COLORMAP_CHOICES, NULL, NULL, N_("Colours from quiet to loud")},
    {"frequency_axis", MG_PARAM_CHOICE, "linear", 0, 0, "linear|log|mel", NULL, NULL,
     N_("Spacing of the STFT's frequencies")},
    {"max_db", MG_PARAM_FLOAT, "0", -120, 0, NULL, "dB", NULL,
     N_("Level of the brightest colour, relative to the loudest place")},
};
const MgParamTable mg_picture_params = MG_PARAM_TABLE("picture", N_("Picture"), specs);

struct _MgPictureView {
  MgView parent;
  MgLayer layer;
  MgTiles *tiles;
  MgParams *params;
  GskRenderNode *picture; /* of `composed`; not a texture, which cairo's renderer converts anew for every frame */
  MgGeometry composed;
  int composed_scale;
  gboolean outdated;
  double loudest; /* dB that the colours are relative to */
  double cost;
  guint wish; /* idle source that asks for tiles */
  gboolean shown, refined;
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
  return self->cost;
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
      .htk = mg_params_bool(self->params, "htk"),
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

static guint32
empty_pixel(const MgStyle *style)
{
  guint32 pixel = 0xff;
  for (int i = 0; i < 3; i++)
    pixel = pixel << 8 | (guint32)(style->background[i] * 255 + 0.5);
  return pixel;
}

static void
compose(MgPictureView *self, const MgGeometry *geometry, const MgStyle *look, int scale)
{
  int width = (int)(geometry->width * scale), height = (int)(geometry->height * scale);
  Columns columns = {self, mg_tiles_level(self->tiles, (geometry->x1 - geometry->x0) / width)};
  MgImageSource source;
  MgImageStyle style;
  describe_source(self, &columns, &source);
  describe_colours(self, &style);
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, MAX(width, 1), MAX(height, 1));
  cairo_surface_flush(surface);
  mg_image_compose(&source, &style, geometry->x0, geometry->x1, geometry->y0, geometry->y1, width, height,
                   (guint32 *)cairo_image_surface_get_data(surface),
                   (size_t)cairo_image_surface_get_stride(surface) / sizeof(guint32), empty_pixel(look));
  cairo_surface_mark_dirty(surface);
  cairo_surface_set_device_scale(surface, scale, scale);
  g_clear_pointer(&self->picture, gsk_render_node_unref);
  self->picture =
      gsk_cairo_node_new(&GRAPHENE_RECT_INIT(0, 0, (float)floor(geometry->width), (float)floor(geometry->height)));
  cairo_t *cr = gsk_cairo_node_get_draw_context(self->picture);
  cairo_set_source_surface(cr, surface, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_paint(cr);
  cairo_destroy(cr);
  cairo_surface_destroy(surface);
}

/* A picture made for another size stays until there is a new one. */
static void
append_picture(MgPictureView *self, GtkSnapshot *snapshot, const MgGeometry *geometry)
{
  double across = floor(geometry->width) / floor(self->composed.width);
  double down = floor(geometry->height) / floor(self->composed.height);
  gtk_snapshot_save(snapshot);
  gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT((float)geometry->x, (float)geometry->y));
  if (across != 1 || down != 1)
    gtk_snapshot_scale(snapshot, (float)across, (float)down);
  gtk_snapshot_append_node(snapshot, self->picture);
  gtk_snapshot_restore(snapshot);
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
  return G_SOURCE_REMOVE;
}

static gboolean
same_picture(MgPictureView *self, const MgGeometry *geometry, int scale)
{
  return self->picture && !self->outdated && self->composed_scale == scale &&
         memcmp(&self->composed, geometry, sizeof *geometry) == 0;
}

static void
trace_progress(MgPictureView *self)
{
  if (!self->shown && mg_tiles_bytes(self->tiles) > 0) {
    self->shown = TRUE;
    mg_trace("first-picture", (g_get_monotonic_time() - self->began) / 1000.0);
  }
  if (!self->refined && mg_tiles_complete(self->tiles) && self->shown) {
    self->refined = TRUE;
    mg_trace("refined", (g_get_monotonic_time() - self->began) / 1000.0);
  }
}

static void
paint(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  MgPictureView *self = MG_PICTURE_VIEW(view);
  int scale = gtk_widget_get_scale_factor(GTK_WIDGET(view));
  /* While new tiles are on their way the former picture stays. */
  gboolean nothing_yet = self->tiles && mg_tiles_bytes(self->tiles) == 0;
  if (self->tiles && !(nothing_yet && self->picture) && !same_picture(self, geometry, scale)) {
    gint64 start = g_get_monotonic_time();
    compose(self, geometry, style, scale);
    self->cost = (g_get_monotonic_time() - start) / 1000.0;
    mg_trace("compose", self->cost);
    self->composed = *geometry;
    self->composed_scale = scale;
    self->outdated = FALSE;
    trace_progress(self);
    if (!self->wish)
      self->wish = g_idle_add_full(G_PRIORITY_HIGH_IDLE + 30, want_tiles, self, NULL);
  } else if (nothing_yet && !self->wish)
    self->wish = g_idle_add_full(G_PRIORITY_HIGH_IDLE + 30, want_tiles, self, NULL);
  if (self->picture)
    append_picture(self, snapshot, geometry);
}

static void
draw_axes(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style)
{
  MgPictureView *self = MG_PICTURE_VIEW(view);
  MgImageStyle colours;
  const char *title = self->layer == MG_LAYER_STFT ? _("STFT, Hz") : _("Mel, Hz");
  if (!self->params)
    return;
  mg_view_draw_titles(cr, geometry, style, title, self->tiles ? _("dB") : NULL);
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

static void
value_at(MgView *view, double seconds, double y, double *hz, double *db)
{
  MgPictureView *self = MG_PICTURE_VIEW(view);
  Columns columns = {self, 0};
  MgImageSource source;
  if (!self->tiles)
    return;
  *hz = mg_scale_hz(scale_of(self), y);
  columns.level = mg_tiles_level(self->tiles, (self->composed.x1 - self->composed.x0) / MAX(self->composed.width, 1));
  describe_source(self, &columns, &source);
  double bin = floor(mg_image_bin(&source, scale_of(self), y) + 0.5);
  double frame = floor(mg_image_frame(&source, seconds) + 0.5);
  if (bin < 0 || bin >= source.bins || frame < 0 || frame >= source.frames)
    return;
  const guint8 *levels = column((size_t)frame, &columns);
  if (levels)
    *db = source.low_db + (source.high_db - source.low_db) * levels[(size_t)bin] / 255;
}

static char *
describe(MgView *view, const char *range)
{
  MgPictureView *self = MG_PICTURE_VIEW(view);
  const char *title = self->layer == MG_LAYER_STFT ? _("STFT") : _("Mel");
  if (!self->tiles)
    return g_strdup(title);
  double low, high;
  mg_tiles_band(self->tiles, self->layer, &low, &high);
  g_autofree char *head = g_strdup_printf("%s, %s, %.0f–%.0f Hz", title, range, low, high);
  if (self->layer == MG_LAYER_STFT)
    return g_strdup_printf("%s, n_fft %s", head, mg_params_text(self->params, "n_fft"));
  return g_strdup_printf("%s, n_mels %s", head, mg_params_text(self->params, "n_mels"));
}

static void
follow_tiles(MgPictureView *self)
{
  double loudest = mg_tiles_loudest(self->tiles, self->layer);
  if (isfinite(loudest))
    self->loudest = loudest;
  self->outdated = TRUE;
  gtk_widget_queue_draw(GTK_WIDGET(self));
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
    self->shown = self->refined = FALSE;
    self->began = g_get_monotonic_time();
    double low;
    if (tiles) /* silence stays dark: nothing in it is loud */
      mg_tiles_decibels(tiles, self->layer, &low, &self->loudest);
    if (tiles)
      g_signal_connect_object(tiles, "changed", G_CALLBACK(follow_tiles), self, G_CONNECT_SWAPPED);
    else
      g_clear_pointer(&self->picture, gsk_render_node_unref);
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
  g_clear_pointer(&self->picture, gsk_render_node_unref);
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
  view->value_at = value_at;
  view->describe = describe;
  view->limits = limits;
  view->coloured = TRUE;
}

static void
mg_picture_view_init(MgPictureView *self)
{
}

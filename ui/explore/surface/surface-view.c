#include "ui/explore/surface/surface-view.h"
#include "dsp/decibel.h"
#include "plot/axis.h"
#include "plot/surface-axes.h"
#include "plot/text.h"
#include "session/tiles-gather.h"
#include "ui/explore/surface/surface-hands.h"
#include "ui/explore/surface/surface-maker.h"
#include "ui/trace.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>
#include <math.h>

#define ROWS 256
#define COLUMNS 512
#define REST_MS 250     /* after which what was turned is drawn smooth and kept */
#define WIDEST_DB 120.0 /* where there is no limit */
#define TITLE_MARGIN 8

/* The sound of the page, and the one beside it. */
typedef struct {
  char *path; /* NULL: there is none */
  MgTiles *tiles;
  double start; /* s: what is shown begins there */
  MgSurface *surface;
  gboolean stale;                        /* the tiles know more than the surface */
  double top_seconds, top_hz, top_level; /* its highest place */
} Side;

struct _MgSurfaceView {
  MgView parent;
  MgPane *pane;
  Side sides[MG_SURFACE_SIDES];
  MgParams *look;  /* the pane's, as far as the hand has turned it */
  char *made_of;   /* what the tiles were made with */
  double from, to; /* s: the stretch that is shown */
  MgSurfaceMaker *maker;
  GskRenderNode *node; /* of the last pictures */
  guint rest;          /* source */
  int drawn_width, drawn_height;
  gboolean drawn_dark, asked, turning;
  MgSurfacePoint point; /* under the pointer */
  int pointed;          /* its side */
};

G_DEFINE_FINAL_TYPE(MgSurfaceView, mg_surface_view, MG_TYPE_VIEW)

static MgLayer
layer_of(MgSurfaceView *self)
{
  return g_str_equal(mg_params_text(self->look, "frequency_axis"), "mel") ? MG_LAYER_MEL : MG_LAYER_STFT;
}

static int
sides_of(MgSurfaceView *self)
{
  return self->sides[1].tiles ? 2 : 1;
}

double
mg_surface_view_width(MgSurfaceView *self)
{
  return floor(gtk_widget_get_width(GTK_WIDGET(self)) / (double)sides_of(self));
}

/* What the surface is made of */

static void
find_stretch(MgSurfaceView *self, double *from, double *to)
{
  MgTimeline *timeline = mg_view_timeline(MG_VIEW(self));
  MgSelection *selection = mg_view_selection(MG_VIEW(self));
  gboolean chosen = mg_selection_is_stretch(selection);
  *from = chosen ? mg_selection_start(selection) : mg_timeline_from(timeline);
  *to = chosen ? mg_selection_end(selection) : mg_timeline_to(timeline);
  *to = MAX(*to, *from + MG_TIMELINE_SHORTEST);
}

static double
duration_of(MgTiles *tiles)
{
  return (double)mg_tiles_frames(tiles) * mg_tiles_frame_seconds(tiles);
}

/* The second sound shows the same times, or its end where it is too short for them. */
static void
want(MgView *view, const MgGeometry *geometry, double seconds_per_pixel)
{
  MgSurfaceView *self = MG_SURFACE_VIEW(view);
  find_stretch(self, &self->from, &self->to);
  double length = self->to - self->from;
  for (int i = 0; i < MG_SURFACE_SIDES; i++) {
    Side *side = &self->sides[i];
    if (!side->tiles)
      continue;
    side->start = i == 0 ? self->from : CLAMP(duration_of(side->tiles) - length, 0, self->from);
    side->stale = TRUE;
    mg_tiles_want(side->tiles, mg_tiles_gather_level(side->tiles, side->start, side->start + length, COLUMNS),
                  side->start, side->start + length);
  }
  mg_view_describe_soon(view);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

/* 0 dB is the loudest place of both, so that heights compare. */
static double
loudest_of(MgSurfaceView *self)
{
  double loudest = -INFINITY, low, high = 0;
  for (int i = 0; i < MG_SURFACE_SIDES; i++)
    if (self->sides[i].tiles) {
      loudest = MAX(loudest, mg_tiles_loudest(self->sides[i].tiles, layer_of(self)));
      mg_tiles_decibels(self->sides[i].tiles, layer_of(self), &low, &high);
    }
  return isfinite(loudest) ? loudest : high;
}

static void
find_top(Side *side, const MgMatrix *levels, const MgSurfaceWorld *world)
{
  size_t top = 0;
  for (size_t i = 0; i < levels->rows * levels->cols; i++)
    top = levels->data[i] > levels->data[top] ? i : top;
  double row = (double)(top / levels->cols), column = (double)(top % levels->cols);
  side->top_seconds = world->start + world->seconds * (column + 0.5) / (double)levels->cols;
  side->top_hz = mg_surface_world_hz(world, row / (double)MAX(levels->rows - 1, 1));
  side->top_level = (double)levels->data[top];
}

static void
gather(MgSurfaceView *self, Side *side, double loudest)
{
  MgLayer layer = layer_of(self);
  double top_db = mg_params_float_or(self->look, "top_db", WIDEST_DB);
  MgSurfaceWorld world = {.start = side->start,
                          .seconds = self->to - self->from,
                          .mel = layer == MG_LAYER_MEL,
                          .htk = mg_params_bool(self->look, "htk"),
                          .low_db = -top_db};
  g_autoptr(MgMatrix) levels =
      mg_tiles_gather(side->tiles, layer, side->start, side->start + world.seconds, ROWS, COLUMNS);
  mg_tiles_band(side->tiles, layer, &world.low_hz, &world.high_hz);
  for (size_t i = 0; levels && i < levels->rows * levels->cols; i++)
    levels->data[i] -= (float)loudest;
  g_clear_pointer(&side->surface, mg_surface_unref);
  if (levels) {
    mg_trace_size("surface-field", levels->cols, levels->rows);
    find_top(side, levels, &world);
    side->surface = mg_surface_new(levels, &world);
  }
  side->stale = FALSE;
  mg_view_describe_soon(MG_VIEW(self));
}

/* Asks for pictures of what is known. */
static void
request(MgSurfaceView *self)
{
  int width = gtk_widget_get_width(GTK_WIDGET(self)), height = gtk_widget_get_height(GTK_WIDGET(self));
  gboolean stale = self->sides[0].stale || self->sides[1].stale;
  MgSurfaceRequest wanted = {.params = self->look,
                             .style = mg_view_style(),
                             .width = mg_surface_view_width(self),
                             .height = height,
                             .scale = gtk_widget_get_scale_factor(GTK_WIDGET(self)),
                             .quick = self->turning};
  if (!self->sides[0].tiles || width < 1 || height < 1)
    return;
  double loudest = stale ? loudest_of(self) : 0;
  for (int i = 0; i < MG_SURFACE_SIDES; i++) {
    if (stale && self->sides[i].tiles) /* both: they share the loudest place */
      gather(self, &self->sides[i], loudest);
    wanted.surfaces[i] = self->sides[i].surface;
  }
  self->drawn_width = width;
  self->drawn_height = height;
  self->drawn_dark = wanted.style->dark;
  self->asked = TRUE;
  mg_surface_maker_request(self->maker, &wanted);
}

static void
take_pictures(gpointer data)
{
  MgSurfaceView *self = data;
  g_clear_pointer(&self->node, gsk_render_node_unref);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

/* Turning */

double
mg_surface_view_get(MgSurfaceView *self, const char *name)
{
  return mg_params_float(self->look, name);
}

static gboolean
rest(gpointer data)
{
  MgSurfaceView *self = data;
  self->rest = 0;
  self->turning = FALSE;
  request(self);
  mg_pane_take(self->pane, self->look);
  mg_view_describe_soon(MG_VIEW(self));
  return G_SOURCE_REMOVE;
}

void
mg_surface_view_turn(MgSurfaceView *self, const char *name, double value)
{
  const MgParamSpec *spec = mg_params_spec(self->look, name);
  if (g_str_equal(name, "azimuth"))
    value = value - 360 * floor((value + 180) / 360);
  value = round(value * 1000) / 1000; /* as a person would write it */
  mg_params_set_float(self->look, name, CLAMP(value, spec->min, spec->max));
  self->turning = TRUE;
  g_clear_handle_id(&self->rest, g_source_remove);
  self->rest = g_timeout_add(REST_MS, rest, self);
  self->asked = FALSE;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
mg_surface_view_reset(MgSurfaceView *self)
{
  static const char *const names[] = {"azimuth", "elevation", "zoom", "height", "pan_x", "pan_y"};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
    mg_surface_view_turn(self, names[i], g_ascii_strtod(mg_params_spec(self->look, names[i])->default_value, NULL));
}

/* Painting */

static void
draw_title(cairo_t *cr, const MgStyle *style, const Side *side, double x, double width)
{
  g_autofree char *name = g_filename_display_basename(side->path);
  MgTextLook look = {.bold = TRUE, .max_width = MAX(40, width - 2 * TITLE_MARGIN)};
  mg_text_draw_look(cr, style, name, x + width / 2, TITLE_MARGIN, 0.5, 0, &look);
}

static GskRenderNode *
node_of_pictures(MgSurfaceView *self, const MgStyle *style)
{
  GskRenderNode *node = gsk_cairo_node_new(&GRAPHENE_RECT_INIT(0, 0, self->drawn_width, self->drawn_height));
  cairo_t *cr = gsk_cairo_node_get_draw_context(node);
  double width = mg_surface_view_width(self);
  for (int i = 0; i < sides_of(self); i++) {
    const MgSurfacePicture *picture = mg_surface_maker_picture(self->maker, i);
    if (!picture)
      continue;
    cairo_set_source_surface(cr, mg_surface_picture_pixels(picture), i * width, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
    cairo_paint(cr);
    if (sides_of(self) > 1)
      draw_title(cr, style, &self->sides[i], i * width, width);
  }
  cairo_destroy(cr);
  return node;
}

/* The play cursor sweeps over the surface; what is under the pointer is marked by the lines of its time and frequency.
 */
static void
append_sections(MgSurfaceView *self, GtkSnapshot *snapshot, const MgStyle *style)
{
  static const double white[3] = {1, 1, 1};
  MgTimeline *timeline = mg_view_timeline(MG_VIEW(self));
  double cursor = (mg_timeline_cursor(timeline) - self->from) / (self->to - self->from);
  double pointer = (mg_timeline_pointer(timeline) - self->from) / (self->to - self->from);
  double width = mg_surface_view_width(self);
  cairo_t *cr = gtk_snapshot_append_cairo(
      snapshot, &GRAPHENE_RECT_INIT(0, 0, (float)self->drawn_width, (float)self->drawn_height));
  for (int i = 0; i < sides_of(self); i++, cairo_translate(cr, width, 0)) {
    const MgSurfacePicture *picture = mg_surface_maker_picture(self->maker, i);
    if (!picture)
      continue;
    if (pointer >= 0 && pointer <= 1) /* NaN: the pointer is away */
      mg_surface_picture_draw_section(picture, cr, MG_SURFACE_TIME, pointer, style->accent, 0.9);
    if (self->pointed >= 0 && pointer >= 0)
      mg_surface_picture_draw_section(picture, cr, MG_SURFACE_FREQUENCY, self->point.frequency_share, style->accent,
                                      0.9);
    if (cursor >= 0 && cursor <= 1)
      mg_surface_picture_draw_section(picture, cr, MG_SURFACE_TIME, cursor, white, 1);
  }
  cairo_destroy(cr);
}

static gboolean
is_outdated(MgSurfaceView *self, const MgStyle *style)
{
  double from, to;
  find_stretch(self, &from, &to);
  if (from != self->from || to != self->to)
    mg_view_want_soon(MG_VIEW(self)); /* which draws again */
  if (!(self->to > self->from))       /* nothing was wanted yet */
    return FALSE;
  return !self->asked || self->sides[0].stale || self->sides[1].stale || self->drawn_dark != style->dark ||
         self->drawn_width != gtk_widget_get_width(GTK_WIDGET(self)) ||
         self->drawn_height != gtk_widget_get_height(GTK_WIDGET(self));
}

static void
paint(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  MgSurfaceView *self = MG_SURFACE_VIEW(view);
  if (!self->sides[0].tiles)
    return;
  if (is_outdated(self, style))
    request(self);
  if (!mg_surface_maker_picture(self->maker, 0))
    return;
  if (!self->node)
    self->node = node_of_pictures(self, style);
  gtk_snapshot_append_node(snapshot, self->node);
  append_sections(self, snapshot, style);
}

/* For files: the margins that other panes keep beside their plot areas belong to the surface. */
static void
draw(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style)
{
  MgSurfaceView *self = MG_SURFACE_VIEW(view);
  int n = sides_of(self);
  double left = geometry->x - MG_VIEW_LEFT, width = (geometry->width + MG_VIEW_LEFT + MG_VIEW_RIGHT) / n;
  for (int i = 0; i < n; i++) {
    if (!self->sides[i].surface)
      continue;
    cairo_save(cr);
    cairo_translate(cr, left + i * width, geometry->y);
    mg_surface_paint(cr, width, geometry->height, style, self->sides[i].surface, self->look, mg_is_vector(cr));
    cairo_restore(cr);
    if (n > 1)
      draw_title(cr, style, &self->sides[i], left + i * width, width);
  }
}

/* Reading */

static gboolean
locate(MgView *view, double x, double y, double *seconds)
{
  MgSurfaceView *self = MG_SURFACE_VIEW(view);
  double width = mg_surface_view_width(self);
  int side = CLAMP((int)(x / MAX(width, 1)), 0, sides_of(self) - 1);
  const MgSurfacePicture *picture = mg_surface_maker_picture(self->maker, side);
  self->pointed = -1;
  if (!picture || !mg_surface_picture_pick(picture, x - side * width, y, &self->point))
    return FALSE;
  self->pointed = side;
  *seconds = self->from + self->point.time_share * (self->to - self->from);
  return TRUE;
}

static void
read_place(MgView *view, double seconds, double y, GString *text)
{
  MgSurfaceView *self = MG_SURFACE_VIEW(view);
  const Side *side = &self->sides[MAX(self->pointed, 0)];
  mg_format_append_hz(text, self->point.hz, self->point.db);
  if (self->pointed < 1)
    return;
  g_autofree char *name = g_filename_display_basename(side->path);
  g_autofree char *time = mg_format_clock(self->point.seconds, 3);
  g_string_append_printf(text, " · %s %s", name, time);
}

static void
limits(MgView *view, double *y0, double *y1)
{
  *y0 = 0;
  *y1 = 1;
}

static char *
status(MgView *view)
{
  MgSurfaceView *self = MG_SURFACE_VIEW(view);
  if (!self->sides[0].path)
    return g_strdup(_("The surface is made when the recording ends"));
  return self->sides[0].tiles && mg_tiles_bytes(self->sides[0].tiles) == 0 ? g_strdup(_("Computing…")) : NULL;
}

static char *
describe(MgView *view, const char *range)
{
  MgSurfaceView *self = MG_SURFACE_VIEW(view);
  double low, high;
  if (!self->sides[0].tiles)
    return g_strdup(_("3D spectrogram"));
  int decimals = self->to - self->from < 20 ? 3 : 0;
  g_autofree char *from = mg_format_clock(self->from, decimals), *to = mg_format_clock(self->to, decimals);
  mg_tiles_band(self->sides[0].tiles, layer_of(self), &low, &high);
  g_autoptr(GString) text = g_string_new(NULL);
  /* Translators: times, frequencies, and the angles that the surface is seen from */
  g_string_append_printf(text, _("3D spectrogram, %s–%s, %.0f–%.0f Hz, turned by %.0f°, seen from %.0f° above"), from,
                         to, low, high, mg_surface_view_get(self, "azimuth"), mg_surface_view_get(self, "elevation"));
  if (!self->sides[1].tiles)
    return g_string_free(g_steal_pointer(&text), FALSE);
  g_autofree char *name = g_filename_display_basename(self->sides[1].path);
  g_string_append_printf(text, _(", beside %s"), name);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Of two sounds with their names. */
static char *
summarise(MgView *view, const MgGeometry *geometry)
{
  MgSurfaceView *self = MG_SURFACE_VIEW(view);
  g_autoptr(GString) text = g_string_new(NULL);
  for (int i = 0; i < sides_of(self); i++) {
    const Side *side = &self->sides[i];
    if (!side->surface)
      continue;
    g_autofree char *name = sides_of(self) > 1 ? g_filename_display_basename(side->path) : g_strdup("");
    g_autofree char *clock = mg_format_clock(side->top_seconds, 3);
    g_autoptr(GString) place = g_string_new(clock);
    mg_format_append_hz(place, side->top_hz, side->top_level);
    g_string_append_printf(text, "%s%s%s", text->len ? "; " : "", name, *name ? ": " : "");
    g_string_append_printf(text, _("Strongest at %s"), place->str);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Sources */

static void
follow_tiles(MgTiles *tiles, MgSurfaceView *self)
{
  for (int i = 0; i < MG_SURFACE_SIDES; i++)
    self->sides[i].stale |= self->sides[i].tiles == tiles;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void
drop_side(MgSurfaceView *self, Side *side)
{
  if (side->tiles) {
    g_signal_handlers_disconnect_by_data(side->tiles, self);
    mg_tiles_stop(side->tiles);
  }
  g_clear_object(&side->tiles);
  g_clear_pointer(&side->surface, mg_surface_unref);
  g_clear_pointer(&side->path, g_free);
  side->stale = FALSE;
}

static gboolean
set_side(MgSurfaceView *self, Side *side, const char *path, GError **error)
{
  MgTiles *tiles = path ? mg_tiles_new(path, self->look, MG_LAYER_BIT(layer_of(self)), error) : NULL;
  if (path && !tiles)
    return FALSE;
  drop_side(self, side);
  side->path = g_strdup(path);
  side->tiles = tiles;
  if (tiles)
    g_signal_connect_object(tiles, "changed", G_CALLBACK(follow_tiles), self, 0);
  return TRUE;
}

static char *
key_of(const MgParams *params)
{
  g_autofree char *stft = mg_params_key(params, "stft"), *mel = mg_params_key(params, "mel");
  return g_strjoin("\n", stft, mel, mg_params_text(params, "sr"), mg_params_text(params, "frequency_axis"), NULL);
}

gboolean
mg_surface_view_set(MgSurfaceView *self, const char *path, GError **error)
{
  g_autofree char *key = key_of(mg_pane_params(self->pane));
  gboolean other = g_strcmp0(key, self->made_of) != 0, fits = TRUE;
  g_clear_pointer(&self->look, mg_params_free);
  self->look = mg_params_copy(mg_pane_params(self->pane));
  mg_params_set(self->look, "steady", "true", NULL); /* turning changes the size of nothing */
  const char *beside = mg_params_text(self->look, "beside");
  const char *const paths[MG_SURFACE_SIDES] = {path, path && *beside ? beside : NULL};
  for (int i = 0; i < MG_SURFACE_SIDES; i++) {
    if (!other && g_strcmp0(paths[i], self->sides[i].path) == 0)
      continue;
    fits = set_side(self, &self->sides[i], paths[i], fits ? error : NULL) && fits;
  }
  if (fits) {
    g_free(self->made_of);
    self->made_of = g_steal_pointer(&key);
  }
  if (!path)
    mg_surface_maker_clear(self->maker);
  for (int i = 0; i < MG_SURFACE_SIDES; i++)
    self->sides[i].stale = self->sides[i].tiles != NULL;
  self->asked = FALSE;
  mg_view_want_soon(MG_VIEW(self));
  mg_view_describe_soon(MG_VIEW(self));
  return fits;
}

GtkWidget *
mg_surface_view_new(MgPane *pane)
{
  MgSurfaceView *self = g_object_new(MG_TYPE_SURFACE_VIEW, NULL);
  self->pane = g_object_ref(pane);
  self->look = mg_params_copy(mg_pane_params(pane));
  return GTK_WIDGET(self);
}

static void
dispose(GObject *object)
{
  MgSurfaceView *self = MG_SURFACE_VIEW(object);
  if (self->rest) { /* what was turned last is kept */
    g_clear_handle_id(&self->rest, g_source_remove);
    mg_pane_take(self->pane, self->look);
  }
  for (int i = 0; i < MG_SURFACE_SIDES; i++)
    drop_side(self, &self->sides[i]);
  g_clear_pointer(&self->node, gsk_render_node_unref);
  g_clear_pointer(&self->maker, mg_surface_maker_free);
  G_OBJECT_CLASS(mg_surface_view_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  MgSurfaceView *self = MG_SURFACE_VIEW(object);
  g_object_unref(self->pane);
  mg_params_free(self->look);
  g_free(self->made_of);
  G_OBJECT_CLASS(mg_surface_view_parent_class)->finalize(object);
}

static void
mg_surface_view_class_init(MgSurfaceViewClass *class)
{
  MgViewClass *view = MG_VIEW_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  view->paint = paint;
  view->draw = draw;
  view->limits = limits;
  view->locate = locate;
  view->read = read_place;
  view->want = want;
  view->status = status;
  view->describe = describe;
  view->summarise = summarise;
}

static void
mg_surface_view_init(MgSurfaceView *self)
{
  self->pointed = -1;
  self->maker = mg_surface_maker_new(take_pictures, self);
  mg_surface_hands_attach(self);
}

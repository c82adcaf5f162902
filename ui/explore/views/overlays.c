#include "ui/explore/views/overlays.h"
#include "plot/overlay.h"
#include "plot/text.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>
#include <math.h>

#define TAG_GAP 4 /* logical pixels beside the value of a curve */

typedef struct {
  MgAnalysis *analysis; /* NULL: failed */
  const MgFeature *feature;
  char *failure;
  double colour[3];
  float *values; /* of the frames last drawn */
  size_t room;
} Overlay;

struct MgOverlays {
  MgView *view; /* owns this */
  GPtrArray *list;
};

static void
free_overlay(gpointer data)
{
  Overlay *overlay = data;
  g_clear_object(&overlay->analysis);
  g_free(overlay->failure);
  g_free(overlay->values);
  g_free(overlay);
}

static void
follow(MgView *view)
{
  mg_view_redraw_overlays(view);
  gtk_widget_activate_action(GTK_WIDGET(view), "pane.refresh", NULL);
}

static void
add(MgOverlays *overlays, const MgFeature *feature, MgPane *pane, MgAnalysisStore *store)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgParams) params = mg_analysis_params_beside(feature, mg_pane_params(pane));
  Overlay *overlay = g_new0(Overlay, 1);
  overlay->feature = feature;
  overlay->analysis = mg_analysis_store_get(store, feature, params, &error);
  if (overlay->analysis)
    g_signal_connect_object(overlay->analysis, "changed", G_CALLBACK(follow), overlays->view, G_CONNECT_SWAPPED);
  else
    overlay->failure = g_strdup(error->message);
  mg_overlay_hue((int)overlays->list->len, overlay->colour);
  g_ptr_array_add(overlays->list, overlay);
}

MgOverlays *
mg_overlays_new(MgView *view, MgPane *pane, MgAnalysisStore *store)
{
  MgOverlays *overlays = g_new0(MgOverlays, 1);
  overlays->view = view;
  overlays->list = g_ptr_array_new_with_free_func(free_overlay);
  for (const char *const *name = mg_pane_overlays(pane); *name; name++) {
    const MgFeature *feature = mg_feature_find(*name, NULL);
    if (feature)
      add(overlays, feature, pane, store);
  }
  return overlays;
}

void
mg_overlays_free(MgOverlays *overlays)
{
  if (!overlays)
    return;
  for (guint i = 0; i < overlays->list->len; i++) {
    Overlay *overlay = overlays->list->pdata[i];
    if (overlay->analysis)
      g_signal_handlers_disconnect_by_data(overlay->analysis, overlays->view);
  }
  g_ptr_array_unref(overlays->list);
  g_free(overlays);
}

static double
hz_to_world(double hz, gconstpointer data)
{
  MgView *view = (MgView *)data;
  return MG_VIEW_GET_CLASS(view)->of_hz(view, hz);
}

static void
draw_curve(MgOverlays *overlays, Overlay *overlay, cairo_t *cr, const MgGeometry *geometry)
{
  double first, step;
  mg_analysis_times(overlay->analysis, 0, &first, &step);
  gint64 from = (gint64)MAX(0, floor((geometry->x0 - first) / step) - 1);
  gint64 to = MIN(mg_analysis_columns(overlay->analysis, 0), (gint64)ceil((geometry->x1 - first) / step) + 2);
  size_t n = to > from ? (size_t)(to - from) : 0;
  if (n == 0 || !MG_VIEW_GET_CLASS(overlays->view)->of_hz)
    return;
  if (overlay->room < n) {
    overlay->values = g_renew(float, overlay->values, n);
    overlay->room = n;
  }
  mg_analysis_values(overlay->analysis, from, n, overlay->values);
  MgOverlayCurve curve = {.values = overlay->values,
                          .n = n,
                          .first_time = first + (double)from * step,
                          .frame_step = step,
                          .to_world = hz_to_world,
                          .data = overlays->view};
  memcpy(curve.colour, overlay->colour, sizeof curve.colour);
  memcpy(curve.halo, mg_overlay_halo, sizeof curve.halo);
  mg_overlay_curve_draw(cr, geometry, &curve);
}

void
mg_overlays_draw(MgOverlays *overlays, cairo_t *cr, const MgGeometry *geometry)
{
  guint kinds_of_events = 0;
  for (guint i = 0; i < overlays->list->len; i++) {
    Overlay *overlay = overlays->list->pdata[i];
    if (!overlay->analysis)
      continue;
    if (overlay->feature->kind == MG_FEATURE_CURVE)
      draw_curve(overlays, overlay, cr, geometry);
    if (overlay->feature->kind != MG_FEATURE_EVENTS)
      continue;
    g_autoptr(GArray) times = mg_analysis_events(overlay->analysis, geometry->x0, geometry->x1);
    mg_overlay_events_draw(cr, geometry, (const double *)(gconstpointer)times->data, times->len, overlay->colour,
                           kinds_of_events++ % 2);
  }
}

void
mg_overlays_want(MgOverlays *overlays, const MgGeometry *geometry, double seconds_per_pixel)
{
  for (guint i = 0; i < overlays->list->len; i++) {
    Overlay *overlay = overlays->list->pdata[i];
    if (overlay->analysis)
      mg_analysis_want(overlay->analysis, mg_analysis_level(overlay->analysis, seconds_per_pixel), geometry->x0,
                       geometry->x1);
  }
  gtk_widget_activate_action(GTK_WIDGET(overlays->view), "pane.refresh", NULL);
}

/* What a curve has at a time, Hz; NaN: nothing, or it is no curve. */
static double
value_at(Overlay *overlay, double seconds)
{
  double first, step;
  float value;
  if (!overlay->analysis || overlay->feature->kind != MG_FEATURE_CURVE)
    return NAN;
  mg_analysis_times(overlay->analysis, 0, &first, &step);
  mg_analysis_values(overlay->analysis, (gint64)floor((seconds - first) / step + 0.5), 1, &value);
  return value;
}

static char *
value_text(Overlay *overlay, double value)
{
  g_autofree char *number = mg_format_count(value), *note = mg_format_note(value);
  if (note && strstr("yin pyin", overlay->feature->name))
    return g_strdup_printf("%s\u202f%s (%s)", number, _("Hz"), note);
  return g_strdup_printf("%s\u202f%s", number, _("Hz"));
}

void
mg_overlays_read(MgOverlays *overlays, double seconds, GString *text)
{
  for (guint i = 0; i < overlays->list->len; i++) {
    Overlay *overlay = overlays->list->pdata[i];
    double value = value_at(overlay, seconds);
    g_autofree char *number = isfinite(value) ? value_text(overlay, value) : NULL;
    if (number)
      g_string_append_printf(text, " · %s %s", _(overlay->feature->title), number);
  }
}

/* A value beside the pointer, where its curve is. */
typedef struct {
  char *text;
  const double *colour;
  double y, width, height;
} Tag;

static void
clear_tag(gpointer data)
{
  g_free(((Tag *)data)->text);
}

static int
by_height(gconstpointer a, gconstpointer b)
{
  double first = ((const Tag *)a)->y, second = ((const Tag *)b)->y;
  return (first > second) - (first < second);
}

static GArray *
find_tags(MgOverlays *overlays, const MgGeometry *geometry, const MgStyle *style, double seconds)
{
  const MgTextLook plain = {0};
  GArray *tags = g_array_new(FALSE, FALSE, sizeof(Tag));
  g_array_set_clear_func(tags, clear_tag);
  for (guint i = 0; i < overlays->list->len; i++) {
    Overlay *overlay = overlays->list->pdata[i];
    double value = value_at(overlay, seconds);
    double world = isfinite(value) && value > 0 ? hz_to_world(value, overlays->view) : NAN;
    if (!isfinite(world))
      continue;
    Tag tag = {value_text(overlay, value), overlay->colour, mg_geometry_to_y(geometry, world), 0, 0};
    mg_text_measure(style, tag.text, &plain, &tag.width, &tag.height);
    tag.y = CLAMP(tag.y, geometry->y, geometry->y + geometry->height) - tag.height / 2;
    g_array_append_val(tags, tag);
  }
  g_array_sort(tags, by_height);
  return tags;
}

/* No two on one another, and all of them inside: first down from above, then up from below. */
static void
spread_tags(GArray *tags, const MgGeometry *geometry)
{
  double limit = geometry->y;
  for (guint i = 0; i < tags->len; i++) {
    Tag *tag = &g_array_index(tags, Tag, i);
    tag->y = MAX(tag->y, limit);
    limit = tag->y + tag->height;
  }
  limit = geometry->y + geometry->height;
  for (guint i = tags->len; i-- > 0;) {
    Tag *tag = &g_array_index(tags, Tag, i);
    tag->y = MIN(tag->y, limit - tag->height);
    limit = tag->y;
  }
}

void
mg_overlays_append_values(MgOverlays *overlays, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style,
                          double seconds)
{
  g_autoptr(GArray) tags = find_tags(overlays, geometry, style, seconds);
  double x = mg_geometry_to_x(geometry, seconds);
  spread_tags(tags, geometry);
  for (guint i = 0; i < tags->len; i++) {
    const Tag *tag = &g_array_index(tags, Tag, i);
    MgTextLook look = {.colour = tag->colour};
    gboolean fits = x + 2 * TAG_GAP + tag->width <= geometry->x + geometry->width;
    double left = fits ? x + TAG_GAP : x - 3 * TAG_GAP - tag->width;
    cairo_t *cr = gtk_snapshot_append_cairo(
        snapshot, &GRAPHENE_RECT_INIT((float)left, (float)tag->y, (float)tag->width + 2 * TAG_GAP, (float)tag->height));
    mg_source_alpha(cr, mg_overlay_halo, 0.75);
    cairo_paint(cr);
    mg_text_draw_look(cr, style, tag->text, left + TAG_GAP, tag->y, 0, 0, &look);
    cairo_destroy(cr);
  }
}

static void
append_state(Overlay *overlay, GString *text)
{
  double value;
  const char *failure = overlay->analysis ? mg_analysis_failure(overlay->analysis) : overlay->failure;
  if (failure) {
    g_autofree char *escaped = g_markup_escape_text(failure, -1);
    g_string_append_printf(text, ": %s", escaped);
  } else if (overlay->feature->kind == MG_FEATURE_NUMBER && mg_analysis_number(overlay->analysis, &value)) {
    g_autofree char *number = mg_format_value(value, overlay->feature->unit);
    g_string_append_printf(text, " %s", number);
  } else if (mg_analysis_working(overlay->analysis, NULL, NULL))
    g_string_append(text, "…");
}

char *
mg_overlays_legend(MgOverlays *overlays)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < overlays->list->len; i++) {
    Overlay *overlay = overlays->list->pdata[i];
    g_autofree char *title = g_markup_escape_text(_(overlay->feature->title), -1);
    guint rgb = 0;
    for (int c = 0; c < 3; c++)
      rgb = rgb << 8 | (guint)(overlay->colour[c] * 255 + 0.5);
    g_string_append_printf(text, "%s<span foreground=\"#%06x\" background=\"#202024\">\u202f%s\u202f</span> %s",
                           text->len ? "   " : "", rgb, overlay->feature->kind == MG_FEATURE_EVENTS ? "|" : "━", title);
    append_state(overlay, text);
  }
  if (text->len > 0)
    return g_string_free(text, FALSE);
  g_string_free(text, TRUE);
  return NULL;
}

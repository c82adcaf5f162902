#include "ui/explore/overlays.h"
#include "plot/overlay.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>
#include <math.h>

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

static void
read_curve(Overlay *overlay, double seconds, GString *text)
{
  double first, step;
  float value;
  mg_analysis_times(overlay->analysis, 0, &first, &step);
  mg_analysis_values(overlay->analysis, (gint64)floor((seconds - first) / step + 0.5), 1, &value);
  if (!isfinite(value))
    return;
  g_autofree char *number = mg_format_count(value), *note = mg_format_note(value);
  g_string_append_printf(text, " · %s %s\u202f%s", _(overlay->feature->title), number, _("Hz"));
  if (note && strstr("yin pyin", overlay->feature->name))
    g_string_append_printf(text, " (%s)", note);
}

void
mg_overlays_read(MgOverlays *overlays, double seconds, GString *text)
{
  for (guint i = 0; i < overlays->list->len; i++) {
    Overlay *overlay = overlays->list->pdata[i];
    if (overlay->analysis && overlay->feature->kind == MG_FEATURE_CURVE)
      read_curve(overlay, seconds, text);
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

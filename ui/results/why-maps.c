#include "plot/maps.h"
#include "plot/summary.h"
#include "plot/text.h"
#include "ui/results/why-private.h"
#include "ui/widgets/escape.h"
#include <glib/gi18n.h>
#include <math.h>

static const double usual_width = 256, map_width = 72, map_label = 22, painter_margin = 12; /* of mg_maps_draw() */

/* The grid. */

static gboolean
any_maps(const MgWhyPane *pane)
{
  return pane->explanation && pane->explanation->maps->len > 0;
}

static const MgMatrix *
first_map(const MgWhyPane *pane)
{
  return pane->explanation->maps->pdata[0];
}

/* As high as maps of a legible width want to be. */
static double
aspect_of(const MgWhyPane *pane)
{
  double shape = CLAMP((double)first_map(pane)->cols / MAX(first_map(pane)->rows, 1), 0.5, 2);
  double columns = floor(usual_width / map_width), rows = ceil(pane->explanation->maps->len / columns);
  return rows * (map_width / shape + map_label) / usual_width;
}

static void
draw_maps(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgWhyPane *pane = data;
  if (!any_maps(pane))
    return;
  cairo_translate(cr, -painter_margin, -painter_margin); /* the pane has margins of its own */
  mg_maps_draw(cr, width + 2 * painter_margin, height + 2 * painter_margin, style, NULL,
               (MgMatrix *const *)pane->explanation->maps->pdata, pane->explanation->maps->len, NULL,
               mg_colormap_find("magma"));
}

static gboolean
cell_of(const MgWhyPane *pane, size_t i, MgGeometry *g)
{
  GtkWidget *picture = pane->maps.picture;
  if (!mg_maps_cell(gtk_widget_get_width(picture) + 2 * painter_margin,
                    gtk_widget_get_height(picture) + 2 * painter_margin, mg_drawing_style(),
                    (MgMatrix *const *)pane->explanation->maps->pdata, pane->explanation->maps->len, i, g))
    return FALSE;
  g->x -= painter_margin;
  g->y -= painter_margin;
  return TRUE;
}

/* The time under the pointer in every map; filters have none. */
static void
draw_cursor(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgWhyPane *pane = data;
  MgGeometry g;
  if (!any_maps(pane) || pane->cursor < 0 || pane->explanation->filters)
    return;
  cairo_set_source_rgba(cr, 1, 1, 1, 0.8);
  for (guint i = 0; i < pane->explanation->maps->len; i++)
    if (cell_of(pane, i, &g))
      mg_line_vertical(cr, g.x + pane->cursor * g.width, g.y, g.y + g.height);
}

/* The map under a point; -1: none. */
static int
map_at(const MgWhyPane *pane, double x, double y, MgGeometry *g)
{
  for (guint i = 0; any_maps(pane) && i < pane->explanation->maps->len; i++)
    if (cell_of(pane, i, g) && x >= g->x && x < g->x + g->width && y >= g->y && y < g->y + g->height)
      return (int)i;
  return -1;
}

static void
on_motion(GtkEventControllerMotion *motion, double x, double y, MgWhyPane *pane)
{
  MgGeometry g;
  int map = map_at(pane, x, y, &g);
  mg_why_set_cursor(pane, map >= 0 ? (x - g.x) / g.width : -1);
}

static void
on_leave(GtkEventControllerMotion *motion, MgWhyPane *pane)
{
  mg_why_set_cursor(pane, -1);
}

/* One map, large. */

typedef struct {
  MgMatrix *map;
  double start, end;
} Large;

static void
large_free(gpointer data)
{
  mg_matrix_free(((Large *)data)->map);
  g_free(data);
}

static void
draw_large(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const Large *large = data;
  MgEvidencePicture picture = {.picture = large->map, .start = large->start, .end = large->end};
  MgGeometry g = mg_evidence_layout(&picture, style, width, height);
  mg_evidence_draw(cr, &g, style, &picture);
}

static void
enlarge(MgWhyPane *pane, int number)
{
  const MgExplanation *why = pane->explanation;
  g_autofree char *title = g_strdup_printf("%s · %d", why->layer, number + 1);
  GtkWidget *window = adw_window_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *picture = mg_drawing_new("feature-map", 320, 240);
  const MgMatrix *map = why->maps->pdata[number];
  Large *large = g_new(Large, 1);
  *large = (Large){mg_matrix_copy(map), why->filters ? 0 : why->start, why->filters ? (double)map->cols : why->end};
  g_object_set_data_full(G_OBJECT(picture), "map", large, large_free);
  mg_drawing_set_funcs(MG_DRAWING(picture), draw_large, NULL, large);
  g_autofree char *figures = mg_maps_summary(&large->map, 1);
  mg_drawing_set_text(MG_DRAWING(picture), title, figures);
  gtk_widget_set_vexpand(picture, TRUE);
  gtk_widget_set_margin_start(picture, 12);
  gtk_widget_set_margin_end(picture, 12);
  gtk_widget_set_margin_bottom(picture, 12);
  gtk_window_set_title(GTK_WINDOW(window), title);
  gtk_window_set_transient_for(GTK_WINDOW(window), GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(pane))));
  gtk_window_set_destroy_with_parent(GTK_WINDOW(window), TRUE);
  gtk_window_set_default_size(GTK_WINDOW(window), 640, 420);
  mg_close_on_escape(window);
  gtk_box_append(GTK_BOX(box), adw_header_bar_new());
  gtk_box_append(GTK_BOX(box), picture);
  adw_window_set_content(ADW_WINDOW(window), box);
  gtk_window_present(GTK_WINDOW(window));
}

static void
on_click(GtkGestureClick *gesture, int n, double x, double y, MgWhyPane *pane)
{
  MgGeometry g;
  int map = map_at(pane, x, y, &g);
  if (map >= 0)
    enlarge(pane, map);
}

/* Choosing a layer. */

/* Entry number `chosen`: the filters of the first convolution, then layers' maps. */
static void
choose(const MgWhyPane *pane, guint chosen, MgExplainRequest *request)
{
  const MgExplanation *why = pane->explanation;
  guint filters = why && why->convolutions[0] ? 1 : 0;
  request->filters = why && filters && chosen == 0;
  if (request->filters)
    request->layer = why->convolutions[0];
  else if (why && chosen - filters < g_strv_length(why->layers))
    request->layer = why->layers[chosen - filters];
}

static void
fill_layers(MgWhyPane *pane)
{
  const MgExplanation *why = pane->explanation;
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  guint chosen = 0, filters = why->convolutions[0] ? 1 : 0;
  if (filters) {
    g_autofree char *text = g_strdup_printf(_("Filters of %s"), why->convolutions[0]);
    gtk_string_list_append(names, text);
  }
  for (guint i = 0; why->layers[i]; i++) {
    gtk_string_list_append(names, why->layers[i]);
    if (!why->filters && g_strcmp0(why->layers[i], why->layer) == 0)
      chosen = i + filters;
  }
  pane->maps.filling = TRUE;
  gtk_drop_down_set_model(GTK_DROP_DOWN(pane->maps.layer), G_LIST_MODEL(names));
  gtk_drop_down_set_selected(GTK_DROP_DOWN(pane->maps.layer), chosen);
  pane->maps.filling = FALSE;
}

static void
tell_maps(MgWhyPane *pane)
{
  gboolean any = any_maps(pane);
  gtk_widget_set_visible(pane->maps.box, any);
  if (!any)
    return;
  const MgExplanation *why = pane->explanation;
  g_autofree char *maps = g_strdup_printf(ngettext("Output of %s: %u map", "Output of %s: %u maps", why->maps->len),
                                          why->layer, why->maps->len);
  g_autofree char *filters =
      g_strdup_printf(ngettext("%u filter of %s", "%u filters of %s", why->maps->len), why->maps->len, why->layer);
  const char *title = why->filters ? filters : maps;
  gtk_label_set_text(GTK_LABEL(pane->maps.title), title);
  g_autofree char *figures = mg_maps_summary((MgMatrix *const *)why->maps->pdata, why->maps->len);
  mg_drawing_set_text(MG_DRAWING(pane->maps.picture), title, figures);
  mg_drawing_set_aspect(MG_DRAWING(pane->maps.picture), aspect_of(pane));
  mg_drawing_changed(MG_DRAWING(pane->maps.picture));
}

static void
on_seen(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(MgWhyPane) pane = data;
  g_autoptr(GError) error = NULL;
  MgExplanation *why = mg_explainer_see_finish(MG_EXPLAINER(source), result, &error);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* another segment, or layer, has been chosen */
  gboolean first = !pane->explanation;
  g_clear_pointer(&pane->explanation, mg_explanation_free);
  pane->explanation = why;
  mg_notice_set(pane->maps.problem, MG_NOTICE_ERROR, error ? error->message : NULL);
  if (why)
    fill_layers(pane);
  tell_maps(pane);
  mg_why_evidence_pictured(pane);
  if (first)
    mg_why_change_reset(pane);
}

static void
see(MgWhyPane *pane, guint chosen)
{
  MgExplainRequest request;
  GCancellable *cancellable = mg_why_restart(&pane->maps.cancellable);
  if (!mg_why_request(pane, &request))
    return;
  choose(pane, chosen, &request);
  mg_explainer_see_async(pane->explainer, &request, cancellable, on_seen, g_object_ref(pane));
}

static void
on_layer(MgWhyPane *pane)
{
  guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(pane->maps.layer));
  if (!pane->maps.filling && chosen != GTK_INVALID_LIST_POSITION)
    see(pane, chosen);
}

void
mg_why_maps_show(MgWhyPane *pane)
{
  mg_notice_set(pane->maps.problem, MG_NOTICE_ERROR, NULL);
  tell_maps(pane);
  see(pane, GTK_INVALID_LIST_POSITION);
}

void
mg_why_maps_forget(MgWhyPane *pane)
{
  if (pane->maps.cancellable)
    g_cancellable_cancel(pane->maps.cancellable);
  g_clear_object(&pane->maps.cancellable);
}

GtkWidget *
mg_why_maps_new(MgWhyPane *pane)
{
  GtkWidget *outer = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *picture = mg_drawing_new("feature-maps", 240, 120);
  GtkGesture *click = gtk_gesture_click_new();
  GtkEventController *motion = gtk_event_controller_motion_new();
  pane->maps.box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  pane->maps.picture = picture;
  pane->maps.problem = mg_notice_new();
  pane->maps.title = mg_why_line("dim-label");
  pane->maps.layer = gtk_drop_down_new(NULL, NULL);
  gtk_widget_set_halign(pane->maps.layer, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text(pane->maps.layer, _("Layer"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(pane->maps.layer), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Layer"), -1);
  mg_drawing_set_funcs(MG_DRAWING(picture), draw_maps, draw_cursor, pane);
  gtk_widget_set_tooltip_text(picture, _("Click one to enlarge it"));
  g_signal_connect_swapped(pane->maps.layer, "notify::selected", G_CALLBACK(on_layer), pane);
  g_signal_connect(click, "released", G_CALLBACK(on_click), pane);
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), pane);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), pane);
  gtk_widget_add_controller(picture, GTK_EVENT_CONTROLLER(click));
  gtk_widget_add_controller(picture, motion);
  gtk_box_append(GTK_BOX(pane->maps.box), mg_why_heading(_("What layers make of it")));
  gtk_box_append(GTK_BOX(pane->maps.box), pane->maps.layer);
  gtk_box_append(GTK_BOX(pane->maps.box), pane->maps.title);
  gtk_box_append(GTK_BOX(pane->maps.box), picture);
  gtk_box_append(GTK_BOX(outer), pane->maps.problem);
  gtk_box_append(GTK_BOX(outer), pane->maps.box);
  return outer;
}

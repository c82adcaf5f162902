#include "ui/results/quality-view.h"
#include "plot/quality.h"
#include "session/results-curves.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/wrap-box.h"
#include <adwaita.h>
#include <glib/gi18n.h>

enum { MOST_ALONE = 8, MOST_OF_TWO = 3 }; /* curves of a run that can be told apart */

#define MG_TYPE_QUALITY_VIEW (mg_quality_view_get_type())
G_DECLARE_FINAL_TYPE(MgQualityView, mg_quality_view, MG, QUALITY_VIEW, AdwBin)

/* One picture. */
typedef struct {
  MgQualityView *view;
  MgPredictionCurveKind kind;
  GtkWidget *drawing;
} Picture;

struct _MgQualityView {
  AdwBin parent_instance;
  MgResults *results;
  MgResultCurves *curves; /* of `shown`; NULL: none yet */
  const MgPredictions *shown, *shown_other;
  GCancellable *cancellable;
  Picture pictures[MG_N_CURVE_KINDS];
};

G_DEFINE_FINAL_TYPE(MgQualityView, mg_quality_view, ADW_TYPE_BIN)

/* Hue tells the curve; where there is one a run, the run. */
static void
add_lines(GArray *lines, GPtrArray *names, const GArray *curves, const char *letter, gboolean second)
{
  for (guint i = 0; i < curves->len; i++) {
    const MgPredictionCurve *curve = &g_array_index(curves, MgPredictionCurve, i);
    char *name = letter ? g_strdup_printf("%s: %s", letter, curve->name) : g_strdup(curve->name);
    int hue = second && curve->weights ? 1 : (int)i;
    MgQualityLine line = {name, curve->x, curve->y, curve->weights, curve->n, hue, second};
    g_ptr_array_add(names, name);
    g_array_append_val(lines, line);
  }
}

static void
draw(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const Picture *picture = data;
  const MgResultCurves *curves = picture->view->curves;
  g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(MgQualityLine));
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  if (curves) {
    gboolean two = curves->other[picture->kind]->len > 0;
    add_lines(lines, names, curves->own[picture->kind], two ? "A" : NULL, FALSE);
    add_lines(lines, names, curves->other[picture->kind], "B", TRUE);
  }
  const MgQuality quality = {mg_quality_look(mg_prediction_curve_kind_name(picture->kind)),
                             (const MgQualityLine *)(void *)lines->data, lines->len, NULL,
                             curves ? _("No truth is known") : _("Computing…")};
  mg_quality_draw(cr, width, height, style, &quality);
}

/* What the picture says, for those who do not see it. */
static void
tell(Picture *picture)
{
  const MgQualityLook *look = mg_quality_look(mg_prediction_curve_kind_name(picture->kind));
  GString *text = g_string_new(NULL);
  const GArray *const sides[] = {picture->view->curves->own[picture->kind],
                                 picture->view->curves->other[picture->kind]};
  for (size_t side = 0; side < G_N_ELEMENTS(sides); side++)
    for (guint i = 0; i < sides[side]->len; i++)
      g_string_append_printf(text, "%s%s", text->len ? "; " : "",
                             g_array_index(sides[side], MgPredictionCurve, i).name);
  mg_drawing_set_text(MG_DRAWING(picture->drawing), _(look->title), text->str);
  mg_drawing_changed(MG_DRAWING(picture->drawing));
  g_string_free(text, TRUE);
}

static void
on_computed(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(MgQualityView) view = data;
  MgResultCurves *curves = mg_results_curves_finish(MG_RESULTS(source), result, NULL);
  if (!curves || !view->results) { /* another table has come, or the view has gone */
    mg_result_curves_free(curves);
    return;
  }
  g_clear_pointer(&view->curves, mg_result_curves_free);
  view->curves = curves;
  for (guint kind = 0; kind < MG_N_CURVE_KINDS; kind++)
    tell(&view->pictures[kind]);
}

static void
follow(MgQualityView *view)
{
  const MgPredictions *predictions = mg_results_predictions(view->results);
  const MgPredictions *other = mg_results_other_predictions(view->results);
  if (!gtk_widget_get_mapped(GTK_WIDGET(view)) || (predictions == view->shown && other == view->shown_other))
    return;
  view->shown = predictions;
  view->shown_other = other;
  if (view->cancellable)
    g_cancellable_cancel(view->cancellable);
  g_clear_object(&view->cancellable);
  view->cancellable = g_cancellable_new();
  mg_results_curves_async(view->results, other ? MOST_OF_TWO : MOST_ALONE, view->cancellable, on_computed,
                          g_object_ref(view));
}

static void
mg_quality_view_map(GtkWidget *widget)
{
  GTK_WIDGET_CLASS(mg_quality_view_parent_class)->map(widget);
  follow(MG_QUALITY_VIEW(widget));
}

static void
mg_quality_view_dispose(GObject *object)
{
  MgQualityView *view = MG_QUALITY_VIEW(object);
  if (view->results)
    g_signal_handlers_disconnect_by_data(view->results, view);
  if (view->cancellable)
    g_cancellable_cancel(view->cancellable);
  g_clear_object(&view->cancellable);
  g_clear_object(&view->results);
  G_OBJECT_CLASS(mg_quality_view_parent_class)->dispose(object);
}

static void
mg_quality_view_finalize(GObject *object)
{
  mg_result_curves_free(MG_QUALITY_VIEW(object)->curves);
  G_OBJECT_CLASS(mg_quality_view_parent_class)->finalize(object);
}

static void
mg_quality_view_class_init(MgQualityViewClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_quality_view_dispose;
  G_OBJECT_CLASS(klass)->finalize = mg_quality_view_finalize;
  GTK_WIDGET_CLASS(klass)->map = mg_quality_view_map;
}

static void
mg_quality_view_init(MgQualityView *view)
{
}

GtkWidget *
mg_quality_view_new(MgResults *results)
{
  MgQualityView *view = g_object_new(MG_TYPE_QUALITY_VIEW, NULL);
  GtkWidget *scroller = gtk_scrolled_window_new(), *box = mg_wrap_box_new(6);
  view->results = g_object_ref(results);
  for (guint kind = 0; kind < MG_N_CURVE_KINDS; kind++) {
    Picture *picture = &view->pictures[kind];
    *picture = (Picture){view, kind, mg_drawing_new(mg_prediction_curve_kind_name(kind), 280, 200)};
    mg_drawing_set_funcs(MG_DRAWING(picture->drawing), draw, NULL, picture);
    mg_drawing_set_aspect(MG_DRAWING(picture->drawing), 0.72);
    gtk_widget_set_hexpand(picture->drawing, TRUE);
    mg_wrap_box_append(MG_WRAP_BOX(box), picture->drawing);
  }
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), box);
  adw_bin_set_child(ADW_BIN(view), scroller);
  g_signal_connect_swapped(results, "changed", G_CALLBACK(follow), view);
  return GTK_WIDGET(view);
}

#include "ui/train/decision-view.h"
#include "session/decision.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/stack.h"
#include "ui/widgets/wrap-box.h"
#include "ui/window.h"
#include <glib/gi18n.h>
#include <math.h>

#define REACH 8 /* pixels from the pointer to a point */

struct _MgDecisionView {
  AdwBin parent_instance;
  MgFeatureTable *table;
  MgClassifierParams *params;
  MgDecision *decision;
  GtkWidget *columns[2], *figures, *spinner, *problem, *none;
  GtkStack *stack; /* "picture" or "none" */
  MgDrawing *drawing;
  MgScatter scatter; /* with names in the window's language */
  const char *shapes[MG_N_POINT_SHAPES];
  gssize hovered;
  gboolean filling;
};

G_DEFINE_FINAL_TYPE(MgDecisionView, mg_decision_view, ADW_TYPE_BIN)

/* Drawing. */

static void
draw(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgDecisionView *view = data;
  if (view->scatter.n > 0)
    mg_scatter_draw(cr, width, height, style, &view->scatter);
}

static void
draw_live(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgDecisionView *view = data;
  if (view->hovered < 0 || view->scatter.n == 0)
    return;
  MgGeometry g = mg_scatter_geometry(width, height, style, &view->scatter);
  mg_scatter_draw_mark(cr, &g, style, &view->scatter, (size_t)view->hovered);
}

/* Learning. */

static void
learn(MgDecisionView *view)
{
  const MgSamples *samples = mg_feature_table_samples(view->table);
  guint x = gtk_drop_down_get_selected(GTK_DROP_DOWN(view->columns[0]));
  guint y = gtk_drop_down_get_selected(GTK_DROP_DOWN(view->columns[1]));
  if (view->filling || !gtk_widget_get_mapped(GTK_WIDGET(view)))
    return;
  gboolean known = samples && x < samples->columns->len && y < samples->columns->len;
  g_autoptr(MgParams) params = mg_classifier_params_get(view->params);
  mg_decision_learn(view->decision, known ? samples : NULL, x, y, mg_classifier_params_class(view->params), params);
}

static void
fill_columns(MgDecisionView *view)
{
  const MgSamples *samples = mg_feature_table_samples(view->table);
  view->filling = TRUE;
  for (guint i = 0; i < 2; i++) {
    GtkDropDown *column = GTK_DROP_DOWN(view->columns[i]);
    GtkStringObject *former = gtk_drop_down_get_selected_item(column);
    g_autofree char *name = former ? g_strdup(gtk_string_object_get_string(former)) : NULL;
    g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
    guint selected = i;
    for (guint c = 0; samples && c < samples->columns->len; c++) {
      gtk_string_list_append(names, samples->columns->pdata[c]);
      selected = g_strcmp0(name, samples->columns->pdata[c]) == 0 ? c : selected;
    }
    if (i == 1 && selected == gtk_drop_down_get_selected(GTK_DROP_DOWN(view->columns[0])))
      selected = selected == 0; /* the column that was the first is left out now */
    gtk_drop_down_set_model(column, G_LIST_MODEL(names));
    gtk_drop_down_set_selected(column, selected);
  }
  view->filling = FALSE;
}

static void
on_table_changed(MgDecisionView *view)
{
  if (mg_feature_table_state(view->table) == MG_TABLE_READING)
    return;
  fill_columns(view);
  learn(view);
}

/* Showing. */

static void
take_scatter(MgDecisionView *view)
{
  view->scatter = *mg_decision_scatter(view->decision);
  view->shapes[MG_POINT_DISC] = _("Learned from");
  view->shapes[MG_POINT_TRIANGLE] = _("Others");
  view->scatter.shapes = view->shapes;
  view->scatter.wrong = _("Wrong");
  view->hovered = -1;
}

static void
show(MgDecisionView *view)
{
  const char *message = mg_decision_message(view->decision);
  double seconds = mg_decision_seconds(view->decision);
  take_scatter(view);
  g_autofree char *failure = *message ? mg_format_sentence(message) : NULL;
  g_autofree char *time = mg_format_duration(seconds);
  g_autofree char *figures = isnan(seconds)
                                 ? g_strdup("")
                                 : g_strdup_printf(_("accuracy %.3f on the rows learned from, %.3f on the others · %s"),
                                                   mg_decision_accuracy(view->decision, TRUE),
                                                   mg_decision_accuracy(view->decision, FALSE), time);
  gboolean any = view->scatter.n > 0;
  gtk_label_set_text(GTK_LABEL(view->figures), figures);
  gtk_spinner_set_spinning(GTK_SPINNER(view->spinner), mg_decision_is_working(view->decision));
  mg_notice_set(view->problem, MG_NOTICE_ERROR, failure);
  gtk_stack_set_visible_child_name(view->stack, any ? "picture" : "none");
  gtk_label_set_text(GTK_LABEL(view->none),
                     mg_decision_is_working(view->decision)
                         ? _("Learning…")
                         : _("Choose a table: two of its columns and the classifier at the right "
                             "make a picture"));
  g_autofree char *label =
      any ? g_strdup_printf(_("Regions of %s by %s and %s"), mg_classifier_params_class(view->params)->name,
                            view->scatter.x_title, view->scatter.y_title)
          : g_strdup(_("Two features"));
  mg_drawing_set_text(view->drawing, label, figures);
  mg_drawing_changed(view->drawing);
}

/* The pointer. */

static void
hover(MgDecisionView *view, gssize point)
{
  if (point == view->hovered)
    return;
  view->hovered = point;
  mg_drawing_live_changed(view->drawing);
  const MgPoint *hovered = point >= 0 ? &view->scatter.points[point] : NULL;
  g_autofree char *text = hovered ? g_strdup_printf("%s · %s", mg_decision_row(view->decision, (size_t)point),
                                                    view->scatter.groups[hovered->group])
                                  : NULL;
  mg_window_set_readout(GTK_WIDGET(view), text, NULL, NULL);
}

static void
on_motion(GtkEventControllerMotion *motion, double x, double y, MgDecisionView *view)
{
  GtkWidget *widget = GTK_WIDGET(view->drawing);
  if (view->scatter.n == 0)
    return;
  MgGeometry g = mg_scatter_geometry(gtk_widget_get_width(widget), gtk_widget_get_height(widget), mg_drawing_style(),
                                     &view->scatter);
  hover(view, mg_scatter_find(&g, &view->scatter, x, y, REACH));
}

static void
on_leave(GtkEventControllerMotion *motion, MgDecisionView *view)
{
  hover(view, -1);
}

/* Building. */

static GtkWidget *
new_column(MgDecisionView *view, guint i, const char *name)
{
  GtkExpression *text = gtk_property_expression_new(GTK_TYPE_STRING_OBJECT, NULL, "string");
  view->columns[i] = gtk_drop_down_new(NULL, text);
  gtk_drop_down_set_enable_search(GTK_DROP_DOWN(view->columns[i]), TRUE); /* tables have hundreds of columns */
  gtk_widget_set_tooltip_text(view->columns[i], name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(view->columns[i]), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_swapped(view->columns[i], "notify::selected", G_CALLBACK(learn), view);
  return view->columns[i];
}

static GtkWidget *
new_head(MgDecisionView *view)
{
  GtkWidget *box = mg_wrap_box_new(6);
  view->spinner = gtk_spinner_new();
  view->figures = mg_figure_label_new(0);
  gtk_widget_add_css_class(view->figures, "dim-label");
  gtk_label_set_ellipsize(GTK_LABEL(view->figures), PANGO_ELLIPSIZE_END);
  mg_wrap_box_append(MG_WRAP_BOX(box), new_column(view, 0, _("Column along the horizontal axis")));
  mg_wrap_box_append(MG_WRAP_BOX(box), new_column(view, 1, _("Column along the vertical axis")));
  mg_wrap_box_append(MG_WRAP_BOX(box), view->figures);
  mg_wrap_box_append(MG_WRAP_BOX(box), view->spinner);
  gtk_widget_set_margin_start(box, 18);
  gtk_widget_set_margin_end(box, 18);
  return box;
}

static GtkWidget *
new_picture(MgDecisionView *view)
{
  GtkEventController *motion = gtk_event_controller_motion_new();
  view->drawing = MG_DRAWING(mg_drawing_new("regions", 240, 240));
  mg_drawing_keep_pixels(view->drawing);
  mg_drawing_set_funcs(view->drawing, draw, draw_live, view);
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), view);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), view);
  gtk_widget_add_controller(GTK_WIDGET(view->drawing), motion);
  return GTK_WIDGET(view->drawing);
}

static GtkWidget *
new_none(MgDecisionView *view)
{
  view->none = gtk_label_new(NULL);
  gtk_widget_add_css_class(view->none, "dim-label");
  gtk_label_set_wrap(GTK_LABEL(view->none), TRUE);
  gtk_label_set_justify(GTK_LABEL(view->none), GTK_JUSTIFY_CENTER);
  return view->none;
}

static void
mg_decision_view_map(GtkWidget *widget)
{
  GTK_WIDGET_CLASS(mg_decision_view_parent_class)->map(widget);
  learn(MG_DECISION_VIEW(widget));
}

static void
mg_decision_view_dispose(GObject *object)
{
  MgDecisionView *view = MG_DECISION_VIEW(object);
  view->filling = TRUE;
  if (view->decision)
    g_signal_handlers_disconnect_by_data(view->decision, view);
  g_clear_object(&view->decision);
  g_clear_object(&view->table);
  g_clear_object(&view->params);
  G_OBJECT_CLASS(mg_decision_view_parent_class)->dispose(object);
}

static void
mg_decision_view_class_init(MgDecisionViewClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_decision_view_dispose;
  GTK_WIDGET_CLASS(klass)->map = mg_decision_view_map;
}

static void
mg_decision_view_init(MgDecisionView *view)
{
  view->decision = mg_decision_new();
  view->hovered = -1;
}

GtkWidget *
mg_decision_view_new(MgFeatureTable *table, MgClassifierParams *params)
{
  MgDecisionView *view = g_object_new(MG_TYPE_DECISION_VIEW, NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  view->table = g_object_ref(table);
  view->params = g_object_ref(params);
  view->problem = mg_notice_new();
  gtk_widget_set_margin_start(view->problem, 18);
  view->stack = GTK_STACK(mg_stack_new());
  gtk_box_append(GTK_BOX(box), new_head(view));
  gtk_box_append(GTK_BOX(box), view->problem);
  gtk_stack_add_named(view->stack, new_picture(view), "picture");
  gtk_stack_add_named(view->stack, new_none(view), "none");
  gtk_widget_set_vexpand(GTK_WIDGET(view->stack), TRUE);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(view->stack));
  adw_bin_set_child(ADW_BIN(view), box);
  g_signal_connect_object(table, "changed", G_CALLBACK(on_table_changed), view, G_CONNECT_SWAPPED);
  g_signal_connect_object(params, "changed", G_CALLBACK(learn), view, G_CONNECT_SWAPPED);
  g_signal_connect_swapped(view->decision, "changed", G_CALLBACK(show), view);
  on_table_changed(view);
  show(view);
  return GTK_WIDGET(view);
}

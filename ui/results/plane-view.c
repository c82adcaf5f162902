#include "ui/results/plane-view.h"
#include "ml/projection.h"
#include "ui/results/plane-picture.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/stack.h"
#include <glib/gi18n.h>
#include <math.h>

#define NEAREST 12

struct _MgPlaneView {
  AdwBin parent_instance;
  MgResults *results;
  MgPlane *plane;
  char *method;
  GtkWidget *methods, *neighbours;
  GtkStack *stack; /* "picture", "working" or "message" */
  MgPlanePicture *picture;
  GtkWidget *step, *progress, *message, *again;
  MgResultRow *wanted; /* chosen elsewhere before the plane was ready */
};

G_DEFINE_FINAL_TYPE(MgPlaneView, mg_plane_view, ADW_TYPE_BIN)

static guint chosen_signal;
static const char first_method[] = "pca";

/* Neighbours, their distances with as many digits as tell the farthest by three. */

static GtkWidget *
new_neighbour(MgPlane *plane, guint32 point, float distance, int decimals)
{
  const MgPrediction *segment = mg_plane_prediction(plane, point);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *icon = gtk_image_new(), *name = gtk_label_new(NULL);
  GtkWidget *far = mg_figure_label_new(1);
  gboolean wrong = segment->y_test >= 0 && segment->y_test != segment->y_pred;
  g_autofree char *text = mg_plane_point_text(plane, point), *number = g_strdup_printf("%.*f", decimals, distance);
  gtk_image_set_from_icon_name(GTK_IMAGE(icon), wrong ? "window-close-symbolic" : "object-select-symbolic");
  gtk_widget_add_css_class(icon, wrong ? "error" : "dim-label");
  gtk_accessible_update_property(GTK_ACCESSIBLE(icon), GTK_ACCESSIBLE_PROPERTY_LABEL, wrong ? _("wrong") : _("right"),
                                 -1);
  gtk_label_set_text(GTK_LABEL(name), segment->songname);
  gtk_label_set_ellipsize(GTK_LABEL(name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign(GTK_LABEL(name), 0);
  gtk_widget_set_hexpand(name, TRUE);
  gtk_label_set_text(GTK_LABEL(far), number);
  gtk_widget_add_css_class(far, "dim-label");
  gtk_widget_set_tooltip_text(box, text);
  GtkWidget *const parts[] = {icon, name, far};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(box), parts[i]);
  gtk_widget_set_margin_start(box, 12);
  gtk_widget_set_margin_end(box, 12);
  g_object_set_data(G_OBJECT(box), "point", GUINT_TO_POINTER(point));
  return box;
}

static void
show_neighbours(MgPlaneView *view)
{
  guint32 points[NEAREST];
  float distances[NEAREST];
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(view->neighbours)))
    gtk_list_box_remove(GTK_LIST_BOX(view->neighbours), child);
  gssize chosen = mg_plane_picture_chosen(view->picture);
  size_t n = chosen >= 0 ? mg_plane_neighbours(view->plane, (size_t)chosen, NEAREST, points, distances) : 0;
  int decimals = n > 0 && distances[n - 1] > 0 ? CLAMP(2 - (int)floor(log10(distances[n - 1])), 0, 6) : 2;
  for (size_t i = 0; i < n; i++)
    gtk_list_box_append(GTK_LIST_BOX(view->neighbours), new_neighbour(view->plane, points[i], distances[i], decimals));
  mg_plane_picture_mark(view->picture, points, n);
}

/* Choosing. */

static void
choose(MgPlaneView *view, gssize point)
{
  if (point == mg_plane_picture_chosen(view->picture))
    return;
  mg_plane_picture_choose(view->picture, point);
  show_neighbours(view);
}

static void
on_chosen(MgPlanePicture *picture, guint point, gboolean play, MgPlaneView *view)
{
  choose(view, point);
  g_autoptr(MgResultRow) row = mg_plane_row(view->plane, point);
  g_signal_emit(view, chosen_signal, 0, row, play);
}

static void
on_neighbour(GtkListBox *list, GtkListBoxRow *line, MgPlaneView *view)
{
  gpointer point = g_object_get_data(G_OBJECT(gtk_list_box_row_get_child(line)), "point");
  on_chosen(view->picture, GPOINTER_TO_UINT(point), TRUE, view);
}

static void
on_picked(MgPlanePicture *picture, const GArray *points, MgPlaneView *view)
{
  g_autofree const MgPrediction **segments = points ? g_new(const MgPrediction *, points->len) : NULL;
  for (guint i = 0; points && i < points->len; i++)
    segments[i] = mg_plane_prediction(view->plane, g_array_index(points, guint, i));
  mg_results_pick(view->results, segments, points ? points->len : 0);
}

void
mg_plane_view_show(MgPlaneView *view, MgResultRow *row)
{
  g_set_object(&view->wanted, row);
  choose(view, row ? mg_plane_find(view->plane, mg_result_row_prediction(row)) : -1);
}

/* States. */

static void
show_progress(MgPlaneView *view)
{
  gboolean asking = mg_plane_state(view->plane) == MG_PLANE_ASKING;
  double left = mg_plane_seconds_left(view->plane);
  const char *step = asking ? _("Asking the network about every segment") : _("Laying out the points");
  g_autofree char *text = left >= 1 ? g_strdup_printf(_("%s, %.0f s left"), step, left) : g_strdup_printf("%s…", step);
  gtk_label_set_text(GTK_LABEL(view->step), text);
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(view->progress), mg_plane_fraction(view->plane));
}

static void
show_message(MgPlaneView *view)
{
  MgPlaneState state = mg_plane_state(view->plane);
  g_autofree char *failure = state == MG_PLANE_FAILED ? mg_format_sentence(mg_plane_message(view->plane)) : NULL;
  const char *text = state == MG_PLANE_STOPPED        ? _("Stopped before it was done.")
                     : !mg_results_run(view->results) ? _("This table came without its run, so there is no "
                                                          "network to ask.")
                                                      : _("This run has no trained model yet.");
  gtk_label_set_text(GTK_LABEL(view->message), failure ? failure : text);
  gtk_widget_set_visible(view->again, state != MG_PLANE_EMPTY);
}

static void
show_state(MgPlaneView *view)
{
  MgPlaneState state = mg_plane_state(view->plane);
  gboolean working = state == MG_PLANE_ASKING || state == MG_PLANE_PLACING;
  gtk_stack_set_visible_child_name(view->stack, state == MG_PLANE_READY ? "picture" : working ? "working" : "message");
  show_progress(view);
  show_message(view);
  if (state == MG_PLANE_READY && view->wanted)
    choose(view, mg_plane_find(view->plane, mg_result_row_prediction(view->wanted)));
  else
    show_neighbours(view);
}

static void
open_plane(MgPlaneView *view)
{
  if (gtk_widget_get_mapped(GTK_WIDGET(view)))
    mg_plane_open(view->plane, mg_results_run(view->results), view->method);
}

/* What was stopped, or cannot be, is not begun again by itself. */
static void
follow(MgPlaneView *view)
{
  MgPlaneState state = mg_plane_state(view->plane);
  gboolean ended = state == MG_PLANE_STOPPED || state == MG_PLANE_FAILED;
  if (!ended || mg_plane_run(view->plane) != mg_results_run(view->results))
    open_plane(view);
}

static void
on_method(GtkToggleButton *button, MgPlaneView *view)
{
  if (!gtk_toggle_button_get_active(button))
    return;
  g_free(view->method);
  view->method = g_strdup(g_object_get_data(G_OBJECT(button), "method"));
  open_plane(view);
}

/* Building. */

static GtkWidget *
new_methods(MgPlaneView *view)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0), *first = NULL;
  gtk_widget_add_css_class(box, "linked");
  for (const MgProjection *const *each = mg_projections(); *each; each++) {
    g_autofree char *name = g_ascii_strup((*each)->name, -1);
    GtkWidget *button = gtk_toggle_button_new_with_label(g_str_equal(name, "TSNE") ? "t-SNE" : name);
    gtk_widget_set_tooltip_text(button, _((*each)->title));
    g_object_set_data(G_OBJECT(button), "method", (gpointer)(*each)->name);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(button), g_str_equal((*each)->name, view->method));
    if (first)
      gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(button), GTK_TOGGLE_BUTTON(first));
    first = first ? first : button;
    g_signal_connect(button, "toggled", G_CALLBACK(on_method), view);
    gtk_box_append(GTK_BOX(box), button);
  }
  return box;
}

static GtkWidget *
new_near(MgPlaneView *view)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *scroller = gtk_scrolled_window_new();
  GtkWidget *title = gtk_label_new(_("Nearest")), *none = gtk_label_new(_("Choose a point to hear it and to see which "
                                                                          "segments the network holds for like it"));
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_widget_add_css_class(title, "heading");
  gtk_widget_set_tooltip_text(title, _("By the distance of the vectors, not of the points in the picture"));
  gtk_widget_set_margin_start(title, 12);
  gtk_widget_set_margin_top(title, 6);
  gtk_label_set_wrap(GTK_LABEL(none), TRUE);
  gtk_label_set_xalign(GTK_LABEL(none), 0);
  gtk_widget_add_css_class(none, "dim-label");
  gtk_widget_set_margin_start(none, 12);
  gtk_widget_set_margin_end(none, 12);
  view->neighbours = gtk_list_box_new();
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(view->neighbours), GTK_SELECTION_NONE);
  gtk_list_box_set_placeholder(GTK_LIST_BOX(view->neighbours), none);
  gtk_widget_add_css_class(view->neighbours, "background");
  gtk_accessible_update_property(GTK_ACCESSIBLE(view->neighbours), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Nearest"), -1);
  g_signal_connect(view->neighbours, "row-activated", G_CALLBACK(on_neighbour), view);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), view->neighbours);
  gtk_widget_set_vexpand(scroller, TRUE);
  gtk_widget_set_size_request(box, 220, -1);
  gtk_box_append(GTK_BOX(box), title);
  gtk_box_append(GTK_BOX(box), scroller);
  return box;
}

static GtkWidget *
new_picture(MgPlaneView *view)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  view->picture = MG_PLANE_PICTURE(mg_plane_picture_new(view->plane));
  gtk_widget_set_hexpand(GTK_WIDGET(view->picture), TRUE);
  g_signal_connect(view->picture, "chosen", G_CALLBACK(on_chosen), view);
  g_signal_connect(view->picture, "picked", G_CALLBACK(on_picked), view);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(view->picture));
  gtk_box_append(GTK_BOX(box), gtk_separator_new(GTK_ORIENTATION_VERTICAL));
  gtk_box_append(GTK_BOX(box), new_near(view));
  return box;
}

static GtkWidget *
new_column(GtkWidget *first, GtkWidget *second, GtkWidget *third)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12), *const parts[] = {first, second, third};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    if (parts[i])
      gtk_box_append(GTK_BOX(box), parts[i]);
  gtk_widget_set_valign(box, GTK_ALIGN_CENTER);
  gtk_widget_set_halign(box, GTK_ALIGN_CENTER);
  return box;
}

static GtkWidget *
new_working(MgPlaneView *view)
{
  GtkWidget *cancel = mg_button_new(NULL, _("_Cancel"), _("Stop computing"));
  view->step = mg_figure_label_new(0.5);
  view->progress = gtk_progress_bar_new();
  gtk_widget_set_size_request(view->progress, 240, -1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(view->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Embedding"), -1);
  gtk_widget_set_halign(cancel, GTK_ALIGN_CENTER);
  g_signal_connect_swapped(cancel, "clicked", G_CALLBACK(mg_plane_stop), view->plane);
  return new_column(view->step, view->progress, cancel);
}

static GtkWidget *
new_message(MgPlaneView *view)
{
  view->message = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(view->message), TRUE);
  gtk_label_set_justify(GTK_LABEL(view->message), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars(GTK_LABEL(view->message), 60);
  view->again = mg_button_new(NULL, _("_Try again"), _("Ask the network again"));
  gtk_widget_set_halign(view->again, GTK_ALIGN_CENTER);
  g_signal_connect_swapped(view->again, "clicked", G_CALLBACK(open_plane), view);
  return new_column(view->message, view->again, NULL);
}

GtkWidget *
mg_plane_view_methods(MgPlaneView *view)
{
  return view->methods;
}

static void
mg_plane_view_map(GtkWidget *widget)
{
  GTK_WIDGET_CLASS(mg_plane_view_parent_class)->map(widget);
  follow(MG_PLANE_VIEW(widget));
}

static void
mg_plane_view_dispose(GObject *object)
{
  MgPlaneView *view = MG_PLANE_VIEW(object);
  if (view->plane)
    g_signal_handlers_disconnect_by_data(view->plane, view);
  g_clear_object(&view->methods);
  g_clear_object(&view->wanted);
  g_clear_object(&view->plane);
  g_clear_object(&view->results);
  g_clear_pointer(&view->method, g_free);
  G_OBJECT_CLASS(mg_plane_view_parent_class)->dispose(object);
}

static void
mg_plane_view_class_init(MgPlaneViewClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_plane_view_dispose;
  GTK_WIDGET_CLASS(klass)->map = mg_plane_view_map;
  chosen_signal = g_signal_new("chosen", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                               2, MG_TYPE_RESULT_ROW, G_TYPE_BOOLEAN);
}

static void
mg_plane_view_init(MgPlaneView *view)
{
  view->plane = mg_plane_new();
  view->method = g_strdup(first_method);
}

GtkWidget *
mg_plane_view_new(MgResults *results)
{
  MgPlaneView *view = g_object_new(MG_TYPE_PLANE_VIEW, NULL);
  view->results = g_object_ref(results);
  view->methods = g_object_ref_sink(new_methods(view));
  view->stack = GTK_STACK(mg_stack_new());
  gtk_stack_add_named(view->stack, new_picture(view), "picture");
  gtk_stack_add_named(view->stack, new_working(view), "working");
  gtk_stack_add_named(view->stack, new_message(view), "message");
  adw_bin_set_child(ADW_BIN(view), GTK_WIDGET(view->stack));
  g_signal_connect_swapped(view->plane, "changed", G_CALLBACK(show_state), view);
  g_signal_connect_swapped(view->plane, "progress", G_CALLBACK(show_progress), view);
  g_signal_connect_object(results, "changed", G_CALLBACK(follow), view, G_CONNECT_SWAPPED);
  show_state(view);
  return GTK_WIDGET(view);
}

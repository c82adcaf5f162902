#include "ui/results/confusion-view.h"
#include "plot/confusion.h"
#include "plot/summary.h"
#include "plot/text.h"
#include <glib/gi18n.h>

/* Whose it is: of the run that is open, or of the one beside. */
typedef struct {
  MgResults *results;
  gboolean other;
} View;

static void
free_view(gpointer data)
{
  g_object_unref(((View *)data)->results);
  g_free(data);
}

static const guint *
matrix_of(const View *view)
{
  return view->other ? mg_results_other_confusion(view->results) : mg_results_confusion(view->results);
}

static int
chosen_cell(const View *view)
{
  int truth, prediction;
  gboolean any = mg_results_cell(view->results, &truth, &prediction);
  return any && mg_results_cell_is_other(view->results) == view->other
             ? truth * mg_results_n_classes(view->results) + prediction
             : -1;
}

/* Two of them are told apart by their letters. */
static const char *
letter_of(const View *view)
{
  return view->other ? "B" : mg_results_other_confusion(view->results) ? "A" : NULL;
}

static void
draw(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const View *view = data;
  const guint *matrix = matrix_of(view);
  if (!matrix)
    return;
  mg_confusion_draw(cr, width, height, style, matrix, mg_results_n_classes(view->results),
                    mg_results_labels(view->results), chosen_cell(view));
  if (letter_of(view))
    mg_text_draw_look(cr, style, letter_of(view), 8, height - 8, 0, 1, &(MgTextLook){.bold = TRUE, .size = 16});
}

static void
on_click(GtkGestureClick *gesture, int n_press, double x, double y, View *view)
{
  GtkWidget *widget = gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(gesture));
  int n = mg_results_n_classes(view->results);
  if (!matrix_of(view))
    return;
  int cell = mg_confusion_cell(gtk_widget_get_width(widget), gtk_widget_get_height(widget), mg_drawing_style(), n,
                               mg_results_labels(view->results), x, y);
  if (cell < 0 || cell == chosen_cell(view))
    mg_results_set_cell(view->results, -1, -1);
  else
    mg_results_set_cell_of(view->results, view->other, cell / n, cell % n);
}

static void
on_changed(MgResults *results, MgDrawing *drawing)
{
  const View *view = g_object_get_data(G_OBJECT(drawing), "view");
  const guint *matrix = matrix_of(view);
  g_autofree char *text =
      mg_confusion_summary(matrix, matrix ? mg_results_n_classes(results) : 0, mg_results_labels(results));
  g_autofree char *label = letter_of(view) ? g_strdup_printf(_("Confusion matrix of %s. %s"), letter_of(view), text)
                                           : g_strdup_printf(_("Confusion matrix. %s"), text);
  mg_drawing_set_text(drawing, label, text);
  mg_drawing_changed(drawing);
}

GtkWidget *
mg_confusion_view_new(MgResults *results, gboolean other)
{
  GtkWidget *drawing = mg_drawing_new(other ? "confusion-B" : "confusion", 130, 180);
  GtkGesture *click = gtk_gesture_click_new();
  View *view = g_new(View, 1);
  *view = (View){g_object_ref(results), other};
  mg_drawing_set_funcs(MG_DRAWING(drawing), draw, NULL, view);
  g_object_set_data_full(G_OBJECT(drawing), "view", view, free_view);
  gtk_widget_set_tooltip_text(drawing, _("Truth in rows, prediction in columns; click a cell to see its segments"));
  g_signal_connect(click, "pressed", G_CALLBACK(on_click), view);
  gtk_widget_add_controller(drawing, GTK_EVENT_CONTROLLER(click));
  g_signal_connect_object(results, "changed", G_CALLBACK(on_changed), drawing, 0);
  on_changed(results, MG_DRAWING(drawing));
  return drawing;
}

#include "ui/results/confusion-view.h"
#include "plot/confusion.h"
#include <glib/gi18n.h>

static int
chosen_cell(MgResults *results)
{
  int truth, prediction;
  return mg_results_cell(results, &truth, &prediction) ? truth * mg_results_n_classes(results) + prediction : -1;
}

static void
draw(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  MgResults *results = data;
  const guint *matrix = mg_results_confusion(results);
  if (matrix)
    mg_confusion_draw(cr, width, height, style, matrix, mg_results_n_classes(results), mg_results_labels(results),
                      chosen_cell(results));
}

static void
on_click(GtkGestureClick *gesture, int n_press, double x, double y, MgResults *results)
{
  GtkWidget *widget = gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(gesture));
  int n = mg_results_n_classes(results);
  if (!mg_results_confusion(results))
    return;
  int cell = mg_confusion_cell(gtk_widget_get_width(widget), gtk_widget_get_height(widget), mg_drawing_style(), n,
                               mg_results_labels(results), x, y);
  if (cell < 0 || cell == chosen_cell(results))
    mg_results_set_cell(results, -1, -1);
  else
    mg_results_set_cell(results, cell / n, cell % n);
}

/* "classique: 40 right, 3 as rap; …" */
static char *
describe(MgResults *results)
{
  GString *text = g_string_new(NULL);
  const guint *matrix = mg_results_confusion(results);
  const char *const *labels = mg_results_labels(results);
  int n = mg_results_n_classes(results);
  for (int truth = 0; matrix && truth < n; truth++) {
    g_string_append_printf(text, _("%s%s: %u right"), truth ? "; " : "", labels[truth], matrix[truth * n + truth]);
    for (int other = 0; other < n; other++)
      if (other != truth && matrix[truth * n + other] > 0)
        g_string_append_printf(text, _(", %u as %s"), matrix[truth * n + other], labels[other]);
  }
  return g_string_free(text, FALSE);
}

static void
on_changed(MgResults *results, MgDrawing *drawing)
{
  g_autofree char *text = describe(results);
  g_autofree char *label = g_strdup_printf(_("Confusion matrix. %s"), text);
  mg_drawing_set_text(drawing, label, text);
  mg_drawing_changed(drawing);
}

GtkWidget *
mg_confusion_view_new(MgResults *results)
{
  GtkWidget *drawing = mg_drawing_new("confusion", 170, 180);
  GtkGesture *click = gtk_gesture_click_new();
  mg_drawing_set_funcs(MG_DRAWING(drawing), draw, NULL, results);
  g_object_set_data_full(G_OBJECT(drawing), "results", g_object_ref(results), g_object_unref);
  gtk_widget_set_tooltip_text(drawing, _("Truth in rows, prediction in columns; click a cell to see its segments"));
  g_signal_connect_object(click, "pressed", G_CALLBACK(on_click), results, 0);
  gtk_widget_add_controller(drawing, GTK_EVENT_CONTROLLER(click));
  g_signal_connect_object(results, "changed", G_CALLBACK(on_changed), drawing, 0);
  on_changed(results, MG_DRAWING(drawing));
  return drawing;
}

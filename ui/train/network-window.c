#include "ui/train/network-window.h"
#include "plot/diagram.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/escape.h"
#include <adwaita.h>
#include <glib/gi18n.h>

static void
draw(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgNetworkDiagram *diagram = data;
  mg_diagram_draw(cr, width, height, style, diagram->title, diagram->input, diagram->graph);
}

/* "conv1 32 × 30 × 214, relu1 …" */
static char *
describe(const MgNetworkDiagram *diagram)
{
  g_autoptr(GString) text = g_string_new(diagram->input);
  for (guint i = 0; i < diagram->graph->len; i++) {
    const MgGraphNode *node = diagram->graph->pdata[i];
    g_string_append_printf(text, "; %s %s", node->name, node->shape ? node->shape : "");
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static GtkWidget *
new_picture(MgNetworkDiagram *diagram)
{
  double width, height;
  mg_diagram_measure(mg_drawing_style(), diagram->graph, &width, &height);
  GtkWidget *drawing = mg_drawing_new(diagram->name, (int)width, (int)height);
  mg_drawing_set_funcs(MG_DRAWING(drawing), draw, NULL, diagram);
  g_autofree char *text = describe(diagram);
  mg_drawing_set_text(MG_DRAWING(drawing), diagram->title, text);
  GtkWidget *scrolled = gtk_scrolled_window_new();
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), drawing);
  gtk_widget_set_vexpand(scrolled, TRUE);
  return scrolled;
}

void
mg_network_window_present(GtkWidget *parent, MgNetworkDiagram *diagram)
{
  GtkWidget *window = adw_window_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  mg_close_on_escape(window);
  gtk_box_append(GTK_BOX(box), adw_header_bar_new());
  gtk_box_append(GTK_BOX(box), new_picture(diagram));
  adw_window_set_content(ADW_WINDOW(window), box);
  g_object_set_data_full(G_OBJECT(window), "diagram", diagram, (GDestroyNotify)mg_network_diagram_free);
  gtk_window_set_title(GTK_WINDOW(window), _("Network"));
  gtk_window_set_transient_for(GTK_WINDOW(window), GTK_WINDOW(gtk_widget_get_root(parent)));
  gtk_window_set_default_size(GTK_WINDOW(window), 640, 720);
  gtk_window_present(GTK_WINDOW(window));
}

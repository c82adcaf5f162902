#include "ui/live/class-bars.h"
#include "ui/results/probability-bar.h"
#include "ui/widgets/notice.h"
#include <glib/gi18n.h>

struct _MgClassBars {
  GtkBox parent_instance;
  char *model;
  GPtrArray *labels;
  GPtrArray *bars; /* MgProbabilityBar * */
  GtkWidget *answer, *probability, *grid;
};

G_DEFINE_FINAL_TYPE(MgClassBars, mg_class_bars, GTK_TYPE_BOX)

static void
set_answer(MgClassBars *bars, const char *text, const char *probability, gboolean dim)
{
  if (!g_str_equal(gtk_label_get_text(GTK_LABEL(bars->answer)), text))
    gtk_label_set_text(GTK_LABEL(bars->answer), text);
  gtk_label_set_text(GTK_LABEL(bars->probability), probability);
  if (dim)
    gtk_widget_add_css_class(bars->answer, "dim-label");
  else
    gtk_widget_remove_css_class(bars->answer, "dim-label");
}

void
mg_class_bars_show(MgClassBars *bars, const MgLiveDecision *decision)
{
  const char *label = bars->labels->pdata[decision->y_pred];
  double probability = decision->smoothed[decision->y_pred];
  g_autofree char *number = decision->sure ? g_strdup_printf("%.2f", probability)
                                           : g_strdup_printf(_("perhaps %s, %.2f"), label, probability);
  set_answer(bars, decision->sure ? label : _("Not sure"), number, !decision->sure);
  for (guint i = 0; i < bars->bars->len; i++)
    mg_probability_bar_set(bars->bars->pdata[i], decision->smoothed[i], decision->sure && (int)i == decision->y_pred);
}

void
mg_class_bars_wait(MgClassBars *bars, const char *text)
{
  set_answer(bars, "…", text, TRUE);
  for (guint i = 0; i < bars->bars->len; i++)
    mg_probability_bar_set(bars->bars->pdata[i], -1, FALSE);
}

static void
add_class(MgClassBars *bars, int row)
{
  GtkWidget *name = gtk_label_new(bars->labels->pdata[row]), *bar = mg_probability_bar_new();
  gtk_label_set_xalign(GTK_LABEL(name), 0);
  gtk_label_set_ellipsize(GTK_LABEL(name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_width_chars(GTK_LABEL(name), 10);
  gtk_widget_set_tooltip_text(name, bars->labels->pdata[row]);
  gtk_widget_set_hexpand(bar, TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(bar), GTK_ACCESSIBLE_PROPERTY_LABEL, bars->labels->pdata[row], -1);
  gtk_grid_attach(GTK_GRID(bars->grid), name, 0, row, 1, 1);
  gtk_grid_attach(GTK_GRID(bars->grid), bar, 1, row, 1, 1);
  g_ptr_array_add(bars->bars, bar);
}

GtkWidget *
mg_class_bars_new(const char *model, const GPtrArray *labels)
{
  MgClassBars *bars = g_object_new(MG_TYPE_CLASS_BARS, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 6, NULL);
  GtkWidget *title = gtk_label_new(model), *scroll = gtk_scrolled_window_new();
  bars->labels = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < labels->len; i++)
    g_ptr_array_add(bars->labels, g_strdup(labels->pdata[i]));
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_label_set_ellipsize(GTK_LABEL(title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class(title, "caption-heading");
  gtk_widget_add_css_class(title, "dim-label");
  for (guint i = 0; i < labels->len; i++)
    add_class(bars, (int)i);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroll), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroll), bars->grid);
  gtk_widget_set_vexpand(scroll, TRUE);
  gtk_box_append(GTK_BOX(bars), title);
  gtk_box_append(GTK_BOX(bars), bars->answer);
  gtk_box_append(GTK_BOX(bars), bars->probability);
  gtk_box_append(GTK_BOX(bars), scroll);
  return GTK_WIDGET(bars);
}

static void
mg_class_bars_finalize(GObject *object)
{
  MgClassBars *bars = MG_CLASS_BARS(object);
  g_clear_pointer(&bars->labels, g_ptr_array_unref);
  g_ptr_array_unref(bars->bars);
  G_OBJECT_CLASS(mg_class_bars_parent_class)->finalize(object);
}

static void
mg_class_bars_class_init(MgClassBarsClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = mg_class_bars_finalize;
}

static void
mg_class_bars_init(MgClassBars *bars)
{
  bars->bars = g_ptr_array_new();
  bars->grid = gtk_grid_new();
  gtk_grid_set_column_spacing(GTK_GRID(bars->grid), 12);
  gtk_grid_set_row_spacing(GTK_GRID(bars->grid), 6);
  bars->answer = gtk_label_new("…");
  gtk_label_set_xalign(GTK_LABEL(bars->answer), 0);
  gtk_label_set_ellipsize(GTK_LABEL(bars->answer), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(bars->answer, "title-1");
  bars->probability = mg_figure_label_new(0);
  gtk_label_set_ellipsize(GTK_LABEL(bars->probability), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(bars->probability, "dim-label");
}

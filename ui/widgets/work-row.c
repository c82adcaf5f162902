#include "ui/widgets/work-row.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include <glib/gi18n.h>

#define TELL_FROM 1.0  /* s left, from which on they are told */
#define CLOCK_FROM 100 /* s left, from which on they are told in minutes */

struct _MgWorkRow {
  AdwBin parent_instance;
  GtkWidget *bar, *left, *cancel;
};

G_DEFINE_FINAL_TYPE(MgWorkRow, mg_work_row, ADW_TYPE_BIN)

static guint cancel_signal;

static char *
text_of(double seconds_left)
{
  if (seconds_left < TELL_FROM)
    return g_strdup("");
  if (seconds_left < CLOCK_FROM)
    return g_strdup_printf(_("%.0f s left"), seconds_left);
  g_autofree char *clock = mg_format_clock(seconds_left, 0);
  return g_strdup_printf(_("%s left"), clock);
}

void
mg_work_row_set(MgWorkRow *row, gboolean working, double fraction, double seconds_left)
{
  g_autofree char *text = text_of(seconds_left);
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(row->bar), CLAMP(fraction, 0, 1));
  gtk_label_set_text(GTK_LABEL(row->left), text);
  gtk_widget_set_visible(GTK_WIDGET(row), working);
}

static void
on_cancel(MgWorkRow *row)
{
  g_signal_emit(row, cancel_signal, 0);
}

static void
mg_work_row_class_init(MgWorkRowClass *class)
{
  cancel_signal =
      g_signal_new("cancel", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_work_row_init(MgWorkRow *row)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  row->bar = gtk_progress_bar_new();
  row->left = mg_figure_label_new(1);
  row->cancel = mg_button_new("process-stop-symbolic", NULL, _("Cancel"));
  gtk_widget_set_hexpand(row->bar, TRUE);
  gtk_widget_set_valign(row->bar, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(row->left, "dim-label");
  gtk_widget_add_css_class(row->cancel, "flat");
  g_signal_connect_object(row->cancel, "clicked", G_CALLBACK(on_cancel), row, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(box), row->bar);
  gtk_box_append(GTK_BOX(box), row->left);
  gtk_box_append(GTK_BOX(box), row->cancel);
  adw_bin_set_child(ADW_BIN(row), box);
}

GtkWidget *
mg_work_row_new(const char *what, const char *cancel)
{
  MgWorkRow *row = g_object_new(MG_TYPE_WORK_ROW, "visible", FALSE, NULL);
  gtk_accessible_update_property(GTK_ACCESSIBLE(row->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
  gtk_widget_set_tooltip_text(row->cancel, cancel);
  return GTK_WIDGET(row);
}

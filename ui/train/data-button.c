#include "ui/train/data-button.h"
#include <glib/gi18n.h>

static char *
text_of(MgDatasetModel *dataset)
{
  const char *path = mg_dataset_model_path(dataset);
  g_autofree char *name = path ? g_path_get_basename(path) : NULL;
  switch (mg_dataset_model_state(dataset)) {
  case MG_DATASET_READY:
    return g_strdup_printf(_("%s · %zu classes, %u tracks"), name, mg_dataset_model_n_classes(dataset),
                           mg_dataset_model_manifest(dataset)->tracks->len);
  case MG_DATASET_SCANNING:
    return g_strdup_printf(_("%s · reading…"), name);
  case MG_DATASET_FAILED:
    return g_strdup_printf(_("%s · cannot be used"), name);
  default:
    return g_strdup(_("Choose data…"));
  }
}

static void
show(MgDatasetModel *dataset, GtkWidget *button)
{
  g_autofree char *text = text_of(dataset);
  g_autofree char *label = g_strdup_printf(_("Data: %s"), text);
  const char *problem = mg_dataset_model_message(dataset);
  gtk_label_set_text(GTK_LABEL(gtk_widget_get_last_child(gtk_button_get_child(GTK_BUTTON(button)))), text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_tooltip_text(button, problem && *problem ? problem : _("Choose other data on the Dataset page"));
  if (mg_dataset_model_path(dataset))
    gtk_widget_remove_css_class(button, "suggested-action");
  else
    gtk_widget_add_css_class(button, "suggested-action"); /* what to do first */
}

GtkWidget *
mg_data_button_new(MgDatasetModel *dataset)
{
  GtkWidget *button = gtk_button_new(), *text = gtk_label_new(NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_label_set_ellipsize(GTK_LABEL(text), PANGO_ELLIPSIZE_MIDDLE);
  gtk_box_append(GTK_BOX(box), gtk_image_new_from_icon_name("folder-music-symbolic"));
  gtk_box_append(GTK_BOX(box), text);
  gtk_button_set_child(GTK_BUTTON(button), box);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "win.page");
  gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "s", "dataset");
  g_signal_connect_object(dataset, "changed", G_CALLBACK(show), button, 0);
  show(dataset, button);
  return button;
}

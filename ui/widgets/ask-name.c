#include "ui/widgets/ask-name.h"
#include <adwaita.h>
#include <glib/gi18n.h>

static void
on_response(AdwMessageDialog *dialog, const char *response, GtkWidget *widget)
{
  MgAskNameFunc func = (MgAskNameFunc)g_object_get_data(G_OBJECT(dialog), "func");
  GtkWidget *entry = adw_message_dialog_get_extra_child(dialog);
  g_autofree char *name = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(entry))));
  if (g_str_equal(response, "give") && *name)
    func(widget, name);
}

void
mg_ask_name(GtkWidget *widget, const char *title, const char *label, const char *give, MgAskNameFunc func)
{
  GtkWindow *parent = GTK_WINDOW(gtk_widget_get_root(widget));
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG(adw_message_dialog_new(parent, title, NULL));
  GtkWidget *entry = gtk_entry_new();
  gtk_entry_set_activates_default(GTK_ENTRY(entry), TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  adw_message_dialog_set_extra_child(dialog, entry);
  adw_message_dialog_add_responses(dialog, "cancel", _("_Cancel"), "give", give, NULL);
  adw_message_dialog_set_response_appearance(dialog, "give", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response(dialog, "give");
  adw_message_dialog_set_close_response(dialog, "cancel");
  g_object_set_data(G_OBJECT(dialog), "func", (gpointer)func);
  g_signal_connect_object(dialog, "response", G_CALLBACK(on_response), widget, 0);
  gtk_window_present(GTK_WINDOW(dialog));
  gtk_widget_grab_focus(entry);
}

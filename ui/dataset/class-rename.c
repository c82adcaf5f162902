#include "ui/dataset/class-rename.h"
#include "dataset/edit-names.h"
#include "dataset/store-query.h"
#include "session/track-edits.h"
#include "ui/window.h"
#include <adwaita.h>
#include <glib/gi18n.h>

typedef struct {
  GtkWidget *widget; /* of the main window */
  MgWorkspace *workspace;
  char *label;
  GPtrArray *classes; /* MgStoreClass * */
  GtkWidget *entry, *hint;
  AdwMessageDialog *dialog;
} Renaming;

static void
free_renaming(gpointer data, GClosure *closure)
{
  Renaming *renaming = data;
  g_object_unref(renaming->widget);
  g_object_unref(renaming->workspace);
  g_clear_pointer(&renaming->classes, g_ptr_array_unref);
  g_free(renaming->label);
  g_free(renaming);
}

static const MgStoreClass *
class_called(const Renaming *renaming, const char *name)
{
  for (guint i = 0; renaming->classes && i < renaming->classes->len; i++)
    if (g_strcmp0(((const MgStoreClass *)renaming->classes->pdata[i])->label, name) == 0)
      return renaming->classes->pdata[i];
  return NULL;
}

static char *
name_in(GtkWidget *entry)
{
  return g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(entry))));
}

static void
on_typed(Renaming *renaming)
{
  g_autofree char *name = name_in(renaming->entry), *hint = NULL;
  gboolean same = g_str_equal(name, renaming->label);
  const MgStoreClass *other = same ? NULL : class_called(renaming, name);
  if (other)
    hint = g_strdup_printf(ngettext("“%s” is there with %u track: both become one class.",
                                    "“%s” is there with %u tracks: both become one class.", other->tracks),
                           name, other->tracks);
  gtk_label_set_text(GTK_LABEL(renaming->hint), hint ? hint : "");
  adw_message_dialog_set_response_label(renaming->dialog, "rename", other ? _("_Merge") : _("_Rename"));
  adw_message_dialog_set_response_enabled(renaming->dialog, "rename", *name && !same);
}

static void
on_answer(AdwMessageDialog *dialog, const char *response, Renaming *renaming)
{
  g_autofree char *name = name_in(renaming->entry);
  g_autoptr(GError) error = NULL;
  if (!g_str_equal(response, "rename") || !*name || g_str_equal(name, renaming->label))
    return;
  gboolean merge = class_called(renaming, name) != NULL;
  g_autofree char *what = mg_edit_name_class(renaming->label, name, merge);
  g_autofree char *text = merge ? g_strdup_printf(_("“%s” merged with “%s”"), renaming->label, name)
                                : g_strdup_printf(_("“%s” renamed “%s”"), renaming->label, name);
  if (mg_workspace_edit_class(renaming->workspace, renaming->label, name, what, &error))
    mg_window_toast_undo(renaming->widget, text);
  else if (error)
    mg_window_toast(renaming->widget, error->message);
}

static GtkWidget *
new_fields(Renaming *renaming)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  renaming->entry = gtk_entry_new();
  renaming->hint = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(renaming->hint), TRUE);
  gtk_editable_set_text(GTK_EDITABLE(renaming->entry), renaming->label);
  gtk_entry_set_activates_default(GTK_ENTRY(renaming->entry), TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(renaming->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Name of the class"),
                                 -1);
  gtk_box_append(GTK_BOX(box), renaming->entry);
  gtk_box_append(GTK_BOX(box), renaming->hint);
  return box;
}

void
mg_class_rename_ask(GtkWidget *widget, MgWorkspace *workspace, const char *label)
{
  Renaming *renaming = g_new0(Renaming, 1);
  GtkWindow *parent = GTK_WINDOW(gtk_widget_get_root(widget));
  renaming->widget = g_object_ref(widget);
  renaming->workspace = g_object_ref(workspace);
  renaming->label = g_strdup(label);
  renaming->classes = mg_store_classes(mg_workspace_store(workspace), NULL);
  renaming->dialog = ADW_MESSAGE_DIALOG(adw_message_dialog_new(parent, _("Rename or merge a class"), NULL));
  adw_message_dialog_set_extra_child(renaming->dialog, new_fields(renaming));
  adw_message_dialog_add_responses(renaming->dialog, "cancel", _("_Cancel"), "rename", _("_Rename"), NULL);
  adw_message_dialog_set_response_appearance(renaming->dialog, "rename", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response(renaming->dialog, "rename");
  adw_message_dialog_set_close_response(renaming->dialog, "cancel");
  g_signal_connect_swapped(renaming->entry, "changed", G_CALLBACK(on_typed), renaming);
  g_signal_connect_data(renaming->dialog, "response", G_CALLBACK(on_answer), renaming, free_renaming, 0);
  on_typed(renaming);
  gtk_window_present(GTK_WINDOW(renaming->dialog));
  gtk_widget_grab_focus(renaming->entry);
}

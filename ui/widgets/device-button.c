#include "ui/widgets/device-button.h"
#include "audio/device.h"
#include "base/error.h"
#include <glib/gi18n.h>

static void
free_devices(gpointer devices)
{
  g_ptr_array_unref(devices);
}

static void
list_devices_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *devices = mg_devices_list(&error);
  if (devices)
    g_task_return_pointer(task, devices, free_devices);
  else
    g_task_return_error(task, error);
}

static void
append_device(GMenu *menu, const char *label, const char *name)
{
  g_autoptr(GMenuItem) item = g_menu_item_new(label, NULL);
  g_menu_item_set_action_and_target(item, "win.input-device", "s", name);
  g_menu_append_item(menu, item);
}

static void
show_devices(GObject *source, GAsyncResult *result, gpointer data)
{
  GMenu *inputs = G_MENU(source);
  g_autoptr(GPtrArray) devices = g_task_propagate_pointer(G_TASK(result), NULL);
  g_menu_remove_all(inputs);
  for (guint i = 0; devices && i < devices->len; i++) {
    const MgDevice *device = devices->pdata[i];
    if (device->inputs > 0)
      append_device(inputs, device->name, device->name);
  }
  if (g_menu_model_get_n_items(G_MENU_MODEL(inputs)) == 0)
    g_menu_append(inputs, _("There is no input device"), "win.none");
}

/* Asking the sound system takes a while: the open menu fills when the answer is there. */
static void
ask_for_devices(GtkWidget *popover, GMenu *inputs)
{
  g_autoptr(GTask) task = g_task_new(inputs, NULL, show_devices, NULL);
  g_task_run_in_thread(task, list_devices_in_thread);
}

GtkWidget *
mg_device_button_new(gboolean records)
{
  g_autoptr(GMenu) menu = g_menu_new(), inputs = g_menu_new();
  GtkWidget *button = gtk_menu_button_new();
  append_device(menu, _("Default input"), "");
  g_menu_append_section(menu, NULL, G_MENU_MODEL(inputs));
  g_autoptr(GMenu) more = g_menu_new();
  if (records)
    g_menu_append(more, _("Record the 5 s before the start, too"), "win.pre-roll");
  g_menu_append_section(menu, NULL, G_MENU_MODEL(more));
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), G_MENU_MODEL(menu));
  gtk_widget_set_tooltip_text(button, _("Input device"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Input device"), -1);
  g_signal_connect_object(gtk_menu_button_get_popover(GTK_MENU_BUTTON(button)), "map", G_CALLBACK(ask_for_devices),
                          inputs, 0);
  return button;
}

const char *
mg_device_chosen(GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root(widget);
  GAction *action = G_IS_ACTION_MAP(root) ? g_action_map_lookup_action(G_ACTION_MAP(root), "input-device") : NULL;
  g_autoptr(GVariant) state = action ? g_action_get_state(action) : NULL;
  const char *device = state ? g_variant_get_string(state, NULL) : "";
  return *device ? device : NULL; /* the action keeps the text */
}

/* A machine without sound is no failure of the program: what to do is said, in the user's language. */
const char *
mg_device_error_text(const GError *error)
{
  if (g_error_matches(error, MG_ERROR, MG_ERROR_NO_OUTPUT))
    return _("There is no sound device to play on: connect one and try again");
  if (g_error_matches(error, MG_ERROR, MG_ERROR_NO_INPUT))
    return _("There is no microphone or other input: connect one and try again");
  if (g_error_matches(error, MG_ERROR, MG_ERROR_UNPLUGGED))
    return _("The sound device is gone: connect it or another one, and start again");
  return error->message;
}

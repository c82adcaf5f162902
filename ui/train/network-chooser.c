#include "ui/train/network-chooser.h"
#include "base/data-dir.h"
#include <glib/gi18n.h>
#include <string.h>

static int
compare_text(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The descriptions that come with the program, by name. */
static GtkStringList *
new_networks(void)
{
  GtkStringList *list = gtk_string_list_new(NULL);
  g_autofree char *folder = mg_data_dir_find("models", NULL);
  g_autoptr(GDir) dir = folder ? g_dir_open(folder, 0, NULL) : NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  const char *name;
  while (dir && (name = g_dir_read_name(dir)))
    if (g_str_has_suffix(name, ".json"))
      g_ptr_array_add(names, g_strndup(name, strlen(name) - strlen(".json")));
  g_ptr_array_sort(names, compare_text);
  for (guint i = 0; i < names->len; i++)
    gtk_string_list_append(list, names->pdata[i]);
  return list;
}

static void
select_network(GtkWidget *network, const char *wanted)
{
  GListModel *names = gtk_drop_down_get_model(GTK_DROP_DOWN(network));
  for (guint i = 0; i < g_list_model_get_n_items(names); i++)
    if (g_str_equal(gtk_string_list_get_string(GTK_STRING_LIST(names), i), wanted))
      gtk_drop_down_set_selected(GTK_DROP_DOWN(network), i);
}

GtkWidget *
mg_network_chooser_new(const char *first)
{
  GtkWidget *network = gtk_drop_down_new(G_LIST_MODEL(new_networks()), NULL);
  select_network(network, first);
  gtk_widget_set_tooltip_text(network, _("Network"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(network), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Network"), -1);
  return network;
}

const char *
mg_network_chooser_chosen(GtkWidget *network_chooser)
{
  GtkStringObject *item = gtk_drop_down_get_selected_item(GTK_DROP_DOWN(network_chooser));
  return item ? gtk_string_object_get_string(item) : NULL;
}

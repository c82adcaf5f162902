#include "ui/explore/surface/beside-button.h"
#include <glib/gi18n.h>

#define WIDTH 18 /* characters */

/* The first item is not a track: nothing stands beside. */
static char *
name_of(gpointer item, gpointer unused)
{
  if (MG_IS_TRACK_ITEM(item))
    return g_strdup(mg_track_item_name(item));
  return g_strdup(_("Nothing beside"));
}

static const char *
path_of(gpointer item)
{
  return MG_IS_TRACK_ITEM(item) ? mg_track_item_path(item) : "";
}

static GListModel *
new_choices(MgLibrary *library)
{
  GListStore *lists = g_list_store_new(G_TYPE_LIST_MODEL);
  g_autoptr(GtkStringList) nothing = gtk_string_list_new((const char *const[]){"", NULL});
  g_autoptr(GtkFlattenListModel) tracks = gtk_flatten_list_model_new(G_LIST_MODEL(g_object_ref(library)));
  g_list_store_append(lists, nothing);
  g_list_store_append(lists, tracks);
  return G_LIST_MODEL(gtk_flatten_list_model_new(G_LIST_MODEL(lists)));
}

static void
set_up_row(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *label = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_width_chars(GTK_LABEL(label), WIDTH);
  gtk_label_set_max_width_chars(GTK_LABEL(label), WIDTH);
  gtk_list_item_set_child(item, label);
}

static void
bind_row(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  g_autofree char *name = name_of(gtk_list_item_get_item(item), NULL);
  gtk_label_set_text(GTK_LABEL(gtk_list_item_get_child(item)), name);
  gtk_widget_set_tooltip_text(gtk_list_item_get_child(item), path_of(gtk_list_item_get_item(item)));
}

static void
choose(GtkDropDown *button, GParamSpec *pspec, MgPane *pane)
{
  g_autoptr(MgParams) params = mg_params_copy(mg_pane_params(pane));
  gpointer item = gtk_drop_down_get_selected_item(button);
  if (item && mg_params_set(params, "beside", path_of(item), NULL))
    mg_pane_take(pane, params);
}

static void
follow(MgPane *pane, GtkDropDown *button)
{
  const char *path = mg_params_text(mg_pane_params(pane), "beside");
  GListModel *choices = gtk_drop_down_get_model(button);
  if (g_strcmp0(path_of(gtk_drop_down_get_selected_item(button)), path) == 0)
    return;
  for (guint i = 0; i < g_list_model_get_n_items(choices); i++) {
    g_autoptr(GObject) item = g_list_model_get_item(choices, i);
    if (g_str_equal(path_of(item), path)) {
      gtk_drop_down_set_selected(button, i);
      return;
    }
  }
}

GtkWidget *
mg_beside_button_new(MgPane *pane, MgLibrary *library)
{
  GtkExpression *name = gtk_cclosure_expression_new(G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK(name_of), NULL, NULL);
  GtkWidget *button = gtk_drop_down_new(new_choices(library), name);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_signal_connect(factory, "setup", G_CALLBACK(set_up_row), NULL);
  g_signal_connect(factory, "bind", G_CALLBACK(bind_row), NULL);
  gtk_drop_down_set_factory(GTK_DROP_DOWN(button), factory);
  g_object_unref(factory);
  gtk_drop_down_set_enable_search(GTK_DROP_DOWN(button), TRUE);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(button, "beside");
  gtk_widget_set_tooltip_text(button, _("A second sound, beside this one and turned with it"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Second sound"), -1);
  follow(pane, GTK_DROP_DOWN(button));
  g_signal_connect_object(button, "notify::selected", G_CALLBACK(choose), pane, 0);
  g_signal_connect_object(pane, "changed", G_CALLBACK(follow), button, 0);
  return button;
}

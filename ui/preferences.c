#include "ui/preferences.h"
#include "ui/settings.h"
#include "ui/widgets/drawing.h"
#include <glib/gi18n.h>

#define MOST 4 /* values of a choice */

typedef struct {
  const char *key, *title, *subtitle; /* N_() */
  const char *values[MOST], *texts[MOST];
} Preference;

static const Preference preferences[] = {
    {"style",
     N_("Style"),
     N_("Light, dark, or as the system has it"),
     {"system", "light", "dark", NULL},
     {N_("As the system"), N_("Light"), N_("Dark")}},
    {"wheel",
     N_("Mouse wheel over a picture"),
     N_("Audacity’s way: Ctrl zooms, Shift scrolls. Sonic Visualiser’s: the wheel alone zooms, Ctrl scrolls"),
     {"audacity", "sonic-visualiser", NULL, NULL},
     {N_("As in Audacity"), N_("As in Sonic Visualiser")}},
    {"start",
     N_("At the start"),
     N_("What a new window shows"),
     {"last", "empty", NULL, NULL},
     {N_("The last track"), N_("Nothing")}},
    {"tables",
     N_("Texts in exported tables"),
     N_("With an apostrophe before = + - @, so that a spreadsheet computes nothing, or as they are"),
     {"safe", "plain", NULL, NULL},
     {N_("No formulas"), N_("As they are")}},
};

static void
keep(AdwComboRow *row, GParamSpec *pspec, const Preference *preference)
{
  guint selected = adw_combo_row_get_selected(row);
  if (selected < MOST && preference->values[selected])
    g_settings_set_string(mg_settings(), preference->key, preference->values[selected]);
}

static void
set_up_value(GtkListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_child(item, gtk_label_new(NULL));
}

static void
show_value(GtkListItemFactory *factory, GtkListItem *item)
{
  const char *text = gtk_string_object_get_string(gtk_list_item_get_item(item));
  gtk_label_set_text(GTK_LABEL(gtk_list_item_get_child(item)), text);
}

/* libadwaita cuts a value to leave the subtitle its line; the subtitle has others. */
static void
show_whole_value(AdwComboRow *row)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_signal_connect(factory, "setup", G_CALLBACK(set_up_value), NULL);
  g_signal_connect(factory, "bind", G_CALLBACK(show_value), NULL);
  adw_combo_row_set_list_factory(row, adw_combo_row_get_factory(row));
  adw_combo_row_set_factory(row, factory);
  g_object_unref(factory);
}

static GtkWidget *
new_row(const Preference *preference)
{
  GtkWidget *row = adw_combo_row_new();
  g_autoptr(GtkStringList) texts = gtk_string_list_new(NULL);
  g_autofree char *value = g_settings_get_string(mg_settings(), preference->key);
  guint selected = 0;
  for (guint i = 0; i < MOST && preference->values[i]; i++) {
    gtk_string_list_append(texts, _(preference->texts[i]));
    if (g_str_equal(preference->values[i], value))
      selected = i;
  }
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _(preference->title));
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), _(preference->subtitle));
  show_whole_value(ADW_COMBO_ROW(row));
  adw_combo_row_set_model(ADW_COMBO_ROW(row), G_LIST_MODEL(texts));
  adw_combo_row_set_selected(ADW_COMBO_ROW(row), selected);
  gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, _(preference->title), -1);
  g_signal_connect(row, "notify::selected", G_CALLBACK(keep), (gpointer)preference);
  return row;
}

/* libadwaita keeps a page of preferences to 600 pixels, in which the values of large text are cut. */
static void
widen_with_text(GtkWidget *group)
{
  GtkWidget *clamp = gtk_widget_get_ancestor(group, ADW_TYPE_CLAMP);
  if (clamp)
    adw_clamp_set_maximum_size(ADW_CLAMP(clamp), (int)(adw_clamp_get_maximum_size(ADW_CLAMP(clamp)) * mg_text_scale()));
}

GtkWidget *
mg_preferences_new(GtkWindow *parent)
{
  GtkWidget *window = adw_preferences_window_new(), *page = adw_preferences_page_new();
  GtkWidget *group = adw_preferences_group_new();
  gtk_window_set_transient_for(GTK_WINDOW(window), parent);
  gtk_window_set_modal(GTK_WINDOW(window), TRUE);
  mg_window_set_size(GTK_WINDOW(window), 560, 380);
  adw_preferences_window_set_search_enabled(ADW_PREFERENCES_WINDOW(window), FALSE);
  for (size_t i = 0; mg_settings() && i < G_N_ELEMENTS(preferences); i++)
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), new_row(&preferences[i]));
  adw_preferences_page_add(ADW_PREFERENCES_PAGE(page), ADW_PREFERENCES_GROUP(group));
  adw_preferences_window_add(ADW_PREFERENCES_WINDOW(window), ADW_PREFERENCES_PAGE(page));
  widen_with_text(group);
  return window;
}

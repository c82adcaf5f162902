/* What the window tells of itself: commands by name, preferences, the guide; and other workspaces. */
#include "ui/help-window.h"
#include "ui/pages.h"
#include "ui/palette.h"
#include "ui/preferences.h"
#include "ui/recent.h"
#include "ui/widgets/ask-file.h"
#include "ui/window-private.h"
#include <glib/gi18n.h>

/* Actions of a page are called by its name, those of its parts by theirs. */
static const char *
page_of(const char *prefix)
{
  static const char *const parts[][2] = {{"hand", "explore"}, {"tracks", "dataset"}, {"classes", "dataset"}};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    if (g_str_equal(prefix, parts[i][0]))
      return parts[i][1];
  return prefix;
}

/* By the widget itself, one around it, or one inside. */
static gboolean
activate(GtkWidget *widget, const char *action, GVariant *target)
{
  if (gtk_widget_activate_action_variant(widget, action, target))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    if (gtk_widget_get_mapped(child) && activate(child, action, target))
      return TRUE;
  return FALSE;
}

/* The page that an action belongs to is turned to first. */
static void
run(const char *action, const char *target, gpointer data)
{
  MgWindow *window = data;
  g_autoptr(GVariant) variant = target ? g_variant_ref_sink(g_variant_new_string(target)) : NULL;
  g_auto(GStrv) words = g_strsplit(action, ".", 2);
  GtkWidget *widget = GTK_WIDGET(window), *page = adw_view_stack_get_child_by_name(window->stack, page_of(words[0]));
  if (page) {
    adw_view_stack_set_visible_child(window->stack, page);
    gtk_widget_grab_focus(page);
    widget = page;
  }
  if (!activate(widget, action, variant))
    mg_window_toast(GTK_WIDGET(window), _("There is nothing to do this with now"));
}

static void
show_palette(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_present(GTK_WINDOW(mg_palette_new(data, run, data)));
}

static void
show_preferences(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_present(GTK_WINDOW(mg_preferences_new(data)));
}

/* The page of the guide that tells most of the page of the window. */
static void
show_help(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const char *page = adw_view_stack_get_visible_child_name(MG_WINDOW(data)->stack);
  gtk_window_present(GTK_WINDOW(mg_help_window_new(data, g_strcmp0(page, "learn") == 0 ? "teachers" : "tutorial")));
}

static void
open_folder(GtkWidget *widget, const char *path, gpointer data)
{
  g_autoptr(GFile) file = g_file_new_for_path(path);
  GApplication *application = G_APPLICATION(gtk_window_get_application(GTK_WINDOW(widget)));
  g_autoptr(GError) error = NULL;
  g_autoptr(MgWorkspace) made =
      mg_workspace_is_one(path) ? NULL : mg_workspace_open(path, &error); /* a new one, in a folder of the user's */
  if (error)
    mg_window_toast(widget, error->message);
  else
    g_application_open(application, &file, 1, "");
}

static void
open_recent(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  open_folder(data, g_variant_get_string(parameter, NULL), NULL);
}

static void
open_recent_file(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const char *const paths[] = {g_variant_get_string(parameter, NULL), NULL};
  mg_window_open_paths(data, paths);
}

static void
ask_for_workspace(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  mg_ask_file(data, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("Open a workspace"), _("_Open"), NULL, open_folder, NULL,
              NULL);
}

void
mg_window_set_up_help(MgWindow *window)
{
  static const GActionEntry actions[] = {
      {.name = "palette", .activate = show_palette},
      {.name = "preferences", .activate = show_preferences},
      {.name = "help", .activate = show_help},
      {.name = "open-workspace", .activate = ask_for_workspace},
      {.name = "recent", .activate = open_recent, .parameter_type = "s"},
      {.name = "recent-file", .activate = open_recent_file, .parameter_type = "s"},
  };
  g_action_map_add_action_entries(G_ACTION_MAP(window), actions, G_N_ELEMENTS(actions), window);
  mg_recent_add(MG_RECENT_WORKSPACES, mg_workspace_folder(window->workspace));
}

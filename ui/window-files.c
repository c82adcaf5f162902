/* Files that come into the window: asked for, dropped, named on the command line. */
#include "audio/decoder.h"
#include "ui/pages.h"
#include "ui/window-private.h"
#include <glib/gi18n.h>

static void
tell_what_was_added(MgWindow *window, guint added, GPtrArray *problems)
{
  g_autofree char *text = NULL;
  if (problems->len == 1)
    text = g_strdup(problems->pdata[0]);
  else if (problems->len > 1)
    text = g_strdup_printf(_("%u files cannot be read; the first: %s"), problems->len, (char *)problems->pdata[0]);
  else if (added == 0)
    text = g_strdup(_("There is no new sound file in there"));
  else
    text = g_strdup_printf(ngettext("%u track added", "%u tracks added", added), added);
  mg_window_toast(GTK_WIDGET(window), text);
}

static void
finish_adding(GObject *workspace, GAsyncResult *result, gpointer data)
{
  g_autoptr(MgWindow) window = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  guint added = mg_workspace_add_finish(MG_WORKSPACE(workspace), result, &problems, &error);
  if (error)
    mg_window_toast(GTK_WIDGET(window), error->message);
  else
    tell_what_was_added(window, added, problems);
}

/* Lets the pages look at the path, in their order. */
static gboolean
give_to_a_page(MgWindow *window, const char *path)
{
  for (const MgPage *const *page = mg_pages; *page; page++)
    if ((*page)->open && (*page)->open(adw_view_stack_get_child_by_name(window->stack, (*page)->name), path)) {
      adw_view_stack_set_visible_child_name(window->stack, (*page)->name);
      return TRUE;
    }
  return FALSE;
}

/* The first sound file is shown; all others, and those in folders, join the library. */
void
mg_window_open_paths(MgWindow *window, const char *const *paths)
{
  g_autoptr(GPtrArray) others = g_ptr_array_new();
  gboolean given = FALSE;
  for (; *paths; paths++)
    if (!given && give_to_a_page(window, *paths))
      given = TRUE;
    else
      g_ptr_array_add(others, (char *)*paths);
  if (others->len == 0)
    return;
  g_ptr_array_add(others, NULL);
  mg_workspace_add_async(window->workspace, (const char *const *)others->pdata, NULL, finish_adding,
                         g_object_ref(window));
}

void
mg_window_add_tracks(GtkWidget *widget, const char *const *paths)
{
  GtkRoot *root = gtk_widget_get_root(widget);
  if (MG_IS_WINDOW(root))
    mg_workspace_add_async(MG_WINDOW(root)->workspace, paths, NULL, finish_adding, g_object_ref(root));
}

static void
open_files(MgWindow *window, GListModel *files)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < g_list_model_get_n_items(files); i++) {
    g_autoptr(GFile) file = g_list_model_get_item(files, i);
    char *path = g_file_get_path(file);
    if (path)
      g_ptr_array_add(paths, path);
  }
  g_ptr_array_add(paths, NULL);
  mg_window_open_paths(window, (const char *const *)paths->pdata);
}

static void
finish_asking(GtkNativeDialog *dialog, int response, MgWindow *window)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr(GListModel) files = gtk_file_chooser_get_files(GTK_FILE_CHOOSER(dialog));
    open_files(window, files);
  }
  g_clear_object(&window->dialog);
}

static void
ask_for(MgWindow *window, const char *title, GtkFileChooserAction action, GtkFileFilter *filter)
{
  if (window->dialog)
    return;
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new(title, GTK_WINDOW(window), action, _("_Add"), _("_Cancel"));
  gtk_file_chooser_set_select_multiple(GTK_FILE_CHOOSER(dialog), TRUE);
  if (filter)
    gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(dialog), filter);
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
  g_signal_connect(dialog, "response", G_CALLBACK(finish_asking), window);
  window->dialog = GTK_NATIVE_DIALOG(dialog);
  gtk_native_dialog_show(window->dialog);
}

static void
ask_for_files(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new();
  gtk_file_filter_set_name(filter, _("Sound files"));
  for (const char *const *pattern = mg_decoder_patterns(); *pattern; pattern++)
    gtk_file_filter_add_suffix(filter, *pattern + 2); /* "*.wav" */
  ask_for(data, _("Add sound files"), GTK_FILE_CHOOSER_ACTION_OPEN, filter);
}

static void
ask_for_folder(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ask_for(data, _("Add a folder"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL);
}

static gboolean
take_drop(GtkDropTarget *target, const GValue *value, double x, double y, MgWindow *window)
{
  g_autoptr(GListStore) files = g_list_store_new(G_TYPE_FILE);
  g_autoptr(GSList) list = gdk_file_list_get_files(g_value_get_boxed(value));
  for (GSList *node = list; node; node = node->next)
    g_list_store_append(files, node->data);
  open_files(window, G_LIST_MODEL(files));
  return TRUE;
}

void
mg_window_set_up_files(MgWindow *window)
{
  static const GActionEntry actions[] = {
      {.name = "open", .activate = ask_for_files},
      {.name = "add-folder", .activate = ask_for_folder},
  };
  g_action_map_add_action_entries(G_ACTION_MAP(window), actions, G_N_ELEMENTS(actions), window);
  GtkDropTarget *target = gtk_drop_target_new(GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect(target, "drop", G_CALLBACK(take_drop), window);
  gtk_widget_add_controller(GTK_WIDGET(window), GTK_EVENT_CONTROLLER(target));
}

/* Files that come into the window: asked for, dropped, named on the command line. */
#include "audio/decoder.h"
#include "base/error.h"
#include "ui/pages.h"
#include "ui/widgets/format.h"
#include "ui/window-private.h"
#include <glib/gi18n.h>
#include <string.h>

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
  if (added > 1 && problems->len == 0)
    mg_window_toast_undo(GTK_WIDGET(window), text);
  else
    mg_window_toast(GTK_WIDGET(window), text);
}

/* Adding: what takes longer than a moment says how far it is, in a toast that cancels it. */

enum { MOMENT_MS = 250 };

typedef struct {
  MgWindow *window; /* a reference */
  MgProgress *progress;
  double share[2]; /* of progress, and s left; written by the thread: a torn number would be shown for a moment */
  AdwToast *toast; /* weak; NULL: none yet, or it was closed */
  guint tick;
} Adding;

static void
note_progress(double fraction, double seconds_left, const char *what, gpointer data)
{
  Adding *adding = data;
  adding->share[0] = fraction;
  adding->share[1] = seconds_left;
}

static gboolean
show_adding(gpointer data)
{
  Adding *adding = data;
  g_autofree char *clock = adding->share[1] >= 0 ? mg_format_clock(adding->share[1], 0) : NULL;
  g_autofree char *text =
      clock ? g_strdup_printf(_("Reading files… %.0f\u202f%%, %s left"), adding->share[0] * 100, clock)
            : g_strdup(_("Reading files…"));
  if (adding->toast) {
    adw_toast_set_title(adding->toast, text);
    return G_SOURCE_CONTINUE;
  }
  AdwToast *toast = adw_toast_new(text);
  g_set_weak_pointer(&adding->toast, toast);
  adw_toast_set_timeout(toast, 0);
  adw_toast_set_button_label(toast, _("_Cancel"));
  g_signal_connect_swapped(toast, "button-clicked", G_CALLBACK(mg_progress_cancel), adding->progress);
  adw_toast_overlay_add_toast(adding->window->toasts, toast);
  return G_SOURCE_CONTINUE;
}

static void
free_adding(Adding *adding)
{
  if (adding->toast)
    adw_toast_dismiss(adding->toast);
  g_clear_weak_pointer(&adding->toast);
  g_clear_handle_id(&adding->tick, g_source_remove);
  mg_progress_unref(adding->progress);
  g_object_unref(adding->window);
  g_free(adding);
}

static void
finish_adding(GObject *workspace, GAsyncResult *result, gpointer data)
{
  Adding *adding = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  guint added = mg_workspace_add_finish(MG_WORKSPACE(workspace), result, &problems, &error);
  g_autoptr(MgWindow) window = g_object_ref(adding->window);
  free_adding(adding);
  if (!error)
    tell_what_was_added(window, added, problems);
  else if (!g_error_matches(error, MG_ERROR, MG_ERROR_CANCELLED))
    mg_window_toast(GTK_WIDGET(window), error->message);
}

static void
add_tracks(MgWindow *window, const char *const *paths)
{
  Adding *adding = g_new0(Adding, 1);
  adding->window = g_object_ref(window);
  adding->share[1] = -1;
  adding->progress = mg_progress_new(note_progress, adding);
  adding->tick = g_timeout_add(MOMENT_MS, show_adding, adding);
  mg_workspace_add_async(window->workspace, paths, adding->progress, finish_adding, adding);
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

/* The first sound file is shown; all others, and those in folders, join the library. Of several the one that is shown
 * is counted among them. */
void
mg_window_open_paths(MgWindow *window, const char *const *paths)
{
  g_autoptr(GPtrArray) others = g_ptr_array_new();
  const char *given = NULL;
  for (; *paths; paths++)
    if (!given && give_to_a_page(window, *paths))
      given = *paths;
    else
      g_ptr_array_add(others, (char *)*paths);
  if (others->len == 0)
    return;
  if (given && mg_decoder_accepts_name(given))
    g_ptr_array_insert(others, 0, (char *)given);
  g_ptr_array_add(others, NULL);
  add_tracks(window, (const char *const *)others->pdata);
}

void
mg_window_add_tracks(GtkWidget *widget, const char *const *paths)
{
  GtkRoot *root = gtk_widget_get_root(widget);
  if (MG_IS_WINDOW(root))
    add_tracks(MG_WINDOW(root), paths);
}

/* Those that are files of this machine; g_strfreev() it. */
static GStrv
paths_of(GListModel *files)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new();
  for (guint i = 0; i < g_list_model_get_n_items(files); i++) {
    g_autoptr(GFile) file = g_list_model_get_item(files, i);
    char *path = g_file_get_path(file);
    if (path)
      g_ptr_array_add(paths, path);
  }
  g_ptr_array_add(paths, NULL);
  return (GStrv)g_ptr_array_free(g_steal_pointer(&paths), FALSE);
}

static void
open_files(MgWindow *window, GListModel *files)
{
  g_auto(GStrv) paths = paths_of(files);
  mg_window_open_paths(window, (const char *const *)paths);
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

/* A data set, as far as its name tells: it is shown before anything is done. */
static gboolean
may_be_imported(const char *path)
{
  if (g_file_test(path, G_FILE_TEST_IS_DIR))
    return !mg_workspace_is_run(path);
  return g_str_has_suffix(path, ".csv") && !strstr(path, "predictions");
}

static void
offer_import(MgWindow *window, const char *const *paths)
{
  const MgPage *page = mg_page_find("dataset");
  GtkWidget *widget = adw_view_stack_get_child_by_name(window->stack, page->name);
  adw_view_stack_set_visible_child(window->stack, widget);
  page->import(widget, paths);
}

static gboolean
give_to_seen_page(MgWindow *window)
{
  const MgPage *page = mg_page_find(adw_view_stack_get_visible_child_name(window->stack));
  return page && page->drop &&
         page->drop(adw_view_stack_get_visible_child(window->stack), (const char *const *)window->dropped);
}

/* Data sets are shown before anything is done with them, all else is opened. */
static void
open_dropped(MgWindow *window)
{
  g_autoptr(GPtrArray) imports = g_ptr_array_new(), others = g_ptr_array_new();
  for (char **path = window->dropped; *path; path++)
    g_ptr_array_add(may_be_imported(*path) ? imports : others, *path);
  g_ptr_array_add(others, NULL);
  mg_window_open_paths(window, (const char *const *)others->pdata);
  if (imports->len > 0) {
    g_ptr_array_add(imports, NULL);
    offer_import(window, (const char *const *)imports->pdata);
  }
}

static gboolean
take_drop(GtkDropTarget *target, const GValue *value, double x, double y, MgWindow *window)
{
  g_autoptr(GListStore) files = g_list_store_new(G_TYPE_FILE);
  g_autoptr(GSList) list = gdk_file_list_get_files(g_value_get_boxed(value));
  for (GSList *node = list; node; node = node->next)
    g_list_store_append(files, node->data);
  g_strfreev(window->dropped);
  window->dropped = paths_of(G_LIST_MODEL(files));
  if (*window->dropped && !give_to_seen_page(window)) {
    open_dropped(window);
    mg_window_offer_to_classify(window);
  }
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

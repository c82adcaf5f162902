#include "ui/dataset/import-window.h"
#include "base/error.h"
#include "dataset/store-import.h"
#include "session/track-edits.h"
#include "ui/dataset/preview-rows.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/escape.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/stack.h"
#include "ui/window.h"
#include <adwaita.h>
#include <glib/gi18n.h>

enum { MOST_ROWS = 60, TYPING_MS = 300 };

/* Names of well-known sets, whose files say it all. */
static const struct {
  const char *name; /* N_() */
  const char *label, *group, *fold;
} patterns[] = {
    {N_("say nothing"), "", "", ""},
    {N_("of ESC-50 and ESC-10"), "", "^[0-9]-([0-9]+)-", "^([0-9])-"},
    {N_("of the spoken digits (FSDD)"), "^([0-9])_", "_([a-z]+)_", ""},
    {N_("begin with the class"), "^([^_.-]+)[_.-]", "", ""},
};

typedef struct {
  AdwWindow *window;
  GtkWidget *widget; /* of the main window; weak */
  MgWorkspace *workspace;
  MgImportedFunc imported;
  char *path, **only;
  GtkWidget *summary, *error, *classes, *names, *found, *labels, *groups, *folds, *import, *loose, *stack, *bar,
      *bar_text;
  GPtrArray *told;      /* what the preview says is left out; NULL: none was shown */
  MgProgress *progress; /* while it imports */
  guint typing, tick;
  guint64 number; /* of the newest errand */
  double *share;  /* of progress, and s left: written by the thread, shared with it */
} Import;

static void
free_import(gpointer data)
{
  Import *import = data;
  if (import->progress)
    mg_progress_cancel(import->progress);
  g_clear_pointer(&import->progress, mg_progress_unref);
  g_clear_handle_id(&import->typing, g_source_remove);
  g_clear_handle_id(&import->tick, g_source_remove);
  g_clear_weak_pointer(&import->widget);
  g_clear_pointer(&import->told, g_ptr_array_unref);
  g_atomic_rc_box_release(import->share);
  g_object_unref(import->workspace);
  g_free(import->path);
  g_strfreev(import->only);
  g_free(import);
}

/* NULL where the window has been closed. */
static Import *
import_of(AdwWindow *window)
{
  return g_object_get_data(G_OBJECT(window), "import");
}

/* What is asked of a thread: a preview, or the import itself. */
typedef struct {
  char *path, *label, *group, *fold, **only;
  char *folder;         /* the workspace's */
  MgProgress *progress; /* NULL: a preview */
  GPtrArray *problems;  /* of the import: what was left out */
  double *share;
  guint64 number;
  AdwWindow *window;
} Errand;

static void
free_errand(gpointer data)
{
  Errand *errand = data;
  g_free(errand->path);
  g_free(errand->folder);
  g_free(errand->label);
  g_free(errand->group);
  g_free(errand->fold);
  g_strfreev(errand->only);
  g_clear_pointer(&errand->progress, mg_progress_unref);
  g_ptr_array_unref(errand->problems);
  g_atomic_rc_box_release(errand->share);
  g_object_unref(errand->window);
  g_free(errand);
}

static char *
wish(GtkWidget *row)
{
  const char *text = gtk_editable_get_text(GTK_EDITABLE(row));
  return *text ? g_strdup(text) : NULL;
}

static void
forget(AdwWindow *window)
{
  g_object_set_data(G_OBJECT(window), "import", NULL);
}

static Errand *
new_errand(Import *import)
{
  Errand *errand = g_new0(Errand, 1);
  errand->path = g_strdup(import->path);
  errand->folder = g_strdup(mg_workspace_folder(import->workspace));
  errand->only = g_strdupv(import->only);
  errand->label = wish(import->labels);
  errand->group = wish(import->groups);
  errand->fold = wish(import->folds);
  errand->problems = g_ptr_array_new_with_free_func(g_free);
  errand->window = g_object_ref(import->window);
  errand->share = g_atomic_rc_box_acquire(import->share);
  errand->number = ++import->number;
  return errand;
}

/* The preview */

static void
free_preview(gpointer preview)
{
  mg_import_preview_free(preview);
}

static void
preview_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Errand *errand = data;
  MgImportOptions options = {errand->label, errand->group, errand->fold, (const char *const *)errand->only};
  GError *error = NULL;
  MgImportPreview *preview = mg_import_preview(errand->path, &options, MOST_ROWS, &error);
  if (preview)
    g_task_return_pointer(task, preview, free_preview);
  else
    g_task_return_error(task, error);
}

static void
clear_found(Import *import)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(import->found)))
    gtk_box_remove(GTK_BOX(import->found), child);
}

static void
show_preview(Import *import, const MgImportPreview *preview)
{
  g_autofree char *summary = mg_preview_summary(preview), *classes = mg_preview_classes(preview);
  GtkWidget *problems = mg_preview_problems_new(preview->problems);
  g_clear_pointer(&import->told, g_ptr_array_unref);
  import->told = g_ptr_array_ref(preview->problems);
  gtk_label_set_text(GTK_LABEL(import->summary), summary);
  gtk_label_set_text(GTK_LABEL(import->classes), classes);
  if (problems)
    gtk_box_append(GTK_BOX(import->found), problems);
  gtk_box_append(GTK_BOX(import->found), mg_preview_rows_new(preview));
}

static void
on_preview(GObject *source, GAsyncResult *result, gpointer data)
{
  const Errand *errand = g_task_get_task_data(G_TASK(result));
  Import *import = import_of(errand->window);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgImportPreview) preview = g_task_propagate_pointer(G_TASK(result), &error);
  if (!import || errand->number != import->number)
    return;
  clear_found(import);
  gtk_widget_set_sensitive(import->import, preview && preview->tracks > 0);
  gtk_widget_set_visible(import->loose, !preview && !import->only);
  mg_notice_set(import->error, MG_NOTICE_ERROR, preview ? NULL : error->message);
  if (preview) {
    show_preview(import, preview);
    return;
  }
  gtk_label_set_text(GTK_LABEL(import->summary), _("No layout is recognised"));
  gtk_label_set_text(GTK_LABEL(import->classes),
                     _("Tell below how file names say the class, or add the sound files without one."));
}

static void
look(Import *import)
{
  gtk_widget_set_sensitive(import->import, FALSE);
  gtk_label_set_text(GTK_LABEL(import->summary), _("Looking…"));
  g_autoptr(GTask) task = g_task_new(NULL, NULL, on_preview, NULL);
  g_task_set_task_data(task, new_errand(import), free_errand);
  g_task_run_in_thread(task, preview_on_thread);
}

static gboolean
look_now(gpointer data)
{
  ((Import *)data)->typing = 0;
  look(data);
  return G_SOURCE_REMOVE;
}

static void
look_soon(Import *import)
{
  g_clear_handle_id(&import->typing, g_source_remove);
  import->typing = g_timeout_add(TYPING_MS, look_now, import);
}

static void
take_pattern(AdwComboRow *row, GParamSpec *pspec, Import *import)
{
  guint i = adw_combo_row_get_selected(row);
  gtk_editable_set_text(GTK_EDITABLE(import->labels), patterns[i].label);
  gtk_editable_set_text(GTK_EDITABLE(import->groups), patterns[i].group);
  gtk_editable_set_text(GTK_EDITABLE(import->folds), patterns[i].fold);
}

/* The import */

static void
import_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Errand *errand = data;
  MgImportOptions options = {errand->label, errand->group, errand->fold, (const char *const *)errand->only};
  GError *error = NULL;
  /* A connection of its own: writing many tracks takes seconds. */
  g_autoptr(MgStore) store = mg_store_open(errand->folder, &error);
  gint64 edit = store ? mg_store_import(store, errand->path, &options, errand->problems, errand->progress, &error) : 0;
  if (error) {
    g_task_return_error(task, error);
    return;
  }
  g_task_return_pointer(task, edit ? g_memdup2(&edit, sizeof edit) : NULL, g_free);
}

/* What came to light when the files were read; the preview does not open them. */
static GPtrArray *
newly_left_out(const Import *import, const GPtrArray *problems)
{
  GPtrArray *left = g_ptr_array_new();
  for (guint i = 0; i < problems->len; i++)
    if (!import->told || !g_ptr_array_find_with_equal_func(import->told, problems->pdata[i], g_str_equal, NULL))
      g_ptr_array_add(left, problems->pdata[i]);
  return left;
}

/* The window stays until it is read. */
static void
show_left_out(Import *import, const GPtrArray *left)
{
  clear_found(import);
  gtk_widget_set_visible(import->names, FALSE);
  gtk_widget_set_visible(import->classes, FALSE);
  gtk_label_set_text(GTK_LABEL(import->summary), _("The other tracks are imported"));
  gtk_box_append(GTK_BOX(import->found), mg_preview_problems_new(left));
  gtk_stack_set_visible_child_name(GTK_STACK(import->stack), "done");
}

/* edit 0: all were there already. */
static void
tell_done(Import *import, gint64 edit)
{
  g_autoptr(GArray) tracks = mg_store_edit_tracks_of(mg_workspace_store(import->workspace), edit);
  gboolean changed = mg_workspace_take_edit(import->workspace, edit);
  g_autofree char *text =
      changed ? g_strdup_printf(ngettext("%u track imported", "%u tracks imported", tracks->len), tracks->len)
              : g_strdup(_("All of these tracks are in the workspace already"));
  if (!import->widget)
    return;
  if (changed)
    mg_window_toast_undo(import->widget, text);
  else
    mg_window_toast(import->widget, text);
  import->imported(import->widget);
}

static void
on_imported(GObject *source, GAsyncResult *result, gpointer data)
{
  const Errand *errand = g_task_get_task_data(G_TASK(result));
  Import *import = import_of(errand->window);
  g_autoptr(GError) error = NULL;
  g_autofree gint64 *edit = g_task_propagate_pointer(G_TASK(result), &error);
  if (!import)
    return;
  g_clear_pointer(&import->progress, mg_progress_unref);
  g_clear_handle_id(&import->tick, g_source_remove);
  if (!error) {
    g_autoptr(GPtrArray) left = newly_left_out(import, errand->problems);
    tell_done(import, edit ? *edit : 0);
    if (left->len > 0)
      show_left_out(import, left);
    else
      gtk_window_destroy(GTK_WINDOW(import->window));
    return;
  }
  gtk_stack_set_visible_child_name(GTK_STACK(import->stack), "buttons");
  gboolean cancelled = g_error_matches(error, MG_ERROR, MG_ERROR_CANCELLED);
  mg_notice_set(import->error, MG_NOTICE_ERROR, cancelled ? NULL : error->message);
}

/* On a thread; a torn number would be shown for a tenth of a second. */
static void
note_progress(double fraction, double seconds_left, const char *what, gpointer data)
{
  double *share = data;
  share[0] = fraction;
  share[1] = seconds_left;
}

static gboolean
show_progress(gpointer data)
{
  Import *import = data;
  g_autofree char *clock = import->share[1] >= 0 ? mg_format_clock(import->share[1], 0) : NULL;
  g_autofree char *text = clock ? g_strdup_printf(_("%s left"), clock) : g_strdup(_("Reading files…"));
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(import->bar), CLAMP(import->share[0], 0, 1));
  gtk_label_set_text(GTK_LABEL(import->bar_text), text);
  return G_SOURCE_CONTINUE;
}

static void
start(Import *import)
{
  Errand *errand = new_errand(import);
  import->share[0] = 0;
  import->share[1] = -1;
  import->progress = mg_progress_new(note_progress, errand->share); /* the errand lives as long as its thread */
  errand->progress = mg_progress_ref(import->progress);
  gtk_stack_set_visible_child_name(GTK_STACK(import->stack), "progress");
  import->tick = g_timeout_add(100, show_progress, import);
  g_autoptr(GTask) task = g_task_new(NULL, NULL, on_imported, NULL);
  g_task_set_task_data(task, errand, free_errand);
  g_task_run_in_thread(task, import_on_thread);
}

static void
close_window(Import *import)
{
  gtk_window_destroy(GTK_WINDOW(import->window));
}

static void
cancel(Import *import)
{
  if (import->progress)
    mg_progress_cancel(import->progress);
}

/* The files themselves, as the library takes them. */
static void
add_loose(Import *import)
{
  const char *const paths[] = {import->path, NULL};
  if (import->widget)
    mg_window_add_tracks(import->widget, paths);
  if (import->widget)
    import->imported(import->widget);
  gtk_window_destroy(GTK_WINDOW(import->window));
}

/* Building */

static GtkWidget *
new_pattern_row(Import *import, AdwPreferencesGroup *group, const char *title, const char *tooltip)
{
  GtkWidget *row = adw_entry_row_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  gtk_widget_set_tooltip_text(row, tooltip);
  gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect_swapped(row, "changed", G_CALLBACK(look_soon), import);
  adw_preferences_group_add(group, row);
  return row;
}

static GtkWidget *
new_patterns(Import *import)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
  GtkWidget *row = adw_combo_row_new();
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(patterns); i++)
    gtk_string_list_append(names, _(patterns[i].name));
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _("File names"));
  adw_combo_row_set_model(ADW_COMBO_ROW(row), G_LIST_MODEL(names));
  g_signal_connect(row, "notify::selected", G_CALLBACK(take_pattern), import);
  adw_preferences_group_add(group, row);
  import->labels = new_pattern_row(import, group, _("Label from"),
                                   _("Regular expression; its first capture is the class, e.g. ^([0-9])_"));
  import->groups = new_pattern_row(import, group, _("Group from"),
                                   _("Regular expression; tracks of one group stay on one side, e.g. _([a-z]+)_"));
  import->folds = new_pattern_row(import, group, _("Fold from"),
                                  _("Regular expression; its first capture is the fold, e.g. ^([0-9])-"));
  return GTK_WIDGET(group);
}

static GtkWidget *
new_label(const char *css)
{
  GtkWidget *label = mg_figure_label_new(0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_widget_add_css_class(label, css);
  return label;
}

static void
set_margins(GtkWidget *widget, int across, int down)
{
  gtk_widget_set_margin_start(widget, across);
  gtk_widget_set_margin_end(widget, across);
  gtk_widget_set_margin_top(widget, down);
  gtk_widget_set_margin_bottom(widget, down);
}

static GtkWidget *
new_content(Import *import)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12), *scroller = gtk_scrolled_window_new();
  import->summary = new_label("heading");
  import->classes = new_label("dim-label");
  import->error = mg_notice_new();
  import->found = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  import->names = new_patterns(import);
  GtkWidget *const parts[] = {import->summary, import->classes, import->error, import->names, import->found};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(box), parts[i]);
  set_margins(box, 18, 12);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), box);
  gtk_widget_set_vexpand(scroller, TRUE);
  return scroller;
}

static GtkWidget *
new_button(Import *import, const char *label, const char *tooltip, void (*clicked)(Import *))
{
  GtkWidget *button = mg_button_new(NULL, label, tooltip);
  g_signal_connect_swapped(button, "clicked", G_CALLBACK(clicked), import);
  return button;
}

static GtkWidget *
new_foot(Import *import)
{
  GtkWidget *buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *progress = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *done = new_button(import, _("_Close"), _("Close this window"), close_window);
  gtk_widget_set_halign(done, GTK_ALIGN_END);
  import->import =
      new_button(import, _("_Import"), _("Put these tracks into the workspace; the files stay where they are"), start);
  import->loose = new_button(import, _("_Add without a class"),
                             _("Put the sound files into the workspace; give them classes there"), add_loose);
  gtk_widget_add_css_class(import->import, "suggested-action");
  gtk_widget_set_halign(buttons, GTK_ALIGN_END);
  gtk_widget_set_visible(import->loose, FALSE);
  gtk_box_append(GTK_BOX(buttons), import->loose);
  gtk_box_append(GTK_BOX(buttons), import->import);
  import->bar = gtk_progress_bar_new();
  import->bar_text = mg_figure_label_new(0);
  gtk_widget_set_hexpand(import->bar, TRUE);
  gtk_widget_set_valign(import->bar, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(progress), import->bar_text);
  gtk_box_append(GTK_BOX(progress), import->bar);
  gtk_box_append(GTK_BOX(progress), new_button(import, _("_Cancel"), _("Stop reading the files"), cancel));
  import->stack = mg_stack_new();
  gtk_stack_add_named(GTK_STACK(import->stack), buttons, "buttons");
  gtk_stack_add_named(GTK_STACK(import->stack), progress, "progress");
  gtk_stack_add_named(GTK_STACK(import->stack), done, "done");
  set_margins(import->stack, 18, 12);
  return import->stack;
}

GtkWidget *
mg_import_window_open(GtkWidget *widget, MgWorkspace *workspace, const char *path, const char *const *only,
                      MgImportedFunc imported)
{
  Import *import = g_new0(Import, 1);
  GtkWidget *window = adw_window_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *name = only ? g_strjoinv(", ", (char **)only) : g_path_get_basename(path);
  g_autofree char *shown = g_filename_display_name(name);
  g_autofree char *title = g_strdup_printf(_("Import %s"), shown);
  import->window = ADW_WINDOW(window);
  import->workspace = g_object_ref(workspace);
  import->imported = imported;
  import->path = g_strdup(path);
  import->only = g_strdupv((char **)only);
  import->share = g_atomic_rc_box_alloc0(2 * sizeof(double));
  g_set_weak_pointer(&import->widget, widget);
  g_object_set_data_full(G_OBJECT(window), "import", import, free_import);
  g_signal_connect(window, "destroy", G_CALLBACK(forget), NULL);
  gtk_box_append(GTK_BOX(box), adw_header_bar_new());
  gtk_box_append(GTK_BOX(box), new_content(import));
  gtk_box_append(GTK_BOX(box), gtk_separator_new(GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append(GTK_BOX(box), new_foot(import));
  adw_window_set_content(ADW_WINDOW(window), box);
  gtk_window_set_title(GTK_WINDOW(window), title);
  mg_window_set_size(GTK_WINDOW(window), 680, 620);
  gtk_window_set_modal(GTK_WINDOW(window), TRUE);
  mg_close_on_escape(window);
  gtk_window_set_transient_for(GTK_WINDOW(window), GTK_WINDOW(gtk_widget_get_root(widget)));
  look(import);
  gtk_window_present(GTK_WINDOW(window));
  return window;
}

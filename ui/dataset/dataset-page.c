#include "ui/dataset/dataset-page.h"
#include "ui/dataset/import-offers.h"
#include "ui/dataset/import-window.h"
#include "ui/dataset/problems-view.h"
#include "ui/dataset/split-view.h"
#include "ui/dataset/suggest-view.h"
#include "ui/dataset/tracks-view.h"
#include "ui/train/shared.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/param-panel.h"
#include "ui/widgets/stack.h"
#include "ui/widgets/wrap-box.h"
#include "ui/window.h"
#include <adwaita.h>
#include <glib/gi18n.h>

#define MG_TYPE_DATASET_PAGE (mg_dataset_page_get_type())
G_DECLARE_FINAL_TYPE(MgDatasetPage, mg_dataset_page, MG, DATASET_PAGE, AdwBin)

enum { QUIET_MS = 400, WATCH_S = 2 };

struct _MgDatasetPage {
  AdwBin parent_instance;
  MgWorkspace *workspace;
  MgDatasetModel *model;
  GtkStack *stack; /* "empty" or "data" */
  GtkWidget *title, *path, *error;
  GtkWidget *scanning, *progress, *progress_text, *empty_error, *use_tracks;
  GtkWidget *panel; /* parameters, kept for the window */
  GtkWidget *label_from, *group_from, *fold_from;
  GtkNativeDialog *dialog;
  guint reopening; /* the layout was typed at, or tracks have changed; opens a moment later */
  GtkStack *views; /* tracks, problems, split, suggestions: of a workspace; of another data set the split alone */
  GtkWidget *switcher, *in_place, *tracks, *suggest;
  MgProblemList *list;
  guint watching; /* looks whether another program has changed the workspace */
};

G_DEFINE_FINAL_TYPE(MgDatasetPage, mg_dataset_page, ADW_TYPE_BIN)

static const char *
text_of(GtkWidget *entry)
{
  return gtk_editable_get_text(GTK_EDITABLE(entry));
}

static void
open_path(MgDatasetPage *page, const char *path)
{
  MgImportOptions options = {text_of(page->label_from), text_of(page->group_from), text_of(page->fold_from), NULL};
  mg_dataset_model_open(page->model, path, &options);
}

/* TRUE where the workspace's own tracks are what is shown. */
static gboolean
is_workspace(MgDatasetPage *page)
{
  const char *path = mg_dataset_model_path(page->model);
  return path ? g_str_equal(path, mg_workspace_folder(page->workspace))
              : mg_library_n_tracks(mg_workspace_library(page->workspace)) > 0;
}

static void
open_workspace(MgDatasetPage *page)
{
  mg_dataset_model_open(page->model, mg_workspace_folder(page->workspace), NULL);
}

static void
on_imported(GtkWidget *widget)
{
  open_workspace(MG_DATASET_PAGE(widget));
  gtk_stack_set_visible_child_name(MG_DATASET_PAGE(widget)->views, "tracks");
}

static void
offer_import(MgDatasetPage *page, const char *path)
{
  mg_import_window_open(GTK_WIDGET(page), page->workspace, path, NULL, on_imported);
}

/* Choosing. */

static void
on_chosen(GtkNativeDialog *dialog, int response, MgDatasetPage *page)
{
  g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  g_autofree char *path = file ? g_file_get_path(file) : NULL;
  g_clear_object(&page->dialog);
  if (path)
    offer_import(page, path);
}

static void
ask(MgDatasetPage *page, const char *title, GtkFileChooserAction action)
{
  if (page->dialog)
    return;
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new(title, GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(page))),
                                                             action, _("_Open"), _("_Cancel"));
  if (action == GTK_FILE_CHOOSER_ACTION_OPEN) {
    g_autoptr(GtkFileFilter) filter = gtk_file_filter_new();
    gtk_file_filter_set_name(filter, _("CSV tables"));
    gtk_file_filter_add_suffix(filter, "csv");
    gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(dialog), filter);
  }
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
  g_signal_connect(dialog, "response", G_CALLBACK(on_chosen), page);
  page->dialog = GTK_NATIVE_DIALOG(dialog);
  gtk_native_dialog_show(page->dialog);
}

static void
ask_for_folder(MgDatasetPage *page)
{
  ask(page, _("Choose a folder of sounds"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

static void
ask_for_table(MgDatasetPage *page)
{
  ask(page, _("Choose a CSV table"), GTK_FILE_CHOOSER_ACTION_OPEN);
}

static char *
workspace_tracks(MgDatasetPage *page)
{
  g_autofree char *path = mg_workspace_path(page->workspace, "tracks");
  return g_file_test(path, G_FILE_TEST_IS_DIR) ? g_steal_pointer(&path) : NULL;
}

static void
use_tracks(MgDatasetPage *page)
{
  g_autofree char *path = workspace_tracks(page);
  if (path)
    offer_import(page, path);
}

static void
import_what_is_shown(MgDatasetPage *page)
{
  offer_import(page, mg_dataset_model_path(page->model));
}

static void
go_and_train(MgDatasetPage *page)
{
  gtk_widget_activate_action(GTK_WIDGET(page), "win.page", "s", "train");
}

/* Showing. */

static void
show_data(MgDatasetPage *page)
{
  const char *path = mg_dataset_model_path(page->model);
  gboolean own = is_workspace(page);
  path = path ? path : mg_workspace_folder(page->workspace);
  g_autofree char *name = g_path_get_basename(path);
  gtk_label_set_text(GTK_LABEL(page->title), name);
  g_autofree char *said = mg_format_path(path);
  gtk_label_set_text(GTK_LABEL(page->path), said);
  mg_notice_set(page->error, MG_NOTICE_ERROR, mg_dataset_model_message(page->model));
  gtk_widget_set_visible(page->switcher, own);
  gtk_widget_set_visible(page->in_place, !own);
  if (!own)
    gtk_stack_set_visible_child_name(page->views, "split");
}

static void
show_progress(MgDatasetPage *page)
{
  double fraction = mg_dataset_model_fraction(page->model);
  double left = mg_dataset_model_seconds_left(page->model);
  g_autofree char *clock = left >= 0 ? mg_format_clock(left, 0) : NULL;
  g_autofree char *text =
      clock ? g_strdup_printf(_("Reading files… %.0f\u202f%%, %s left"), fraction * 100, clock) : NULL;
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(page->progress), CLAMP(fraction, 0, 1));
  gtk_label_set_text(GTK_LABEL(page->progress_text), text ? text : _("Reading files…"));
}

static void
show_state(MgDatasetPage *page)
{
  MgDatasetState state = mg_dataset_model_state(page->model);
  g_autofree char *tracks = workspace_tracks(page);
  gboolean empty = state == MG_DATASET_EMPTY && !is_workspace(page);
  gtk_widget_set_visible(page->use_tracks, tracks != NULL);
  gtk_widget_set_visible(page->scanning, state == MG_DATASET_SCANNING);
  gtk_stack_set_visible_child_name(page->stack, empty ? "empty" : "data");
  gtk_widget_action_set_enabled(GTK_WIDGET(page), "dataset.train", state == MG_DATASET_READY);
  show_progress(page);
  if (!empty)
    show_data(page);
}

/* Building. */

static GtkWidget *
new_connected_button(MgDatasetPage *page, const char *icon, const char *label, const char *tooltip,
                     void (*clicked)(MgDatasetPage *page))
{
  GtkWidget *button = mg_button_new(icon, label, tooltip);
  g_signal_connect_swapped(button, "clicked", G_CALLBACK(clicked), page);
  return button;
}

static GtkWidget *
new_empty(MgDatasetPage *page)
{
  GtkWidget *status = adw_status_page_new(), *buttons = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(status), "folder-music-symbolic");
  adw_status_page_set_title(ADW_STATUS_PAGE(status), _("No data set yet"));
  adw_status_page_set_description(
      ADW_STATUS_PAGE(status),
      _("Drop a folder that has one folder per class, an ESC-50, GTZAN or FMA folder, or a CSV "
        "table with the columns path and label. What would be imported is shown first."));
  GtkWidget *folder =
      new_connected_button(page, NULL, _("Choose _folder…"), _("A folder with one folder per class"), ask_for_folder);
  gtk_widget_add_css_class(folder, "suggested-action");
  GtkWidget *table =
      new_connected_button(page, NULL, _("Choose _table…"), _("A CSV table of files and labels"), ask_for_table);
  page->use_tracks = new_connected_button(page, NULL, _("Use the workspace’s tracks"),
                                          _("The folder “tracks” of this workspace"), use_tracks);
  gtk_box_append(GTK_BOX(buttons), folder);
  gtk_box_append(GTK_BOX(buttons), table);
  gtk_box_append(GTK_BOX(buttons), page->use_tracks);
  for (GtkWidget *child = gtk_widget_get_first_child(buttons); child; child = gtk_widget_get_next_sibling(child))
    gtk_widget_add_css_class(child, "pill");
  gtk_widget_set_halign(buttons, GTK_ALIGN_CENTER);
  adw_status_page_set_child(ADW_STATUS_PAGE(status), buttons);
  return status;
}

static GtkWidget *
new_header(MgDatasetPage *page)
{
  GtkWidget *box = mg_wrap_box_new(6), *texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  page->title = gtk_label_new(NULL);
  page->path = gtk_label_new(NULL);
  gtk_widget_add_css_class(page->title, "title-3");
  gtk_widget_add_css_class(page->path, "dim-label");
  gtk_widget_add_css_class(page->path, "caption");
  gtk_label_set_ellipsize(GTK_LABEL(page->title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_ellipsize(GTK_LABEL(page->path), PANGO_ELLIPSIZE_START);
  gtk_label_set_xalign(GTK_LABEL(page->title), 0);
  gtk_label_set_xalign(GTK_LABEL(page->path), 0);
  gtk_widget_set_hexpand(texts, TRUE);
  gtk_box_append(GTK_BOX(texts), page->title);
  gtk_box_append(GTK_BOX(texts), page->path);
  mg_wrap_box_append(MG_WRAP_BOX(box), texts);
  GtkWidget *buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *folder =
      new_connected_button(page, "folder-open-symbolic", NULL, _("Choose another folder"), ask_for_folder);
  GtkWidget *table =
      new_connected_button(page, "x-office-spreadsheet-symbolic", NULL, _("Choose a CSV table"), ask_for_table);
  GtkWidget *train = mg_button_new(NULL, _("_Train on it"), _("Turn to the Train page"));
  gtk_actionable_set_action_name(GTK_ACTIONABLE(train), "dataset.train");
  gtk_widget_add_css_class(train, "suggested-action");
  gtk_box_append(GTK_BOX(buttons), folder);
  gtk_box_append(GTK_BOX(buttons), table);
  gtk_box_append(GTK_BOX(buttons), train);
  gtk_widget_set_valign(buttons, GTK_ALIGN_CENTER);
  mg_wrap_box_append(MG_WRAP_BOX(box), buttons);
  return box;
}

static GtkWidget *
new_scanning(MgDatasetPage *page)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12), *bar = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  page->progress = gtk_progress_bar_new();
  page->progress_text = mg_figure_label_new(0);
  GtkWidget *cancel = mg_button_new(NULL, _("_Cancel"), _("Stop reading the files"));
  g_signal_connect_swapped(cancel, "clicked", G_CALLBACK(mg_dataset_model_cancel), page->model);
  gtk_widget_add_css_class(page->progress_text, "caption");
  gtk_accessible_update_property(GTK_ACCESSIBLE(page->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Reading files"), -1);
  gtk_box_append(GTK_BOX(bar), page->progress_text);
  gtk_box_append(GTK_BOX(bar), page->progress);
  gtk_widget_set_hexpand(bar, TRUE);
  gtk_widget_set_valign(bar, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(box), bar);
  gtk_box_append(GTK_BOX(box), cancel);
  page->scanning = box;
  return box;
}

static void
set_margins(GtkWidget *widget, int margin)
{
  gtk_widget_set_margin_start(widget, margin);
  gtk_widget_set_margin_end(widget, margin);
  gtk_widget_set_margin_top(widget, margin);
  gtk_widget_set_margin_bottom(widget, margin);
}

/* Of a data set that is read where it lies. */
static GtkWidget *
new_in_place(MgDatasetPage *page)
{
  GtkWidget *box = mg_wrap_box_new(12),
            *text = gtk_label_new(_("These tracks are read where they are. In the workspace "
                                    "you can label, check and exclude them."));
  gtk_label_set_wrap(GTK_LABEL(text), TRUE);
  gtk_label_set_xalign(GTK_LABEL(text), 0);
  gtk_widget_set_hexpand(text, TRUE);
  gtk_widget_add_css_class(text, "dim-label");
  mg_wrap_box_append(MG_WRAP_BOX(box), text);
  mg_wrap_box_append(MG_WRAP_BOX(box), new_connected_button(page, NULL, _("_Import…"),
                                                            _("Show what an import would find"), import_what_is_shown));
  return box;
}

/* In a narrow window the tabs say their names where the pointer rests. */
static void
shorten_tabs(GtkWidget *switcher)
{
  gtk_widget_add_css_class(switcher, "short-tabs");
  for (GtkWidget *tab = gtk_widget_get_first_child(switcher); tab; tab = gtk_widget_get_next_sibling(tab)) {
    GtkWidget *label = gtk_button_get_child(GTK_BUTTON(tab));
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    gtk_widget_set_tooltip_text(tab, gtk_label_get_text(GTK_LABEL(label)));
  }
}

static void
new_views(MgDatasetPage *page)
{
  page->views = GTK_STACK(mg_stack_new());
  page->list = mg_problem_list_new(page->workspace);
  page->tracks = mg_tracks_view_new(page->workspace);
  page->suggest = mg_suggest_view_new(page->workspace);
  gtk_stack_add_titled(page->views, page->tracks, "tracks", _("Tracks"));
  gtk_stack_add_titled(page->views, mg_problems_view_new(page->workspace, page->list), "problems", _("Problems"));
  gtk_stack_add_titled(page->views, mg_split_view_new(page->workspace, page->model), "split", _("Split"));
  gtk_stack_add_titled(page->views, page->suggest, "suggestions", _("Suggestions"));
  gtk_widget_set_vexpand(GTK_WIDGET(page->views), TRUE);
  page->switcher = gtk_stack_switcher_new();
  gtk_stack_switcher_set_stack(GTK_STACK_SWITCHER(page->switcher), page->views);
  shorten_tabs(page->switcher);
  gtk_widget_set_halign(page->switcher, GTK_ALIGN_START);
}

static GtkWidget *
new_data(MgDatasetPage *page)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *head = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  page->error = mg_notice_new();
  new_views(page);
  page->in_place = new_in_place(page);
  GtkWidget *const parts[] = {new_header(page), new_scanning(page), page->error, page->in_place, page->switcher};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(head), parts[i]);
  set_margins(head, 12);
  gtk_widget_set_margin_bottom(head, 0);
  gtk_box_append(GTK_BOX(box), head);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(page->views));
  return box;
}

/* Parameters at the right: how file names are read, how tracks are cut and split. */

static gboolean
reopen(gpointer data)
{
  MgDatasetPage *page = data;
  page->reopening = 0;
  g_autofree char *path = g_strdup(mg_dataset_model_path(page->model));
  if (is_workspace(page))
    open_workspace(page);
  else if (path)
    open_path(page, path);
  return G_SOURCE_REMOVE;
}

static void
on_layout_applied(MgDatasetPage *page)
{
  g_clear_handle_id(&page->reopening, g_source_remove);
  page->reopening = g_idle_add(reopen, page);
}

/* After the last of many changes. */
static void
on_tracks_changed(MgDatasetPage *page)
{
  show_state(page);
  g_clear_handle_id(&page->reopening, g_source_remove);
  if (is_workspace(page))
    page->reopening = g_timeout_add(QUIET_MS, reopen, page);
}

static gboolean
watch(gpointer data)
{
  mg_workspace_look_elsewhere(((MgDatasetPage *)data)->workspace);
  return G_SOURCE_CONTINUE;
}

static GtkWidget *
add_pattern(MgDatasetPage *page, AdwPreferencesGroup *group, const char *title, const char *tooltip)
{
  GtkWidget *row = adw_entry_row_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_entry_row_set_show_apply_button(ADW_ENTRY_ROW(row), TRUE);
  gtk_widget_set_tooltip_text(row, tooltip);
  gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect_swapped(row, "apply", G_CALLBACK(on_layout_applied), page);
  adw_preferences_group_add(group, row);
  return row;
}

static void
on_params_changed(MgDatasetPage *page)
{
  const MgParams *wanted = mg_param_panel_params(MG_PARAM_PANEL(page->panel));
  const MgParamTable *const *tables = mg_params_tables(wanted);
  for (size_t t = 0; tables[t]; t++)
    for (size_t i = 0; i < tables[t]->n; i++) {
      const char *name = tables[t]->specs[i].name;
      mg_dataset_model_set(page->model, name, mg_params_text(wanted, name), NULL); /* the panel has checked it */
    }
}

/* Another page may have set them. */
static void
follow_params(MgDatasetPage *page)
{
  g_autofree char *here = mg_params_key(mg_param_panel_params(MG_PARAM_PANEL(page->panel)), NULL);
  g_autofree char *there = mg_params_key(mg_dataset_model_params(page->model), NULL);
  if (!g_str_equal(here, there))
    mg_param_panel_take(MG_PARAM_PANEL(page->panel), mg_dataset_model_params(page->model));
}

static void
new_panel(MgDatasetPage *page)
{
  page->panel = g_object_ref_sink(mg_param_panel_new(mg_dataset_model_params(page->model), NULL));
  gtk_widget_set_hexpand(page->panel, FALSE); /* the page has the room */
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
  adw_preferences_group_set_title(group, _("File names"));
  page->label_from = add_pattern(page, group, _("Label from"),
                                 _("Regular expression; its first capture is the class, e.g. ^([0-9])_"));
  page->group_from = add_pattern(page, group, _("Group from"),
                                 _("Regular expression; tracks of one group stay on one side, e.g. _([a-z]+)_"));
  page->fold_from =
      add_pattern(page, group, _("Fold from"), _("Regular expression; its first capture is the fold, e.g. ^([0-9])-"));
  mg_param_panel_add(MG_PARAM_PANEL(page->panel), group, FALSE);
  g_signal_connect_swapped(page->panel, "changed", G_CALLBACK(on_params_changed), page);
}

static void
mg_dataset_page_map(GtkWidget *widget)
{
  MgDatasetPage *page = MG_DATASET_PAGE(widget);
  GTK_WIDGET_CLASS(mg_dataset_page_parent_class)->map(widget);
  mg_shared_open_tracks(page->workspace);
  if (!page->watching)
    page->watching = g_timeout_add_seconds(WATCH_S, watch, page);
}

static void
mg_dataset_page_unmap(GtkWidget *widget)
{
  g_clear_handle_id(&MG_DATASET_PAGE(widget)->watching, g_source_remove);
  GTK_WIDGET_CLASS(mg_dataset_page_parent_class)->unmap(widget);
}

/* Space: what is selected in the list that is seen. */
static void
play_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
  MgDatasetPage *page = MG_DATASET_PAGE(widget);
  if (gtk_stack_get_visible_child(page->views) == page->suggest)
    mg_suggest_view_play(page->suggest);
  else
    mg_tracks_view_play(MG_TRACKS_VIEW(page->tracks));
}

/* The next start finds the split as it is left. */
static void
remember_split(MgDatasetPage *page)
{
  static const char *const names[] = {"split", "seed"};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    const char *text = mg_params_text(mg_dataset_model_params(page->model), names[i]);
    g_autofree char *key = g_strconcat("dataset-", names[i], NULL), *before = mg_workspace_recall(page->workspace, key);
    if (g_strcmp0(text, before) != 0)
      mg_workspace_remember(page->workspace, key, text);
  }
}

static void
recall_split(MgDatasetPage *page)
{
  static const char *const names[] = {"split", "seed"};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *key = g_strconcat("dataset-", names[i], NULL), *text = mg_workspace_recall(page->workspace, key);
    if (text)
      mg_dataset_model_set(page->model, names[i], text, NULL);
  }
}

static void
train_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
  go_and_train(MG_DATASET_PAGE(widget));
}

static void
mg_dataset_page_dispose(GObject *object)
{
  MgDatasetPage *page = MG_DATASET_PAGE(object);
  g_clear_handle_id(&page->reopening, g_source_remove);
  g_clear_handle_id(&page->watching, g_source_remove);
  g_clear_object(&page->list);
  if (page->model)
    g_signal_handlers_disconnect_by_data(page->model, page);
  if (page->panel)
    g_signal_handlers_disconnect_by_data(page->panel, page);
  g_clear_object(&page->panel);
  g_clear_object(&page->dialog);
  g_clear_object(&page->model);
  g_clear_object(&page->workspace);
  G_OBJECT_CLASS(mg_dataset_page_parent_class)->dispose(object);
}

static void
mg_dataset_page_class_init(MgDatasetPageClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_dataset_page_dispose;
  GTK_WIDGET_CLASS(klass)->map = mg_dataset_page_map;
  GTK_WIDGET_CLASS(klass)->unmap = mg_dataset_page_unmap;
  gtk_widget_class_install_action(GTK_WIDGET_CLASS(klass), "dataset.play", NULL, play_action);
  gtk_widget_class_install_action(GTK_WIDGET_CLASS(klass), "dataset.train", NULL, train_action);
}

static void
mg_dataset_page_init(MgDatasetPage *page)
{
}

static GtkWidget *
create(MgWorkspace *workspace)
{
  MgDatasetPage *page = g_object_new(MG_TYPE_DATASET_PAGE, NULL);
  page->workspace = g_object_ref(workspace);
  page->model = g_object_ref(mg_shared_dataset(workspace));
  recall_split(page);
  new_panel(page);
  page->stack = GTK_STACK(mg_stack_new());
  gtk_stack_add_named(page->stack, new_empty(page), "empty");
  gtk_stack_add_named(page->stack, new_data(page), "data");
  adw_bin_set_child(ADW_BIN(page), GTK_WIDGET(page->stack));
  g_signal_connect_swapped(page->model, "changed", G_CALLBACK(show_state), page);
  g_signal_connect_swapped(page->model, "changed", G_CALLBACK(follow_params), page);
  g_signal_connect_swapped(page->model, "changed", G_CALLBACK(remember_split), page);
  g_signal_connect_object(workspace, "tracks-changed", G_CALLBACK(on_tracks_changed), page, G_CONNECT_SWAPPED);
  g_signal_connect_swapped(page->model, "progress", G_CALLBACK(show_progress), page);
  show_state(page);
  return GTK_WIDGET(page);
}

static GtkWidget *
parameters(GtkWidget *page)
{
  return MG_DATASET_PAGE(page)->panel;
}

static void
import(GtkWidget *widget, const char *const *paths)
{
  MgDatasetPage *page = MG_DATASET_PAGE(widget);
  mg_offer_imports(widget, page->workspace, paths, on_imported);
}

/* Tables of files, and ESC-50's folders, that are named when the program starts: read where they lie. */
static gboolean
open_if_dataset(GtkWidget *page, const char *path)
{
  g_autofree char *meta = g_build_filename(path, "meta", "esc50.csv", NULL);
  gboolean is_table = g_str_has_suffix(path, ".csv") && !strstr(path, "predictions");
  if (!is_table && !g_file_test(meta, G_FILE_TEST_IS_REGULAR))
    return FALSE;
  open_path(MG_DATASET_PAGE(page), path);
  return TRUE;
}

const MgPage mg_dataset_page = {
    .name = "dataset",
    .title = N_("Dataset"),
    .icon = "melograph-dataset-symbolic",
    .create = create,
    .parameters = parameters,
    .open = open_if_dataset,
    .import = import,
    .play_action = "dataset.play",
};

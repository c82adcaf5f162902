#include "ui/dataset/dataset-page.h"
#include "ui/dataset/n-table.h"
#include "ui/train/shared.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/param-panel.h"
#include "ui/widgets/wrap-box.h"
#include "ui/window.h"
#include <adwaita.h>
#include <glib/gi18n.h>

#define MG_TYPE_DATASET_PAGE (mg_dataset_page_get_type())
G_DECLARE_FINAL_TYPE(MgDatasetPage, mg_dataset_page, MG, DATASET_PAGE, AdwBin)

struct _MgDatasetPage {
  AdwBin parent_instance;
  MgWorkspace *workspace;
  MgDatasetModel *model;
  GtkStack *stack; /* "empty" or "data" */
  GtkWidget *title, *path, *facts, *error, *leaky, *table_place, *problems_title, *problems;
  GtkWidget *scanning, *progress, *progress_text, *empty_error, *use_tracks;
  GtkWidget *panel; /* parameters, kept for the window */
  GtkWidget *label_from, *group_from, *fold_from;
  GtkNativeDialog *dialog;
  guint reopening; /* the layout was typed at; opens a moment later */
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
  MgImportOptions options = {text_of(page->label_from), text_of(page->group_from), text_of(page->fold_from)};
  mg_dataset_model_open(page->model, path, &options);
}

/* Choosing. */

static void
on_chosen(GtkNativeDialog *dialog, int response, MgDatasetPage *page)
{
  g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  g_autofree char *path = file ? g_file_get_path(file) : NULL;
  if (path)
    open_path(page, path);
  g_clear_object(&page->dialog);
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

static gboolean
on_drop(GtkDropTarget *target, const GValue *value, double x, double y, MgDatasetPage *page)
{
  g_autoptr(GSList) files = gdk_file_list_get_files(g_value_get_boxed(value));
  g_autofree char *path = files ? g_file_get_path(files->data) : NULL;
  if (!path || (!g_file_test(path, G_FILE_TEST_IS_DIR) && !g_str_has_suffix(path, ".csv")))
    return FALSE; /* sound files join the library */
  open_path(page, path);
  return TRUE;
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
    open_path(page, path);
}

static void
go_and_train(MgDatasetPage *page)
{
  gtk_widget_activate_action(GTK_WIDGET(page), "win.page", "s", "train");
}

/* Showing. */

static char *
summary_of(MgDatasetModel *model)
{
  guint tracks = 0, segments = 0;
  double seconds = 0;
  size_t classes = mg_dataset_model_n_classes(model);
  for (size_t i = 0; i < classes; i++) {
    const MgDatasetClass *class = mg_dataset_model_class(model, i);
    tracks += class->tracks;
    seconds += class->seconds;
    segments += class->segments[0] + class->segments[1] + class->segments[2];
  }
  g_autofree char *clock = mg_format_clock(seconds, 0);
  g_autofree char *many_tracks = mg_format_count(tracks), *many_segments = mg_format_count(segments);
  return g_strdup_printf(_("%zu classes · %s tracks · %s · %s segments of %s\u202fs"), classes, many_tracks, clock,
                         many_segments, mg_params_text(mg_dataset_model_params(model), "segment_seconds"));
}

/* Without the data set's own path, which stands above. */
static const char *
short_problem(MgDatasetPage *page, const char *problem)
{
  const char *folder = mg_dataset_model_path(page->model);
  size_t length = strlen(folder);
  return g_str_has_prefix(problem, folder) && problem[length] == '/' ? problem + length + 1 : problem;
}

static void
show_problems(MgDatasetPage *page)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(page->problems)))
    gtk_list_box_remove(GTK_LIST_BOX(page->problems), child);
  guint n = 0;
  for (const char *const *problem = mg_dataset_model_problems(page->model); *problem; problem++, n++) {
    GtkWidget *notice = mg_notice_new();
    mg_notice_set(notice, MG_NOTICE_WARNING, short_problem(page, *problem));
    gtk_widget_set_margin_start(notice, 12);
    gtk_widget_set_margin_end(notice, 12);
    gtk_widget_set_margin_top(notice, 10);
    gtk_widget_set_margin_bottom(notice, 10);
    gtk_list_box_append(GTK_LIST_BOX(page->problems), notice);
  }
  for (child = gtk_widget_get_first_child(page->problems); child; child = gtk_widget_get_next_sibling(child))
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(child), FALSE);
  g_autofree char *title = g_strdup_printf(ngettext("%u problem found", "%u problems found", n), n);
  gtk_label_set_text(GTK_LABEL(page->problems_title), title);
  gtk_widget_set_visible(page->problems_title, n > 0);
  gtk_widget_set_visible(page->problems, n > 0);
}

static void
show_data(MgDatasetPage *page)
{
  const char *path = mg_dataset_model_path(page->model);
  g_autofree char *name = g_path_get_basename(path);
  gboolean any = mg_dataset_model_n_classes(page->model) > 0;
  g_autofree char *facts = any ? summary_of(page->model) : NULL;
  gtk_label_set_text(GTK_LABEL(page->title), name);
  gtk_label_set_text(GTK_LABEL(page->path), path);
  gtk_label_set_text(GTK_LABEL(page->facts), facts ? facts : "");
  gtk_widget_set_visible(page->facts, any);
  mg_notice_set(page->error, MG_NOTICE_ERROR, mg_dataset_model_message(page->model));
  mg_notice_set(page->leaky, MG_NOTICE_WARNING,
                mg_dataset_model_is_leaky(page->model)
                    ? _("This split is made segment by segment: pieces of one track are on both sides, so every "
                        "figure from it pretends. Use 6:2:2 to keep tracks whole.")
                    : NULL);
  adw_bin_set_child(ADW_BIN(page->table_place), any ? mg_n_table_new(page->model) : NULL);
  gtk_widget_set_visible(page->table_place, any);
  show_problems(page);
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
  gtk_widget_set_visible(page->use_tracks, tracks != NULL);
  gtk_widget_set_visible(page->scanning, state == MG_DATASET_SCANNING);
  gtk_stack_set_visible_child_name(page->stack, state == MG_DATASET_EMPTY ? "empty" : "data");
  gtk_widget_action_set_enabled(GTK_WIDGET(page), "dataset.train", state == MG_DATASET_READY);
  show_progress(page);
  if (state != MG_DATASET_EMPTY)
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
  adw_status_page_set_description(ADW_STATUS_PAGE(status),
                                  _("Drop a folder that has one folder per class, an ESC-50 folder, or a CSV table "
                                    "with the columns path and label."));
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

static GtkWidget *
new_table_card(MgDatasetPage *page)
{
  GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *scroller = gtk_scrolled_window_new();
  page->table_place = adw_bin_new();
  set_margins(page->table_place, 18);
  gtk_widget_add_css_class(card, "card");
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), page->table_place);
  gtk_box_append(GTK_BOX(card), scroller);
  g_object_bind_property(page->table_place, "visible", card, "visible", G_BINDING_SYNC_CREATE);
  return card;
}

static GtkWidget *
new_data(MgDatasetPage *page)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18), *clamp = adw_clamp_new();
  GtkWidget *scroller = gtk_scrolled_window_new();
  page->facts = mg_figure_label_new(0);
  gtk_label_set_wrap(GTK_LABEL(page->facts), TRUE);
  page->error = mg_notice_new();
  page->leaky = mg_notice_new();
  page->problems_title = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(page->problems_title), 0);
  gtk_widget_add_css_class(page->problems_title, "heading");
  page->problems = gtk_list_box_new();
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(page->problems), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(page->problems, "boxed-list");
  gtk_accessible_update_property(GTK_ACCESSIBLE(page->problems), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Problems found"),
                                 -1);
  GtkWidget *const parts[] = {new_header(page), new_scanning(page),   page->error,          page->leaky,
                              page->facts,      new_table_card(page), page->problems_title, page->problems};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(box), parts[i]);
  set_margins(box, 24);
  adw_clamp_set_maximum_size(ADW_CLAMP(clamp), 860);
  adw_clamp_set_child(ADW_CLAMP(clamp), box);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), clamp);
  return scroller;
}

/* Parameters at the right: how file names are read, how tracks are cut and split. */

static gboolean
reopen(gpointer data)
{
  MgDatasetPage *page = data;
  page->reopening = 0;
  g_autofree char *path = g_strdup(mg_dataset_model_path(page->model));
  if (path)
    open_path(page, path);
  return G_SOURCE_REMOVE;
}

static void
on_layout_applied(MgDatasetPage *page)
{
  g_clear_handle_id(&page->reopening, g_source_remove);
  page->reopening = g_idle_add(reopen, page);
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
  new_panel(page);
  page->stack = GTK_STACK(gtk_stack_new());
  gtk_stack_add_named(page->stack, new_empty(page), "empty");
  gtk_stack_add_named(page->stack, new_data(page), "data");
  adw_bin_set_child(ADW_BIN(page), GTK_WIDGET(page->stack));
  GtkDropTarget *target = gtk_drop_target_new(GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect(target, "drop", G_CALLBACK(on_drop), page);
  gtk_widget_add_controller(GTK_WIDGET(page), GTK_EVENT_CONTROLLER(target));
  g_signal_connect_swapped(page->model, "changed", G_CALLBACK(show_state), page);
  g_signal_connect_swapped(page->model, "changed", G_CALLBACK(follow_params), page);
  g_signal_connect_swapped(page->model, "progress", G_CALLBACK(show_progress), page);
  show_state(page);
  return GTK_WIDGET(page);
}

static GtkWidget *
parameters(GtkWidget *page)
{
  return MG_DATASET_PAGE(page)->panel;
}

/* Tables of files; folders join the library unless they are dropped on the page itself. */
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
    .icon = "folder-music-symbolic",
    .create = create,
    .parameters = parameters,
    .open = open_if_dataset,
};

#include "ui/train/classifiers-view.h"
#include "session/study.h"
#include "ui/train/classifier-params.h"
#include "ui/train/decision-view.h"
#include "ui/train/importances-view.h"
#include "ui/train/search-window.h"
#include "ui/train/shared.h"
#include "ui/train/study-table.h"
#include "ui/train/table-setup.h"
#include "ui/widgets/list-button.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/stack.h"
#include "ui/widgets/wrap-box.h"
#include "ui/window.h"
#include <glib/gi18n.h>

struct _MgClassifiersView {
  AdwBin parent_instance;
  MgWorkspace *workspace;
  MgRunList *runs;
  MgStudy *study;
  MgClassifierParams *params;
  MgTableSetup *setup;
  MgStudyTable *table;
  GtkWidget *classifiers, *search, *train, *cancel, *error, *progress_box, *progress, *step, *open_results, *export,
      *actions;
  GtkStack *lower; /* "figures", "importances" or "features" */
  MgImportancesView *importances;
  GtkNativeDialog *dialog;
};

G_DEFINE_FINAL_TYPE(MgClassifiersView, mg_classifiers_view, ADW_TYPE_BIN)

static guint searching_signal;
static const char first_choice[] = "logistic,svc,knn,random-forest";
static const char table_key[] = "classifiers-table"; /* what the workspace remembers: the table chosen last */

/* Training. */

static gboolean
is_chosen(MgClassifiersView *view, const MgClassifierClass *class)
{
  g_autofree char *chosen = mg_list_button_get(view->classifiers);
  g_auto(GStrv) names = g_strsplit(chosen, ",", -1);
  return g_strv_contains((const char *const *)names, class->name);
}

static char **
chosen_classifiers(MgClassifiersView *view)
{
  g_autoptr(GStrvBuilder) texts = g_strv_builder_new();
  for (const MgClassifierClass *const *class = mg_classifier_classes(); *class; class ++) {
    g_autofree char *text = is_chosen(view, *class) ? mg_classifier_params_text(view->params, *class) : NULL;
    if (text)
      g_strv_builder_add(texts, text);
  }
  return g_strv_builder_end(texts);
}

static void
start(MgClassifiersView *view)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *name = mg_table_setup_name(view->setup), *folder = mg_run_list_new_folder(view->runs, name, &error);
  g_auto(GStrv) data = mg_table_setup_options(view->setup), classifiers = chosen_classifiers(view);
  g_auto(GStrv) settings = mg_classifier_params_settings(view->params);
  MgStudyRequest request = {.folder = folder,
                            .data = (const char *const *)data,
                            .classifiers = (const char *const *)classifiers,
                            .settings = (const char *const *)settings};
  if (folder)
    mg_study_start(view->study, &request, &error);
  mg_notice_set(view->error, MG_NOTICE_ERROR, error ? error->message : NULL);
}

/* Searching. */

static void
on_search_started(MgSearchWindow *window, MgRun *run, MgClassifiersView *view)
{
  g_signal_emit(view, searching_signal, 0, run);
}

static void
search(MgClassifiersView *view)
{
  g_autofree char *name = mg_table_setup_name(view->setup), *folder = g_strconcat(name, "-search", NULL);
  g_autofree char *about = g_strdup_printf(_("A classifier on %s"), name);
  g_auto(GStrv) data = mg_table_setup_options(view->setup);
  g_auto(GStrv) settings = mg_classifier_params_settings(view->params);
  MgSearchRequest request = {.about = about,
                             .name = folder,
                             .options = (const char *const *)data,
                             .settings = (const char *const *)settings,
                             .classifiers = TRUE};
  GtkWidget *window = mg_search_window_new(view->runs, &request);
  g_signal_connect_object(window, "started", G_CALLBACK(on_search_started), view, 0);
  mg_search_window_present(MG_SEARCH_WINDOW(window), GTK_WIDGET(view));
}

static void
open_row(MgClassifiersView *view, MgStudyRow *row)
{
  if (!row || mg_study_row_state(row) != MG_STUDY_DONE)
    return;
  MgRun *run = mg_run_list_add(view->runs, mg_study_row_folder(row));
  mg_run_refresh(run);
  mg_results_open_run(mg_shared_results(view->workspace), run, "test");
  gtk_widget_activate_action(GTK_WIDGET(view), "win.page", "s", "results");
}

static void
on_activated(MgStudyTable *table, MgStudyRow *row, MgClassifiersView *view)
{
  open_row(view, row);
}

static void
open_selected(MgClassifiersView *view)
{
  open_row(view, mg_study_table_selected(view->table));
}

/* Exporting. */

static void
on_save_response(GtkNativeDialog *dialog, int response, MgClassifiersView *view)
{
  g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  g_autofree char *path = file ? g_file_get_path(file) : NULL;
  g_autoptr(GError) error = NULL;
  if (path && !mg_study_table_export(view->table, path, &error))
    mg_window_toast(GTK_WIDGET(view), error->message);
  g_clear_object(&view->dialog);
}

static void export(MgClassifiersView *view)
{
  if (view->dialog)
    return;
  GtkWindow *window = GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(view)));
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new(_("Export table"), window, GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), _("_Cancel"));
  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(dialog), "classifiers.csv");
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
  g_signal_connect(dialog, "response", G_CALLBACK(on_save_response), view);
  view->dialog = GTK_NATIVE_DIALOG(dialog);
  gtk_native_dialog_show(view->dialog);
}

/* Showing. */

static void
show_progress(MgClassifiersView *view)
{
  gboolean running = mg_study_is_running(view->study);
  double left = mg_study_seconds_left(view->study), fraction = mg_study_fraction(view->study);
  g_autofree char *text = left >= 1 ? g_strdup_printf(_("Training, %.0f %%, %.0f s left"), fraction * 100, left)
                                    : g_strdup_printf(_("Training, %.0f %%"), fraction * 100);
  gtk_widget_set_visible(view->progress_box, running);
  gtk_widget_set_visible(view->cancel, running);
  gtk_widget_set_visible(view->train, !running);
  gtk_label_set_text(GTK_LABEL(view->step), text);
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(view->progress), fraction);
}

static void
show_train(MgClassifiersView *view)
{
  g_autofree char *chosen = mg_list_button_get(view->classifiers);
  gboolean data = mg_table_setup_ready(view->setup), any = !g_str_equal(chosen, "none");
  gtk_widget_set_sensitive(view->search, data);
  gtk_widget_set_sensitive(view->train, data && any);
  gtk_widget_set_tooltip_text(view->train, !data  ? _("Choose data first")
                                           : !any ? _("Choose classifiers first")
                                                  : _("Train the chosen classifiers, one after another"));
}

static void
on_study_changed(MgClassifiersView *view)
{
  show_progress(view);
  if (!mg_study_is_running(view->study)) {
    const char *message = mg_study_message(view->study);
    mg_notice_set(view->error, MG_NOTICE_ERROR, *message ? message : NULL);
  }
}

static void
show_selected(MgClassifiersView *view)
{
  MgStudyRow *row = mg_study_table_selected(view->table);
  gtk_widget_set_sensitive(view->open_results, row && mg_study_row_state(row) == MG_STUDY_DONE);
  mg_importances_view_show(view->importances, row);
}

static void
show_params(MgClassifiersView *view)
{
  g_autoptr(MgParams) values = mg_classifier_params_get(view->params);
  mg_table_setup_show_together(view->setup, mg_params_bool(values, "group_duplicates"));
}

static void
on_setup_changed(MgClassifiersView *view)
{
  const char *path = mg_feature_table_path(mg_table_setup_table(view->setup));
  mg_classifier_params_set_sounds(view->params, mg_table_setup_is_of_sounds(view->setup));
  if (path && mg_feature_table_samples(mg_table_setup_table(view->setup)))
    mg_workspace_remember(view->workspace, table_key, path);
  show_train(view);
}

static void
keep_together(MgClassifiersView *view)
{
  mg_classifier_params_assign(view->params, "group_duplicates=true");
}

static void
on_classifiers(GtkWidget *button, gpointer data)
{
  show_train(data);
}

/* Building. */

static GtkWidget *
new_classifiers(MgClassifiersView *view)
{
  g_autoptr(GString) names = g_string_new(NULL);
  for (const MgClassifierClass *const *class = mg_classifier_classes(); *class; class ++)
    g_string_append_printf(names, "%s%s", names->len ? "|" : "", (*class)->name);
  view->classifiers = mg_list_button_new(names->str, on_classifiers, view);
  mg_list_button_set(view->classifiers, first_choice);
  gtk_widget_remove_css_class(view->classifiers, "flat");
  gtk_label_set_max_width_chars(GTK_LABEL(gtk_menu_button_get_child(GTK_MENU_BUTTON(view->classifiers))), 32);
  gtk_widget_set_tooltip_text(view->classifiers, _("Classifiers that are trained; their parameters are at the right"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(view->classifiers), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Classifiers"),
                                 -1);
  return view->classifiers;
}

static GtkWidget *
new_actions(MgClassifiersView *view)
{
  GtkWidget *box = mg_wrap_box_new(6), *end = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  view->train = mg_button_new("media-playback-start-symbolic", _("_Train"), _("Train the chosen classifiers"));
  view->search = mg_button_new(NULL, _("S_earch…"), _("Search for the parameters with which a classifier learns best"));
  g_signal_connect_swapped(view->search, "clicked", G_CALLBACK(search), view);
  view->cancel = mg_button_new("media-playback-stop-symbolic", _("_Cancel"), _("Stop training; what is done stays"));
  gtk_widget_add_css_class(view->train, "suggested-action");
  g_signal_connect_swapped(view->train, "clicked", G_CALLBACK(start), view);
  g_signal_connect_swapped(view->cancel, "clicked", G_CALLBACK(mg_study_stop), view->study);
  gtk_box_append(GTK_BOX(end), view->search);
  gtk_box_append(GTK_BOX(end), view->train);
  gtk_box_append(GTK_BOX(end), view->cancel);
  gtk_widget_set_halign(end, GTK_ALIGN_END);
  gtk_widget_set_hexpand(end, TRUE);
  mg_wrap_box_append(MG_WRAP_BOX(box), new_classifiers(view));
  mg_wrap_box_append(MG_WRAP_BOX(box), end);
  return box;
}

static GtkWidget *
new_progress(MgClassifiersView *view)
{
  view->progress_box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  view->step = mg_figure_label_new(0);
  view->progress = gtk_progress_bar_new();
  gtk_accessible_update_property(GTK_ACCESSIBLE(view->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Training"), -1);
  gtk_box_append(GTK_BOX(view->progress_box), view->step);
  gtk_box_append(GTK_BOX(view->progress_box), view->progress);
  return view->progress_box;
}

static GtkWidget *
new_upper(MgClassifiersView *view)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  view->error = mg_notice_new();
  GtkWidget *const parts[] = {GTK_WIDGET(view->setup), new_actions(view), view->error, new_progress(view)};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(box), parts[i]);
  gtk_widget_set_margin_start(box, 18);
  gtk_widget_set_margin_end(box, 18);
  gtk_widget_set_margin_top(box, 6);
  gtk_widget_set_margin_bottom(box, 12);
  return box;
}

static void
show_lower(MgClassifiersView *view)
{
  gboolean figures = g_strcmp0(gtk_stack_get_visible_child_name(view->lower), "figures") == 0;
  gtk_widget_set_opacity(view->actions, figures ? 1 : 0); /* its place stays, so that nothing jumps */
  gtk_widget_set_sensitive(view->actions, figures);
}

static GtkWidget *
new_head(MgClassifiersView *view)
{
  GtkWidget *box = mg_wrap_box_new(6), *switcher = gtk_stack_switcher_new();
  gtk_stack_switcher_set_stack(GTK_STACK_SWITCHER(switcher), view->lower);
  view->actions = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  view->open_results =
      mg_button_new(NULL, _("Open _results"), _("The rows that the chosen classifier got right and wrong"));
  view->export = mg_button_new("document-save-symbolic", NULL, _("Export the table as CSV"));
  g_signal_connect_swapped(view->open_results, "clicked", G_CALLBACK(open_selected), view);
  g_signal_connect_swapped(view->export, "clicked", G_CALLBACK(export), view);
  gtk_box_append(GTK_BOX(view->actions), view->open_results);
  gtk_box_append(GTK_BOX(view->actions), view->export);
  gtk_widget_set_halign(view->actions, GTK_ALIGN_END);
  gtk_widget_set_hexpand(view->actions, TRUE);
  mg_wrap_box_append(MG_WRAP_BOX(box), switcher);
  mg_wrap_box_append(MG_WRAP_BOX(box), view->actions);
  gtk_widget_set_margin_start(box, 18);
  gtk_widget_set_margin_end(box, 18);
  gtk_widget_set_margin_top(box, 6);
  gtk_widget_set_margin_bottom(box, 6);
  return box;
}

static GtkWidget *
new_lower(MgClassifiersView *view)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  view->table = MG_STUDY_TABLE(mg_study_table_new(view->study));
  view->lower = GTK_STACK(mg_stack_new());
  gtk_stack_set_vhomogeneous(view->lower, FALSE);
  gtk_stack_add_titled(view->lower, GTK_WIDGET(view->table), "figures", _("What came out"));
  view->importances = MG_IMPORTANCES_VIEW(mg_importances_view_new());
  gtk_stack_add_titled(view->lower, GTK_WIDGET(view->importances), "importances", _("Importances"));
  gtk_stack_add_titled(view->lower, mg_decision_view_new(mg_table_setup_table(view->setup), view->params), "features",
                       _("Two features"));
  gtk_widget_set_vexpand(GTK_WIDGET(view->lower), TRUE);
  gtk_widget_set_size_request(GTK_WIDGET(view->table), -1, 140);
  g_signal_connect_swapped(view->table, "selected", G_CALLBACK(show_selected), view);
  g_signal_connect(view->table, "activated", G_CALLBACK(on_activated), view);
  gtk_box_append(GTK_BOX(box), gtk_separator_new(GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append(GTK_BOX(box), new_head(view));
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(view->lower));
  g_signal_connect_swapped(view->lower, "notify::visible-child", G_CALLBACK(show_lower), view);
  return box;
}

GtkWidget *
mg_classifiers_view_params(MgClassifiersView *view)
{
  return GTK_WIDGET(view->params);
}

/* The table chosen last is there again when the page is first seen. */
static void
mg_classifiers_view_map(GtkWidget *widget)
{
  MgClassifiersView *view = MG_CLASSIFIERS_VIEW(widget);
  MgFeatureTable *table = mg_table_setup_table(view->setup);
  GTK_WIDGET_CLASS(mg_classifiers_view_parent_class)->map(widget);
  g_autofree char *path = mg_workspace_recall(view->workspace, table_key);
  if (!mg_feature_table_path(table) && path && g_file_test(path, G_FILE_TEST_IS_REGULAR))
    mg_feature_table_open(table, path);
}

static void
mg_classifiers_view_dispose(GObject *object)
{
  MgClassifiersView *view = MG_CLASSIFIERS_VIEW(object);
  if (view->study)
    g_signal_handlers_disconnect_by_data(view->study, view);
  if (view->setup)
    g_signal_handlers_disconnect_by_data(view->setup, view);
  if (view->table)
    g_signal_handlers_disconnect_by_data(view->table, view);
  if (view->lower)
    g_signal_handlers_disconnect_by_data(view->lower, view);
  view->lower = NULL;
  view->table = NULL;
  view->setup = NULL;
  g_clear_object(&view->dialog);
  g_clear_object(&view->params);
  g_clear_object(&view->study);
  g_clear_object(&view->runs);
  g_clear_object(&view->workspace);
  G_OBJECT_CLASS(mg_classifiers_view_parent_class)->dispose(object);
}

static void
mg_classifiers_view_class_init(MgClassifiersViewClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_classifiers_view_dispose;
  GTK_WIDGET_CLASS(klass)->map = mg_classifiers_view_map;
  searching_signal = g_signal_new("searching", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, MG_TYPE_RUN);
}

static void
mg_classifiers_view_init(MgClassifiersView *view)
{
}

GtkWidget *
mg_classifiers_view_new(MgWorkspace *workspace)
{
  MgClassifiersView *view = g_object_new(MG_TYPE_CLASSIFIERS_VIEW, NULL);
  g_autofree char *root = mg_workspace_path(workspace, "runs");
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *scroller = gtk_scrolled_window_new();
  view->workspace = g_object_ref(workspace);
  view->runs = g_object_ref(mg_shared_runs(workspace));
  view->study = mg_study_new(root);
  view->params = g_object_ref_sink(MG_CLASSIFIER_PARAMS(mg_classifier_params_new()));
  view->setup = MG_TABLE_SETUP(mg_table_setup_new(mg_shared_dataset(workspace), view->runs));
  gtk_box_append(GTK_BOX(box), new_upper(view));
  gtk_box_append(GTK_BOX(box), new_lower(view));
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), box);
  adw_bin_set_child(ADW_BIN(view), scroller);
  g_signal_connect_swapped(view->study, "changed", G_CALLBACK(on_study_changed), view);
  g_signal_connect_swapped(view->setup, "changed", G_CALLBACK(on_setup_changed), view);
  g_signal_connect_swapped(view->setup, "keep-together", G_CALLBACK(keep_together), view);
  g_signal_connect_object(view->params, "changed", G_CALLBACK(show_params), view, G_CONNECT_SWAPPED);
  show_progress(view);
  show_selected(view);
  show_train(view);
  return GTK_WIDGET(view);
}

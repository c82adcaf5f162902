#include "ui/results/results-page.h"
#include "base/error.h"
#include "ui/results/confusion-view.h"
#include "ui/results/plane-view.h"
#include "ui/results/quality-view.h"
#include "ui/results/results-bar.h"
#include "ui/results/segment-table.h"
#include "ui/results/vote-list.h"
#include "ui/results/why-pane.h"
#include "ui/train/shared.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/stack.h"
#include "ui/widgets/work-row.h"
#include "ui/widgets/wrap-box.h"
#include "ui/window.h"
#include <glib/gi18n.h>

#define MG_TYPE_RESULTS_PAGE (mg_results_page_get_type())
G_DECLARE_FINAL_TYPE(MgResultsPage, mg_results_page, MG, RESULTS_PAGE, AdwBin)

struct _MgResultsPage {
  AdwBin parent_instance;
  MgWorkspace *workspace;
  MgRunList *runs;
  MgResults *results;
  GtkStack *stack; /* "empty", "working", "failed" or "table" */
  MgResultsBar *bar;
  GtkWidget *leaky;
  GtkWidget *empty, *failed, *working_text;
  MgWorkRow *working;
  MgSegmentTable *table;
  MgResultRow *chosen;                /* the segment; kept while another table is read, to be found in it; NULL: none */
  GtkWidget *votes, *other_confusion; /* the latter of the run beside */
  GtkWidget *why, *paned;
  GtkStack *lower; /* "confusion", "curves" or "embedding" */
  MgPlaneView *plane;
  GtkNativeDialog *dialog;
  MgWorkRow *exporting;
  MgProgress *export; /* while a table is written */
};

G_DEFINE_FINAL_TYPE(MgResultsPage, mg_results_page, ADW_TYPE_BIN)

/* Choosing. */

static void
on_vote_chosen(const char *track, gpointer data)
{
  MgResultsPage *page = data;
  g_autofree char *name = g_path_get_basename(track);
  mg_results_bar_search(page->bar, name);
}

static gboolean
on_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType modifiers, MgResultsPage *page)
{
  size_t n, in_table;
  gboolean clears = key == GDK_KEY_Escape && mg_results_picked(page->results, &n, &in_table);
  if (clears)
    mg_results_pick(page->results, NULL, 0);
  return clears;
}

static void
on_selected(MgSegmentTable *table, MgResultRow *row, MgResultsPage *page)
{
  if (row && mg_result_row_is_track(row))
    row = NULL;                                                   /* its segments are asked about */
  if (row || mg_results_state(page->results) == MG_RESULTS_READY) /* else it went with its table */
    g_set_object(&page->chosen, row);
  mg_why_pane_show(MG_WHY_PANE(page->why), row);
  mg_plane_view_show(page->plane, row);
  if (!row || !mg_result_row_has_sound(row))
    return;
  const MgPrediction *prediction = mg_result_row_prediction(row);
  mg_selection_set(mg_workspace_selection(page->workspace), prediction->track, prediction->start, prediction->end);
}

static void
on_activated(MgSegmentTable *table, MgResultRow *row, MgResultsPage *page)
{
  mg_why_pane_play(MG_WHY_PANE(page->why));
}

/* A segment of another side of the split, or one that the filter hides, has no row, but can be heard and explained. */
static void
on_point(MgPlaneView *plane, MgResultRow *row, gboolean play, MgResultsPage *page)
{
  if (!mg_segment_table_select(page->table, mg_result_row_prediction(row)))
    on_selected(page->table, row, page);
  if (play)
    mg_why_pane_play(MG_WHY_PANE(page->why));
}

/* Exporting. */

static void
on_export_progress(double fraction, double seconds_left, const char *what, gpointer data)
{
  const MgResultsPage *page = data;
  if (page->results)
    mg_work_row_set(page->exporting, TRUE, fraction, seconds_left);
}

static void
cancel_export(MgResultsPage *page)
{
  mg_progress_cancel(page->export);
}

static void
on_exported(GObject *results, GAsyncResult *result, gpointer data)
{
  g_autoptr(MgResultsPage) page = data;
  g_autoptr(GError) error = NULL;
  gboolean written = mg_results_export_finish(MG_RESULTS(results), result, &error);
  g_clear_pointer(&page->export, mg_progress_unref);
  if (!page->results) /* the window is closed */
    return;
  mg_work_row_set(page->exporting, FALSE, 0, -1);
  if (written || !g_error_matches(error, MG_ERROR, MG_ERROR_CANCELLED))
    mg_window_toast(GTK_WIDGET(page), written ? _("The table is exported") : error->message);
}

static void
on_save_response(GtkNativeDialog *dialog, int response, MgResultsPage *page)
{
  g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  g_autofree char *path = file ? g_file_get_path(file) : NULL;
  if (path && mg_results_predictions(page->results) && !page->export) {
    page->export = mg_progress_new_on_main(on_export_progress, page);
    mg_results_export_async(page->results, path, page->export, on_exported, g_object_ref(page));
  }
  g_clear_object(&page->dialog);
}

static void
export_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
  MgResultsPage *page = MG_RESULTS_PAGE(widget);
  if (page->dialog || page->export || !mg_results_predictions(page->results))
    return;
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new(_("Export table"), GTK_WINDOW(gtk_widget_get_root(widget)),
                                                             GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), _("_Cancel"));
  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(dialog), "segments.csv");
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
  page->dialog = GTK_NATIVE_DIALOG(dialog);
  g_signal_connect(dialog, "response", G_CALLBACK(on_save_response), page);
  gtk_native_dialog_show(page->dialog);
}

/* Showing. */

static const char *
state_child(MgResultsPage *page)
{
  switch (mg_results_state(page->results)) {
  case MG_RESULTS_READY:
    return "table";
  case MG_RESULTS_LOADING:
  case MG_RESULTS_EVALUATING:
    return "working";
  case MG_RESULTS_FAILED:
    return "failed";
  default:
    return "empty";
  }
}

static void
show_progress(MgResultsPage *page)
{
  double fraction, seconds_left;
  mg_results_progress(page->results, &fraction, &seconds_left);
  mg_work_row_set(page->working, mg_results_state(page->results) == MG_RESULTS_EVALUATING, fraction, seconds_left);
}

/* With another run beside, or as the first one, the question stays what makes this segment what it is taken for. */
static void
choose_again(MgResultsPage *page)
{
  if (page->chosen && !mg_segment_table_selected(page->table))
    mg_segment_table_select(page->table, mg_result_row_prediction(page->chosen));
}

static void
show_state(MgResultsPage *page)
{
  MgResultsState state = mg_results_state(page->results);
  MgRun *run = mg_results_run(page->results);
  gboolean ready = state == MG_RESULTS_READY;
  gtk_stack_set_visible_child_name(page->stack, state_child(page));
  gtk_label_set_text(GTK_LABEL(page->working_text),
                     state == MG_RESULTS_EVALUATING ? _("Classifying every segment…") : _("Reading the table…"));
  show_progress(page);
  g_autofree char *message = g_markup_escape_text(mg_results_message(page->results), -1);
  adw_status_page_set_description(ADW_STATUS_PAGE(page->failed), message);
  adw_status_page_set_description(ADW_STATUS_PAGE(page->empty),
                                  run ? _("This run has no trained model yet.")
                                      : _("Train a network on the Train page, or choose a run above."));
  mg_notice_set(page->leaky, MG_NOTICE_WARNING,
                ready && mg_results_is_leaky(page->results)
                    ? _("Leaky split: pieces of these tracks were trained on, so the figures pretend.")
                    : NULL);
  gtk_widget_action_set_enabled(GTK_WIDGET(page), "results.export", ready);
  gtk_widget_set_size_request(GTK_WIDGET(page->lower), -1, mg_results_n_classes(page->results) > 4 ? 240 : 180);
  gboolean two = mg_results_other_confusion(page->results) != NULL;
  gtk_widget_set_visible(page->other_confusion, two);
  gtk_widget_set_visible(page->votes, !two); /* the matrices need the room; rows by track tell both runs' votes */
  mg_results_bar_show(page->bar);
  if (ready)
    choose_again(page);
}

/* Building. */

static GtkWidget *
new_votes(MgResultsPage *page)
{
  GtkWidget *votes = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *title = gtk_label_new(_("Votes of the tracks"));
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_label_set_ellipsize(GTK_LABEL(title), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(title, "heading");
  gtk_widget_set_margin_start(title, 12);
  gtk_widget_set_margin_top(title, 6);
  gtk_box_append(GTK_BOX(votes), title);
  gtk_box_append(GTK_BOX(votes), mg_vote_list_new(page->results, on_vote_chosen, page));
  gtk_widget_set_hexpand(votes, TRUE);
  return votes;
}

static GtkWidget *
new_confusion(MgResultsPage *page)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0), *confusion = mg_confusion_view_new(page->results, FALSE);
  page->other_confusion = mg_confusion_view_new(page->results, TRUE);
  page->votes = new_votes(page);
  gtk_box_append(GTK_BOX(box), page->votes);
  gtk_box_append(GTK_BOX(box), gtk_separator_new(GTK_ORIENTATION_VERTICAL));
  gtk_box_append(GTK_BOX(box), confusion);
  gtk_box_append(GTK_BOX(box), page->other_confusion);
  gtk_widget_set_hexpand(confusion, TRUE);
  gtk_widget_set_hexpand(page->other_confusion, TRUE);
  return box;
}

/* Points want room: half of it, where the hand has not parted it otherwise. */
static void
show_lower(MgResultsPage *page)
{
  const char *shown = gtk_stack_get_visible_child_name(page->lower);
  gboolean embedding = g_strcmp0(shown, "embedding") == 0, large = embedding || g_strcmp0(shown, "curves") == 0;
  int height = gtk_widget_get_height(page->paned), position = gtk_paned_get_position(GTK_PANED(page->paned));
  gtk_widget_set_visible(mg_plane_view_methods(page->plane), embedding);
  if (large && height > 0 && position > height / 2)
    gtk_paned_set_position(GTK_PANED(page->paned), height * 2 / 5);
}

static GtkWidget *
new_lower(MgResultsPage *page)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *head = mg_wrap_box_new(6);
  GtkWidget *switcher = gtk_stack_switcher_new();
  page->lower = GTK_STACK(mg_stack_new());
  page->plane = MG_PLANE_VIEW(mg_plane_view_new(page->results));
  gtk_stack_add_titled(page->lower, new_confusion(page), "confusion", _("Confusion"));
  gtk_stack_add_titled(page->lower, mg_quality_view_new(page->results), "curves", _("Curves"));
  gtk_stack_add_titled(page->lower, GTK_WIDGET(page->plane), "embedding", _("Embedding"));
  gtk_stack_switcher_set_stack(GTK_STACK_SWITCHER(switcher), page->lower);
  GtkWidget *methods = mg_plane_view_methods(page->plane);
  gtk_widget_set_halign(methods, GTK_ALIGN_END);
  gtk_widget_set_hexpand(methods, TRUE);
  mg_wrap_box_append(MG_WRAP_BOX(head), switcher);
  mg_wrap_box_append(MG_WRAP_BOX(head), methods);
  gtk_widget_set_margin_start(head, 12);
  gtk_widget_set_margin_end(head, 12);
  gtk_widget_set_margin_top(head, 6);
  gtk_widget_set_margin_bottom(head, 6);
  gtk_widget_set_vexpand(GTK_WIDGET(page->lower), TRUE);
  gtk_box_append(GTK_BOX(box), head);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(page->lower));
  g_signal_connect_swapped(page->lower, "notify::visible-child", G_CALLBACK(show_lower), page);
  g_signal_connect(page->plane, "chosen", G_CALLBACK(on_point), page);
  return box;
}

static GtkWidget *
new_table(MgResultsPage *page)
{
  GtkWidget *paned = page->paned = gtk_paned_new(GTK_ORIENTATION_VERTICAL), *lower = new_lower(page);
  page->table = MG_SEGMENT_TABLE(mg_segment_table_new(page->results));
  gtk_widget_set_size_request(GTK_WIDGET(page->table), -1, 120);
  g_signal_connect(page->table, "activated", G_CALLBACK(on_activated), page);
  g_signal_connect(page->table, "selected", G_CALLBACK(on_selected), page);
  gtk_paned_set_start_child(GTK_PANED(paned), GTK_WIDGET(page->table));
  gtk_paned_set_end_child(GTK_PANED(paned), lower);
  gtk_paned_set_resize_end_child(GTK_PANED(paned), FALSE);
  gtk_paned_set_shrink_start_child(GTK_PANED(paned), FALSE);
  gtk_paned_set_shrink_end_child(GTK_PANED(paned), FALSE);
  show_lower(page);
  return paned;
}

static GtkWidget *
new_working(MgResultsPage *page)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  page->working_text = gtk_label_new(NULL);
  page->working = MG_WORK_ROW(mg_work_row_new(_("Classifying every segment…"), _("Stop evaluating")));
  g_signal_connect_swapped(page->working, "cancel", G_CALLBACK(mg_results_stop), page->results);
  gtk_widget_set_size_request(GTK_WIDGET(page->working), 320, -1);
  gtk_box_append(GTK_BOX(box), page->working_text);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(page->working));
  gtk_widget_set_valign(box, GTK_ALIGN_CENTER);
  gtk_widget_set_halign(box, GTK_ALIGN_CENTER);
  return box;
}

static GtkWidget *
new_status(const char *icon, const char *title)
{
  GtkWidget *status = adw_status_page_new();
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(status), icon);
  adw_status_page_set_title(ADW_STATUS_PAGE(status), title);
  return status;
}

static GtkWidget *
new_content(MgResultsPage *page)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *top = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  page->stack = GTK_STACK(mg_stack_new());
  page->empty = new_status("view-list-symbolic", _("No results yet"));
  page->failed = new_status("dialog-error-symbolic", _("There is no table"));
  page->leaky = mg_notice_new();
  GtkWidget *train = mg_button_new(NULL, _("Go to _Train"), _("Turn to the Train page"));
  gtk_widget_add_css_class(train, "pill");
  gtk_widget_set_halign(train, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(train), "win.page");
  gtk_actionable_set_action_target(GTK_ACTIONABLE(train), "s", "train");
  adw_status_page_set_child(ADW_STATUS_PAGE(page->empty), train);
  gtk_stack_add_named(page->stack, page->empty, "empty");
  gtk_stack_add_named(page->stack, page->failed, "failed");
  gtk_stack_add_named(page->stack, new_working(page), "working");
  gtk_stack_add_named(page->stack, new_table(page), "table");
  page->bar = MG_RESULTS_BAR(mg_results_bar_new(page->runs, page->results));
  gtk_box_append(GTK_BOX(top), GTK_WIDGET(page->bar));
  gtk_box_append(GTK_BOX(top), page->leaky);
  page->exporting = MG_WORK_ROW(mg_work_row_new(_("Exporting"), _("Cancel")));
  g_signal_connect_swapped(page->exporting, "cancel", G_CALLBACK(cancel_export), page);
  gtk_box_append(GTK_BOX(top), GTK_WIDGET(page->exporting));
  gtk_widget_set_margin_start(top, 12);
  gtk_widget_set_margin_end(top, 12);
  gtk_widget_set_margin_top(top, 12);
  gtk_widget_set_margin_bottom(top, 6);
  gtk_widget_set_vexpand(GTK_WIDGET(page->stack), TRUE);
  gtk_box_append(GTK_BOX(box), top);
  gtk_box_append(GTK_BOX(box), gtk_separator_new(GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(page->stack));
  return box;
}

/* The page opens on the newest run that has a model. */
static void
mg_results_page_map(GtkWidget *widget)
{
  MgResultsPage *page = MG_RESULTS_PAGE(widget);
  GTK_WIDGET_CLASS(mg_results_page_parent_class)->map(widget);
  mg_run_list_refresh(page->runs);
  if (mg_results_state(page->results) == MG_RESULTS_EMPTY)
    mg_results_bar_open(page->bar);
}

static void
mg_results_page_dispose(GObject *object)
{
  MgResultsPage *page = MG_RESULTS_PAGE(object);
  mg_progress_cancel(page->export);
  if (page->results)
    g_signal_handlers_disconnect_by_data(page->results, page);
  if (page->table)
    g_signal_handlers_disconnect_by_data(page->table, page);
  if (page->lower)
    g_signal_handlers_disconnect_by_data(page->lower, page);
  page->table = NULL;
  page->lower = NULL;
  g_clear_object(&page->why);
  g_clear_object(&page->chosen);
  g_clear_object(&page->dialog);
  g_clear_object(&page->results);
  g_clear_object(&page->runs);
  g_clear_object(&page->workspace);
  G_OBJECT_CLASS(mg_results_page_parent_class)->dispose(object);
}

static void
mg_results_page_class_init(MgResultsPageClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_results_page_dispose;
  GTK_WIDGET_CLASS(klass)->map = mg_results_page_map;
  gtk_widget_class_install_action(GTK_WIDGET_CLASS(klass), "results.export", NULL, export_action);
}

static void
mg_results_page_init(MgResultsPage *page)
{
}

static GtkWidget *
create(MgWorkspace *workspace)
{
  MgResultsPage *page = g_object_new(MG_TYPE_RESULTS_PAGE, NULL);
  page->workspace = g_object_ref(workspace);
  page->runs = g_object_ref(mg_shared_runs(workspace));
  page->results = g_object_ref(mg_shared_results(workspace));
  page->why = g_object_ref_sink(mg_why_pane_new(workspace, page->results));
  adw_bin_set_child(ADW_BIN(page), new_content(page));
  GtkEventController *keys = gtk_event_controller_key_new();
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), page);
  gtk_widget_add_controller(GTK_WIDGET(page), keys);
  g_signal_connect_swapped(page->results, "changed", G_CALLBACK(show_state), page);
  g_signal_connect_swapped(page->results, "progress", G_CALLBACK(show_progress), page);
  show_state(page);
  return GTK_WIDGET(page);
}

static GtkWidget *
parameters(GtkWidget *page)
{
  return MG_RESULTS_PAGE(page)->why;
}

static gboolean
open_if_predictions(GtkWidget *widget, const char *path)
{
  g_autofree char *name = g_path_get_basename(path);
  if (!g_str_has_prefix(name, "predictions") || !g_str_has_suffix(name, ".csv"))
    return FALSE;
  mg_results_open_file(MG_RESULTS_PAGE(widget)->results, path);
  return TRUE;
}

const MgPage mg_results_page = {
    .name = "results",
    .title = N_("Results"),
    .icon = "melograph-results-symbolic",
    .create = create,
    .parameters = parameters,
    .open = open_if_predictions,
};

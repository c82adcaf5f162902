#include "ui/classify/classify-window.h"
#include "session/classification.h"
#include "ui/classify/track-picture.h"
#include "ui/live/model-button.h"
#include "ui/results/segment-table.h"
#include "ui/results/vote-list.h"
#include "ui/train/shared.h"
#include "ui/widgets/ask-file.h"
#include "ui/widgets/escape.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/stack.h"
#include "ui/widgets/work-row.h"
#include <glib/gi18n.h>

#define MEMORY_KEY "classify-by"

struct _MgClassifyWindow {
  AdwWindow parent;
  MgWorkspace *workspace;
  MgClassification *classification;
  GStrv paths;                /* what is classified; NULL: nothing yet */
  const MgPredictions *shown; /* the table that the picture is of; the results' */
  GPtrArray *pieces;          /* MgPrediction *: of the track that is seen */
  GtkWidget *models, *save, *problem, *answer, *votes;
  MgWorkRow *working;
  MgTrackPicture *picture;
  MgSegmentTable *table;
  GtkStack *stack; /* "empty" or "done" */
};

G_DEFINE_FINAL_TYPE(MgClassifyWindow, mg_classify_window, ADW_TYPE_WINDOW)

static MgResults *
results_of(MgClassifyWindow *window)
{
  return mg_classification_results(window->classification);
}

static void
classify(MgClassifyWindow *window)
{
  g_auto(GStrv) models = mg_model_button_chosen(MG_MODEL_BUTTON(window->models));
  if (!window->paths || !models[0])
    return;
  mg_workspace_remember(window->workspace, MEMORY_KEY, models[0]);
  mg_classification_start(window->classification, models[0], (const char *const *)window->paths);
}

void
mg_classify_window_start(MgClassifyWindow *window, const char *model, const char *const *paths)
{
  GStrv own = g_strdupv((char **)paths);
  g_strfreev(window->paths);
  window->paths = NULL; /* another model begins nothing yet */
  if (model)
    mg_model_button_choose(MG_MODEL_BUTTON(window->models), model);
  window->paths = own;
  classify(window);
}

/* Showing. */

static const MgVote *
vote_of(MgResults *results, const char *track)
{
  for (size_t i = 0; i < mg_results_n_tracks(results); i++)
    if (g_str_equal(mg_results_track(results, i)->track, track))
      return mg_results_track(results, i);
  return NULL;
}

/* "4 of 5 segments say rain (80 %)", with the track's name where there are several. */
static void
tell_answer(MgClassifyWindow *window, const char *track)
{
  MgResults *results = results_of(window);
  const MgVote *vote = vote_of(results, track);
  g_autofree char *name = g_filename_display_basename(track);
  g_autofree char *said = mg_vote_text(vote, mg_results_labels(results));
  g_autofree char *text = g_strdup_printf(_("%s: %s (%.0f %%)"), name, said, 100.0 * vote->votes / vote->segments);
  gtk_label_set_text(GTK_LABEL(window->answer), text);
  gtk_widget_set_tooltip_text(window->answer, track);
}

static void
show_track(const char *track, gpointer data)
{
  MgClassifyWindow *window = data;
  MgResults *results = results_of(window);
  const GPtrArray *rows = mg_results_predictions(results)->predictions;
  g_ptr_array_set_size(window->pieces, 0);
  for (guint i = 0; i < rows->len; i++)
    if (g_str_equal(((const MgPrediction *)rows->pdata[i])->track, track))
      g_ptr_array_add(window->pieces, rows->pdata[i]);
  const MgPrediction *const *pieces = (const MgPrediction *const *)window->pieces->pdata;
  mg_track_picture_set(window->picture, pieces, window->pieces->len, mg_results_labels(results));
  tell_answer(window, track);
  mg_results_pick(results, pieces, window->pieces->len);
}

/* A table that is new begins with its first track. */
static void
show_table(MgClassifyWindow *window)
{
  MgResults *results = results_of(window);
  const MgPredictions *predictions = mg_results_predictions(results);
  size_t n = mg_results_n_tracks(results);
  if (predictions == window->shown)
    return;
  window->shown = predictions;
  gtk_widget_set_visible(window->votes, n > 1);
  gtk_widget_set_sensitive(window->save, n > 0);
  gtk_stack_set_visible_child_name(window->stack, n > 0 ? "done" : "empty");
  if (n > 0)
    show_track(mg_results_track(results, 0)->track, window);
  else
    mg_track_picture_set(window->picture, NULL, 0, NULL);
}

static void
tell_problem(MgClassifyWindow *window)
{
  guint n;
  const char *problem = mg_classification_problem(window->classification, &n);
  g_autofree char *sentence = problem ? mg_format_sentence(problem) : NULL, *text = NULL;
  if (sentence && n > 1)
    text = g_strdup_printf(
        ngettext("%u file could not be classified; the last: %s", "%u files could not be classified; the last: %s", n),
        n, problem);
  mg_notice_set(window->problem, n > 0 ? MG_NOTICE_WARNING : MG_NOTICE_ERROR, text ? text : sentence);
}

static void
follow(MgClassifyWindow *window)
{
  double fraction, seconds_left;
  mg_classification_progress(window->classification, &fraction, &seconds_left);
  mg_work_row_set(window->working, mg_classification_working(window->classification), fraction, seconds_left);
  tell_problem(window);
  show_table(window);
}

/* Choosing pieces. */

static void
play(MgClassifyWindow *window, const MgPrediction *piece)
{
  mg_player_play(mg_workspace_player(window->workspace), piece->track, piece->start, piece->start, piece->end);
}

static void
on_selected(MgSegmentTable *table, MgResultRow *row, MgClassifyWindow *window)
{
  mg_track_picture_mark(window->picture, row ? mg_result_row_prediction(row) : NULL);
}

static void
on_activated(MgSegmentTable *table, MgResultRow *row, MgClassifyWindow *window)
{
  play(window, mg_result_row_prediction(row));
}

static void
on_clicked(MgTrackPicture *picture, const MgPrediction *piece, MgClassifyWindow *window)
{
  mg_segment_table_select(window->table, piece);
  play(window, piece);
}

/* Files. */

static void
start_with(MgClassifyWindow *window, GListModel *files)
{
  g_autoptr(GStrvBuilder) paths = g_strv_builder_new();
  for (guint i = 0; i < g_list_model_get_n_items(files); i++) {
    g_autoptr(GFile) file = g_list_model_get_item(files, i);
    g_autofree char *path = g_file_get_path(file);
    if (path)
      g_strv_builder_add(paths, path);
  }
  g_auto(GStrv) all = g_strv_builder_end(paths);
  if (all[0])
    mg_classify_window_start(window, NULL, (const char *const *)all);
}

static void
take_answer(GtkNativeDialog *dialog, int response, MgClassifyWindow *window)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr(GListModel) files = gtk_file_chooser_get_files(GTK_FILE_CHOOSER(dialog));
    start_with(window, files);
  }
  g_object_unref(dialog);
}

static void
ask(MgClassifyWindow *window, const char *title, GtkFileChooserAction action)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new(title, GTK_WINDOW(window), action, _("_Classify"), _("_Cancel"));
  gtk_file_chooser_set_select_multiple(GTK_FILE_CHOOSER(dialog), TRUE);
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
  g_signal_connect_object(dialog, "response", G_CALLBACK(take_answer), window, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}

static void
ask_for_files(MgClassifyWindow *window)
{
  ask(window, _("Classify sound files"), GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
ask_for_folder(MgClassifyWindow *window)
{
  ask(window, _("Classify the sounds in a folder"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

static gboolean
take_drop(GtkDropTarget *target, const GValue *value, double x, double y, MgClassifyWindow *window)
{
  g_autoptr(GListStore) files = g_list_store_new(G_TYPE_FILE);
  g_autoptr(GSList) list = gdk_file_list_get_files(g_value_get_boxed(value));
  for (GSList *node = list; node; node = node->next)
    g_list_store_append(files, node->data);
  start_with(window, G_LIST_MODEL(files));
  return TRUE;
}

/* All tracks' pieces, not only those that are seen. */
static void
save_table(GtkWidget *widget, const char *path, gpointer data)
{
  MgClassifyWindow *window = MG_CLASSIFY_WINDOW(widget);
  g_autoptr(GError) error = NULL;
  if (window->shown && !mg_predictions_save(window->shown, path, &error)) {
    g_autofree char *sentence = mg_format_sentence(error->message);
    mg_notice_set(window->problem, MG_NOTICE_ERROR, sentence);
  }
}

static void
ask_to_save(MgClassifyWindow *window)
{
  mg_ask_file(GTK_WIDGET(window), GTK_FILE_CHOOSER_ACTION_SAVE, _("Export table"), _("_Export"), "classified.csv",
              save_table, NULL, NULL);
}

/* The window. */

static void
add_button(GtkWidget *box, const char *text, const char *tooltip, void (*func)(MgClassifyWindow *),
           MgClassifyWindow *window)
{
  GtkWidget *button = mg_button_new(NULL, text, tooltip);
  g_signal_connect_object(button, "clicked", G_CALLBACK(func), window, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(box), button);
}

static GtkWidget *
new_header(MgClassifyWindow *window)
{
  GtkWidget *header = adw_header_bar_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  window->models = mg_model_button_new(mg_shared_runs(window->workspace), TRUE);
  window->save = mg_button_new("document-save-symbolic", NULL, _("Export the table of all pieces (CSV)"));
  g_signal_connect_object(window->models, "changed", G_CALLBACK(classify), window, G_CONNECT_SWAPPED);
  g_signal_connect_object(window->save, "clicked", G_CALLBACK(ask_to_save), window, G_CONNECT_SWAPPED);
  gtk_widget_set_sensitive(window->save, FALSE);
  add_button(box, _("_Files…"), _("Classify sound files"), ask_for_files, window);
  add_button(box, _("F_older…"), _("Classify the sounds in a folder"), ask_for_folder, window);
  adw_header_bar_pack_start(ADW_HEADER_BAR(header), box);
  adw_header_bar_pack_end(ADW_HEADER_BAR(header), window->save);
  adw_header_bar_pack_end(ADW_HEADER_BAR(header), window->models);
  return header;
}

static void
stop(MgClassifyWindow *window)
{
  mg_classification_stop(window->classification);
}

static GtkWidget *
new_working(MgClassifyWindow *window)
{
  window->working = MG_WORK_ROW(mg_work_row_new(_("Classifying"), _("Cancel")));
  g_signal_connect_object(window->working, "cancel", G_CALLBACK(stop), window, G_CONNECT_SWAPPED);
  return GTK_WIDGET(window->working);
}

static GtkWidget *
new_empty(void)
{
  GtkWidget *status = adw_status_page_new();
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(status), "folder-music-symbolic");
  adw_status_page_set_title(ADW_STATUS_PAGE(status), _("Nothing classified"));
  adw_status_page_set_description(ADW_STATUS_PAGE(status), _("Drop sounds or folders here, or choose them above"));
  gtk_widget_set_vexpand(status, TRUE);
  return status;
}

static GtkWidget *
new_done(MgClassifyWindow *window)
{
  GtkWidget *top = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *lower = gtk_paned_new(GTK_ORIENTATION_HORIZONTAL);
  GtkWidget *paned = gtk_paned_new(GTK_ORIENTATION_VERTICAL);
  MgResults *results = results_of(window);
  window->answer = gtk_label_new(NULL);
  window->picture = MG_TRACK_PICTURE(mg_track_picture_new());
  window->table = MG_SEGMENT_TABLE(mg_segment_table_new(results));
  window->votes = mg_vote_list_new(results, show_track, window);
  gtk_widget_add_css_class(window->answer, "heading");
  gtk_widget_add_css_class(window->answer, "numeric");
  gtk_label_set_xalign(GTK_LABEL(window->answer), 0);
  gtk_label_set_ellipsize(GTK_LABEL(window->answer), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_margin_start(window->answer, 12);
  gtk_widget_set_margin_end(window->answer, 12);
  gtk_widget_set_size_request(window->votes, 180, -1);
  gtk_widget_set_vexpand(GTK_WIDGET(window->picture), TRUE);
  g_signal_connect_object(window->picture, "clicked", G_CALLBACK(on_clicked), window, 0);
  g_signal_connect_object(window->table, "selected", G_CALLBACK(on_selected), window, 0);
  g_signal_connect_object(window->table, "activated", G_CALLBACK(on_activated), window, 0);
  gtk_box_append(GTK_BOX(top), window->answer);
  gtk_box_append(GTK_BOX(top), GTK_WIDGET(window->picture));
  gtk_paned_set_start_child(GTK_PANED(lower), window->votes);
  gtk_paned_set_end_child(GTK_PANED(lower), GTK_WIDGET(window->table));
  gtk_paned_set_position(GTK_PANED(lower), 280);
  gtk_paned_set_resize_start_child(GTK_PANED(lower), FALSE);
  gtk_paned_set_shrink_start_child(GTK_PANED(lower), FALSE);
  gtk_paned_set_start_child(GTK_PANED(paned), top);
  gtk_paned_set_end_child(GTK_PANED(paned), lower);
  gtk_paned_set_shrink_start_child(GTK_PANED(paned), FALSE);
  gtk_paned_set_position(GTK_PANED(paned), 320);
  return paned;
}

static GtkWidget *
new_content(MgClassifyWindow *window)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *top = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  window->problem = mg_notice_new();
  /* GTK 4.8 rounds a line's height in two ways, and warns of it. */
  gtk_widget_set_size_request(window->problem, -1, 24);
  window->stack = GTK_STACK(mg_stack_new());
  gtk_stack_add_named(window->stack, new_empty(), "empty");
  gtk_stack_add_named(window->stack, new_done(window), "done");
  gtk_widget_set_margin_start(top, 12);
  gtk_widget_set_margin_end(top, 12);
  gtk_widget_set_margin_top(top, 6);
  gtk_widget_set_margin_bottom(top, 6);
  gtk_box_append(GTK_BOX(top), new_working(window));
  gtk_box_append(GTK_BOX(top), window->problem);
  gtk_box_append(GTK_BOX(box), new_header(window));
  gtk_box_append(GTK_BOX(box), top);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(window->stack));
  return box;
}

GtkWidget *
mg_classify_window_new(GtkWindow *parent, MgWorkspace *workspace)
{
  MgClassifyWindow *window =
      g_object_new(MG_TYPE_CLASSIFY_WINDOW, "transient-for", parent, "title", _("Classify"), "default-width", 900,
                   "default-height", 620, "destroy-with-parent", TRUE, NULL);
  window->workspace = g_object_ref(workspace);
  adw_window_set_content(ADW_WINDOW(window), new_content(window));
  g_autofree char *model = mg_workspace_recall(workspace, MEMORY_KEY);
  if (model && g_file_test(model, G_FILE_TEST_EXISTS))
    mg_model_button_choose(MG_MODEL_BUTTON(window->models), model);
  GtkDropTarget *target = gtk_drop_target_new(GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect_object(target, "drop", G_CALLBACK(take_drop), window, 0);
  gtk_widget_add_controller(GTK_WIDGET(window), GTK_EVENT_CONTROLLER(target));
  g_signal_connect_object(window->classification, "changed", G_CALLBACK(follow), window, G_CONNECT_SWAPPED);
  mg_close_on_escape(GTK_WIDGET(window));
  return GTK_WIDGET(window);
}

static void
dispose(GObject *object)
{
  MgClassifyWindow *window = MG_CLASSIFY_WINDOW(object);
  if (window->classification)
    g_signal_handlers_disconnect_by_data(window->classification, window);
  if (window->picture)
    mg_track_picture_set(window->picture, NULL, 0, NULL); /* the segments go with the results */
  window->picture = NULL;
  g_clear_object(&window->classification);
  g_clear_object(&window->workspace);
  G_OBJECT_CLASS(mg_classify_window_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  MgClassifyWindow *window = MG_CLASSIFY_WINDOW(object);
  g_ptr_array_unref(window->pieces);
  g_strfreev(window->paths);
  G_OBJECT_CLASS(mg_classify_window_parent_class)->finalize(object);
}

static void
mg_classify_window_class_init(MgClassifyWindowClass *class)
{
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
}

static void
mg_classify_window_init(MgClassifyWindow *window)
{
  window->classification = mg_classification_new();
  window->pieces = g_ptr_array_new();
}

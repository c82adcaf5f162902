#include "ui/train/train-page.h"
#include "ui/train/classifiers-view.h"
#include "ui/train/data-button.h"
#include "ui/train/estimate-line.h"
#include "ui/train/network-chooser.h"
#include "ui/train/network-window.h"
#include "ui/train/queue-view.h"
#include "ui/train/run-buttons.h"
#include "ui/train/run-head.h"
#include "ui/train/run-outcome.h"
#include "ui/train/run-table.h"
#include "ui/train/run-views.h"
#include "ui/train/search-window.h"
#include "ui/train/shared.h"
#include "ui/train/train-params.h"
#include "ui/widgets/ask-file.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/param-panel.h"
#include "ui/widgets/stack.h"
#include "ui/widgets/wrap-box.h"
#include "ui/window.h"
#include <glib/gi18n.h>

#define MG_TYPE_TRAIN_PAGE (mg_train_page_get_type())
G_DECLARE_FINAL_TYPE(MgTrainPage, mg_train_page, MG, TRAIN_PAGE, AdwBin)

#define NETWORK_KEY "train-network"

struct _MgTrainPage {
  AdwBin parent_instance;
  MgWorkspace *workspace;
  MgDatasetModel *dataset;
  MgRunList *runs;
  MgRunQueue *queue;
  GtkWidget *panel, *params; /* of networks; a stack of that and of classifiers' */
  GtkStack *stack;           /* "networks" or "classifiers" */
  GtkWidget *network, *start, *enqueue, *search_button;
  GtkWidget *estimate, *error;
  MgRunButtons *buttons; /* of the selected run */
  MgRunOutcome *outcome; /* of the run that was started last */
  MgRunHead *head;
  MgRunViews *views;
  MgRunTable *table;
};

G_DEFINE_FINAL_TYPE(MgTrainPage, mg_train_page, ADW_TYPE_BIN)

/* Starting, stopping. */

static void
show_error(MgTrainPage *page, const GError *error)
{
  mg_notice_set(page->error, MG_NOTICE_ERROR, error ? error->message : NULL);
}

static void
await(MgTrainPage *page, MgRun *run)
{
  mg_run_outcome_await(page->outcome, run);
  mg_run_table_select(page->table, run);
}

/* What the page asks for now; of `params`. */
static MgRunRequest
request_of(MgTrainPage *page, const MgParams *params)
{
  const MgImportOptions *options = mg_dataset_model_options(page->dataset);
  return (MgRunRequest){.dataset = mg_dataset_model_path(page->dataset),
                        .label_from = options->label_from,
                        .group_from = options->group_from,
                        .fold_from = options->fold_from,
                        .model = mg_network_chooser_chosen(page->network),
                        .params = params};
}

static void
enqueue(MgTrainPage *page)
{
  g_autoptr(MgParams) params = mg_train_params_get(page->panel);
  const MgRunRequest request = request_of(page, params);
  g_autoptr(MgQueueItem) item = mg_queue_item_new(&request);
  mg_run_queue_insert(page->queue, G_MAXUINT, item);
}

static void
start(MgTrainPage *page)
{
  g_autoptr(MgParams) params = mg_train_params_get(page->panel);
  const MgRunRequest request = request_of(page, params);
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = request.model ? mg_run_list_new_folder(page->runs, request.model, &error) : NULL;
  show_error(page, error);
  if (!folder)
    return;
  MgRun *run = mg_run_list_add(page->runs, folder);
  if (!mg_run_start(run, &request, &error))
    show_error(page, error);
  else
    await(page, run);
}

/* With the shapes that the parameters of now give; where there is no data yet, with ten classes. */
static void
show_network(MgTrainPage *page)
{
  size_t classes = mg_dataset_model_n_classes(page->dataset);
  const char *network = mg_network_chooser_chosen(page->network);
  g_autoptr(MgParams) params = mg_train_params_get(page->panel);
  g_autoptr(GError) error = NULL;
  MgNetworkDiagram *diagram =
      network ? mg_network_diagram_new(network, params, classes ? (int)classes : 10, &error) : NULL;
  show_error(page, error);
  if (diagram)
    mg_network_window_present(GTK_WIDGET(page), diagram);
}

/* Searching for parameters: its trials are looked at as runs are. */

static void
on_searching(gpointer source, MgRun *run, MgTrainPage *page)
{
  gtk_stack_set_visible_child_name(page->stack, "networks");
  mg_run_table_select(page->table, run);
}

static char **
data_options(MgDatasetModel *dataset, const char *network)
{
  const MgImportOptions *import = mg_dataset_model_options(dataset);
  const char *const options[][2] = {{"--dataset", mg_dataset_model_path(dataset)},
                                    {"--model", network},
                                    {"--label-from", import->label_from},
                                    {"--group-from", import->group_from},
                                    {"--fold-from", import->fold_from}};
  g_autoptr(GStrvBuilder) words = g_strv_builder_new();
  for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
    if (options[i][1] && *options[i][1]) {
      g_strv_builder_add(words, options[i][0]);
      g_strv_builder_add(words, options[i][1]);
    }
  return g_strv_builder_end(words);
}

static void
search(MgTrainPage *page)
{
  const char *network = mg_network_chooser_chosen(page->network);
  g_autofree char *data = g_path_get_basename(mg_dataset_model_path(page->dataset));
  g_autofree char *about = g_strdup_printf(_("%s on %s"), network, data), *name = g_strconcat(network, "-search", NULL);
  g_autoptr(MgParams) params = mg_train_params_get(page->panel);
  g_auto(GStrv) options = data_options(page->dataset, network), settings = mg_params_changed(params);
  MgSearchRequest request = {about, name, (const char *const *)options, (const char *const *)settings,
                             .classifiers = FALSE};
  GtkWidget *window = mg_search_window_new(page->runs, &request);
  g_signal_connect_object(window, "started", G_CALLBACK(on_searching), page, 0);
  mg_search_window_present(MG_SEARCH_WINDOW(window), GTK_WIDGET(page));
}

static void
on_resumed(MgRunButtons *buttons, MgRun *run, const GError *error, MgTrainPage *page)
{
  show_error(page, error);
  if (!error)
    await(page, run);
}

static void
open_folder(GtkWidget *widget, const char *path, gpointer data)
{
  MgTrainPage *page = MG_TRAIN_PAGE(widget);
  if (mg_run_list_is_run(path))
    mg_run_table_select(page->table, mg_run_list_add(page->runs, path));
  else
    mg_window_toast(widget, _("This folder is no run: it has no config.ini, status or metrics.csv"));
}

/* A cluster's folder, say: it is followed as it grows. */
static void
ask_folder(MgTrainPage *page)
{
  mg_ask_file(GTK_WIDGET(page), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("Open a run"), _("_Open"), NULL, open_folder,
              NULL, NULL);
}

/* Showing. */

static void
show_run(MgTrainPage *page)
{
  MgRun *run = mg_run_table_selected(page->table);
  mg_run_head_show(page->head, run);
  mg_run_buttons_show(page->buttons, run);
  if (!run)
    return;
  MgRunState state = mg_run_state(run);
  if (state == MG_RUN_FAILED)
    mg_notice_set(page->error, MG_NOTICE_ERROR, mg_run_message(run));
  else if (state == MG_RUN_INTERRUPTED && mg_run_can_resume(run))
    mg_notice_set(page->error, MG_NOTICE_WARNING,
                  _("This training was interrupted. It can be resumed from its last checkpoint."));
  else
    show_error(page, NULL);
}

static void
show_runs(MgTrainPage *page)
{
  mg_run_outcome_follow(page->outcome);
  show_run(page);
  mg_run_views_show(page->views, page->table);
}

static void
show_dataset(MgTrainPage *page)
{
  gboolean ready = mg_dataset_model_state(page->dataset) == MG_DATASET_READY;
  gboolean can_start = ready && mg_network_chooser_chosen(page->network);
  gtk_widget_set_sensitive(page->start, can_start);
  gtk_widget_set_sensitive(page->enqueue, can_start);
  gtk_widget_set_sensitive(page->search_button, can_start);
  gtk_widget_set_tooltip_text(page->start, ready ? _("Train the network on the data") : _("Choose data first"));
}

/* Building. */

static void
remember_network(MgTrainPage *page)
{
  mg_workspace_remember(page->workspace, NETWORK_KEY, mg_network_chooser_chosen(page->network));
}

static GtkWidget *
new_setup(MgTrainPage *page)
{
  GtkWidget *box = mg_wrap_box_new(6), *actions = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  g_autofree char *former = mg_workspace_recall(page->workspace, NETWORK_KEY);
  page->network = mg_network_chooser_new(former ? former : "small-cnn");
  g_signal_connect_object(page->network, "notify::selected", G_CALLBACK(remember_network), page, G_CONNECT_SWAPPED);
  page->buttons = MG_RUN_BUTTONS(mg_run_buttons_new());
  g_signal_connect_object(page->buttons, "resumed", G_CALLBACK(on_resumed), page, 0);
  page->search_button =
      mg_button_new(NULL, _("S_earch…"), _("Search for the parameters with which the network learns best"));
  g_signal_connect_swapped(page->search_button, "clicked", G_CALLBACK(search), page);
  page->start = mg_button_new("media-playback-start-symbolic", _("_Start"), _("Train the network on the data"));
  page->enqueue = mg_button_new("list-add-symbolic", _("Add to _queue"),
                                _("Train the network with these parameters when its turn comes"));
  gtk_widget_add_css_class(page->start, "suggested-action");
  g_signal_connect_swapped(page->start, "clicked", G_CALLBACK(start), page);
  g_signal_connect_swapped(page->enqueue, "clicked", G_CALLBACK(enqueue), page);
  GtkWidget *picture = mg_button_new("view-reveal-symbolic", NULL, _("Show network"));
  GtkWidget *network = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  g_signal_connect_swapped(picture, "clicked", G_CALLBACK(show_network), page);
  GtkWidget *elsewhere =
      mg_button_new("folder-open-symbolic", NULL, _("Open a run that was started elsewhere, and follow it"));
  g_signal_connect_swapped(elsewhere, "clicked", G_CALLBACK(ask_folder), page);
  gtk_box_append(GTK_BOX(network), page->network);
  gtk_box_append(GTK_BOX(network), picture);
  gtk_box_append(GTK_BOX(actions), page->search_button);
  gtk_box_append(GTK_BOX(actions), GTK_WIDGET(page->buttons));
  gtk_box_append(GTK_BOX(actions), elsewhere);
  gtk_box_append(GTK_BOX(actions), page->enqueue);
  gtk_box_append(GTK_BOX(actions), page->start);
  gtk_widget_set_halign(actions, GTK_ALIGN_END);
  gtk_widget_set_hexpand(actions, TRUE);
  mg_wrap_box_append(MG_WRAP_BOX(box), mg_data_button_new(page->dataset));
  mg_wrap_box_append(MG_WRAP_BOX(box), network);
  mg_wrap_box_append(MG_WRAP_BOX(box), actions);
  return box;
}

static void
on_open_run(MgRunViews *views, const char *folder, MgTrainPage *page)
{
  mg_run_table_select(page->table, mg_run_list_add(page->runs, folder));
}

static const char *
chosen_network(gpointer page)
{
  return mg_network_chooser_chosen(MG_TRAIN_PAGE(page)->network);
}

static MgParams *
chosen_params(gpointer page)
{
  return mg_train_params_get(MG_TRAIN_PAGE(page)->panel);
}

static GtkWidget *
new_estimate(MgTrainPage *page)
{
  static const MgEstimateFuncs funcs = {chosen_network, chosen_params};
  page->estimate = mg_estimate_line_new(page->dataset, &funcs, page);
  g_signal_connect_object(page->network, "notify::selected", G_CALLBACK(mg_estimate_line_changed), page->estimate,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(page->panel, "changed", G_CALLBACK(mg_estimate_line_changed), page->estimate,
                          G_CONNECT_SWAPPED);
  return page->estimate;
}

static GtkWidget *
new_upper(MgTrainPage *page)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12), *scroller = gtk_scrolled_window_new();
  page->error = mg_notice_new();
  page->head = MG_RUN_HEAD(mg_run_head_new());
  page->outcome = MG_RUN_OUTCOME(mg_run_outcome_new(page->workspace, page->dataset));
  page->views = MG_RUN_VIEWS(mg_run_views_new(page->runs));
  GtkWidget *const parts[] = {new_setup(page),
                              new_estimate(page),
                              page->error,
                              mg_queue_view_new(page->workspace, page->queue),
                              GTK_WIDGET(page->outcome),
                              GTK_WIDGET(page->head),
                              GTK_WIDGET(page->views)};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(box), parts[i]);
  g_signal_connect_object(page->views, "open", G_CALLBACK(on_open_run), page, 0);
  gtk_widget_set_margin_start(box, 18);
  gtk_widget_set_margin_end(box, 18);
  gtk_widget_set_margin_top(box, 12);
  gtk_widget_set_margin_bottom(box, 12);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), box);
  return scroller;
}

static GtkWidget *
new_content(MgTrainPage *page)
{
  GtkWidget *paned = gtk_paned_new(GTK_ORIENTATION_VERTICAL);
  page->table = MG_RUN_TABLE(mg_run_table_new(page->runs));
  GtkWidget *upper = new_upper(page);
  gtk_widget_set_size_request(GTK_WIDGET(page->table), -1, 110);
  gtk_widget_set_size_request(upper, -1, 160);
  gtk_paned_set_start_child(GTK_PANED(paned), upper);
  gtk_paned_set_end_child(GTK_PANED(paned), GTK_WIDGET(page->table));
  gtk_paned_set_resize_start_child(GTK_PANED(paned), TRUE);
  gtk_paned_set_resize_end_child(GTK_PANED(paned), FALSE);
  gtk_paned_set_shrink_start_child(GTK_PANED(paned), FALSE);
  gtk_paned_set_shrink_end_child(GTK_PANED(paned), FALSE);
  return paned;
}

/* What is trained: networks on sounds, or classifiers on tables. */

static void
show_kind(MgTrainPage *page)
{
  gtk_stack_set_visible_child_name(GTK_STACK(page->params), gtk_stack_get_visible_child_name(page->stack));
}

static GtkWidget *
new_kinds(MgTrainPage *page)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *switcher = gtk_stack_switcher_new();
  GtkWidget *classifiers = mg_classifiers_view_new(page->workspace);
  page->stack = GTK_STACK(mg_stack_new());
  page->params = g_object_ref_sink(mg_stack_new());
  gtk_stack_add_titled(page->stack, new_content(page), "networks", _("Networks"));
  gtk_stack_add_titled(page->stack, classifiers, "classifiers", _("Classifiers"));
  g_signal_connect_object(classifiers, "searching", G_CALLBACK(on_searching), page, 0);
  gtk_stack_add_named(GTK_STACK(page->params), page->panel, "networks");
  gtk_stack_add_named(GTK_STACK(page->params), mg_classifiers_view_params(MG_CLASSIFIERS_VIEW(classifiers)),
                      "classifiers");
  gtk_stack_switcher_set_stack(GTK_STACK_SWITCHER(switcher), page->stack);
  gtk_widget_set_halign(switcher, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top(switcher, 6);
  gtk_widget_set_margin_bottom(switcher, 6);
  gtk_widget_set_vexpand(GTK_WIDGET(page->stack), TRUE);
  gtk_box_append(GTK_BOX(box), switcher);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(page->stack));
  g_signal_connect_swapped(page->stack, "notify::visible-child", G_CALLBACK(show_kind), page);
  return box;
}

/* The newest run is what one wants to see first. */
static void
select_something(MgTrainPage *page)
{
  if (mg_run_table_selected(page->table) || g_list_model_get_n_items(G_LIST_MODEL(page->runs)) == 0)
    return;
  g_autoptr(MgRun) newest = g_list_model_get_item(G_LIST_MODEL(page->runs), 0);
  mg_run_table_select(page->table, newest);
}

static void
mg_train_page_map(GtkWidget *widget)
{
  MgTrainPage *page = MG_TRAIN_PAGE(widget);
  GTK_WIDGET_CLASS(mg_train_page_parent_class)->map(widget);
  mg_shared_open_tracks(page->workspace);
  mg_run_list_refresh(page->runs);
  select_something(page);
  mg_estimate_line_changed(page->estimate);
}

static void
mg_train_page_dispose(GObject *object)
{
  MgTrainPage *page = MG_TRAIN_PAGE(object);
  if (page->table)
    g_signal_handlers_disconnect_by_data(page->table, page);
  if (page->dataset)
    g_signal_handlers_disconnect_by_data(page->dataset, page);
  if (page->stack)
    g_signal_handlers_disconnect_by_data(page->stack, page);
  page->table = NULL;
  page->stack = NULL;
  g_clear_object(&page->params);
  g_clear_object(&page->panel);
  if (page->queue)
    g_signal_handlers_disconnect_by_data(page->queue, page);
  g_clear_object(&page->queue);
  g_clear_object(&page->runs);
  g_clear_object(&page->dataset);
  g_clear_object(&page->workspace);
  G_OBJECT_CLASS(mg_train_page_parent_class)->dispose(object);
}

static void
mg_train_page_class_init(MgTrainPageClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_train_page_dispose;
  GTK_WIDGET_CLASS(klass)->map = mg_train_page_map;
}

static void
mg_train_page_init(MgTrainPage *page)
{
}

static GtkWidget *
create(MgWorkspace *workspace)
{
  MgTrainPage *page = g_object_new(MG_TYPE_TRAIN_PAGE, NULL);
  page->workspace = g_object_ref(workspace);
  page->dataset = g_object_ref(mg_shared_dataset(workspace));
  page->runs = g_object_ref(mg_shared_runs(workspace));
  page->queue = g_object_ref(mg_shared_queue(workspace));
  page->panel = g_object_ref_sink(mg_train_params_new(workspace, page->dataset));
  adw_bin_set_child(ADW_BIN(page), new_kinds(page));
  g_signal_connect_swapped(page->table, "changed", G_CALLBACK(show_runs), page);
  g_signal_connect_swapped(page->dataset, "changed", G_CALLBACK(show_dataset), page);
  g_signal_connect_swapped(page->queue, "started", G_CALLBACK(await), page);
  show_dataset(page);
  show_runs(page);
  return GTK_WIDGET(page);
}

static GtkWidget *
parameters(GtkWidget *page)
{
  return MG_TRAIN_PAGE(page)->params;
}

static gboolean
open_if_run(GtkWidget *widget, const char *path)
{
  MgTrainPage *page = MG_TRAIN_PAGE(widget);
  if (!mg_workspace_is_run(path))
    return FALSE;
  gtk_stack_set_visible_child_name(page->stack, "networks");
  mg_run_table_select(page->table, mg_run_list_add(page->runs, path));
  return TRUE;
}

const MgPage mg_train_page = {
    .name = "train",
    .title = N_("Train"),
    .icon = "melograph-train-symbolic",
    .create = create,
    .parameters = parameters,
    .open = open_if_run,
};

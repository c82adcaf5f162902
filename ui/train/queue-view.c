#include "ui/train/queue-view.h"
#include "ui/widgets/notice.h"
#include "ui/window.h"
#include <adwaita.h>
#include <glib/gi18n.h>

#define MG_TYPE_QUEUE_VIEW (mg_queue_view_get_type())
G_DECLARE_FINAL_TYPE(MgQueueView, mg_queue_view, MG, QUEUE_VIEW, AdwBin)

struct _MgQueueView {
  AdwBin parent_instance;
  MgWorkspace *workspace;
  MgRunQueue *queue;
  GtkWidget *rows, *title, *start, *pause, *notice;
  guint watching; /* looks whether another window has changed the queue */
};

enum { WATCH_S = 2 };

G_DEFINE_FINAL_TYPE(MgQueueView, mg_queue_view, ADW_TYPE_BIN)

/* Taking out, which can be taken back. */

typedef struct {
  MgRunQueue *queue;
  MgQueueItem *item;
  guint place;
} Removal;

static void
free_removal(gpointer data)
{
  Removal *removal = data;
  g_object_unref(removal->queue);
  g_object_unref(removal->item);
  g_free(removal);
}

static void
turn_removal(gpointer data, gboolean again)
{
  Removal *removal = data;
  if (!again) {
    mg_run_queue_insert(removal->queue, removal->place, removal->item);
    return;
  }
  g_autoptr(MgQueueItem) item = mg_run_queue_remove(removal->queue, mg_run_queue_place(removal->queue, removal->item));
}

static void
take_out(MgQueueView *view, guint place)
{
  MgQueueItem *item = mg_run_queue_remove(view->queue, place);
  if (!item)
    return;
  Removal *removal = g_new(Removal, 1);
  *removal = (Removal){g_object_ref(view->queue), item, place};
  mg_history_add(mg_workspace_history(view->workspace), view->queue, turn_removal, removal, free_removal);
  mg_window_toast_undo(GTK_WIDGET(view), _("Taken out of the queue"));
}

/* One row. */

static guint
place_of(GtkWidget *widget)
{
  GtkWidget *row = gtk_widget_get_ancestor(widget, GTK_TYPE_LIST_BOX_ROW);
  return row ? (guint)gtk_list_box_row_get_index(GTK_LIST_BOX_ROW(row)) : G_MAXUINT;
}

/* The rows are made anew; the one that moved keeps the focus. */
static void
move(MgQueueView *view, guint from, int by)
{
  guint to = from + (guint)by;
  mg_run_queue_move(view->queue, from, to);
  GtkListBoxRow *row = gtk_list_box_get_row_at_index(GTK_LIST_BOX(view->rows), (int)to);
  if (row)
    gtk_widget_grab_focus(GTK_WIDGET(row));
}

static void
on_earlier(GtkWidget *button, MgQueueView *view)
{
  move(view, place_of(button), -1);
}

static void
on_later(GtkWidget *button, MgQueueView *view)
{
  move(view, place_of(button), 1);
}

static void
on_remove(GtkWidget *button, MgQueueView *view)
{
  take_out(view, place_of(button));
}

static gboolean
on_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType modifiers, MgQueueView *view)
{
  guint place = place_of(gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(keys)));
  gboolean moves = (modifiers & GDK_ALT_MASK) && (key == GDK_KEY_Up || key == GDK_KEY_Down);
  if (key == GDK_KEY_Delete)
    take_out(view, place);
  else if (moves)
    move(view, place, key == GDK_KEY_Up ? -1 : 1);
  return key == GDK_KEY_Delete || moves;
}

static GtkWidget *
add_button(GtkWidget *box, const char *icon, const char *tooltip, GCallback func, MgQueueView *view)
{
  GtkWidget *button = mg_button_new(icon, NULL, tooltip);
  gtk_widget_add_css_class(button, "flat");
  g_signal_connect(button, "clicked", func, view);
  gtk_box_append(GTK_BOX(box), button);
  return button;
}

static GtkWidget *
new_row(gpointer data, gpointer user_data)
{
  MgQueueView *view = user_data;
  const MgRunRequest *request = mg_queue_item_request(data);
  g_autofree char *settings = mg_queue_item_settings(data), *model = g_path_get_basename(request->model);
  g_autofree char *dataset = g_path_get_basename(request->dataset);
  g_autofree char *text = *settings ? g_strdup_printf("%s, %s", dataset, settings) : g_strdup(dataset);
  GtkWidget *line = gtk_list_box_row_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *name = gtk_label_new(model), *what = mg_figure_label_new(0);
  gtk_label_set_text(GTK_LABEL(what), text);
  gtk_label_set_ellipsize(GTK_LABEL(what), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text(what, text);
  gtk_widget_add_css_class(what, "dim-label");
  gtk_widget_set_hexpand(what, TRUE);
  gtk_box_append(GTK_BOX(box), name);
  gtk_box_append(GTK_BOX(box), what);
  add_button(box, "go-up-symbolic", _("Earlier (Alt+Up)"), G_CALLBACK(on_earlier), view);
  add_button(box, "go-down-symbolic", _("Later (Alt+Down)"), G_CALLBACK(on_later), view);
  add_button(box, "list-remove-symbolic", _("Take out of the queue (Delete)"), G_CALLBACK(on_remove), view);
  gtk_widget_set_margin_start(box, 6);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(line), box);
  GtkEventController *keys = gtk_event_controller_key_new();
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), view);
  gtk_widget_add_controller(line, keys);
  g_autofree char *label = g_strdup_printf(_("%s waits: %s"), model, text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(line), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return line;
}

/* All of it. */

/* A run that was stopped is gone on with first. */
static char *
title_of(guint n, MgRun *current)
{
  g_autofree char *waiting = g_strdup_printf(ngettext("Queue: %u waits", "Queue: %u wait", n), n);
  if (!current)
    return g_steal_pointer(&waiting);
  if (mg_run_is_active(current))
    return g_strdup_printf(_("%s, after %s"), waiting, mg_run_name(current));
  return g_strdup_printf(_("%s; %s would go on first"), waiting, mg_run_name(current));
}

static void
show(MgQueueView *view)
{
  guint n = g_list_model_get_n_items(G_LIST_MODEL(view->queue));
  MgRun *current = mg_run_queue_current(view->queue);
  gboolean on = mg_run_queue_is_on(view->queue);
  const char *message = mg_run_queue_message(view->queue);
  g_autofree char *title = title_of(n, current);
  gtk_label_set_text(GTK_LABEL(view->title), title);
  gtk_widget_set_visible(view->rows, n > 0);
  gtk_widget_set_visible(view->start, !on);
  gtk_widget_set_visible(view->pause, on);
  mg_notice_set(view->notice, MG_NOTICE_INFO, message);
  gtk_widget_set_visible(GTK_WIDGET(view), n > 0 || current || *message);
  gtk_widget_set_sensitive(view->start, n > 0 || current);
}

static void
start_queue(MgQueueView *view)
{
  mg_run_queue_set_on(view->queue, TRUE);
}

static void
pause_queue(MgQueueView *view)
{
  mg_run_queue_set_on(view->queue, FALSE);
}

static gboolean
watch(gpointer data)
{
  mg_run_queue_look(((MgQueueView *)data)->queue);
  return G_SOURCE_CONTINUE;
}

/* Also while it is hidden, as an empty queue is. */
static void
mg_queue_view_root(GtkWidget *widget)
{
  MgQueueView *view = MG_QUEUE_VIEW(widget);
  GTK_WIDGET_CLASS(mg_queue_view_parent_class)->root(widget);
  view->watching = g_timeout_add_seconds(WATCH_S, watch, view);
}

static void
mg_queue_view_unroot(GtkWidget *widget)
{
  g_clear_handle_id(&MG_QUEUE_VIEW(widget)->watching, g_source_remove);
  GTK_WIDGET_CLASS(mg_queue_view_parent_class)->unroot(widget);
}

static void
mg_queue_view_dispose(GObject *object)
{
  MgQueueView *view = MG_QUEUE_VIEW(object);
  if (view->queue) {
    g_signal_handlers_disconnect_by_data(view->queue, view);
    mg_history_forget(mg_workspace_history(view->workspace), view->queue);
  }
  g_clear_object(&view->queue);
  g_clear_object(&view->workspace);
  G_OBJECT_CLASS(mg_queue_view_parent_class)->dispose(object);
}

static void
mg_queue_view_class_init(MgQueueViewClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_queue_view_dispose;
  GTK_WIDGET_CLASS(klass)->root = mg_queue_view_root;
  GTK_WIDGET_CLASS(klass)->unroot = mg_queue_view_unroot;
}

static void
mg_queue_view_init(MgQueueView *view)
{
}

GtkWidget *
mg_queue_view_new(MgWorkspace *workspace, MgRunQueue *queue)
{
  MgQueueView *view = g_object_new(MG_TYPE_QUEUE_VIEW, NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  view->workspace = g_object_ref(workspace);
  view->queue = g_object_ref(queue);
  view->title = mg_figure_label_new(0);
  view->notice = mg_notice_new();
  view->start = mg_button_new("media-playback-start-symbolic", _("Start _queue"),
                              _("One training after another, also while this page is not seen"));
  view->pause = mg_button_new("media-playback-pause-symbolic", _("Pause _queue"),
                              _("The training that is under way goes on; the next one waits"));
  view->rows = gtk_list_box_new();
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(view->rows), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(view->rows, "boxed-list");
  gtk_accessible_update_property(GTK_ACCESSIBLE(view->rows), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Queue"), -1);
  gtk_list_box_bind_model(GTK_LIST_BOX(view->rows), G_LIST_MODEL(queue), new_row, view, NULL);
  gtk_widget_add_css_class(view->title, "heading");
  gtk_label_set_ellipsize(GTK_LABEL(view->title), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand(view->title, TRUE);
  gtk_box_append(GTK_BOX(head), view->title);
  gtk_box_append(GTK_BOX(head), view->start);
  gtk_box_append(GTK_BOX(head), view->pause);
  gtk_box_append(GTK_BOX(box), head);
  gtk_box_append(GTK_BOX(box), view->notice);
  gtk_box_append(GTK_BOX(box), view->rows);
  adw_bin_set_child(ADW_BIN(view), box);
  g_signal_connect_swapped(view->start, "clicked", G_CALLBACK(start_queue), view);
  g_signal_connect_swapped(view->pause, "clicked", G_CALLBACK(pause_queue), view);
  g_signal_connect_swapped(queue, "changed", G_CALLBACK(show), view);
  show(view);
  return GTK_WIDGET(view);
}

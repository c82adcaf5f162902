#include "ui/live/moment-list.h"
#include "ui/widgets/ask-name.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include "ui/window.h"
#include <adwaita.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

struct _MgMomentList {
  GtkBox parent_instance;
  MgWorkspace *workspace;
  GtkStringList *labels;
  GListModel *choices; /* the labels, and after them the way to another one */
  GtkWidget *rows;
  GPtrArray *discarded; /* rows, whose files go when the list goes */
  guint n;
};

G_DEFINE_FINAL_TYPE(MgMomentList, mg_moment_list, GTK_TYPE_BOX)

static guint changed_signal;

/* A row's facts travel with it. */
typedef struct {
  char *path;
  double duration;
  GtkWidget *label;
  guint chosen; /* of the labels */
} Moment;

static void
free_moment(gpointer data)
{
  Moment *moment = data;
  g_free(moment->path);
  g_free(moment);
}

static MgMomentList *
list_of(GtkWidget *row)
{
  return MG_MOMENT_LIST(gtk_widget_get_ancestor(row, MG_TYPE_MOMENT_LIST));
}

static Moment *
moment_of(GtkWidget *row)
{
  return g_object_get_data(G_OBJECT(row), "moment");
}

static void
play(GtkWidget *row)
{
  mg_player_play(mg_workspace_player(list_of(row)->workspace), moment_of(row)->path, 0, 0, 0);
}

static void
set_n(MgMomentList *list, guint n)
{
  list->n = n;
  g_signal_emit(list, changed_signal, 0);
}

/* What can be taken back: a moment has left the list, for the library or thrown away. */
typedef struct {
  MgMomentList *list; /* forgets its steps when it goes */
  GtkWidget *row;     /* a reference */
  char *class_name;   /* in the library; NULL: thrown away */
} Change;

static void
free_change(gpointer data)
{
  Change *change = data;
  g_object_unref(change->row);
  g_free(change->class_name);
  g_free(change);
}

static gboolean
take_out(const Change *change)
{
  MgMomentList *list = change->list;
  const Moment *moment = moment_of(change->row);
  g_autoptr(GError) error = NULL;
  if (change->class_name &&
      !mg_workspace_add_track(list->workspace, moment->path, change->class_name, moment->duration, 0, 1, &error)) {
    mg_window_toast(GTK_WIDGET(list), error->message);
    return FALSE;
  }
  if (!change->class_name)
    g_ptr_array_add(list->discarded, g_object_ref(change->row));
  gtk_list_box_remove(GTK_LIST_BOX(list->rows), change->row);
  set_n(list, list->n - 1);
  return TRUE;
}

static void
bring_back(const Change *change)
{
  MgMomentList *list = change->list;
  g_autoptr(GError) error = NULL;
  if (change->class_name && !mg_workspace_drop_track(list->workspace, moment_of(change->row)->path, &error)) {
    mg_window_toast(GTK_WIDGET(list), error->message);
    return;
  }
  g_ptr_array_remove(list->discarded, change->row);
  gtk_list_box_prepend(GTK_LIST_BOX(list->rows), change->row);
  set_n(list, list->n + 1);
}

static void
turn(gpointer data, gboolean again)
{
  if (again)
    take_out(data);
  else
    bring_back(data);
}

static void
change(GtkWidget *row, const char *class_name, const char *said)
{
  MgMomentList *list = list_of(row);
  Change *change = g_new(Change, 1);
  *change = (Change){list, g_object_ref(row), g_strdup(class_name)};
  mg_player_stop(mg_workspace_player(list->workspace));
  if (!take_out(change)) {
    free_change(change);
    return;
  }
  mg_history_add(mg_workspace_history(list->workspace), list, turn, change, free_change);
  mg_window_toast_undo(GTK_WIDGET(list), said);
}

static void
discard(GtkWidget *row)
{
  change(row, NULL, _("The moment is thrown away"));
}

static void
keep(GtkWidget *row)
{
  GtkStringObject *label = gtk_drop_down_get_selected_item(GTK_DROP_DOWN(moment_of(row)->label));
  if (!label)
    return;
  g_autofree char *name = g_strdup(gtk_string_object_get_string(label));
  g_autofree char *text = g_strdup_printf(_("In the library as “%s”"), name);
  change(row, name, text);
}

static guint
find_label(MgMomentList *list, const char *label)
{
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(list->labels)); i++)
    if (g_str_equal(gtk_string_list_get_string(list->labels, i), label))
      return i;
  return GTK_INVALID_LIST_POSITION;
}

static void
add_label(MgMomentList *list, const char *label)
{
  if (label && find_label(list, label) == GTK_INVALID_LIST_POSITION)
    gtk_string_list_append(list->labels, label);
}

void
mg_moment_list_set_labels(MgMomentList *list, const GPtrArray *labels)
{
  GListModel *groups = G_LIST_MODEL(mg_workspace_library(list->workspace));
  for (guint i = 0; i < labels->len; i++)
    add_label(list, labels->pdata[i]);
  for (guint i = 0; i < g_list_model_get_n_items(groups); i++) {
    g_autoptr(MgTrackGroup) group = g_list_model_get_item(groups, i);
    add_label(list, mg_track_group_label(group));
  }
}

static GtkWidget *
add_button(GtkWidget *box, GtkWidget *row, const char *icon, const char *text, const char *tooltip, GCallback callback)
{
  GtkWidget *button = mg_button_new(icon, text, tooltip);
  g_signal_connect_swapped(button, "clicked", callback, row);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(box), button);
  return button;
}

static void
on_named(GtkWidget *row, const char *name)
{
  MgMomentList *list = list_of(row);
  if (!list)
    return; /* the moment is kept or gone */
  add_label(list, name);
  gtk_drop_down_set_selected(GTK_DROP_DOWN(moment_of(row)->label), find_label(list, name));
}

/* A class that nobody has heard of is asked for, beside the ones that are there. */
static void
on_chosen(GtkDropDown *chooser, GParamSpec *property, GtkWidget *row)
{
  Moment *moment = moment_of(row);
  MgMomentList *list = list_of(row);
  guint chosen = gtk_drop_down_get_selected(chooser);
  if (!list || chosen != g_list_model_get_n_items(G_LIST_MODEL(list->labels))) {
    moment->chosen = chosen;
    return;
  }
  gtk_drop_down_set_selected(chooser, moment->chosen);
  mg_ask_name(row, _("Class of the moment"), _("Name of the class"), _("_Give it"), on_named);
}

static GtkWidget *
new_label_chooser(MgMomentList *list, const Moment *moment)
{
  GtkWidget *chooser = gtk_drop_down_new(g_object_ref(list->choices), NULL);
  gtk_drop_down_set_selected(GTK_DROP_DOWN(chooser), moment->chosen);
  gtk_widget_set_valign(chooser, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(chooser, _("What it was"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(chooser), GTK_ACCESSIBLE_PROPERTY_LABEL, _("What it was"), -1);
  return chooser;
}

void
mg_moment_list_add(MgMomentList *list, const char *path, double seconds, double duration, const char *said)
{
  GtkWidget *row = gtk_list_box_row_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *when = mg_figure_label_new(0), *answer = gtk_label_new(said);
  g_autofree char *clock = mg_format_clock(seconds, 1);
  Moment *moment = g_new0(Moment, 1);
  *moment = (Moment){.path = g_strdup(path), .duration = duration, .chosen = find_label(list, said)};
  gtk_label_set_text(GTK_LABEL(when), clock);
  gtk_label_set_xalign(GTK_LABEL(answer), 0);
  gtk_label_set_ellipsize(GTK_LABEL(answer), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand(answer, TRUE);
  gtk_widget_add_css_class(answer, "dim-label");
  moment->label = new_label_chooser(list, moment);
  g_signal_connect(moment->label, "notify::selected", G_CALLBACK(on_chosen), row);
  add_button(box, row, "media-playback-start-symbolic", NULL, _("Play the moment"), G_CALLBACK(play));
  gtk_box_append(GTK_BOX(box), when);
  gtk_box_append(GTK_BOX(box), answer);
  gtk_box_append(GTK_BOX(box), moment->label);
  add_button(box, row, NULL, _("_Keep it"), _("Put it into the library, with this class"), G_CALLBACK(keep));
  add_button(box, row, "user-trash-symbolic", NULL, _("Throw the moment away"), G_CALLBACK(discard));
  g_object_set_data_full(G_OBJECT(row), "moment", moment, free_moment);
  gtk_widget_set_margin_start(box, 6);
  gtk_widget_set_margin_end(box, 6);
  gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
  gtk_list_box_prepend(GTK_LIST_BOX(list->rows), row);
  set_n(list, list->n + 1);
}

guint
mg_moment_list_n(MgMomentList *list)
{
  return list->n;
}

static void
mg_moment_list_dispose(GObject *object)
{
  MgMomentList *list = MG_MOMENT_LIST(object);
  for (guint i = 0; list->discarded && i < list->discarded->len; i++)
    g_unlink(moment_of(list->discarded->pdata[i])->path);
  if (list->workspace)
    mg_history_forget(mg_workspace_history(list->workspace), list);
  g_clear_pointer(&list->discarded, g_ptr_array_unref);
  g_clear_object(&list->choices);
  g_clear_object(&list->labels);
  g_clear_object(&list->workspace);
  G_OBJECT_CLASS(mg_moment_list_parent_class)->dispose(object);
}

static void
mg_moment_list_class_init(MgMomentListClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_moment_list_dispose;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GListModel *
new_choices(MgMomentList *list)
{
  GListStore *models = g_list_store_new(G_TYPE_LIST_MODEL);
  g_autoptr(GtkStringList) another = gtk_string_list_new((const char *const[]){_("Another class…"), NULL});
  g_list_store_append(models, list->labels);
  g_list_store_append(models, another);
  return G_LIST_MODEL(gtk_flatten_list_model_new(G_LIST_MODEL(models)));
}

static void
mg_moment_list_init(MgMomentList *list)
{
  GtkWidget *title = gtk_label_new(_("Marked moments")), *scroll = gtk_scrolled_window_new();
  list->labels = gtk_string_list_new(NULL);
  list->choices = new_choices(list);
  list->discarded = g_ptr_array_new_with_free_func(g_object_unref);
  list->rows = gtk_list_box_new();
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(list->rows), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(list->rows, "boxed-list");
  gtk_widget_set_valign(list->rows, GTK_ALIGN_START);
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_widget_add_css_class(title, "heading");
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroll), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroll), list->rows);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scroll), TRUE);
  gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scroll), 180);
  gtk_box_append(GTK_BOX(list), title);
  gtk_box_append(GTK_BOX(list), scroll);
}

GtkWidget *
mg_moment_list_new(MgWorkspace *workspace)
{
  MgMomentList *list = g_object_new(MG_TYPE_MOMENT_LIST, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 6, NULL);
  list->workspace = g_object_ref(workspace);
  return GTK_WIDGET(list);
}

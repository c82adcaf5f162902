#include "ui/explore/similar-window.h"
#include "base/data-dir.h"
#include "dsp/feature.h"
#include "session/run-list.h"
#include "session/similar-search.h"
#include "train/evaluator.h"
#include "train/run-config.h"
#include "ui/widgets/copy-menu.h"
#include "ui/widgets/direction.h"
#include "ui/widgets/escape.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/work-row.h"
#include <glib/gi18n.h>

#define MEMORY_KEY "similar-by"
#define USUAL "mfcc"
#define MODEL_ENDING ".safetensors"

/* What stretches can be compared by. */
typedef struct {
  char *title;
  char *feature; /* NULL: a network */
  char *network; /* a run's folder, or the name of a model that comes with the program */
} Choice;

struct _MgSimilarWindow {
  AdwWindow parent;
  MgWorkspace *workspace;
  MgSimilarSearch *search;
  char *path;
  double start, end;
  GPtrArray *choices; /* Choice *, as in the drop-down */
  GtkWidget *wanted, *by, *problem, *list;
  MgWorkRow *working;
  const GPtrArray *shown; /* what the rows tell of */
};

G_DEFINE_FINAL_TYPE(MgSimilarWindow, mg_similar_window, ADW_TYPE_WINDOW)

static void
free_choice(gpointer data)
{
  Choice *choice = data;
  g_free(choice->title);
  g_free(choice->feature);
  g_free(choice->network);
  g_free(choice);
}

static const char *
key_of(const Choice *choice)
{
  return choice->feature ? choice->feature : choice->network;
}

static void
add_choice(MgSimilarWindow *window, const char *title, const char *feature, const char *network)
{
  Choice *choice = g_new(Choice, 1);
  *choice = (Choice){network ? g_strdup_printf(_("Network %s"), title) : g_strdup(title), g_strdup(feature),
                     g_strdup(network)};
  g_ptr_array_add(window->choices, choice);
}

static void
add_shipped(MgSimilarWindow *window)
{
  g_autofree char *folder = mg_data_dir_find("models", NULL);
  g_autoptr(GDir) dir = folder ? g_dir_open(folder, 0, NULL) : NULL;
  for (const char *file; dir && (file = g_dir_read_name(dir));) {
    g_autofree char *name =
        g_str_has_suffix(file, MODEL_ENDING) ? g_strndup(file, strlen(file) - strlen(MODEL_ENDING)) : NULL;
    if (name)
      add_choice(window, name, NULL, name);
  }
}

static void
add_runs(MgSimilarWindow *window)
{
  g_autofree char *folder = mg_workspace_path(window->workspace, "runs");
  g_autoptr(MgRunList) runs = mg_run_list_new(folder);
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(runs)); i++) {
    g_autoptr(MgRun) run = g_list_model_get_item(G_LIST_MODEL(runs), i);
    g_autofree char *best = mg_checkpoint_path(mg_run_folder(run), "best", NULL);
    g_autoptr(MgRunConfig) config = best ? mg_run_config_load_network(mg_run_folder(run), NULL) : NULL;
    if (config)
      add_choice(window, mg_run_name(run), NULL, mg_run_folder(run));
  }
}

/* What there is, each time a stretch is looked for. */
static void
fill_choices(MgSimilarWindow *window)
{
  g_autofree char *last = mg_workspace_recall(window->workspace, MEMORY_KEY);
  g_autoptr(GtkStringList) titles = gtk_string_list_new(NULL);
  guint chosen = GTK_INVALID_LIST_POSITION;
  g_ptr_array_set_size(window->choices, 0);
  for (const MgFeature *const *feature = mg_features(); *feature; feature++)
    if (mg_similar_search_can((*feature)->name))
      add_choice(window, _((*feature)->title), (*feature)->name, NULL);
  add_runs(window);
  add_shipped(window);
  for (guint i = 0; i < window->choices->len; i++) {
    const Choice *choice = window->choices->pdata[i];
    gtk_string_list_append(titles, choice->title);
    if (g_str_equal(key_of(choice), last ? last : USUAL) ||
        (chosen == GTK_INVALID_LIST_POSITION && g_str_equal(key_of(choice), USUAL)))
      chosen = i;
  }
  gtk_drop_down_set_model(GTK_DROP_DOWN(window->by), G_LIST_MODEL(titles));
  gtk_drop_down_set_selected(GTK_DROP_DOWN(window->by), chosen);
}

static void
look(MgSimilarWindow *window)
{
  guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(window->by));
  if (chosen >= window->choices->len || !window->path)
    return;
  const Choice *choice = window->choices->pdata[chosen];
  mg_workspace_remember(window->workspace, MEMORY_KEY, key_of(choice));
  mg_similar_search_start(window->search, mg_workspace_library(window->workspace), window->path, window->start,
                          window->end, choice->feature, choice->network);
}

/* Results */

static char *
range_of(double start, double end)
{
  g_autofree char *from = mg_format_clock(start, 2), *to = mg_format_clock(end, 2);
  return g_strdup_printf("%s–%s", from, to);
}

static MgSimilar *
similar_of(GtkWidget *row)
{
  return g_object_get_data(G_OBJECT(row), "similar");
}

static void
play(GtkButton *button, MgSimilarWindow *window)
{
  GtkWidget *row = gtk_widget_get_ancestor(GTK_WIDGET(button), GTK_TYPE_LIST_BOX_ROW);
  const MgSimilar *similar = similar_of(row);
  mg_player_play(mg_workspace_player(window->workspace), similar->path, similar->start, similar->start, similar->end);
}

static void
go_to(GtkListBox *list, GtkListBoxRow *row, MgSimilarWindow *window)
{
  const MgSimilar *similar = similar_of(GTK_WIDGET(row));
  mg_selection_set(mg_workspace_selection(window->workspace), similar->path, similar->start, similar->end);
}

static GtkWidget *
new_texts(const char *name, const char *range)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *first = gtk_label_new(name),
            *second = gtk_label_new(range);
  gtk_label_set_ellipsize(GTK_LABEL(first), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign(GTK_LABEL(first), 0);
  mg_direction_keep(second); /* the earlier time stands first */
  gtk_label_set_xalign(GTK_LABEL(second), gtk_widget_get_default_direction() == GTK_TEXT_DIR_RTL ? 1 : 0);
  gtk_widget_add_css_class(second, "caption");
  gtk_widget_add_css_class(second, "dim-label");
  gtk_widget_add_css_class(second, "numeric");
  gtk_widget_set_hexpand(box, TRUE);
  gtk_box_append(GTK_BOX(box), first);
  gtk_box_append(GTK_BOX(box), second);
  return box;
}

static GtkWidget *
new_row(MgSimilarWindow *window, MgSimilar *similar)
{
  GtkWidget *row = gtk_list_box_row_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *name = g_filename_display_basename(similar->path), *range = range_of(similar->start, similar->end);
  g_autofree char *hear = g_strdup_printf(_("Hear %s"), name), *distance = g_strdup_printf("%.3f", similar->distance);
  g_autofree char *text = g_strdup_printf(_("%s, %s, distance %s"), name, range, distance);
  GtkWidget *button = mg_button_new("media-playback-start-symbolic", NULL, hear), *figure = mg_figure_label_new(1);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  g_signal_connect_object(button, "clicked", G_CALLBACK(play), window, 0);
  gtk_label_set_text(GTK_LABEL(figure), distance);
  gtk_box_append(GTK_BOX(box), button);
  gtk_box_append(GTK_BOX(box), new_texts(name, range));
  gtk_box_append(GTK_BOX(box), figure);
  gtk_widget_set_margin_end(box, 6);
  gtk_widget_set_margin_top(box, 6);
  gtk_widget_set_margin_bottom(box, 6);
  gtk_widget_set_tooltip_text(row, similar->path);
  gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  g_object_set_data(G_OBJECT(row), "similar", similar);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
  return row;
}

static void
show_found(MgSimilarWindow *window, const GPtrArray *found)
{
  GtkWidget *child;
  if (found == window->shown)
    return;
  window->shown = found;
  while ((child = gtk_widget_get_first_child(window->list)))
    gtk_list_box_remove(GTK_LIST_BOX(window->list), child);
  for (guint i = 0; found && i < found->len; i++)
    gtk_list_box_append(GTK_LIST_BOX(window->list), new_row(window, found->pdata[i]));
}

static void
follow(MgSimilarWindow *window)
{
  double fraction, seconds_left;
  const char *failure = mg_similar_search_failure(window->search);
  g_autofree char *sentence = failure ? mg_format_sentence(failure) : NULL;
  mg_similar_search_progress(window->search, &fraction, &seconds_left);
  mg_work_row_set(window->working, mg_similar_search_working(window->search), fraction, seconds_left);
  mg_notice_set(window->problem, MG_NOTICE_ERROR, sentence);
  show_found(window, mg_similar_search_found(window->search));
}

/* Copying */

static char *
copy_text(const MgSimilar *similar)
{
  return g_strdup_printf("%s\t%.3f\t%.3f\t%.4f", similar->path, similar->start, similar->end, similar->distance);
}

static char *
copy_row(GtkWidget *widget, double x, double y)
{
  GtkWidget *focus = gtk_widget_get_focus_child(widget);
  GtkListBoxRow *row = x < 0 ? (GtkListBoxRow *)focus : gtk_list_box_get_row_at_y(GTK_LIST_BOX(widget), (int)y);
  return row ? copy_text(similar_of(GTK_WIDGET(row))) : NULL;
}

static char *
copy_table(GtkWidget *widget)
{
  GString *text = g_string_new("path\tstart\tend\tdistance\n");
  GtkListBoxRow *row;
  for (int i = 0; (row = gtk_list_box_get_row_at_index(GTK_LIST_BOX(widget), i)); i++) {
    g_autofree char *line = copy_text(similar_of(GTK_WIDGET(row)));
    g_string_append_printf(text, "%s\n", line);
  }
  return g_string_free(text, FALSE);
}

static const MgCopyFuncs copy_funcs = {copy_row, copy_table};

/* The window */

static GtkWidget *
new_top(MgSimilarWindow *window)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  window->wanted = gtk_label_new(NULL);
  window->by = gtk_drop_down_new(NULL, NULL);
  gtk_label_set_ellipsize(GTK_LABEL(window->wanted), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign(GTK_LABEL(window->wanted), 0);
  gtk_widget_add_css_class(window->wanted, "numeric");
  gtk_widget_set_hexpand(window->wanted, TRUE);
  gtk_widget_set_tooltip_text(window->by, _("What the stretches are compared by"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(window->by), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Compare by"), -1);
  g_signal_connect_object(window->by, "notify::selected", G_CALLBACK(look), window, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(box), window->wanted);
  gtk_box_append(GTK_BOX(box), window->by);
  return box;
}

static void
stop(MgSimilarWindow *window)
{
  mg_similar_search_stop(window->search);
}

static GtkWidget *
new_working(MgSimilarWindow *window)
{
  window->working = MG_WORK_ROW(mg_work_row_new(_("Looking for similar places"), _("Cancel")));
  g_signal_connect_object(window->working, "cancel", G_CALLBACK(stop), window, G_CONNECT_SWAPPED);
  return GTK_WIDGET(window->working);
}

static GtkWidget *
new_list(MgSimilarWindow *window)
{
  GtkWidget *scroller = gtk_scrolled_window_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  window->problem = mg_notice_new();
  window->list = gtk_list_box_new();
  gtk_widget_set_margin_start(window->problem, 12);
  gtk_widget_set_margin_end(window->problem, 12);
  gtk_widget_set_margin_top(window->problem, 12);
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(window->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(window->list, "background");
  gtk_accessible_update_property(GTK_ACCESSIBLE(window->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Similar places"), -1);
  g_signal_connect_object(window->list, "row-activated", G_CALLBACK(go_to), window, 0);
  mg_copy_menu_add(window->list, &copy_funcs);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_box_append(GTK_BOX(box), window->problem);
  gtk_box_append(GTK_BOX(box), window->list);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), box);
  gtk_widget_set_vexpand(scroller, TRUE);
  return scroller;
}

static GtkWidget *
new_content(MgSimilarWindow *window)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *top = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_margin_top(top, 6);
  gtk_widget_set_margin_start(top, 12);
  gtk_widget_set_margin_end(top, 12);
  gtk_widget_set_margin_bottom(top, 12);
  gtk_box_append(GTK_BOX(top), new_top(window));
  gtk_box_append(GTK_BOX(top), new_working(window));
  gtk_box_append(GTK_BOX(box), adw_header_bar_new());
  gtk_box_append(GTK_BOX(box), top);
  gtk_box_append(GTK_BOX(box), gtk_separator_new(GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append(GTK_BOX(box), new_list(window));
  return box;
}

GtkWidget *
mg_similar_window_new(GtkWindow *parent, MgWorkspace *workspace)
{
  MgSimilarWindow *window =
      g_object_new(MG_TYPE_SIMILAR_WINDOW, "transient-for", parent, "title", _("Similar places"), "default-width", 460,
                   "default-height", 560, "destroy-with-parent", TRUE, NULL);
  window->workspace = g_object_ref(workspace);
  adw_window_set_content(ADW_WINDOW(window), new_content(window));
  g_signal_connect_object(window->search, "changed", G_CALLBACK(follow), window, G_CONNECT_SWAPPED);
  mg_close_on_escape(GTK_WIDGET(window));
  return GTK_WIDGET(window);
}

void
mg_similar_window_look_for(MgSimilarWindow *window, const char *path, double start, double end)
{
  g_autofree char *name = g_filename_display_basename(path), *range = range_of(start, end);
  g_autofree char *text = g_strdup_printf(_("Like %s, %s"), name, range);
  g_free(window->path);
  window->path = NULL; /* filling the choices begins nothing */
  fill_choices(window);
  window->path = g_strdup(path);
  window->start = start;
  window->end = end;
  gtk_label_set_text(GTK_LABEL(window->wanted), text);
  gtk_widget_set_tooltip_text(window->wanted, path);
  look(window);
}

static void
dispose(GObject *object)
{
  MgSimilarWindow *window = MG_SIMILAR_WINDOW(object);
  if (window->search) {
    g_signal_handlers_disconnect_by_data(window->search, window);
    mg_similar_search_stop(window->search);
  }
  g_clear_object(&window->search);
  g_clear_object(&window->workspace);
  G_OBJECT_CLASS(mg_similar_window_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  MgSimilarWindow *window = MG_SIMILAR_WINDOW(object);
  g_ptr_array_unref(window->choices);
  g_free(window->path);
  G_OBJECT_CLASS(mg_similar_window_parent_class)->finalize(object);
}

static void
mg_similar_window_class_init(MgSimilarWindowClass *class)
{
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
}

static void
mg_similar_window_init(MgSimilarWindow *window)
{
  window->search = mg_similar_search_new();
  window->choices = g_ptr_array_new_with_free_func(free_choice);
}

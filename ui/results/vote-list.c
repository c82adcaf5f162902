#include "ui/results/vote-list.h"
#include "ui/widgets/copy-menu.h"
#include "ui/widgets/notice.h"
#include <glib/gi18n.h>

typedef struct {
  MgResults *results;
  GtkWidget *rows;
  const MgPredictions *shown; /* the table that the rows tell of */
  void (*chosen)(const char *track, gpointer data);
  gpointer data;
} VoteList;

static const guint most_rows = 500;

char *
mg_vote_text(const MgVote *vote, const char *const *labels)
{
  return g_strdup_printf(_("%d of %d segments say %s"), vote->votes, vote->segments, labels[vote->y_pred]);
}

static char *
copy_text(const MgVote *vote, const char *const *labels)
{
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(cells, g_path_get_basename(vote->track));
  g_ptr_array_add(cells, vote->y_test >= 0 ? g_strdup(labels[vote->y_test]) : g_strdup(""));
  g_ptr_array_add(cells, g_strdup(labels[vote->y_pred]));
  g_ptr_array_add(cells, g_strdup_printf("%d", vote->votes));
  g_ptr_array_add(cells, g_strdup_printf("%d", vote->segments));
  return mg_copy_join(cells);
}

static GtkWidget *
new_row(const MgVote *vote, const char *const *labels)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8), *icon = gtk_image_new();
  GtkWidget *name = gtk_label_new(NULL), *count = mg_figure_label_new(1);
  gboolean wrong = vote->y_test >= 0 && vote->y_test != vote->y_pred;
  g_autofree char *base = g_path_get_basename(vote->track), *text = mg_vote_text(vote, labels);
  g_autofree char *short_text = g_strdup_printf("%d/%d %s", vote->votes, vote->segments, labels[vote->y_pred]);
  gtk_image_set_from_icon_name(GTK_IMAGE(icon), wrong ? "window-close-symbolic" : "object-select-symbolic");
  gtk_widget_add_css_class(icon, wrong ? "error" : "dim-label");
  gtk_widget_set_opacity(icon, vote->y_test >= 0 ? 1 : 0);
  gtk_accessible_update_property(GTK_ACCESSIBLE(icon), GTK_ACCESSIBLE_PROPERTY_LABEL, wrong ? _("wrong") : _("right"),
                                 -1);
  gtk_label_set_text(GTK_LABEL(name), base);
  gtk_label_set_ellipsize(GTK_LABEL(name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign(GTK_LABEL(name), 0);
  gtk_widget_set_hexpand(name, TRUE);
  gtk_label_set_text(GTK_LABEL(count), short_text);
  gtk_label_set_ellipsize(GTK_LABEL(count), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars(GTK_LABEL(count), 6);
  gtk_widget_add_css_class(count, wrong ? "error" : "dim-label");
  gtk_widget_set_margin_start(box, 12);
  gtk_widget_set_margin_end(box, 12);
  gtk_box_append(GTK_BOX(box), icon);
  gtk_box_append(GTK_BOX(box), name);
  gtk_box_append(GTK_BOX(box), count);
  gtk_widget_set_tooltip_text(box, text);
  g_object_set_data_full(G_OBJECT(box), "track", g_strdup(vote->track), g_free);
  g_object_set_data_full(G_OBJECT(box), "copy", copy_text(vote, labels), g_free);
  return box;
}

static int
compare_votes(gconstpointer a, gconstpointer b)
{
  const MgVote *first = *(const MgVote *const *)a, *second = *(const MgVote *const *)b;
  gboolean first_right = first->y_test == first->y_pred, second_right = second->y_test == second->y_pred;
  double first_share = (double)first->votes / first->segments, second_share = (double)second->votes / second->segments;
  if (first_right != second_right)
    return first_right - second_right;
  return (first_share > second_share) - (first_share < second_share); /* close votes first */
}

static void
fill(VoteList *list)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(list->rows)))
    gtk_list_box_remove(GTK_LIST_BOX(list->rows), child);
  g_autoptr(GPtrArray) votes = g_ptr_array_new();
  for (size_t i = 0; i < mg_results_n_tracks(list->results); i++)
    g_ptr_array_add(votes, (gpointer)mg_results_track(list->results, i));
  if (mg_results_confusion(list->results))
    g_ptr_array_sort(votes, compare_votes);
  for (guint i = 0; i < MIN(votes->len, most_rows); i++)
    gtk_list_box_append(GTK_LIST_BOX(list->rows), new_row(votes->pdata[i], mg_results_labels(list->results)));
}

static void
on_changed(MgResults *results, GtkWidget *widget)
{
  VoteList *list = g_object_get_data(G_OBJECT(widget), "vote-list");
  if (list->shown == mg_results_predictions(results))
    return;
  list->shown = mg_results_predictions(results);
  fill(list);
}

static void
on_row(GtkListBox *rows, GtkListBoxRow *row, VoteList *list)
{
  list->chosen(g_object_get_data(G_OBJECT(gtk_list_box_row_get_child(row)), "track"), list->data);
}

static const char *
copy_of(GtkListBoxRow *row)
{
  return g_object_get_data(G_OBJECT(gtk_list_box_row_get_child(row)), "copy");
}

static char *
copy_row(GtkWidget *widget, double x, double y)
{
  VoteList *list = g_object_get_data(G_OBJECT(widget), "vote-list");
  GtkWidget *focus = gtk_widget_get_focus_child(list->rows);
  GtkListBoxRow *row = NULL;
  if (x < 0)
    row = focus ? GTK_LIST_BOX_ROW(focus) : NULL;
  else if (gtk_widget_translate_coordinates(widget, list->rows, x, y, &x, &y))
    row = gtk_list_box_get_row_at_y(GTK_LIST_BOX(list->rows), (int)y);
  return row ? g_strdup(copy_of(row)) : NULL;
}

static char *
copy_table(GtkWidget *widget)
{
  VoteList *list = g_object_get_data(G_OBJECT(widget), "vote-list");
  GString *text = g_string_new("track\ttruth\tprediction\tvotes\tsegments\n");
  GtkListBoxRow *row;
  for (int i = 0; (row = gtk_list_box_get_row_at_index(GTK_LIST_BOX(list->rows), i)); i++)
    g_string_append_printf(text, "%s\n", copy_of(row));
  return g_string_free(text, FALSE);
}

static const MgCopyFuncs copy_funcs = {copy_row, copy_table};

GtkWidget *
mg_vote_list_new(MgResults *results, void (*chosen)(const char *track, gpointer data), gpointer data)
{
  VoteList *list = g_new0(VoteList, 1);
  GtkWidget *scroller = gtk_scrolled_window_new();
  list->results = results;
  list->chosen = chosen;
  list->data = data;
  list->rows = gtk_list_box_new();
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(list->rows), GTK_SELECTION_NONE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(list->rows), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Votes of the tracks"),
                                 -1);
  gtk_widget_add_css_class(list->rows, "background");
  g_signal_connect(list->rows, "row-activated", G_CALLBACK(on_row), list);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), list->rows);
  gtk_widget_set_vexpand(scroller, TRUE);
  g_object_set_data_full(G_OBJECT(scroller), "vote-list", list, g_free);
  mg_copy_menu_add(scroller, &copy_funcs);
  g_signal_connect_object(results, "changed", G_CALLBACK(on_changed), scroller, 0);
  on_changed(results, scroller);
  return scroller;
}

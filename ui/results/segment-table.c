#include "ui/results/segment-table.h"
#include "ui/results/probability-bar.h"
#include "ui/widgets/copy-menu.h"
#include "ui/widgets/notice.h"
#include <glib/gi18n.h>

#define MOST_CLASSES 12 /* columns of probabilities; beyond, only those of the prediction and the truth */

struct _MgSegmentTable {
  GtkWidget parent_instance;
  MgResults *results;
  GtkColumnView *view;
  GtkSingleSelection *selection;
  GtkSortListModel *sorted;
  GtkSorter *sorter; /* that of the view, within tracks: for grouped rows */
  gboolean grouped;
  char *classes; /* the labels that the columns stand for, and whether there are two runs */
};

G_DEFINE_FINAL_TYPE(MgSegmentTable, mg_segment_table, GTK_TYPE_WIDGET)

static guint selected_signal, activated_signal;
static const char row_key[] = "result-row"; /* of a cell: whose it is */

typedef void (*Fill)(GtkWidget *cell, MgResultRow *row, guint column);

static void
fill_label(GtkWidget *cell, const char *text)
{
  gtk_label_set_text(GTK_LABEL(cell), text);
}

static void
fill_songname(GtkWidget *cell, MgResultRow *row, guint column)
{
  const MgPrediction *prediction = mg_result_row_prediction(row);
  g_autofree char *track = g_path_get_basename(prediction->track);
  fill_label(cell, mg_result_row_is_track(row) ? track : prediction->songname);
  if (mg_result_row_is_track(row))
    gtk_widget_add_css_class(cell, "heading");
  else
    gtk_widget_remove_css_class(cell, "heading");
  gtk_widget_set_tooltip_text(cell, prediction->track);
}

static void
fill_genre(GtkWidget *cell, MgResultRow *row, guint column)
{
  const char *genre = mg_result_row_prediction(row)->genre;
  fill_label(cell, genre ? genre : "–");
}

static void
fill_number(GtkWidget *cell, MgResultRow *row, guint column)
{
  const MgPrediction *prediction = mg_result_row_prediction(row);
  int number = column != MG_RESULT_PART ? prediction->y_test : mg_result_row_is_track(row) ? -1 : prediction->part;
  g_autofree char *text = number >= 0 ? g_strdup_printf("%d", number) : g_strdup("–");
  fill_label(cell, text);
}

/* Of a row: what is said, by one of the runs; of a track: the vote. */
static void
show_answer(GtkWidget *cell, const char *text, gboolean known, gboolean wrong, gboolean unsure)
{
  GtkWidget *icon = gtk_widget_get_first_child(cell), *label = gtk_widget_get_last_child(cell);
  gtk_image_set_from_icon_name(GTK_IMAGE(icon), wrong ? "window-close-symbolic" : "object-select-symbolic");
  gtk_widget_set_opacity(icon, known ? 1 : 0);
  gtk_accessible_update_property(GTK_ACCESSIBLE(icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 !known  ? ""
                                 : wrong ? _("wrong")
                                         : _("right"),
                                 -1);
  gtk_widget_remove_css_class(cell, "error");
  gtk_widget_remove_css_class(icon, "dim-label");
  gtk_widget_add_css_class(wrong ? cell : icon, wrong ? "error" : "dim-label");
  gtk_widget_set_opacity(label, unsure ? 0.65 : 1); /* under the threshold it fades */
  gtk_label_set_text(GTK_LABEL(label), text);
}

/* Icon, number and name of the class: ✗ and ✓ differ in shape too. */
static void
fill_prediction(GtkWidget *cell, MgResultRow *row, guint column)
{
  gboolean other = column == MG_RESULT_Y_PRED_B;
  const MgPrediction *said = other ? mg_result_row_other(row) : mg_result_row_prediction(row);
  const MgVote *vote = other ? mg_result_row_other_vote(row) : mg_result_row_vote(row);
  gboolean known = said && said->y_test >= 0;
  gtk_widget_set_tooltip_text(cell, NULL);
  if (said && mg_result_row_is_track(row)) {
    g_autofree char *text =
        g_strdup_printf("%d/%d %s", vote->votes, vote->segments, mg_result_row_class(row, vote->y_pred));
    show_answer(cell, text, known, known && vote->y_pred != vote->y_test, FALSE);
    gtk_widget_set_tooltip_text(cell, _("Votes of the segments"));
  } else if (said) {
    g_autofree char *text = g_strdup_printf("%d %s", said->y_pred, mg_result_row_class(row, said->y_pred));
    show_answer(cell, text, known, known && said->y_pred != said->y_test,
                said->probabilities[said->y_pred] < MG_RESULTS_SURE);
  } else {
    show_answer(cell, "–", FALSE, FALSE, FALSE);
  }
}

/* The class that wins is strong. */
static gboolean
is_winner(MgResultRow *row, guint column)
{
  const MgPrediction *other = mg_result_row_other(row);
  guint own = MG_RESULT_PROBABILITY + (guint)mg_result_row_prediction(row)->y_pred;
  guint its = other ? MG_RESULT_PROBABILITY + (guint)(mg_result_row_n_classes(row) + other->y_pred) : own;
  return column == MG_RESULT_P_PRED || column == MG_RESULT_P_PRED_B || column == own || column == its;
}

static void
fill_probability(GtkWidget *cell, MgResultRow *row, guint column)
{
  gboolean track = mg_result_row_is_track(row);
  gtk_widget_set_opacity(cell, track ? 0 : 1);
  mg_probability_bar_set(MG_PROBABILITY_BAR(cell), track ? -1 : mg_result_row_probability(row, column),
                         is_winner(row, column));
}

static GtkWidget *
new_text_cell(void)
{
  GtkWidget *label = mg_figure_label_new(0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_MIDDLE);
  return label;
}

static GtkWidget *
new_number_cell(void)
{
  return mg_figure_label_new(1);
}

static GtkWidget *
new_prediction_cell(void)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *label = mg_figure_label_new(0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_box_append(GTK_BOX(box), gtk_image_new());
  gtk_box_append(GTK_BOX(box), label);
  return box;
}

/* One column. */
typedef struct {
  guint column;
  GtkWidget *(*make)(void);
  Fill fill;
} Kind;

static const Kind songname_kind = {MG_RESULT_SONGNAME, new_text_cell, fill_songname},
                  genre_kind = {MG_RESULT_GENRE, new_text_cell, fill_genre},
                  y_test_kind = {MG_RESULT_Y_TEST, new_number_cell, fill_number},
                  part_kind = {MG_RESULT_PART, new_number_cell, fill_number},
                  y_pred_kind = {MG_RESULT_Y_PRED, new_prediction_cell, fill_prediction},
                  y_pred_b_kind = {MG_RESULT_Y_PRED_B, new_prediction_cell, fill_prediction};

static void
setup_cell(GtkSignalListItemFactory *factory, GtkListItem *item, Kind *kind)
{
  gtk_list_item_set_child(item, kind->make());
}

static void
bind_cell(GtkSignalListItemFactory *factory, GtkListItem *item, Kind *kind)
{
  GtkWidget *cell = gtk_list_item_get_child(item);
  MgResultRow *row = gtk_list_item_get_item(item);
  g_object_set_data_full(G_OBJECT(cell), row_key, g_object_ref(row), g_object_unref);
  kind->fill(cell, row, kind->column);
}

static int
compare(gconstpointer a, gconstpointer b, gpointer data)
{
  return mg_result_row_compare((MgResultRow *)a, (MgResultRow *)b, GPOINTER_TO_UINT(data));
}

static void
free_kind(gpointer data, GClosure *closure)
{
  g_free(data);
}

static GtkColumnViewColumn *
add_column(MgSegmentTable *table, const char *title, const Kind *kind, int width)
{
  Kind *own = g_memdup2(kind, sizeof *kind);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_signal_connect_data(factory, "setup", G_CALLBACK(setup_cell), own, free_kind, 0);
  g_signal_connect(factory, "bind", G_CALLBACK(bind_cell), own);
  g_autoptr(GtkColumnViewColumn) column = gtk_column_view_column_new(title, factory);
  g_autoptr(GtkSorter) sorter = GTK_SORTER(gtk_custom_sorter_new(compare, GUINT_TO_POINTER(kind->column), NULL));
  gtk_column_view_column_set_sorter(column, sorter);
  gtk_column_view_column_set_resizable(column, TRUE);
  if (width > 0)
    gtk_column_view_column_set_fixed_width(column, width);
  gtk_column_view_append_column(table->view, column);
  return column; /* the view holds it */
}

static void
add_probability(MgSegmentTable *table, const char *title, guint column)
{
  const Kind kind = {column, mg_probability_bar_new, fill_probability};
  add_column(table, title, &kind, 108);
}

static void
clear_columns(MgSegmentTable *table)
{
  GListModel *columns = gtk_column_view_get_columns(table->view);
  while (g_list_model_get_n_items(columns) > 0) {
    g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item(columns, 0);
    gtk_column_view_remove_column(table->view, column);
  }
}

/* Of classes beside each other, the two runs' probabilities of one side by side. */
static void
add_classes(MgSegmentTable *table, gboolean two)
{
  int n = mg_results_n_classes(table->results);
  const char *const *labels = mg_results_labels(table->results);
  for (int i = 0; i < n; i++) {
    g_autofree char *a = g_strdup_printf("%s A", labels[i]), *b = g_strdup_printf("%s B", labels[i]);
    add_probability(table, two ? a : labels[i], MG_RESULT_PROBABILITY + i);
    if (two)
      add_probability(table, b, MG_RESULT_PROBABILITY + n + i);
  }
}

static void
add_winners(MgSegmentTable *table, gboolean two)
{
  add_probability(table, two ? _("p of y_pred A") : _("p of y_pred"), MG_RESULT_P_PRED);
  if (two)
    add_probability(table, _("p of y_pred B"), MG_RESULT_P_PRED_B);
  add_probability(table, two ? _("p of y_test A") : _("p of y_test"), MG_RESULT_P_TEST);
  if (two)
    add_probability(table, _("p of y_test B"), MG_RESULT_P_TEST_B);
}

static gboolean
has_two(MgSegmentTable *table)
{
  return mg_results_other_predictions(table->results) != NULL;
}

static void
make_columns(MgSegmentTable *table)
{
  gboolean two = has_two(table);
  clear_columns(table);
  gtk_column_view_column_set_expand(add_column(table, "songname", &songname_kind, 170), TRUE);
  if (mg_results_confusion(table->results)) { /* some truth is known */
    add_column(table, "genre", &genre_kind, 88);
    add_column(table, "y_test", &y_test_kind, 60);
  }
  add_column(table, "part", &part_kind, 50);
  add_column(table, two ? "y_pred A" : "y_pred", &y_pred_kind, 116);
  if (two)
    add_column(table, "y_pred B", &y_pred_b_kind, 116);
  if (mg_results_n_classes(table->results) * (two ? 2 : 1) <= MOST_CLASSES)
    add_classes(table, two);
  else
    add_winners(table, two);
}

/* Grouped rows stay with their track, whatever they are sorted by. */
static int
compare_rows(gconstpointer a, gconstpointer b, gpointer data)
{
  MgSegmentTable *table = data;
  MgResultRow *one = (MgResultRow *)a, *other = (MgResultRow *)b;
  int order = mg_results_is_grouped(table->results) ? mg_result_row_compare_tracks(one, other) : 0;
  GtkSorter *sorter = gtk_column_view_get_sorter(table->view);
  return order ? order : (int)gtk_sorter_compare(sorter, one, other);
}

static void
on_sorter_changed(MgSegmentTable *table)
{
  gtk_sorter_changed(table->sorter, GTK_SORTER_CHANGE_DIFFERENT);
}

/* Sorting by the wrapper takes longer, so it is there for grouped rows alone. */
static void
follow_grouping(MgSegmentTable *table)
{
  gboolean grouped = mg_results_is_grouped(table->results);
  if (grouped == table->grouped)
    return;
  table->grouped = grouped;
  gtk_sort_list_model_set_sorter(table->sorted, grouped ? table->sorter : gtk_column_view_get_sorter(table->view));
}

/* Columns depend on the classes alone, so that sorting outlives a reload of the same run. */
static void
follow_classes(MgSegmentTable *table)
{
  follow_grouping(table);
  if (mg_results_n_classes(table->results) == 0)
    return;
  g_autofree char *labels = g_strjoinv("\n", (char **)mg_results_labels(table->results));
  g_autofree char *classes = g_strconcat(labels, has_two(table) ? "\n\nA B" : "", NULL);
  if (g_strcmp0(classes, table->classes) == 0)
    return;
  g_free(table->classes);
  table->classes = g_steal_pointer(&classes);
  make_columns(table);
}

MgResultRow *
mg_segment_table_selected(MgSegmentTable *table)
{
  return gtk_single_selection_get_selected_item(table->selection);
}

gboolean
mg_segment_table_select(MgSegmentTable *table, const MgPrediction *segment)
{
  guint n = g_list_model_get_n_items(G_LIST_MODEL(table->selection)), found = GTK_INVALID_LIST_POSITION;
  for (guint i = 0; i < n && found == GTK_INVALID_LIST_POSITION; i++) {
    g_autoptr(MgResultRow) row = g_list_model_get_item(G_LIST_MODEL(table->selection), i);
    if (!mg_result_row_is_track(row) && mg_result_row_is_of(row, segment))
      found = i;
  }
  gtk_single_selection_set_selected(table->selection, found);
  if (found != GTK_INVALID_LIST_POSITION) /* GTK 4.8 has no other way to scroll */
    gtk_widget_activate_action(gtk_widget_get_last_child(GTK_WIDGET(table->view)), "list.scroll-to-item", "u", found);
  return found != GTK_INVALID_LIST_POSITION;
}

static void
on_selected(MgSegmentTable *table)
{
  g_signal_emit(table, selected_signal, 0, mg_segment_table_selected(table));
}

static void
on_activated(GtkColumnView *view, guint position, MgSegmentTable *table)
{
  g_autoptr(MgResultRow) row = g_list_model_get_item(G_LIST_MODEL(table->selection), position);
  if (row)
    g_signal_emit(table, activated_signal, 0, row);
}

/* Copying. */

static char *
row_text(MgResultRow *row)
{
  const MgPrediction *prediction = mg_result_row_prediction(row);
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(cells, g_strdup(prediction->songname));
  g_ptr_array_add(cells, g_strdup(prediction->genre ? prediction->genre : ""));
  g_ptr_array_add(cells, prediction->y_test >= 0 ? g_strdup_printf("%d", prediction->y_test) : g_strdup(""));
  g_ptr_array_add(cells, g_strdup_printf("%d", prediction->part));
  g_ptr_array_add(cells, g_strdup_printf("%d", prediction->y_pred));
  const MgPrediction *other = mg_result_row_other(row);
  if (other)
    g_ptr_array_add(cells, g_strdup_printf("%d", other->y_pred));
  for (int i = 0; i < mg_result_row_n_classes(row); i++)
    g_ptr_array_add(cells, g_strdup_printf("%.4f", prediction->probabilities[i]));
  for (int i = 0; other && i < mg_result_row_n_classes(row); i++)
    g_ptr_array_add(cells, g_strdup_printf("%.4f", other->probabilities[i]));
  return mg_copy_join(cells);
}

static char *
title_text(MgResults *results)
{
  static const char *const titles[] = {"songname", "genre", "y_test", "part", "y_pred"};
  gboolean two = mg_results_other_predictions(results) != NULL;
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
  for (size_t i = 0; i < G_N_ELEMENTS(titles); i++)
    g_ptr_array_add(cells, g_strconcat(titles[i], two && i == 4 ? "_A" : "", NULL));
  if (two)
    g_ptr_array_add(cells, g_strdup("y_pred_B"));
  for (int run = 0; run < (two ? 2 : 1); run++)
    for (int i = 0; i < mg_results_n_classes(results); i++)
      g_ptr_array_add(cells, g_strconcat(mg_results_labels(results)[i], !two ? "" : run ? "_B" : "_A", NULL));
  return mg_copy_join(cells);
}

static char *
copy_row(GtkWidget *widget, double x, double y)
{
  MgSegmentTable *table = MG_SEGMENT_TABLE(gtk_widget_get_parent(widget));
  MgResultRow *row = x < 0 ? mg_segment_table_selected(table) : mg_copy_row_at(widget, x, y, row_key);
  return row ? row_text(row) : NULL;
}

/* The rows that are shown, in their order. */
static char *
copy_table(GtkWidget *widget)
{
  MgSegmentTable *table = MG_SEGMENT_TABLE(gtk_widget_get_parent(widget));
  g_autofree char *title = title_text(table->results);
  GString *text = g_string_new(title);
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(table->selection)); i++) {
    g_autoptr(MgResultRow) row = g_list_model_get_item(G_LIST_MODEL(table->selection), i);
    if (mg_result_row_is_track(row))
      continue;
    g_autofree char *line = row_text(row);
    g_string_append_printf(text, "\n%s", line);
  }
  return g_string_free(g_string_append_c(text, '\n'), FALSE);
}

static const MgCopyFuncs copy_funcs = {copy_row, copy_table};

/* The list itself takes the space bar for choosing what arrow keys have chosen already. */
static gboolean
on_space(GtkWidget *widget, GVariant *arguments, gpointer data)
{
  MgResultRow *row = mg_segment_table_selected(data);
  if (row)
    g_signal_emit(data, activated_signal, 0, row);
  return row != NULL;
}

static void
add_space(MgSegmentTable *table)
{
  GtkEventController *keys = gtk_shortcut_controller_new();
  gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut(
      GTK_SHORTCUT_CONTROLLER(keys),
      gtk_shortcut_new(gtk_keyval_trigger_new(GDK_KEY_space, 0), gtk_callback_action_new(on_space, table, NULL)));
  gtk_widget_add_controller(GTK_WIDGET(table->view), keys);
}

static void
mg_segment_table_dispose(GObject *object)
{
  MgSegmentTable *table = MG_SEGMENT_TABLE(object);
  if (table->selection)
    g_signal_handlers_disconnect_by_data(table->selection, table);
  GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(table));
  if (child)
    gtk_widget_unparent(child);
  if (table->sorter) /* it asks the view */
    gtk_custom_sorter_set_sort_func(GTK_CUSTOM_SORTER(table->sorter), NULL, NULL, NULL);
  g_clear_object(&table->sorter);
  g_clear_object(&table->selection);
  g_clear_object(&table->results);
  g_clear_pointer(&table->classes, g_free);
  G_OBJECT_CLASS(mg_segment_table_parent_class)->dispose(object);
}

static void
mg_segment_table_class_init(MgSegmentTableClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_segment_table_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
  selected_signal = g_signal_new("selected", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, MG_TYPE_RESULT_ROW);
  activated_signal = g_signal_new("activated", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, MG_TYPE_RESULT_ROW);
}

static void
mg_segment_table_init(MgSegmentTable *table)
{
}

GtkWidget *
mg_segment_table_new(MgResults *results)
{
  MgSegmentTable *table = g_object_new(MG_TYPE_SEGMENT_TABLE, NULL);
  GtkWidget *scroller = gtk_scrolled_window_new();
  table->results = g_object_ref(results);
  table->view = GTK_COLUMN_VIEW(gtk_column_view_new(NULL));
  gtk_widget_add_css_class(GTK_WIDGET(table->view), "data-table");
  gtk_accessible_update_property(GTK_ACCESSIBLE(table->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Segments"), -1);
  table->sorter = GTK_SORTER(gtk_custom_sorter_new(compare_rows, table, NULL));
  g_signal_connect_object(gtk_column_view_get_sorter(table->view), "changed", G_CALLBACK(on_sorter_changed), table,
                          G_CONNECT_SWAPPED);
  table->sorted = gtk_sort_list_model_new(g_object_ref(G_LIST_MODEL(results)),
                                          g_object_ref(gtk_column_view_get_sorter(table->view)));
  gtk_sort_list_model_set_incremental(table->sorted, FALSE);
  table->selection = gtk_single_selection_new(G_LIST_MODEL(table->sorted));
  gtk_single_selection_set_autoselect(table->selection, FALSE);
  gtk_single_selection_set_can_unselect(table->selection, TRUE);
  gtk_single_selection_set_selected(table->selection, GTK_INVALID_LIST_POSITION);
  gtk_column_view_set_model(table->view, GTK_SELECTION_MODEL(table->selection));
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(table->view));
  gtk_widget_set_vexpand(scroller, TRUE);
  gtk_widget_set_hexpand(scroller, TRUE);
  gtk_widget_set_parent(scroller, GTK_WIDGET(table));
  mg_copy_menu_add(scroller, &copy_funcs);
  add_space(table);
  g_signal_connect_swapped(table->selection, "notify::selected-item", G_CALLBACK(on_selected), table);
  g_signal_connect(table->view, "activate", G_CALLBACK(on_activated), table);
  g_signal_connect_object(results, "changed", G_CALLBACK(follow_classes), table, G_CONNECT_SWAPPED);
  follow_classes(table);
  return GTK_WIDGET(table);
}

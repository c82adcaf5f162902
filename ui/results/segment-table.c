#include "ui/results/segment-table.h"
#include "ui/widgets/copy-menu.h"
#include "ui/widgets/table-view.h"
#include <glib/gi18n.h>

#define MOST_CLASSES 12 /* columns of probabilities; beyond, only those of the prediction and the truth */

struct _MgSegmentTable {
  GtkWidget parent_instance;
  MgResults *results;
  MgTableView *view;
  GtkSingleSelection *selection;
  GtkSortListModel *sorted;
  GtkSorter *sorter; /* by the view's column, within tracks where rows are grouped */
  guint column;      /* by which it is sorted */
  gboolean by_column, descending;
  gboolean grouped;
  char *classes; /* the labels that the columns stand for, and whether there are two runs */
};

G_DEFINE_FINAL_TYPE(MgSegmentTable, mg_segment_table, GTK_TYPE_WIDGET)

static guint selected_signal, activated_signal;

/* Cells */

static void
fill_songname(MgTableCell *cell, MgResultRow *row)
{
  const MgPrediction *prediction = mg_result_row_prediction(row);
  gboolean track = mg_result_row_is_track(row);
  cell->text = track ? g_path_get_basename(prediction->track) : g_strdup(prediction->songname);
  cell->tone = track ? MG_CELL_STRONG : MG_CELL_PLAIN;
}

static void
fill_number(MgTableCell *cell, int number)
{
  cell->text = number >= 0 ? g_strdup_printf("%d", number) : g_strdup("–");
}

/* Of a row: what is said, by one of the runs; of a track: the vote. Mark, number and name of the class: ✗ and ✓ differ
 * in shape too. */
static void
fill_prediction(MgTableCell *cell, MgResultRow *row, gboolean other)
{
  const MgPrediction *said = other ? mg_result_row_other(row) : mg_result_row_prediction(row);
  const MgVote *vote = other ? mg_result_row_other_vote(row) : mg_result_row_vote(row);
  gboolean track = mg_result_row_is_track(row), known = said && said->y_test >= 0;
  int y_pred = !said ? -1 : track ? vote->y_pred : said->y_pred;
  gboolean wrong = known && y_pred != said->y_test;
  if (!said)
    cell->text = g_strdup("–");
  else if (track)
    cell->text = g_strdup_printf("%d/%d %s", vote->votes, vote->segments, mg_result_row_class(row, y_pred));
  else
    cell->text = g_strdup_printf("%d %s", y_pred, mg_result_row_class(row, y_pred));
  cell->mark = !known ? MG_CELL_BLANK : wrong ? MG_CELL_WRONG : MG_CELL_RIGHT;
  cell->tone = wrong ? MG_CELL_ERROR : MG_CELL_PLAIN;
  if (said && !track && said->probabilities[y_pred] < MG_RESULTS_SURE)
    cell->opacity = 0.65; /* under the threshold it fades */
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
fill_probability(MgTableCell *cell, MgResultRow *row, guint column)
{
  double value = mg_result_row_probability(row, column);
  if (mg_result_row_is_track(row))
    return;
  cell->text = value >= 0 ? g_strdup_printf("%.2f", value) : g_strdup("–");
  cell->share = value;
  cell->tone = is_winner(row, column) ? MG_CELL_STRONG : MG_CELL_DIM;
}

static void
fill(MgTableCell *cell, gpointer item, guint column, gpointer data)
{
  MgResultRow *row = item;
  const MgPrediction *prediction = mg_result_row_prediction(row);
  switch (column) {
  case MG_RESULT_SONGNAME:
    fill_songname(cell, row);
    break;
  case MG_RESULT_GENRE:
    cell->text = g_strdup(prediction->genre ? prediction->genre : "–");
    break;
  case MG_RESULT_Y_TEST:
    fill_number(cell, prediction->y_test);
    break;
  case MG_RESULT_PART:
    fill_number(cell, mg_result_row_is_track(row) ? -1 : prediction->part);
    break;
  case MG_RESULT_Y_PRED:
  case MG_RESULT_Y_PRED_B:
    fill_prediction(cell, row, column == MG_RESULT_Y_PRED_B);
    break;
  default:
    fill_probability(cell, row, column);
  }
}

static char *
tell(gpointer row, guint column, gpointer data)
{
  if (column == MG_RESULT_SONGNAME)
    return g_strdup(mg_result_row_prediction(row)->track);
  gboolean votes = column == MG_RESULT_Y_PRED || column == MG_RESULT_Y_PRED_B;
  return votes && mg_result_row_is_track(row) ? g_strdup(_("Votes of the segments")) : NULL;
}

static const MgTableFuncs table_funcs = {fill, tell};

/* Columns */

static void
add_column(GArray *columns, const char *title, guint column, int width, float xalign)
{
  const MgTableColumn made = {.title = g_intern_string(title),
                              .id = column,
                              .width = width,
                              .xalign = xalign,
                              .expands = column == MG_RESULT_SONGNAME,
                              .sorts = TRUE,
                              .ellipsize = column <= MG_RESULT_GENRE ? PANGO_ELLIPSIZE_MIDDLE : PANGO_ELLIPSIZE_END};
  g_array_append_val(columns, made);
}

static void
add_probability(GArray *columns, const char *title, guint column)
{
  add_column(columns, title, column, 108, 1);
}

/* Of classes beside each other, the two runs' probabilities of one side by side. */
static void
add_classes(MgSegmentTable *table, GArray *columns, gboolean two)
{
  int n = mg_results_n_classes(table->results);
  const char *const *labels = mg_results_labels(table->results);
  for (int i = 0; i < n; i++) {
    g_autofree char *a = g_strdup_printf("%s A", labels[i]), *b = g_strdup_printf("%s B", labels[i]);
    add_probability(columns, two ? a : labels[i], MG_RESULT_PROBABILITY + i);
    if (two)
      add_probability(columns, b, MG_RESULT_PROBABILITY + n + i);
  }
}

static void
add_winners(GArray *columns, gboolean two)
{
  add_probability(columns, two ? _("p of y_pred A") : _("p of y_pred"), MG_RESULT_P_PRED);
  if (two)
    add_probability(columns, _("p of y_pred B"), MG_RESULT_P_PRED_B);
  add_probability(columns, two ? _("p of y_test A") : _("p of y_test"), MG_RESULT_P_TEST);
  if (two)
    add_probability(columns, _("p of y_test B"), MG_RESULT_P_TEST_B);
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
  g_autoptr(GArray) columns = g_array_new(FALSE, FALSE, sizeof(MgTableColumn));
  add_column(columns, "songname", MG_RESULT_SONGNAME, 170, 0);
  if (mg_results_confusion(table->results)) { /* some truth is known */
    add_column(columns, "genre", MG_RESULT_GENRE, 88, 0);
    add_column(columns, "y_test", MG_RESULT_Y_TEST, 66, 1);
  }
  add_column(columns, "part", MG_RESULT_PART, 56, 1);
  add_column(columns, two ? "y_pred A" : "y_pred", MG_RESULT_Y_PRED, 122, 0);
  if (two)
    add_column(columns, "y_pred B", MG_RESULT_Y_PRED_B, 122, 0);
  if (mg_results_n_classes(table->results) * (two ? 2 : 1) <= MOST_CLASSES)
    add_classes(table, columns, two);
  else
    add_winners(columns, two);
  mg_table_view_set_columns(table->view, (const MgTableColumn *)columns->data, columns->len);
}

/* Sorting */

/* Grouped rows stay with their track, whatever they are sorted by. */
static int
compare_rows(gconstpointer a, gconstpointer b, gpointer data)
{
  MgSegmentTable *table = data;
  MgResultRow *one = (MgResultRow *)a, *other = (MgResultRow *)b;
  int order = table->grouped ? mg_result_row_compare_tracks(one, other) : 0;
  if (order || !table->by_column)
    return order;
  order = mg_result_row_compare(one, other, table->column);
  return table->descending ? -order : order;
}

/* The table's own order needs no sorter. */
static void
sort(MgSegmentTable *table)
{
  table->grouped = mg_results_is_grouped(table->results);
  table->by_column = mg_table_view_sorted(table->view, &table->column, &table->descending);
  gtk_sort_list_model_set_sorter(table->sorted, table->grouped || table->by_column ? table->sorter : NULL);
  gtk_sorter_changed(table->sorter, GTK_SORTER_CHANGE_DIFFERENT);
}

static void
follow_grouping(MgSegmentTable *table)
{
  if (mg_results_is_grouped(table->results) != table->grouped)
    sort(table);
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
  sort(table);
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
  if (found != GTK_INVALID_LIST_POSITION)
    mg_table_view_scroll_to(table->view, found);
  return found != GTK_INVALID_LIST_POSITION;
}

static void
on_selected(MgSegmentTable *table)
{
  g_signal_emit(table, selected_signal, 0, mg_segment_table_selected(table));
}

static void
on_activated(MgTableView *view, guint position, MgSegmentTable *table)
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
  MgResultRow *row = x < 0 ? mg_segment_table_selected(table) : mg_table_view_item_at(table->view, widget, x, y);
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
  if (table->view)
    gtk_widget_unparent(GTK_WIDGET(table->view));
  table->view = NULL;
  if (table->sorter) /* it asks the table */
    gtk_custom_sorter_set_sort_func(GTK_CUSTOM_SORTER(table->sorter), NULL, NULL, NULL);
  g_clear_object(&table->sorter);
  g_clear_object(&table->sorted);
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
  table->results = g_object_ref(results);
  table->view = MG_TABLE_VIEW(mg_table_view_new(_("Segments"), &table_funcs, NULL));
  table->sorter = GTK_SORTER(gtk_custom_sorter_new(compare_rows, table, NULL));
  table->sorted = gtk_sort_list_model_new(g_object_ref(G_LIST_MODEL(results)), NULL);
  table->selection = gtk_single_selection_new(g_object_ref(G_LIST_MODEL(table->sorted)));
  gtk_single_selection_set_autoselect(table->selection, FALSE);
  gtk_single_selection_set_can_unselect(table->selection, TRUE);
  gtk_single_selection_set_selected(table->selection, GTK_INVALID_LIST_POSITION);
  mg_table_view_set_model(table->view, GTK_SELECTION_MODEL(table->selection));
  gtk_widget_set_parent(GTK_WIDGET(table->view), GTK_WIDGET(table));
  mg_copy_menu_add(GTK_WIDGET(table->view), &copy_funcs);
  add_space(table);
  g_signal_connect_swapped(table->selection, "notify::selected-item", G_CALLBACK(on_selected), table);
  g_signal_connect(table->view, "activate", G_CALLBACK(on_activated), table);
  g_signal_connect_swapped(table->view, "sorted", G_CALLBACK(sort), table);
  g_signal_connect_object(results, "changed", G_CALLBACK(follow_classes), table, G_CONNECT_SWAPPED);
  follow_classes(table);
  return GTK_WIDGET(table);
}

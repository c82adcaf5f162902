#include "ui/train/search-table.h"
#include "ui/widgets/copy-menu.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/notice.h"
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* One trial: its cells in the order of the columns. */
#define MG_TYPE_SEARCH_ROW (mg_search_row_get_type())
G_DECLARE_FINAL_TYPE(MgSearchRow, mg_search_row, MG, SEARCH_ROW, GObject)

struct _MgSearchRow {
  GObject parent_instance;
  guint trial;
  MgTrialState state; /* when the cells were made: while it and rungs stay, they do too */
  int rungs;
  char **texts;
  double *numbers; /* to sort by; NAN where the text is to be sorted by, or there is nothing */
};

G_DEFINE_FINAL_TYPE(MgSearchRow, mg_search_row, G_TYPE_OBJECT)

struct _MgSearchTable {
  GtkWidget parent_instance;
  GtkColumnView *view;
  GListStore *rows;
  GtkSingleSelection *selection;
  char *columns; /* their names, so that other ones are noticed */
};

G_DEFINE_FINAL_TYPE(MgSearchTable, mg_search_table, GTK_TYPE_WIDGET)

enum { TRIAL, STATE, SCORE, FIRST_PARAMETER };
enum { EPOCHS, SECONDS, AFTER };            /* behind the parameters */
static const char row_key[] = "search-row"; /* of a cell: whose it is */
static guint selected_signal;

static void
mg_search_row_finalize(GObject *object)
{
  MgSearchRow *row = MG_SEARCH_ROW(object);
  g_strfreev(row->texts);
  g_free(row->numbers);
  G_OBJECT_CLASS(mg_search_row_parent_class)->finalize(object);
}

static void
mg_search_row_class_init(MgSearchRowClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = mg_search_row_finalize;
}

static void
mg_search_row_init(MgSearchRow *row)
{
}

static const char *
state_text(MgTrialState state)
{
  static const char *const texts[] = {
      [MG_TRIAL_RUNNING] = N_("running"), [MG_TRIAL_PAUSED] = N_("waiting"), [MG_TRIAL_FINISHED] = N_("finished"),
      [MG_TRIAL_STOPPED] = N_("stopped"), [MG_TRIAL_FAILED] = N_("failed"),
  };
  return _(texts[state]);
}

/* Takes the text. */
static void
set_cell(MgSearchRow *row, guint column, char *text, double number)
{
  row->texts[column] = text;
  row->numbers[column] = number;
}

static char *
score_text(double score, double deviation)
{
  if (isnan(score))
    return g_strdup("–");
  return isfinite(deviation) ? g_strdup_printf("%.4f ± %.4f", score, deviation) : g_strdup_printf("%.4f", score);
}

static MgSearchRow *
row_new(const MgSearchRecord *record, guint number)
{
  const MgTrial *trial = mg_search_trial(record->search, number);
  const MgTrialCost *cost = &g_array_index(record->costs, MgTrialCost, number);
  guint params = record->params->len, columns = FIRST_PARAMETER + params + AFTER;
  MgSearchRow *row = g_object_new(MG_TYPE_SEARCH_ROW, NULL);
  row->trial = number;
  row->state = trial->state;
  row->rungs = trial->rungs;
  row->texts = g_new0(char *, columns + 1);
  row->numbers = g_new(double, columns);
  set_cell(row, TRIAL, g_strdup_printf("%u", number + 1), number);
  set_cell(row, STATE, g_strdup(state_text(trial->state)), NAN);
  set_cell(row, SCORE, score_text(record->scores[number], cost->deviation), record->scores[number]);
  for (guint i = 0; i < params; i++) {
    guint param = g_array_index(record->params, guint, i);
    double value = trial->values[param];
    char *text = mg_space_text(record->space, param, value);
    set_cell(row, FIRST_PARAMETER + i, text, mg_space_param(record->space, param)->values ? NAN : value);
  }
  set_cell(row, FIRST_PARAMETER + params + EPOCHS, g_strdup_printf("%.4g", cost->epochs), cost->epochs);
  set_cell(row, FIRST_PARAMETER + params + SECONDS, g_strdup_printf("%.1f", cost->seconds), cost->seconds);
  return row;
}

static gboolean
is_up_to_date(const MgSearchRow *row, const MgTrial *trial)
{
  return row->state == trial->state && row->rungs == trial->rungs;
}

/* Cells. */

static void
setup_cell(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  GtkWidget *label = mg_figure_label_new(GPOINTER_TO_UINT(column) == STATE ? 0 : 1);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child(item, label);
}

static void
bind_cell(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  GtkWidget *label = gtk_list_item_get_child(item);
  MgSearchRow *row = gtk_list_item_get_item(item);
  g_object_set_data(G_OBJECT(label), row_key, row);
  gtk_label_set_text(GTK_LABEL(label), row->texts[GPOINTER_TO_UINT(column)]);
}

static void
unbind_cell(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  g_object_set_data(G_OBJECT(gtk_list_item_get_child(item)), row_key, NULL);
}

static int
compare(gconstpointer a, gconstpointer b, gpointer column)
{
  const MgSearchRow *one = a, *other = b;
  guint number = GPOINTER_TO_UINT(column);
  double first = one->numbers[number], second = other->numbers[number];
  if (isnan(first) && isnan(second))
    return g_utf8_collate(one->texts[number], other->texts[number]);
  if (isnan(first) || isnan(second))
    return isnan(second) - isnan(first);
  return (first > second) - (first < second);
}

static void
add_column(MgSearchTable *table, guint number, const char *title, int width)
{
  gpointer data = GUINT_TO_POINTER(number);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_signal_connect(factory, "setup", G_CALLBACK(setup_cell), data);
  g_signal_connect(factory, "bind", G_CALLBACK(bind_cell), data);
  g_signal_connect(factory, "unbind", G_CALLBACK(unbind_cell), data);
  g_autoptr(GtkColumnViewColumn) column = gtk_column_view_column_new(title, factory);
  g_autoptr(GtkSorter) sorter = GTK_SORTER(gtk_custom_sorter_new(compare, data, NULL));
  gtk_column_view_column_set_sorter(column, sorter);
  gtk_column_view_column_set_resizable(column, TRUE);
  gtk_column_view_column_set_fixed_width(column, (int)(width * mg_text_scale()));
  gtk_column_view_append_column(table->view, column);
}

/* Wide enough for its title and a number, or the longest of its choices. */
static int
width_of(const MgSpaceParam *param)
{
  size_t longest = MAX(strlen(param->name) + 2, 10);
  for (guint i = 0; i < param->n_values; i++)
    longest = MAX(longest, strlen(param->values[i]));
  return 16 + 8 * (int)MIN(longest, 24);
}

static void
make_columns(MgSearchTable *table, const MgSearchRecord *record)
{
  GListModel *columns = gtk_column_view_get_columns(table->view);
  for (guint i = g_list_model_get_n_items(columns); i-- > 0;) {
    g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item(columns, i);
    gtk_column_view_remove_column(table->view, column);
  }
  guint params = record->params->len;
  add_column(table, TRIAL, _("Trial"), 70);
  add_column(table, STATE, _("State"), 96);
  add_column(table, SCORE, _("Macro F1"), 140);
  for (guint i = 0; i < params; i++) {
    const MgSpaceParam *param = mg_space_param(record->space, g_array_index(record->params, guint, i));
    add_column(table, FIRST_PARAMETER + i, param->name, width_of(param));
  }
  add_column(table, FIRST_PARAMETER + params + EPOCHS, _("Epochs"), 80);
  add_column(table, FIRST_PARAMETER + params + SECONDS, _("Seconds"), 90);
}

static char *
columns_of(const MgSearchRecord *record)
{
  GString *names = g_string_new(NULL);
  for (guint i = 0; record && i < record->params->len; i++)
    g_string_append_printf(names, "%s,", mg_space_param(record->space, g_array_index(record->params, guint, i))->name);
  return g_string_free(names, FALSE);
}

/* Showing. */

static void
take_rows(MgSearchTable *table, const MgSearchRecord *record)
{
  guint n = record ? record->search->trials->len : 0, had = g_list_model_get_n_items(G_LIST_MODEL(table->rows));
  g_autoptr(GPtrArray) more = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; i < MIN(n, had); i++) {
    g_autoptr(MgSearchRow) before = g_list_model_get_item(G_LIST_MODEL(table->rows), i);
    if (is_up_to_date(before, mg_search_trial(record->search, i)))
      continue;
    g_autoptr(MgSearchRow) row = row_new(record, i);
    g_list_store_splice(table->rows, i, 1, (gpointer *)&row, 1);
  }
  for (guint i = had; i < n; i++)
    g_ptr_array_add(more, row_new(record, i));
  g_list_store_splice(table->rows, MIN(n, had), had - MIN(n, had), more->pdata, more->len);
}

void
mg_search_table_set(MgSearchTable *table, const MgSearchRecord *record)
{
  int selected = mg_search_table_selected(table);
  g_autofree char *columns = columns_of(record);
  if (g_strcmp0(columns, table->columns) != 0) {
    g_list_store_remove_all(table->rows);
    if (record)
      make_columns(table, record);
    g_free(table->columns);
    table->columns = g_steal_pointer(&columns);
    selected = -1;
  }
  take_rows(table, record);
  mg_search_table_select(table, selected);
}

int
mg_search_table_selected(MgSearchTable *table)
{
  MgSearchRow *row = gtk_single_selection_get_selected_item(table->selection);
  return row ? (int)row->trial : -1;
}

void
mg_search_table_select(MgSearchTable *table, int trial)
{
  GListModel *rows = G_LIST_MODEL(table->selection);
  if (trial == mg_search_table_selected(table))
    return;
  for (guint i = 0; trial >= 0 && i < g_list_model_get_n_items(rows); i++) {
    g_autoptr(MgSearchRow) row = g_list_model_get_item(rows, i);
    if (row->trial != (guint)trial)
      continue;
    gtk_single_selection_set_selected(table->selection, i);
    gtk_widget_activate_action(GTK_WIDGET(table->view), "list.scroll-to-item", "u", i);
    return;
  }
  gtk_single_selection_set_selected(table->selection, GTK_INVALID_LIST_POSITION);
}

static void
on_selected(MgSearchTable *table)
{
  g_signal_emit(table, selected_signal, 0);
}

/* Copying. */

static MgSearchTable *
table_of(GtkWidget *scroller)
{
  return MG_SEARCH_TABLE(gtk_widget_get_parent(scroller));
}

static char *
copy_row(GtkWidget *widget, double x, double y)
{
  MgSearchTable *table = table_of(widget);
  MgSearchRow *row =
      x < 0 ? gtk_single_selection_get_selected_item(table->selection) : mg_copy_row_at(widget, x, y, row_key);
  return row ? g_strjoinv("\t", row->texts) : NULL;
}

static char *
copy_table(GtkWidget *widget)
{
  MgSearchTable *table = table_of(widget);
  GListModel *columns = gtk_column_view_get_columns(table->view), *rows = G_LIST_MODEL(table->selection);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < g_list_model_get_n_items(columns); i++) {
    g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item(columns, i);
    g_string_append_printf(text, "%s%s", i ? "\t" : "", gtk_column_view_column_get_title(column));
  }
  for (guint i = 0; i < g_list_model_get_n_items(rows); i++) {
    g_autoptr(MgSearchRow) row = g_list_model_get_item(rows, i);
    g_autofree char *line = g_strjoinv("\t", row->texts);
    g_string_append_printf(text, "\n%s", line);
  }
  return g_string_free(g_string_append_c(text, '\n'), FALSE);
}

static const MgCopyFuncs copy_funcs = {copy_row, copy_table};

static void
mg_search_table_dispose(GObject *object)
{
  MgSearchTable *table = MG_SEARCH_TABLE(object);
  if (table->selection)
    g_signal_handlers_disconnect_by_data(table->selection, table);
  GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(table));
  if (child)
    gtk_widget_unparent(child);
  g_clear_object(&table->selection);
  g_clear_object(&table->rows);
  g_clear_pointer(&table->columns, g_free);
  G_OBJECT_CLASS(mg_search_table_parent_class)->dispose(object);
}

static void
mg_search_table_class_init(MgSearchTableClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_search_table_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
  selected_signal =
      g_signal_new("selected", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_search_table_init(MgSearchTable *table)
{
}

GtkWidget *
mg_search_table_new(void)
{
  MgSearchTable *table = g_object_new(MG_TYPE_SEARCH_TABLE, NULL);
  GtkWidget *scroller = gtk_scrolled_window_new();
  table->rows = g_list_store_new(MG_TYPE_SEARCH_ROW);
  table->view = GTK_COLUMN_VIEW(gtk_column_view_new(NULL));
  gtk_widget_add_css_class(GTK_WIDGET(table->view), "data-table");
  gtk_accessible_update_property(GTK_ACCESSIBLE(table->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Trials"), -1);
  GtkSortListModel *sorted = gtk_sort_list_model_new(g_object_ref(G_LIST_MODEL(table->rows)),
                                                     g_object_ref(gtk_column_view_get_sorter(table->view)));
  table->selection = gtk_single_selection_new(G_LIST_MODEL(sorted));
  gtk_single_selection_set_autoselect(table->selection, FALSE);
  gtk_single_selection_set_can_unselect(table->selection, TRUE);
  gtk_single_selection_set_selected(table->selection, GTK_INVALID_LIST_POSITION);
  gtk_column_view_set_model(table->view, GTK_SELECTION_MODEL(table->selection));
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(table->view));
  gtk_widget_set_parent(scroller, GTK_WIDGET(table));
  gtk_widget_set_size_request(scroller, -1, 180);
  mg_copy_menu_add(scroller, &copy_funcs);
  g_signal_connect_swapped(table->selection, "notify::selected-item", G_CALLBACK(on_selected), table);
  return GTK_WIDGET(table);
}

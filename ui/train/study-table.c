#include "ui/train/study-table.h"
#include "base/csv.h"
#include "base/file.h"
#include "ui/widgets/copy-menu.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include <glib/gi18n.h>
#include <math.h>

struct _MgStudyTable {
  GtkWidget parent_instance;
  GtkColumnView *view;
  GtkSingleSelection *selection;
};

G_DEFINE_FINAL_TYPE(MgStudyTable, mg_study_table, GTK_TYPE_WIDGET)

static guint selected_signal, activated_signal;
static const char row_key[] = "study-row"; /* of a cell: whose it is */

static const struct {
  const char *title, *name; /* in the window, in a file */
  int width;
  gboolean is_number, expands;
} columns[MG_STUDY_N_COLUMNS] = {
    [MG_STUDY_DATA] = {N_("Data"), "data", 150, FALSE, FALSE},
    [MG_STUDY_MODEL] = {N_("Model"), "classifier", 140, FALSE, FALSE},
    [MG_STUDY_F1] = {N_("Macro F1"), "f1_macro", 120, TRUE, FALSE},
    [MG_STUDY_ACCURACY] = {N_("Accuracy"), "accuracy", 80, TRUE, FALSE},
    [MG_STUDY_PARAMETERS] = {N_("Parameters"), "parameters", 100, FALSE, TRUE},
    [MG_STUDY_SECONDS] = {N_("Training"), "seconds", 84, TRUE, FALSE},
    [MG_STUDY_MACHINE] = {N_("Machine"), "machine", 110, FALSE, FALSE},
};

static const struct {
  const char *icon, *text;
} states[] = {
    [MG_STUDY_WAITING] = {"content-loading-symbolic", N_("waiting")},
    [MG_STUDY_TRAINING] = {"media-playback-start-symbolic", N_("training")},
    [MG_STUDY_DONE] = {"object-select-symbolic", N_("finished")},
    [MG_STUDY_FAILED] = {"dialog-error-symbolic", N_("failed")},
    [MG_STUDY_STOPPED] = {"media-playback-stop-symbolic", N_("stopped")},
};

/* "0.716 ± 0.021", as a person reads it; a whole number of digits for a file. */
static char *
text_of(MgStudyRow *row, MgStudyColumn column)
{
  double number = mg_study_row_number(row, column), deviation = mg_study_row_deviation(row);
  if (!columns[column].is_number)
    return g_strdup(mg_study_row_text(row, column));
  if (!isfinite(number))
    return g_strdup("–");
  if (column == MG_STUDY_SECONDS)
    return mg_format_duration(number);
  return column == MG_STUDY_F1 && deviation > 0 ? g_strdup_printf("%.3f ± %.3f", number, deviation)
                                                : g_strdup_printf("%.3f", number);
}

/* Cells. */

static GtkWidget *
new_cell(MgStudyColumn column)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = mg_figure_label_new(columns[column].is_number ? 1 : 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_hexpand(label, TRUE);
  if (column == MG_STUDY_MODEL)
    gtk_box_append(GTK_BOX(box), gtk_image_new());
  gtk_box_append(GTK_BOX(box), label);
  return box;
}

static void
fill_cell(GtkWidget *cell, MgStudyRow *row, MgStudyColumn column)
{
  g_autofree char *text = text_of(row, column);
  gtk_label_set_text(GTK_LABEL(gtk_widget_get_last_child(cell)), text);
  gtk_widget_set_tooltip_text(cell, columns[column].is_number ? NULL : text);
  if (column != MG_STUDY_MODEL)
    return;
  MgStudyState state = mg_study_row_state(row);
  GtkWidget *icon = gtk_widget_get_first_child(cell);
  const char *message = mg_study_row_message(row);
  gtk_image_set_from_icon_name(GTK_IMAGE(icon), states[state].icon);
  gtk_accessible_update_property(GTK_ACCESSIBLE(icon), GTK_ACCESSIBLE_PROPERTY_LABEL, _(states[state].text), -1);
  gtk_widget_set_tooltip_text(cell, *message ? message : _(states[state].text));
  gtk_widget_remove_css_class(icon, "error");
  gtk_widget_remove_css_class(icon, "dim-label");
  gtk_widget_add_css_class(icon, state == MG_STUDY_FAILED ? "error" : "dim-label");
}

static void
on_row_changed(MgStudyRow *row, GtkWidget *cell)
{
  fill_cell(cell, row, GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(cell), "column")));
}

static void
setup_cell(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  GtkWidget *cell = new_cell(GPOINTER_TO_UINT(column));
  g_object_set_data(G_OBJECT(cell), "column", column);
  gtk_list_item_set_child(item, cell);
}

static void
bind_cell(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  GtkWidget *cell = gtk_list_item_get_child(item);
  MgStudyRow *row = gtk_list_item_get_item(item);
  g_object_set_data_full(G_OBJECT(cell), row_key, g_object_ref(row), g_object_unref);
  g_signal_connect(row, "changed", G_CALLBACK(on_row_changed), cell);
  on_row_changed(row, cell);
}

static void
unbind_cell(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  GtkWidget *cell = gtk_list_item_get_child(item);
  g_signal_handlers_disconnect_by_data(gtk_list_item_get_item(item), cell);
  g_object_set_data(G_OBJECT(cell), row_key, NULL);
}

/* What is not known yet comes last, whichever way a column of figures is turned first. */
static int
compare(gconstpointer a, gconstpointer b, gpointer column)
{
  MgStudyRow *one = (MgStudyRow *)a, *other = (MgStudyRow *)b;
  MgStudyColumn number = GPOINTER_TO_UINT(column);
  if (!columns[number].is_number)
    return g_utf8_collate(mg_study_row_text(one, number), mg_study_row_text(other, number));
  double first = mg_study_row_number(one, number), second = mg_study_row_number(other, number);
  if (isnan(first) || isnan(second))
    return isnan(second) - isnan(first);
  return (first > second) - (first < second);
}

static void
add_column(MgStudyTable *table, MgStudyColumn number)
{
  gpointer data = GUINT_TO_POINTER(number);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_signal_connect(factory, "setup", G_CALLBACK(setup_cell), data);
  g_signal_connect(factory, "bind", G_CALLBACK(bind_cell), data);
  g_signal_connect(factory, "unbind", G_CALLBACK(unbind_cell), data);
  g_autoptr(GtkColumnViewColumn) column = gtk_column_view_column_new(_(columns[number].title), factory);
  g_autoptr(GtkSorter) sorter = GTK_SORTER(gtk_custom_sorter_new(compare, data, NULL));
  gtk_column_view_column_set_sorter(column, sorter);
  gtk_column_view_column_set_resizable(column, TRUE);
  gtk_column_view_column_set_expand(column, columns[number].expands);
  gtk_column_view_column_set_fixed_width(column, (int)(columns[number].width * mg_text_scale()));
  gtk_column_view_append_column(table->view, column);
}

/* Choosing. */

MgStudyRow *
mg_study_table_selected(MgStudyTable *table)
{
  return gtk_single_selection_get_selected_item(table->selection);
}

static void
on_selected(MgStudyTable *table)
{
  g_signal_emit(table, selected_signal, 0, mg_study_table_selected(table));
}

static void
on_activated(GtkColumnView *view, guint position, MgStudyTable *table)
{
  g_autoptr(MgStudyRow) row = g_list_model_get_item(G_LIST_MODEL(table->selection), position);
  if (row)
    g_signal_emit(table, activated_signal, 0, row);
}

/* Copying, exporting. */

static char *
row_text(MgStudyRow *row)
{
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < MG_STUDY_N_COLUMNS; i++)
    g_ptr_array_add(cells, text_of(row, i));
  return mg_copy_join(cells);
}

static MgStudyTable *
table_of(GtkWidget *scroller)
{
  return MG_STUDY_TABLE(gtk_widget_get_parent(scroller));
}

static char *
copy_row(GtkWidget *widget, double x, double y)
{
  MgStudyRow *row = x < 0 ? mg_study_table_selected(table_of(widget)) : mg_copy_row_at(widget, x, y, row_key);
  return row ? row_text(row) : NULL;
}

static char *
copy_table(GtkWidget *widget)
{
  GListModel *rows = G_LIST_MODEL(table_of(widget)->selection);
  g_autoptr(GPtrArray) titles = g_ptr_array_new();
  for (guint i = 0; i < MG_STUDY_N_COLUMNS; i++)
    g_ptr_array_add(titles, (char *)_(columns[i].title));
  g_autofree char *title = mg_copy_join(titles);
  GString *text = g_string_new(title);
  for (guint i = 0; i < g_list_model_get_n_items(rows); i++) {
    g_autoptr(MgStudyRow) row = g_list_model_get_item(rows, i);
    g_autofree char *line = row_text(row);
    g_string_append_printf(text, "\n%s", line);
  }
  return g_string_free(g_string_append_c(text, '\n'), FALSE);
}

static const MgCopyFuncs copy_funcs = {copy_row, copy_table};

static void
append_cell(GString *line, MgStudyRow *row, MgStudyColumn column)
{
  double number = mg_study_row_number(row, column);
  if (columns[column].is_number && isfinite(number))
    mg_csv_append_number(line, number, 9);
  else
    mg_csv_append(line, mg_study_row_text(row, column));
}

gboolean
mg_study_table_export(MgStudyTable *table, const char *path, GError **error)
{
  GListModel *rows = G_LIST_MODEL(table->selection);
  g_autoptr(GString) text = g_string_new(NULL), line = g_string_new(NULL);
  for (guint i = 0; i < MG_STUDY_N_COLUMNS; i++)
    mg_csv_append(line, columns[i].name);
  g_string_append_printf(text, "%s,f1_deviation\n", line->str);
  for (guint i = 0; i < g_list_model_get_n_items(rows); i++) {
    g_autoptr(MgStudyRow) row = g_list_model_get_item(rows, i);
    g_string_truncate(line, 0);
    for (guint k = 0; k < MG_STUDY_N_COLUMNS; k++)
      append_cell(line, row, k);
    if (isfinite(mg_study_row_deviation(row)))
      mg_csv_append_number(line, mg_study_row_deviation(row), 9);
    else
      mg_csv_append(line, "");
    g_string_append_printf(text, "%s\n", line->str);
  }
  return mg_file_write(path, text->str, text->len, error);
}

/* New rows come on top; the list would stay where it was. */
static void
show_top(GtkScrolledWindow *scroller)
{
  gtk_adjustment_set_value(gtk_scrolled_window_get_vadjustment(scroller), 0);
}

static void
mg_study_table_dispose(GObject *object)
{
  MgStudyTable *table = MG_STUDY_TABLE(object);
  if (table->selection)
    g_signal_handlers_disconnect_by_data(table->selection, table);
  GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(table));
  if (child)
    gtk_widget_unparent(child);
  g_clear_object(&table->selection);
  G_OBJECT_CLASS(mg_study_table_parent_class)->dispose(object);
}

static void
mg_study_table_class_init(MgStudyTableClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_study_table_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
  selected_signal = g_signal_new("selected", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, MG_TYPE_STUDY_ROW);
  activated_signal = g_signal_new("activated", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, MG_TYPE_STUDY_ROW);
}

static void
mg_study_table_init(MgStudyTable *table)
{
}

static void
show_hint(GListModel *study, guint position, guint removed, guint added, GtkWidget *hint)
{
  gtk_widget_set_visible(hint, g_list_model_get_n_items(study) == 0);
}

/* The rows, and what stands there as long as there are none. */
static GtkWidget *
new_overlay(MgStudy *study, GtkWidget *rows)
{
  GtkWidget *overlay = gtk_overlay_new();
  GtkWidget *hint = gtk_label_new(_("Choose what to learn from, then train: each classifier gets a row here."));
  gtk_label_set_wrap(GTK_LABEL(hint), TRUE);
  gtk_label_set_justify(GTK_LABEL(hint), GTK_JUSTIFY_CENTER);
  gtk_widget_set_can_target(hint, FALSE);
  gtk_widget_set_valign(hint, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start(hint, 18);
  gtk_widget_set_margin_end(hint, 18);
  gtk_widget_add_css_class(hint, "dim-label");
  gtk_overlay_set_child(GTK_OVERLAY(overlay), rows);
  gtk_overlay_add_overlay(GTK_OVERLAY(overlay), hint);
  g_signal_connect_object(study, "items-changed", G_CALLBACK(show_hint), hint, 0);
  show_hint(G_LIST_MODEL(study), 0, 0, 0, hint);
  return overlay;
}

GtkWidget *
mg_study_table_new(MgStudy *study)
{
  MgStudyTable *table = g_object_new(MG_TYPE_STUDY_TABLE, NULL);
  GtkWidget *scroller = gtk_scrolled_window_new();
  table->view = GTK_COLUMN_VIEW(gtk_column_view_new(NULL));
  gtk_widget_add_css_class(GTK_WIDGET(table->view), "data-table");
  gtk_accessible_update_property(GTK_ACCESSIBLE(table->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Classifiers"), -1);
  for (guint i = 0; i < MG_STUDY_N_COLUMNS; i++)
    add_column(table, i);
  GtkSortListModel *sorted =
      gtk_sort_list_model_new(g_object_ref(G_LIST_MODEL(study)), g_object_ref(gtk_column_view_get_sorter(table->view)));
  table->selection = gtk_single_selection_new(G_LIST_MODEL(sorted));
  gtk_single_selection_set_autoselect(table->selection, FALSE);
  gtk_single_selection_set_can_unselect(table->selection, TRUE);
  gtk_single_selection_set_selected(table->selection, GTK_INVALID_LIST_POSITION);
  gtk_column_view_set_model(table->view, GTK_SELECTION_MODEL(table->selection));
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(table->view));
  gtk_widget_set_parent(new_overlay(study, scroller), GTK_WIDGET(table));
  mg_copy_menu_add(scroller, &copy_funcs);
  g_signal_connect_object(study, "items-changed", G_CALLBACK(show_top), scroller, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_swapped(table->selection, "notify::selected-item", G_CALLBACK(on_selected), table);
  g_signal_connect(table->view, "activate", G_CALLBACK(on_activated), table);
  return GTK_WIDGET(table);
}

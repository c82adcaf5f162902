#include "ui/widgets/table-private.h"
#include "ui/widgets/item-view.h"

struct _MgTableView {
  GtkWidget parent;
  MgTableLayout *layout;
  MgTableHeader *header;
  MgItemView *rows;
  GtkWidget *scroller;
  gboolean placing; /* within size_allocate */
};

G_DEFINE_FINAL_TYPE(MgTableView, mg_table_view, GTK_TYPE_WIDGET)

static GtkWidget *
make_row(gpointer data)
{
  return mg_table_row_new(MG_TABLE_VIEW(data)->layout);
}

static void
show_row(GtkWidget *row, gpointer item, gpointer data)
{
  mg_table_row_show(row, item);
}

static const MgItemFuncs row_funcs = {make_row, show_row};

/* Titles go sideways with the rows. */
static void
on_moved_across(MgTableView *table)
{
  if (!table->placing)
    gtk_widget_queue_allocate(GTK_WIDGET(table));
}

static void
on_resized(MgTableView *table)
{
  mg_item_view_set_least_width(table->rows, mg_table_layout_least(table->layout));
  mg_item_view_foreach(table->rows, mg_table_row_lay_out_again, NULL);
}

static void
on_sorted(MgTableView *table)
{
  g_signal_emit_by_name(table, "sorted");
}

static void
on_activate(MgTableView *table, guint position)
{
  g_signal_emit_by_name(table, "activate", position);
}

void
mg_table_view_set_columns(MgTableView *table, const MgTableColumn *columns, size_t n)
{
  mg_table_layout_set(table->layout, columns, n);
  mg_table_header_make(table->header);
  mg_item_view_foreach(table->rows, mg_table_row_fill_again, NULL);
  on_resized(table);
}

void
mg_table_view_set_model(MgTableView *table, GtkSelectionModel *model)
{
  mg_item_view_set_model(table->rows, model);
}

void
mg_table_view_scroll_to(MgTableView *table, guint position)
{
  mg_item_view_scroll_to(table->rows, position);
}

gboolean
mg_table_view_sorted(MgTableView *table, guint *column, gboolean *descending)
{
  return mg_table_header_sorted(table->header, column, descending);
}

/* The model keeps it, or will make it again. */
static gpointer
item_at(MgTableView *table, guint position)
{
  GtkSelectionModel *model = mg_item_view_model(table->rows);
  g_autoptr(GObject) item = model ? g_list_model_get_item(G_LIST_MODEL(model), position) : NULL;
  return item;
}

gpointer
mg_table_view_item_at(MgTableView *table, GtkWidget *widget, double x, double y)
{
  double at_x, at_y;
  if (!gtk_widget_translate_coordinates(widget, GTK_WIDGET(table->rows), x, y, &at_x, &at_y))
    return NULL;
  return item_at(table, mg_item_view_position_at(table->rows, at_x, at_y));
}

gpointer
mg_table_view_item(MgTableView *table)
{
  return item_at(table, mg_item_view_cursor(table->rows));
}

static void
measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
        int *natural_baseline)
{
  MgTableView *table = MG_TABLE_VIEW(widget);
  int least, wanted;
  gtk_widget_measure(GTK_WIDGET(table->header), orientation, -1, minimum, natural, NULL, NULL);
  gtk_widget_measure(table->scroller, orientation, -1, &least, &wanted, NULL, NULL);
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? *minimum + least : MAX(*minimum, least);
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? *natural + wanted : MAX(*natural, wanted);
}

/* Rows are as wide as their place, or as the columns ask; the titles follow what has come of it. */
static void
allocate(GtkWidget *widget, int width, int height, int baseline)
{
  MgTableView *table = MG_TABLE_VIEW(widget);
  GtkAdjustment *across = gtk_scrolled_window_get_hadjustment(GTK_SCROLLED_WINDOW(table->scroller));
  int head;
  gtk_widget_measure(GTK_WIDGET(table->header), GTK_ORIENTATION_VERTICAL, -1, &head, NULL, NULL, NULL);
  table->placing = TRUE;
  gtk_widget_size_allocate(table->scroller, &(GtkAllocation){0, head, width, height - head}, -1);
  table->placing = FALSE;
  mg_table_header_follow(table->header, (int)gtk_adjustment_get_upper(across), gtk_adjustment_get_value(across));
  gtk_widget_size_allocate(GTK_WIDGET(table->header), &(GtkAllocation){0, 0, width, head}, -1);
}

static gboolean
grab_focus(GtkWidget *widget)
{
  return gtk_widget_grab_focus(GTK_WIDGET(MG_TABLE_VIEW(widget)->rows));
}

static void
dispose(GObject *object)
{
  MgTableView *table = MG_TABLE_VIEW(object);
  if (table->scroller) {
    GtkAdjustment *across = gtk_scrolled_window_get_hadjustment(GTK_SCROLLED_WINDOW(table->scroller));
    g_signal_handlers_disconnect_by_data(across, table);
    gtk_widget_unparent(GTK_WIDGET(table->header));
    g_clear_pointer(&table->scroller, gtk_widget_unparent);
  }
  G_OBJECT_CLASS(mg_table_view_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  mg_table_layout_free(MG_TABLE_VIEW(object)->layout);
  G_OBJECT_CLASS(mg_table_view_parent_class)->finalize(object);
}

static void
mg_table_view_class_init(MgTableViewClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  widget->measure = measure;
  widget->size_allocate = allocate;
  widget->grab_focus = grab_focus;
  g_signal_new("sorted", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new("activate", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
               G_TYPE_UINT);
  gtk_widget_class_set_css_name(widget, "columnview");
}

static void
mg_table_view_init(MgTableView *table)
{
  gtk_widget_add_css_class(GTK_WIDGET(table), "view");
}

GtkWidget *
mg_table_view_new(const char *label, const MgTableFuncs *funcs, gpointer data)
{
  MgTableView *table = g_object_new(MG_TYPE_TABLE_VIEW, NULL);
  table->layout = mg_table_layout_new(funcs, data);
  table->header = MG_TABLE_HEADER(mg_table_header_new(table->layout));
  table->rows = MG_ITEM_VIEW(mg_item_view_new(&row_funcs, table, 1));
  table->scroller = gtk_scrolled_window_new();
  gtk_accessible_update_property(GTK_ACCESSIBLE(table->rows), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_add_css_class(GTK_WIDGET(table->rows), "table-rows");
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(table->scroller), GTK_WIDGET(table->rows));
  gtk_widget_set_vexpand(table->scroller, TRUE);
  gtk_widget_set_hexpand(table->scroller, TRUE);
  gtk_widget_set_parent(GTK_WIDGET(table->header), GTK_WIDGET(table));
  gtk_widget_set_parent(table->scroller, GTK_WIDGET(table));
  GtkAdjustment *across = gtk_scrolled_window_get_hadjustment(GTK_SCROLLED_WINDOW(table->scroller));
  g_signal_connect_swapped(across, "value-changed", G_CALLBACK(on_moved_across), table);
  g_signal_connect_swapped(table->header, "resized", G_CALLBACK(on_resized), table);
  g_signal_connect_swapped(table->header, "sorted", G_CALLBACK(on_sorted), table);
  g_signal_connect_swapped(table->rows, "activate", G_CALLBACK(on_activate), table);
  return GTK_WIDGET(table);
}

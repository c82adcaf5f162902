/* Tables and walls of very many items: what they cost does not grow with their length; keys, titles and changes of the
 * model do what they do in GTK's own lists. */
#include "support.h"
#include "ui/widgets/item-view.h"
#include "ui/widgets/table-view.h"
#include <gtk/gtk.h>

typedef struct {
  GtkWidget *window, *scroller, *view;
  GtkStringList *names;
  GtkMultiSelection *selection;
  guint shown; /* how often a widget was given an item */
} Fixture;

static GtkWidget *
make(gpointer data)
{
  return gtk_label_new("0");
}

static void
show(GtkWidget *widget, gpointer item, gpointer data)
{
  Fixture *fixture = data;
  fixture->shown += item != NULL;
  gtk_label_set_text(GTK_LABEL(widget), item ? gtk_string_object_get_string(item) : "");
}

static const MgItemFuncs funcs = {make, show};

static void
append(GtkStringList *names, guint from, guint to)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  for (guint i = from; i < to; i++)
    g_ptr_array_add(texts, g_strdup_printf("%u", i));
  g_ptr_array_add(texts, NULL);
  gtk_string_list_splice(names, g_list_model_get_n_items(G_LIST_MODEL(names)), 0, (const char *const *)texts->pdata);
}

static void
end_frame(GdkFrameClock *clock, int *left)
{
  --*left;
}

/* Lets the window draw what was asked for: a frame may have begun before. */
static void
draw(Fixture *fixture)
{
  int left = 2;
  GdkFrameClock *clock = gtk_widget_get_frame_clock(fixture->window);
  gulong handler = g_signal_connect(clock, "after-paint", G_CALLBACK(end_frame), &left);
  while (left > 0) {
    gdk_frame_clock_request_phase(clock, GDK_FRAME_CLOCK_PHASE_PAINT);
    g_main_context_iteration(NULL, TRUE);
  }
  g_signal_handler_disconnect(clock, handler);
}

static void
put_in_window(Fixture *fixture, GtkWidget *child)
{
  fixture->window = gtk_window_new();
  gtk_window_set_default_size(GTK_WINDOW(fixture->window), 400, 300);
  gtk_window_set_child(GTK_WINDOW(fixture->window), child);
  gtk_window_present(GTK_WINDOW(fixture->window));
  draw(fixture);
}

static void
set_up(Fixture *fixture, gconstpointer columns)
{
  fixture->names = gtk_string_list_new(NULL);
  append(fixture->names, 0, 100000);
  fixture->selection = gtk_multi_selection_new(g_object_ref(G_LIST_MODEL(fixture->names)));
  fixture->view = mg_item_view_new(&funcs, fixture, GPOINTER_TO_UINT(columns));
  fixture->scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(fixture->scroller), fixture->view);
  mg_item_view_set_model(MG_ITEM_VIEW(fixture->view), GTK_SELECTION_MODEL(fixture->selection));
  put_in_window(fixture, fixture->scroller);
}

static void
tear_down(Fixture *fixture, gconstpointer columns)
{
  gtk_window_destroy(GTK_WINDOW(fixture->window));
  g_object_unref(fixture->selection);
  g_object_unref(fixture->names);
}

/* Widgets that are seen, or that can be. */
static guint
n_children(Fixture *fixture, gboolean seen)
{
  guint n = 0;
  for (GtkWidget *child = gtk_widget_get_first_child(fixture->view); child; child = gtk_widget_get_next_sibling(child))
    n += !seen || gtk_widget_get_mapped(child);
  return n;
}

static GtkAdjustment *
scrollbar(Fixture *fixture)
{
  return gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(fixture->scroller));
}

/* The text of the widget at the top. */
static const char *
top_text(Fixture *fixture)
{
  guint top = mg_item_view_position_at(MG_ITEM_VIEW(fixture->view), 3, 3);
  g_autoptr(GtkStringObject) item = g_list_model_get_item(G_LIST_MODEL(fixture->names), top);
  GtkWidget *widget = gtk_widget_pick(fixture->view, 3, 3, GTK_PICK_DEFAULT);
  g_assert_true(GTK_IS_LABEL(widget));
  g_assert_cmpstr(gtk_label_get_text(GTK_LABEL(widget)), ==, gtk_string_object_get_string(item));
  return gtk_label_get_text(GTK_LABEL(widget));
}

static double
row_height(Fixture *fixture)
{
  return gtk_adjustment_get_upper(scrollbar(fixture)) / g_list_model_get_n_items(G_LIST_MODEL(fixture->names));
}

/* A step shows as many items as it uncovers, wherever it is. */
static void
test_few_widgets(Fixture *fixture, gconstpointer data)
{
  double height = row_height(fixture);
  guint most = (guint)(gtk_widget_get_height(fixture->view) / height) + 2;
  g_assert_cmpuint(n_children(fixture, FALSE), ==, most);
  g_assert_cmpuint(fixture->shown, <=, most);
  g_assert_cmpstr(top_text(fixture), ==, "0");
  gtk_adjustment_set_value(scrollbar(fixture), 50000 * height);
  draw(fixture);
  g_assert_cmpstr(top_text(fixture), ==, "50000");
  guint before = fixture->shown;
  gtk_adjustment_set_value(scrollbar(fixture), 50003 * height);
  draw(fixture);
  g_assert_cmpstr(top_text(fixture), ==, "50003");
  g_assert_cmpuint(fixture->shown - before, ==, 3);
  g_assert_cmpuint(n_children(fixture, FALSE), ==, most);
}

/* What is seen stays where it is when something goes above it; another answer needs no more widgets than it has items.
 */
static void
test_changes(Fixture *fixture, gconstpointer data)
{
  double height = row_height(fixture);
  gtk_adjustment_set_value(scrollbar(fixture), 500 * height);
  draw(fixture);
  gtk_string_list_splice(fixture->names, 10, 20, NULL);
  draw(fixture);
  g_assert_cmpstr(top_text(fixture), ==, "500");
  gtk_string_list_splice(fixture->names, 0, g_list_model_get_n_items(G_LIST_MODEL(fixture->names)),
                         (const char *[]){"a", "b", "c", NULL});
  draw(fixture);
  g_assert_cmpuint(n_children(fixture, TRUE), ==, 3);
  g_assert_cmpstr(top_text(fixture), ==, "a");
  gtk_string_list_splice(fixture->names, 0, 3, NULL);
  draw(fixture);
  g_assert_cmpuint(n_children(fixture, TRUE), ==, 0);
  append(fixture->names, 0, 5);
  draw(fixture);
  g_assert_cmpstr(top_text(fixture), ==, "0");
}

static void
press(Fixture *fixture, guint key, GdkModifierType state)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(fixture->view);
  gboolean taken = FALSE;
  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(controllers, i);
    if (GTK_IS_EVENT_CONTROLLER_KEY(controller))
      g_signal_emit_by_name(controller, "key-pressed", key, 0, state, &taken);
  }
  g_assert_true(taken);
  draw(fixture);
}

static guint64
n_selected(Fixture *fixture)
{
  g_autoptr(GtkBitset) set = gtk_selection_model_get_selection(GTK_SELECTION_MODEL(fixture->selection));
  return gtk_bitset_get_size(set);
}

static void
note(MgItemView *view, guint position, guint *activated)
{
  *activated = position;
}

static void
test_keys(Fixture *fixture, gconstpointer data)
{
  guint activated = 0;
  g_signal_connect(fixture->view, "activate", G_CALLBACK(note), &activated);
  press(fixture, GDK_KEY_Home, 0);
  g_assert_true(gtk_selection_model_is_selected(GTK_SELECTION_MODEL(fixture->selection), 0));
  press(fixture, GDK_KEY_Down, GDK_SHIFT_MASK);
  press(fixture, GDK_KEY_Down, GDK_SHIFT_MASK);
  g_assert_cmpuint(n_selected(fixture), ==, 3);
  press(fixture, GDK_KEY_End, 0);
  g_assert_cmpuint(n_selected(fixture), ==, 1);
  g_assert_true(gtk_selection_model_is_selected(GTK_SELECTION_MODEL(fixture->selection), 99999));
  g_assert_cmpfloat(gtk_adjustment_get_value(scrollbar(fixture)), >, 1000);
  press(fixture, GDK_KEY_Return, 0);
  g_assert_cmpuint(activated, ==, 99999);
  press(fixture, GDK_KEY_Up, GDK_CONTROL_MASK);
  g_assert_cmpuint(mg_item_view_cursor(MG_ITEM_VIEW(fixture->view)), ==, 99998);
  g_assert_false(gtk_selection_model_is_selected(GTK_SELECTION_MODEL(fixture->selection), 99998));
  press(fixture, GDK_KEY_space, GDK_CONTROL_MASK);
  g_assert_cmpuint(n_selected(fixture), ==, 2);
  press(fixture, GDK_KEY_a, GDK_CONTROL_MASK);
  g_assert_cmpuint(n_selected(fixture), ==, 100000);
  press(fixture, GDK_KEY_Home, 0);
  g_assert_cmpstr(top_text(fixture), ==, "0");
}

/* The focus is on the widget of the item, also when another widget has become that. */
static void
test_focus(Fixture *fixture, gconstpointer data)
{
  gtk_widget_grab_focus(fixture->view);
  press(fixture, GDK_KEY_Page_Down, 0);
  press(fixture, GDK_KEY_Page_Down, 0);
  GtkWidget *focus = gtk_root_get_focus(GTK_ROOT(fixture->window));
  g_autofree char *text = g_strdup_printf("%u", mg_item_view_cursor(MG_ITEM_VIEW(fixture->view)));
  g_assert_true(GTK_IS_LABEL(focus));
  g_assert_cmpstr(gtk_label_get_text(GTK_LABEL(focus)), ==, text);
  g_assert_true(gtk_widget_get_state_flags(focus) & GTK_STATE_FLAG_SELECTED);
}

static void
test_wall(Fixture *fixture, gconstpointer data)
{
  guint right = mg_item_view_position_at(MG_ITEM_VIEW(fixture->view), gtk_widget_get_width(fixture->view) - 3, 3);
  g_assert_cmpuint(right, ==, GPOINTER_TO_UINT(data) - 1);
  press(fixture, GDK_KEY_Home, 0);
  press(fixture, GDK_KEY_Right, 0);
  press(fixture, GDK_KEY_Down, 0);
  g_assert_cmpuint(mg_item_view_cursor(MG_ITEM_VIEW(fixture->view)), ==, 1 + GPOINTER_TO_UINT(data));
  g_assert_cmpuint(n_selected(fixture), ==, 1);
}

/* Tables */

static void
fill(MgTableCell *cell, gpointer item, guint column, gpointer data)
{
  const char *text = gtk_string_object_get_string(item);
  cell->text = column == 7 ? g_strdup(text) : g_strdup_printf("%zu", strlen(text));
  cell->mark = column == 7 ? MG_CELL_NO_MARK : MG_CELL_WRONG;
}

static const MgTableFuncs table_funcs = {fill, NULL};
static const MgTableColumn columns[] = {
    {"Name", 7, 100, 0, TRUE, TRUE, PANGO_ELLIPSIZE_MIDDLE},
    {"Length", 8, 60, 1, FALSE, TRUE, PANGO_ELLIPSIZE_END},
    {"Nothing", 9, 2000, 1, FALSE, FALSE, PANGO_ELLIPSIZE_END},
};

static void
set_up_table(Fixture *fixture, gconstpointer data)
{
  fixture->names = gtk_string_list_new((const char *[]){"one", "three", NULL});
  fixture->selection = gtk_multi_selection_new(g_object_ref(G_LIST_MODEL(fixture->names)));
  fixture->view = mg_table_view_new("Numbers", &table_funcs, NULL);
  mg_table_view_set_columns(MG_TABLE_VIEW(fixture->view), columns, G_N_ELEMENTS(columns));
  mg_table_view_set_model(MG_TABLE_VIEW(fixture->view), GTK_SELECTION_MODEL(fixture->selection));
  put_in_window(fixture, fixture->view);
}

/* The nth widget of a CSS name, from 0 on. */
static GtkWidget *
find(GtkWidget *widget, const char *name, int *n)
{
  if (g_str_equal(gtk_widget_get_css_name(widget), name) && (*n)-- == 0)
    return widget;
  GtkWidget *found = NULL;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child && !found;
       child = gtk_widget_get_next_sibling(child))
    found = find(child, name, n);
  return found;
}

static GtkWidget *
part(Fixture *fixture, const char *name, int n)
{
  return find(fixture->view, name, &n);
}

/* With fewer columns rows are as narrow as the titles above them. */
static void
test_other_columns(Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint(gtk_widget_get_width(part(fixture, "row", 0)), ==, 2160);
  mg_table_view_set_columns(MG_TABLE_VIEW(fixture->view), columns, 2);
  draw(fixture);
  draw(fixture);
  g_assert_cmpint(gtk_widget_get_width(part(fixture, "row", 0)), <=, gtk_widget_get_width(fixture->view));
}

/* An answer may have no need of the scroll bar any more, and what is around the table, which tells how long it is,
 * another size: all of it has a place then. GTK warns of what has none, and does not draw it. */
static void
test_scroll_bar(Fixture *fixture, gconstpointer data)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *count = gtk_label_new(NULL), *overlay = gtk_overlay_new();
  g_object_ref(fixture->view);
  gtk_window_set_child(GTK_WINDOW(fixture->window), NULL);
  gtk_overlay_set_child(GTK_OVERLAY(overlay), fixture->view);
  gtk_overlay_add_overlay(GTK_OVERLAY(overlay), gtk_label_new("nothing"));
  gtk_box_append(GTK_BOX(box), overlay);
  gtk_box_append(GTK_BOX(box), count);
  gtk_window_set_child(GTK_WINDOW(fixture->window), box);
  g_object_unref(fixture->view);
  for (int i = 0; i < 6; i++) {
    guint n = i % 2 ? 1 : 1000;
    g_autofree char *text = g_strdup_printf("%u numbers", n);
    gtk_string_list_splice(fixture->names, 0, g_list_model_get_n_items(G_LIST_MODEL(fixture->names)), NULL);
    append(fixture->names, 0, n);
    gtk_label_set_text(GTK_LABEL(count), text);
    draw(fixture);
    draw(fixture);
  }
}

/* A row is called by all of its cells. */
static void
test_names(Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = part(fixture, "row", 1);
  g_autofree char *wrong =
      gtk_test_accessible_check_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, "three, 5 wrong, 5 wrong");
  g_assert_null(wrong);
}

static void
test_titles(Fixture *fixture, gconstpointer data)
{
  MgTableView *table = MG_TABLE_VIEW(fixture->view);
  guint column = 0;
  gboolean descending = TRUE;
  g_assert_false(mg_table_view_sorted(table, &column, &descending));
  g_signal_emit_by_name(part(fixture, "button", 1), "clicked");
  g_assert_true(mg_table_view_sorted(table, &column, &descending));
  g_assert_cmpuint(column, ==, 8);
  g_assert_false(descending);
  g_signal_emit_by_name(part(fixture, "button", 1), "clicked");
  g_assert_true(mg_table_view_sorted(table, &column, &descending) && descending);
  g_signal_emit_by_name(part(fixture, "button", 2), "clicked"); /* which does not sort */
  g_assert_true(mg_table_view_sorted(table, &column, &descending) && column == 8);
}

/* Columns that have no room go sideways, titles with them. */
static void
test_sideways(Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = part(fixture, "row", 0), *title = part(fixture, "button", 1);
  graphene_rect_t before, after;
  g_assert_cmpint(gtk_widget_get_width(row), ==, 2160);
  g_assert_true(gtk_widget_compute_bounds(title, fixture->view, &before));
  GtkScrollable *rows = GTK_SCROLLABLE(gtk_widget_get_parent(row));
  gtk_adjustment_set_value(gtk_scrollable_get_hadjustment(rows), 40);
  draw(fixture);
  g_assert_true(gtk_widget_compute_bounds(title, fixture->view, &after));
  g_assert_cmpfloat(after.origin.x, ==, before.origin.x - 40);
}

/* From right to left the first column is at the right. */
static void
test_mirrored(Fixture *fixture, gconstpointer data)
{
  graphene_rect_t first, second;
  gtk_widget_set_default_direction(GTK_TEXT_DIR_RTL);
  draw(fixture);
  g_assert_true(gtk_widget_compute_bounds(part(fixture, "button", 0), fixture->view, &first));
  g_assert_true(gtk_widget_compute_bounds(part(fixture, "button", 1), fixture->view, &second));
  gtk_widget_set_default_direction(GTK_TEXT_DIR_LTR);
  g_assert_cmpfloat(first.origin.x, >=, second.origin.x + second.size.width);
}

static gboolean
tells_at(GtkWidget *row, int x)
{
  g_autoptr(GObject) tooltip = g_object_new(GTK_TYPE_TOOLTIP, NULL);
  gboolean told = FALSE;
  g_signal_emit_by_name(row, "query-tooltip", x, 3, FALSE, tooltip, &told);
  return told;
}

/* Of what can be read, nothing is said beside it. */
static void
test_tooltip(Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = part(fixture, "row", 0);
  g_assert_false(tells_at(row, 3));
  gtk_string_list_splice(fixture->names, 0, 1, (const char *[]){"a name that has no room in a column", NULL});
  draw(fixture);
  g_assert_true(tells_at(row, 3));
  g_assert_false(tells_at(row, 103));
}

#define ADD(name, data, up, test) g_test_add("/table/" name, Fixture, data, up, test, tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  gtk_init();
  ADD("few-widgets", GUINT_TO_POINTER(1), set_up, test_few_widgets);
  ADD("changes", GUINT_TO_POINTER(1), set_up, test_changes);
  ADD("keys", GUINT_TO_POINTER(1), set_up, test_keys);
  ADD("focus", GUINT_TO_POINTER(1), set_up, test_focus);
  ADD("wall", GUINT_TO_POINTER(5), set_up, test_wall);
  ADD("names", NULL, set_up_table, test_names);
  ADD("titles", NULL, set_up_table, test_titles);
  ADD("sideways", NULL, set_up_table, test_sideways);
  ADD("other-columns", NULL, set_up_table, test_other_columns);
  ADD("scroll-bar", NULL, set_up_table, test_scroll_bar);
  ADD("tooltip", NULL, set_up_table, test_tooltip);
  ADD("mirrored", NULL, set_up_table, test_mirrored);
  return g_test_run();
}

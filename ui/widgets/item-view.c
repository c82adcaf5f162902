#include "ui/widgets/item-view-private.h"

enum { ACROSS = 1, DOWN, ACROSS_POLICY, DOWN_POLICY };

G_DEFINE_FINAL_TYPE_WITH_CODE(MgItemView, mg_item_view, GTK_TYPE_WIDGET,
                              G_IMPLEMENT_INTERFACE(GTK_TYPE_SCROLLABLE, NULL))

/* Sizes */

/* Those of the first widget, which may show nothing. */
static void
measure_item(MgItemView *view)
{
  GtkWidget *widget = mg_item_view_slot(view, 0)->widget;
  gtk_widget_measure(widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &view->item_width, NULL, NULL);
  gtk_widget_measure(widget, GTK_ORIENTATION_VERTICAL, -1, NULL, &view->item_height, NULL, NULL);
  view->item_width = MAX(1, view->item_width);
  view->item_height = MAX(1, view->item_height);
  view->measured = TRUE;
}

static void
measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
        int *natural_baseline)
{
  MgItemView *view = MG_ITEM_VIEW(widget);
  if (!view->measured)
    measure_item(view);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = view->item_height;
  else
    *minimum = *natural = MAX(view->least_width, view->most_columns > 1 ? view->item_width : 1);
}

static void on_moved(GtkAdjustment *adjustment, MgItemView *view);

static void
set_range(MgItemView *view, GtkAdjustment *adjustment, double length, double page, double step)
{
  double value = gtk_adjustment_get_value(adjustment);
  g_signal_handlers_block_by_func(adjustment, on_moved, view);
  gtk_adjustment_configure(adjustment, CLAMP(value, 0, MAX(0, length - page)), 0, MAX(length, page), step, page * 0.9,
                           page);
  g_signal_handlers_unblock_by_func(adjustment, on_moved, view);
}

static void
reach_wanted(MgItemView *view, int height)
{
  guint position = view->wanted;
  view->wanted = GTK_INVALID_LIST_POSITION;
  if (position >= mg_item_view_n(view))
    return;
  double top = (double)(position / view->columns) * view->item_height, value = gtk_adjustment_get_value(view->down);
  value = MIN(value, top);
  value = MAX(value, top + view->item_height - height);
  g_signal_handlers_block_by_func(view->down, on_moved, view);
  gtk_adjustment_set_value(view->down, value);
  g_signal_handlers_unblock_by_func(view->down, on_moved, view);
}

static void
place(MgItemView *view, const MgItemSlot *slot, int width, gboolean mirrored)
{
  guint column = slot->position % view->columns, line = slot->position / view->columns;
  int from = (int)((gint64)width * column / view->columns), to = (int)((gint64)width * (column + 1) / view->columns);
  int x = (mirrored ? width - to : from) - (int)gtk_adjustment_get_value(view->across);
  gint64 y = (gint64)line * view->item_height - (gint64)gtk_adjustment_get_value(view->down);
  int least;
  gtk_widget_measure(slot->widget, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  GtkAllocation where = {x, (int)y, MAX(to - from, least), view->item_height};
  gtk_widget_size_allocate(slot->widget, &where, -1);
}

static void
allocate(GtkWidget *widget, int width, int height, int baseline)
{
  MgItemView *view = MG_ITEM_VIEW(widget);
  int across = MAX(width, view->least_width);
  gboolean mirrored = gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL;
  if (!view->measured)
    measure_item(view);
  view->columns = (guint)CLAMP(width / view->item_width, 1, (int)view->most_columns);
  set_range(view, view->across, across, width, width / 10.0);
  set_range(view, view->down, (double)((mg_item_view_n(view) + view->columns - 1) / view->columns) * view->item_height,
            height, view->item_height);
  if (view->wanted != GTK_INVALID_LIST_POSITION)
    reach_wanted(view, height);
  mg_item_view_want_slots(view, height);
  mg_item_view_show_seen(view);
  for (guint i = 0; i < view->slots->len; i++)
    if (mg_item_view_slot(view, i)->position != GTK_INVALID_LIST_POSITION)
      place(view, mg_item_view_slot(view, i), across, mirrored);
  mg_item_view_wait_for_rest(view);
}

/* The theme or the size of text is another. */
static void
css_changed(GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS(mg_item_view_parent_class)->css_changed(widget, change);
  MG_ITEM_VIEW(widget)->measured = FALSE;
}

void
mg_item_view_set_least_width(MgItemView *view, int width)
{
  if (view->least_width == width)
    return;
  view->least_width = width;
  gtk_widget_queue_resize(GTK_WIDGET(view));
}

void
mg_item_view_scroll_to(MgItemView *view, guint position)
{
  view->wanted = position;
  view->cursor = position;
  gtk_widget_queue_allocate(GTK_WIDGET(view));
}

guint
mg_item_view_position_at(MgItemView *view, double x, double y)
{
  GtkWidget *at = gtk_widget_pick(GTK_WIDGET(view), x, y, GTK_PICK_DEFAULT);
  while (at && gtk_widget_get_parent(at) != GTK_WIDGET(view))
    at = gtk_widget_get_parent(at);
  for (guint i = 0; at && i < view->slots->len; i++)
    if (mg_item_view_slot(view, i)->widget == at && mg_item_view_slot(view, i)->position < mg_item_view_n(view))
      return mg_item_view_slot(view, i)->position;
  return GTK_INVALID_LIST_POSITION;
}

guint
mg_item_view_cursor(MgItemView *view)
{
  return view->cursor;
}

void
mg_item_view_foreach(MgItemView *view, void (*func)(GtkWidget *widget, gpointer data), gpointer data)
{
  for (guint i = 0; i < view->slots->len; i++)
    func(mg_item_view_slot(view, i)->widget, data);
}

/* Following the model and the adjustments */

static void
on_moved(GtkAdjustment *adjustment, MgItemView *view)
{
  mg_item_view_show_seen(view); /* before the frame begins, so that it finds the style of what is selected */
  gtk_widget_queue_allocate(GTK_WIDGET(view));
}

/* Another number of items may need a scroll bar or none any more. A scrolled window that learns so while the view alone
 * is given its place asks for its own too late: it and what is around it would not be drawn. */
static void
lay_out_again(MgItemView *view)
{
  gtk_widget_queue_resize(GTK_WIDGET(view));
}

/* What is seen stays where it is when something comes or goes above it. */
static void
on_items(GListModel *model, guint position, guint removed, guint added, MgItemView *view)
{
  guint first, last;
  mg_item_view_seen(view, &first, &last);
  double lines = ((double)added - removed) / view->columns;
  if (removed != added && position + removed <= first && first > 0)
    gtk_adjustment_set_value(view->down, MAX(0, gtk_adjustment_get_value(view->down) + (int)lines * view->item_height));
  if (view->cursor != GTK_INVALID_LIST_POSITION && view->cursor >= position + removed)
    view->cursor += added - removed;
  else if (view->cursor >= mg_item_view_n(view))
    view->cursor = GTK_INVALID_LIST_POSITION;
  view->anchor = view->cursor;
  for (guint i = 0; i < view->slots->len; i++)
    if (mg_item_view_slot(view, i)->position != GTK_INVALID_LIST_POSITION &&
        mg_item_view_slot(view, i)->position >= mg_item_view_n(view))
      mg_item_view_let_go(view, mg_item_view_slot(view, i));
  lay_out_again(view);
}

static void
on_selection(GtkSelectionModel *model, guint position, guint n, MgItemView *view)
{
  for (guint i = 0; i < view->slots->len; i++) {
    MgItemSlot *slot = mg_item_view_slot(view, i);
    if (slot->position < mg_item_view_n(view))
      mg_item_view_mark(slot->widget, gtk_selection_model_is_selected(model, slot->position));
  }
}

void
mg_item_view_set_model(MgItemView *view, GtkSelectionModel *model)
{
  if (view->model == model)
    return;
  if (view->model)
    g_signal_handlers_disconnect_by_data(view->model, view);
  g_set_object(&view->model, model);
  view->cursor = view->anchor = GTK_INVALID_LIST_POSITION;
  for (guint i = 0; i < view->slots->len; i++)
    mg_item_view_let_go(view, mg_item_view_slot(view, i));
  lay_out_again(view);
  if (!model)
    return;
  g_signal_connect(model, "items-changed", G_CALLBACK(on_items), view);
  g_signal_connect(model, "selection-changed", G_CALLBACK(on_selection), view);
}

GtkSelectionModel *
mg_item_view_model(MgItemView *view)
{
  return view->model;
}

static void
set_adjustment(MgItemView *view, GtkAdjustment **place, GtkAdjustment *adjustment)
{
  GtkAdjustment *own = adjustment ? adjustment : gtk_adjustment_new(0, 0, 0, 0, 0, 0);
  g_object_ref_sink(own);
  if (*place)
    g_signal_handlers_disconnect_by_data(*place, view);
  g_clear_object(place);
  *place = own;
  g_signal_connect(own, "value-changed", G_CALLBACK(on_moved), view);
  gtk_widget_queue_allocate(GTK_WIDGET(view));
}

/* Class */

static void
set_property(GObject *object, guint property, const GValue *value, GParamSpec *spec)
{
  MgItemView *view = MG_ITEM_VIEW(object);
  switch (property) {
  case ACROSS:
    set_adjustment(view, &view->across, g_value_get_object(value));
    break;
  case DOWN:
    set_adjustment(view, &view->down, g_value_get_object(value));
    break;
  case ACROSS_POLICY:
    view->across_policy = g_value_get_enum(value);
    break;
  case DOWN_POLICY:
    view->down_policy = g_value_get_enum(value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, property, spec);
  }
}

static void
get_property(GObject *object, guint property, GValue *value, GParamSpec *spec)
{
  MgItemView *view = MG_ITEM_VIEW(object);
  switch (property) {
  case ACROSS:
    g_value_set_object(value, view->across);
    break;
  case DOWN:
    g_value_set_object(value, view->down);
    break;
  case ACROSS_POLICY:
    g_value_set_enum(value, view->across_policy);
    break;
  case DOWN_POLICY:
    g_value_set_enum(value, view->down_policy);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, property, spec);
  }
}

/* Tab goes to the cursor's item and from there on; between items go the arrow keys. */
static gboolean
focus(GtkWidget *widget, GtkDirectionType direction)
{
  return mg_item_view_has_focus(MG_ITEM_VIEW(widget)) ? FALSE : gtk_widget_grab_focus(widget);
}

static gboolean
grab_focus(GtkWidget *widget)
{
  MgItemView *view = MG_ITEM_VIEW(widget);
  if (!mg_item_view_slot_of(view, view->cursor) && mg_item_view_n(view) > 0) {
    guint first, last;
    mg_item_view_seen(view, &first, &last);
    view->cursor = first;
  }
  mg_item_view_focus_cursor(view);
  return TRUE;
}

static void
dispose(GObject *object)
{
  MgItemView *view = MG_ITEM_VIEW(object);
  g_clear_handle_id(&view->resting, g_source_remove);
  mg_item_view_set_model(view, NULL);
  for (guint i = 0; i < view->slots->len; i++)
    gtk_widget_unparent(mg_item_view_slot(view, i)->widget);
  g_array_set_size(view->slots, 0);
  if (view->across)
    g_signal_handlers_disconnect_by_data(view->across, view);
  if (view->down)
    g_signal_handlers_disconnect_by_data(view->down, view);
  g_clear_object(&view->across);
  g_clear_object(&view->down);
  G_OBJECT_CLASS(mg_item_view_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  g_array_unref(MG_ITEM_VIEW(object)->slots);
  G_OBJECT_CLASS(mg_item_view_parent_class)->finalize(object);
}

static void
mg_item_view_class_init(MgItemViewClass *class)
{
  GObjectClass *object = G_OBJECT_CLASS(class);
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
  object->set_property = set_property;
  object->get_property = get_property;
  object->dispose = dispose;
  object->finalize = finalize;
  widget->measure = measure;
  widget->size_allocate = allocate;
  widget->css_changed = css_changed;
  widget->focus = focus;
  widget->grab_focus = grab_focus;
  g_object_class_override_property(object, ACROSS, "hadjustment");
  g_object_class_override_property(object, DOWN, "vadjustment");
  g_object_class_override_property(object, ACROSS_POLICY, "hscroll-policy");
  g_object_class_override_property(object, DOWN_POLICY, "vscroll-policy");
  g_signal_new("activate", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
               G_TYPE_UINT);
  gtk_widget_class_set_css_name(widget, "listview");
  gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_LIST);
}

static void
mg_item_view_init(MgItemView *view)
{
  view->slots = g_array_new(FALSE, TRUE, sizeof(MgItemSlot));
  view->columns = 1;
  view->item_width = view->item_height = 1;
  view->cursor = view->anchor = view->wanted = GTK_INVALID_LIST_POSITION;
  set_adjustment(view, &view->across, NULL);
  set_adjustment(view, &view->down, NULL);
  gtk_widget_set_focusable(GTK_WIDGET(view), TRUE);
  gtk_widget_set_overflow(GTK_WIDGET(view), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
mg_item_view_new(const MgItemFuncs *funcs, gpointer data, guint most_columns)
{
  MgItemView *view = g_object_new(MG_TYPE_ITEM_VIEW, NULL);
  view->funcs = funcs;
  view->data = data;
  view->most_columns = most_columns;
  mg_item_view_add_slot(view);
  mg_item_view_add_hands(view);
  return GTK_WIDGET(view);
}

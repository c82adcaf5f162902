#include "ui/widgets/item-view-private.h"

enum { REST_MS = 150 }; /* without scrolling, after which the widgets are put in order */

typedef struct {
  GtkWidget *widget;
  GObject *item;  /* NULL: none yet */
  guint position; /* GTK_INVALID_LIST_POSITION: out of sight */
} Slot;

enum { ACROSS = 1, DOWN, ACROSS_POLICY, DOWN_POLICY };

G_DEFINE_FINAL_TYPE_WITH_CODE(MgItemView, mg_item_view, GTK_TYPE_WIDGET,
                              G_IMPLEMENT_INTERFACE(GTK_TYPE_SCROLLABLE, NULL))

static guint
n_items(MgItemView *view)
{
  return view->model ? g_list_model_get_n_items(G_LIST_MODEL(view->model)) : 0;
}

static guint
n_lines(MgItemView *view)
{
  return (n_items(view) + view->columns - 1) / view->columns;
}

static Slot *
slot_at(MgItemView *view, guint i)
{
  return &g_array_index(view->slots, Slot, i);
}

static Slot *
slot_of(MgItemView *view, guint position)
{
  Slot *slot = view->slots->len ? slot_at(view, position % view->slots->len) : NULL;
  return slot && slot->position == position ? slot : NULL;
}

void
mg_item_view_seen(MgItemView *view, guint *first, guint *last)
{
  double top = gtk_adjustment_get_value(view->down), height = gtk_widget_get_height(GTK_WIDGET(view));
  guint n = n_items(view), line = (guint)(top / view->item_height);
  guint end = (guint)((top + height + view->item_height - 1) / view->item_height);
  *first = MIN(n, line * view->columns);
  *last = MIN(n, MAX(end, line + 1) * view->columns);
}

guint
mg_item_view_page(MgItemView *view)
{
  return (guint)MAX(1, gtk_widget_get_height(GTK_WIDGET(view)) / view->item_height) * view->columns;
}

/* Showing */

static void
set_selected(GtkWidget *widget, gboolean selected)
{
  if (selected == !!(gtk_widget_get_state_flags(widget) & GTK_STATE_FLAG_SELECTED))
    return;
  if (selected)
    gtk_widget_set_state_flags(widget, GTK_STATE_FLAG_SELECTED, FALSE);
  else
    gtk_widget_unset_state_flags(widget, GTK_STATE_FLAG_SELECTED);
  gtk_accessible_update_state(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_STATE_SELECTED, selected, -1);
}

static void
show_at(MgItemView *view, guint position)
{
  Slot *slot = slot_at(view, position % view->slots->len);
  g_autoptr(GObject) item = g_list_model_get_item(G_LIST_MODEL(view->model), position);
  slot->position = position;
  if (g_set_object(&slot->item, item))
    view->funcs->show(slot->widget, item, view->data);
  set_selected(slot->widget, gtk_selection_model_is_selected(view->model, position));
}

static void
let_go(MgItemView *view, Slot *slot)
{
  if (slot->item)
    view->funcs->show(slot->widget, NULL, view->data);
  g_clear_object(&slot->item);
  slot->position = GTK_INVALID_LIST_POSITION;
}

static void
add_slot(MgItemView *view)
{
  Slot slot = {view->funcs->make(view->data), NULL, GTK_INVALID_LIST_POSITION};
  gtk_widget_set_focusable(slot.widget, TRUE);
  gtk_widget_set_child_visible(slot.widget, FALSE);
  gtk_widget_set_parent(slot.widget, GTK_WIDGET(view));
  g_array_append_val(view->slots, slot);
}

/* Between two frames: a widget that comes while others are laid out would have them all laid out again. */
static gboolean
grow(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  MgItemView *view = MG_ITEM_VIEW(widget);
  view->growing = 0;
  while (view->slots->len < view->n_wanted)
    add_slot(view);
  return G_SOURCE_REMOVE;
}

/* As many widgets as are seen at most, wherever it is scrolled to. */
static void
want_slots(MgItemView *view, int height)
{
  view->n_wanted = ((guint)(height / view->item_height) + 2) * view->columns;
  if (view->slots->len < view->n_wanted && !view->growing)
    view->growing = gtk_widget_add_tick_callback(GTK_WIDGET(view), grow, NULL, NULL);
}

static gboolean
has_focus_inside(MgItemView *view)
{
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(view));
  GtkWidget *focus = root ? gtk_root_get_focus(root) : NULL;
  return focus && (focus == GTK_WIDGET(view) || gtk_widget_is_ancestor(focus, GTK_WIDGET(view)));
}

void
mg_item_view_focus_cursor(MgItemView *view)
{
  Slot *slot = slot_of(view, view->cursor);
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(view));
  GtkWidget *to = slot ? slot->widget : GTK_WIDGET(view);
  if (root && gtk_root_get_focus(root) != to)
    gtk_root_set_focus(root, to);
}

static void
show_seen(MgItemView *view)
{
  guint first, last;
  gboolean focused = has_focus_inside(view);
  mg_item_view_seen(view, &first, &last);
  last = MIN(last, first + view->slots->len);
  for (guint i = 0; i < view->slots->len; i++)
    slot_at(view, i)->position = GTK_INVALID_LIST_POSITION;
  for (guint position = first; position < last; position++)
    show_at(view, position);
  for (guint i = 0; i < view->slots->len; i++)
    gtk_widget_set_child_visible(slot_at(view, i)->widget, slot_at(view, i)->position != GTK_INVALID_LIST_POSITION);
  if (focused)
    mg_item_view_focus_cursor(view);
}

/* Widgets that are out of sight tell nobody of an item that was there. */
static void
let_go_unseen(MgItemView *view)
{
  for (guint i = 0; i < view->slots->len; i++)
    if (slot_at(view, i)->position == GTK_INVALID_LIST_POSITION)
      let_go(view, slot_at(view, i));
}

/* The order of children is that in which assistive tools read them. */
static gboolean
put_in_order(gpointer data)
{
  MgItemView *view = data;
  guint first, last;
  view->resting = 0;
  let_go_unseen(view);
  mg_item_view_seen(view, &first, &last);
  GtkWidget *before = NULL;
  for (guint position = first; position < last; position++) {
    Slot *slot = slot_of(view, position);
    if (!slot)
      continue;
    GtkWidget *next = before ? gtk_widget_get_next_sibling(before) : gtk_widget_get_first_child(GTK_WIDGET(view));
    if (next != slot->widget)
      gtk_widget_insert_after(slot->widget, GTK_WIDGET(view), before);
    before = slot->widget;
  }
  return G_SOURCE_REMOVE;
}

static void
wait_for_rest(MgItemView *view)
{
  g_clear_handle_id(&view->resting, g_source_remove);
  view->resting = g_timeout_add(REST_MS, put_in_order, view);
}

/* Sizes */

/* Those of the first widget, which may show nothing. */
static void
measure_item(MgItemView *view)
{
  GtkWidget *widget = slot_at(view, 0)->widget;
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
  if (position >= n_items(view))
    return;
  double top = (double)(position / view->columns) * view->item_height, value = gtk_adjustment_get_value(view->down);
  value = MIN(value, top);
  value = MAX(value, top + view->item_height - height);
  g_signal_handlers_block_by_func(view->down, on_moved, view);
  gtk_adjustment_set_value(view->down, value);
  g_signal_handlers_unblock_by_func(view->down, on_moved, view);
}

static void
place(MgItemView *view, const Slot *slot, int width, gboolean mirrored)
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
  set_range(view, view->down, (double)n_lines(view) * view->item_height, height, view->item_height);
  if (view->wanted != GTK_INVALID_LIST_POSITION)
    reach_wanted(view, height);
  want_slots(view, height);
  show_seen(view);
  for (guint i = 0; i < view->slots->len; i++)
    if (slot_at(view, i)->position != GTK_INVALID_LIST_POSITION)
      place(view, slot_at(view, i), across, mirrored);
  wait_for_rest(view);
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
    if (slot_at(view, i)->widget == at && slot_at(view, i)->position < n_items(view))
      return slot_at(view, i)->position;
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
    func(slot_at(view, i)->widget, data);
}

/* Following the model and the adjustments */

static void
on_moved(GtkAdjustment *adjustment, MgItemView *view)
{
  show_seen(view); /* before the frame begins, so that it finds the style of what is selected */
  gtk_widget_queue_allocate(GTK_WIDGET(view));
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
  else if (view->cursor >= n_items(view))
    view->cursor = GTK_INVALID_LIST_POSITION;
  view->anchor = view->cursor;
  for (guint i = 0; i < view->slots->len; i++)
    if (slot_at(view, i)->position != GTK_INVALID_LIST_POSITION && slot_at(view, i)->position >= n_items(view))
      let_go(view, slot_at(view, i));
  gtk_widget_queue_allocate(GTK_WIDGET(view));
}

static void
on_selection(GtkSelectionModel *model, guint position, guint n, MgItemView *view)
{
  for (guint i = 0; i < view->slots->len; i++) {
    Slot *slot = slot_at(view, i);
    if (slot->position < n_items(view))
      set_selected(slot->widget, gtk_selection_model_is_selected(model, slot->position));
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
    let_go(view, slot_at(view, i));
  gtk_widget_queue_allocate(GTK_WIDGET(view));
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
  return has_focus_inside(MG_ITEM_VIEW(widget)) ? FALSE : gtk_widget_grab_focus(widget);
}

static gboolean
grab_focus(GtkWidget *widget)
{
  MgItemView *view = MG_ITEM_VIEW(widget);
  if (!slot_of(view, view->cursor) && n_items(view) > 0) {
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
    gtk_widget_unparent(slot_at(view, i)->widget);
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
  view->slots = g_array_new(FALSE, TRUE, sizeof(Slot));
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
  add_slot(view);
  mg_item_view_add_hands(view);
  return GTK_WIDGET(view);
}

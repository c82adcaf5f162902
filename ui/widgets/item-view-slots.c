/* The widgets of an item view, and which item each of them shows. */
#include "ui/widgets/item-view-private.h"

enum { REST_MS = 150 }; /* without scrolling, after which the widgets are put in order */

guint
mg_item_view_n(MgItemView *view)
{
  return view->model ? g_list_model_get_n_items(G_LIST_MODEL(view->model)) : 0;
}

MgItemSlot *
mg_item_view_slot(MgItemView *view, guint i)
{
  return &g_array_index(view->slots, MgItemSlot, i);
}

MgItemSlot *
mg_item_view_slot_of(MgItemView *view, guint position)
{
  MgItemSlot *slot = view->slots->len ? mg_item_view_slot(view, position % view->slots->len) : NULL;
  return slot && slot->position == position ? slot : NULL;
}

void
mg_item_view_seen(MgItemView *view, guint *first, guint *last)
{
  double top = gtk_adjustment_get_value(view->down), height = gtk_widget_get_height(GTK_WIDGET(view));
  guint n = mg_item_view_n(view), line = (guint)(top / view->item_height);
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

void
mg_item_view_mark(GtkWidget *widget, gboolean selected)
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
  MgItemSlot *slot = mg_item_view_slot(view, position % view->slots->len);
  g_autoptr(GObject) item = g_list_model_get_item(G_LIST_MODEL(view->model), position);
  slot->position = position;
  if (g_set_object(&slot->item, item))
    view->funcs->show(slot->widget, item, view->data);
  mg_item_view_mark(slot->widget, gtk_selection_model_is_selected(view->model, position));
}

void
mg_item_view_let_go(MgItemView *view, MgItemSlot *slot)
{
  if (slot->item)
    view->funcs->show(slot->widget, NULL, view->data);
  g_clear_object(&slot->item);
  slot->position = GTK_INVALID_LIST_POSITION;
}

void
mg_item_view_add_slot(MgItemView *view)
{
  MgItemSlot slot = {view->funcs->make(view->data), NULL, GTK_INVALID_LIST_POSITION};
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
    mg_item_view_add_slot(view);
  return G_SOURCE_REMOVE;
}

/* As many widgets as are seen at most, wherever it is scrolled to. */
void
mg_item_view_want_slots(MgItemView *view, int height)
{
  view->n_wanted = ((guint)(height / view->item_height) + 2) * view->columns;
  if (view->slots->len < view->n_wanted && !view->growing)
    view->growing = gtk_widget_add_tick_callback(GTK_WIDGET(view), grow, NULL, NULL);
}

gboolean
mg_item_view_has_focus(MgItemView *view)
{
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(view));
  GtkWidget *focus = root ? gtk_root_get_focus(root) : NULL;
  return focus && (focus == GTK_WIDGET(view) || gtk_widget_is_ancestor(focus, GTK_WIDGET(view)));
}

void
mg_item_view_focus_cursor(MgItemView *view)
{
  MgItemSlot *slot = mg_item_view_slot_of(view, view->cursor);
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(view));
  GtkWidget *to = slot ? slot->widget : GTK_WIDGET(view);
  if (root && gtk_root_get_focus(root) != to)
    gtk_root_set_focus(root, to);
}

void
mg_item_view_show_seen(MgItemView *view)
{
  guint first, last;
  gboolean focused = mg_item_view_has_focus(view);
  mg_item_view_seen(view, &first, &last);
  last = MIN(last, first + view->slots->len);
  for (guint i = 0; i < view->slots->len; i++)
    mg_item_view_slot(view, i)->position = GTK_INVALID_LIST_POSITION;
  for (guint position = first; position < last; position++)
    show_at(view, position);
  for (guint i = 0; i < view->slots->len; i++)
    gtk_widget_set_child_visible(mg_item_view_slot(view, i)->widget,
                                 mg_item_view_slot(view, i)->position != GTK_INVALID_LIST_POSITION);
  if (focused)
    mg_item_view_focus_cursor(view);
}

/* Widgets that are out of sight tell nobody of an item that was there. */
static void
let_go_unseen(MgItemView *view)
{
  for (guint i = 0; i < view->slots->len; i++)
    if (mg_item_view_slot(view, i)->position == GTK_INVALID_LIST_POSITION)
      mg_item_view_let_go(view, mg_item_view_slot(view, i));
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
    MgItemSlot *slot = mg_item_view_slot_of(view, position);
    if (!slot)
      continue;
    GtkWidget *next = before ? gtk_widget_get_next_sibling(before) : gtk_widget_get_first_child(GTK_WIDGET(view));
    if (next != slot->widget)
      gtk_widget_insert_after(slot->widget, GTK_WIDGET(view), before);
    before = slot->widget;
  }
  return G_SOURCE_REMOVE;
}

void
mg_item_view_wait_for_rest(MgItemView *view)
{
  g_clear_handle_id(&view->resting, g_source_remove);
  view->resting = g_timeout_add(REST_MS, put_in_order, view);
}

/* Pointer and keys of an item view. */
#include "ui/widgets/item-view-private.h"

static void
extend_to(MgItemView *view, guint position, gboolean keeps)
{
  if (view->anchor >= mg_item_view_n(view))
    view->anchor = position;
  guint from = MIN(view->anchor, position), to = MAX(view->anchor, position);
  if (!gtk_selection_model_select_range(view->model, from, to - from + 1, !keeps))
    gtk_selection_model_select_item(view->model, position, TRUE); /* only one can be selected */
}

/* As far as the model lets it; with Ctrl a click turns one item, with Shift all up to it are selected. */
static void
choose(MgItemView *view, guint position, gboolean turns, gboolean extends)
{
  if (extends)
    extend_to(view, position, turns);
  else if (turns && gtk_selection_model_is_selected(view->model, position))
    gtk_selection_model_unselect_item(view->model, position);
  else
    gtk_selection_model_select_item(view->model, position, !turns);
  if (!extends)
    view->anchor = position;
}

static void
move_to(MgItemView *view, guint position)
{
  mg_item_view_scroll_to(view, position);
  mg_item_view_focus_cursor(view);
}

/* Pointer */

static void
on_released(GtkGestureClick *gesture, int n, double x, double y, MgItemView *view)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(gesture));
  guint position = mg_item_view_position_at(view, x, y);
  if (position == GTK_INVALID_LIST_POSITION)
    return;
  choose(view, position, state & GDK_CONTROL_MASK, state & GDK_SHIFT_MASK);
  view->cursor = position;
  mg_item_view_focus_cursor(view);
  if (n == 2)
    g_signal_emit_by_name(view, "activate", position);
}

/* Keys */

/* Where a key leads from `at`; GTK_INVALID_LIST_POSITION: it is no such key. */
static guint
target_of(MgItemView *view, guint key, guint at)
{
  guint last = mg_item_view_n(view) - 1, page = mg_item_view_page(view);
  gboolean mirrored = gtk_widget_get_direction(GTK_WIDGET(view)) == GTK_TEXT_DIR_RTL, wall = view->most_columns > 1;
  if (key == GDK_KEY_Down || key == GDK_KEY_KP_Down)
    return last - at < view->columns ? at : at + view->columns;
  if (key == GDK_KEY_Up || key == GDK_KEY_KP_Up)
    return at < view->columns ? at : at - view->columns;
  if (wall && (key == GDK_KEY_Left || key == GDK_KEY_Right || key == GDK_KEY_KP_Left || key == GDK_KEY_KP_Right))
    return (key == GDK_KEY_Right || key == GDK_KEY_KP_Right) != mirrored ? MIN(last, at + 1) : at - MIN(at, 1);
  if (key == GDK_KEY_Page_Down || key == GDK_KEY_KP_Page_Down)
    return last - at < page ? last : at + page;
  if (key == GDK_KEY_Page_Up || key == GDK_KEY_KP_Page_Up)
    return at < page ? 0 : at - page;
  if (key == GDK_KEY_Home || key == GDK_KEY_KP_Home)
    return 0;
  if (key == GDK_KEY_End || key == GDK_KEY_KP_End)
    return last;
  return GTK_INVALID_LIST_POSITION;
}

static gboolean
move(MgItemView *view, guint key, GdkModifierType state)
{
  guint first, last;
  mg_item_view_seen(view, &first, &last);
  gboolean known = view->cursor < mg_item_view_n(view);
  guint position = target_of(view, key, known ? view->cursor : first);
  if (position == GTK_INVALID_LIST_POSITION)
    return FALSE;
  if (!known && (key == GDK_KEY_Down || key == GDK_KEY_Up))
    position = first; /* the first key begins with what is seen */
  if (!(state & GDK_CONTROL_MASK) || state & GDK_SHIFT_MASK)
    choose(view, position, FALSE, state & GDK_SHIFT_MASK);
  move_to(view, position);
  return TRUE;
}

static gboolean
on_key(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, MgItemView *view)
{
  gboolean with_control = state & GDK_CONTROL_MASK;
  if (mg_item_view_n(view) == 0 || state & (GDK_ALT_MASK | GDK_SUPER_MASK))
    return FALSE;
  if (with_control && (key == GDK_KEY_a || key == GDK_KEY_A))
    return gtk_selection_model_select_all(view->model);
  if (move(view, key, state))
    return TRUE;
  if (view->cursor >= mg_item_view_n(view))
    return FALSE;
  if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_ISO_Enter)
    g_signal_emit_by_name(view, "activate", view->cursor);
  else if (key == GDK_KEY_space || key == GDK_KEY_KP_Space)
    choose(view, view->cursor, with_control, state & GDK_SHIFT_MASK);
  else
    return FALSE;
  return TRUE;
}

void
mg_item_view_add_hands(MgItemView *view)
{
  GtkGesture *click = gtk_gesture_click_new();
  GtkEventController *keys = gtk_event_controller_key_new();
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), GDK_BUTTON_PRIMARY);
  g_signal_connect(click, "released", G_CALLBACK(on_released), view);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), view);
  gtk_widget_add_controller(GTK_WIDGET(view), GTK_EVENT_CONTROLLER(click));
  gtk_widget_add_controller(GTK_WIDGET(view), keys);
}

#include "ui/explore/hands.h"
#include <math.h>

#define ZOOM_STEP 1.25    /* a notch of the wheel */
#define SCROLL_SHARE 0.1  /* of the visible part, a notch of the wheel */
#define CURSOR_SHARE 0.02 /* of the visible part, a press of an arrow key */
#define DRAG_FROM 4       /* logical pixels that make a click a drag */

typedef struct {
  MgView *view; /* owns this */
  MgTimeline *timeline;
  MgSelection *selection;
  gboolean whole, dragging;
  gboolean actions_alone;          /* the view has hands of its own for the rest */
  double drag_from;                /* s */
  double grabbed_from, grabbed_to; /* the visible part when a drag in the overview began */
  double pinch_length;             /* visible seconds when the pinch began */
  double x;                        /* the pointer */
} Hands;

static double
seconds_at(Hands *hands, double x)
{
  MgGeometry geometry;
  GtkWidget *widget = GTK_WIDGET(hands->view);
  mg_view_geometry(hands->view, 0, 0, gtk_widget_get_width(widget), gtk_widget_get_height(widget), &geometry);
  return CLAMP(mg_geometry_from_x(&geometry, x), 0, mg_timeline_duration(hands->timeline));
}

static double
visible(Hands *hands)
{
  return mg_timeline_to(hands->timeline) - mg_timeline_from(hands->timeline);
}

static void
remember_pointer(GtkEventControllerMotion *motion, double x, double y, Hands *hands)
{
  hands->x = x;
}

static gboolean
scroll(GtkEventControllerScroll *controller, double dx, double dy, Hands *hands)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(controller));
  gboolean pixels = gtk_event_controller_scroll_get_unit(controller) == GDK_SCROLL_UNIT_SURFACE;
  double amount = fabs(dx) > fabs(dy) ? dx : dy;
  if (state & GDK_CONTROL_MASK)
    mg_timeline_zoom(hands->timeline, pow(ZOOM_STEP, pixels ? amount / 40 : amount), seconds_at(hands, hands->x));
  else if (pixels)
    mg_timeline_scroll(hands->timeline, seconds_at(hands, hands->x + amount) - seconds_at(hands, hands->x));
  else
    mg_timeline_scroll(hands->timeline, amount * SCROLL_SHARE * visible(hands));
  return TRUE;
}

static void
begin_drag(GtkGestureDrag *drag, double x, double y, Hands *hands)
{
  gtk_widget_grab_focus(GTK_WIDGET(hands->view));
  hands->dragging = FALSE;
  hands->drag_from = seconds_at(hands, x);
  hands->grabbed_from = mg_timeline_from(hands->timeline);
  hands->grabbed_to = mg_timeline_to(hands->timeline);
  if (hands->whole && (hands->drag_from < hands->grabbed_from || hands->drag_from > hands->grabbed_to)) {
    double half = (hands->grabbed_to - hands->grabbed_from) / 2;
    mg_timeline_show(hands->timeline, hands->drag_from - half, hands->drag_from + half);
    hands->grabbed_from = mg_timeline_from(hands->timeline);
    hands->grabbed_to = mg_timeline_to(hands->timeline);
  }
}

static void
update_drag(GtkGestureDrag *drag, double dx, double dy, Hands *hands)
{
  double x, y;
  gtk_gesture_drag_get_start_point(drag, &x, &y);
  if (!hands->dragging && fabs(dx) < DRAG_FROM)
    return;
  hands->dragging = TRUE;
  double now = seconds_at(hands, x + dx);
  if (hands->whole) {
    double moved = now - hands->drag_from;
    mg_timeline_show(hands->timeline, hands->grabbed_from + moved, hands->grabbed_to + moved);
    return;
  }
  mg_selection_set(hands->selection, mg_selection_track(hands->selection), MIN(now, hands->drag_from),
                   MAX(now, hands->drag_from));
}

static void
clear_selection(Hands *hands)
{
  mg_selection_set(hands->selection, mg_selection_track(hands->selection), 0, 0);
}

static void
end_drag(GtkGestureDrag *drag, double dx, double dy, Hands *hands)
{
  if (hands->dragging) {
    if (!hands->whole)
      mg_timeline_set_cursor(hands->timeline, mg_selection_start(hands->selection));
    return;
  }
  if (!hands->whole)
    clear_selection(hands);
  mg_timeline_set_cursor(hands->timeline, hands->drag_from);
  gtk_widget_activate_action(GTK_WIDGET(hands->view), "explore.seek", NULL);
}

static void
begin_pinch(GtkGesture *zoom, GdkEventSequence *sequence, Hands *hands)
{
  hands->pinch_length = visible(hands);
}

static void
pinch(GtkGestureZoom *zoom, double scale, Hands *hands)
{
  double x, y;
  if (!gtk_gesture_get_bounding_box_center(GTK_GESTURE(zoom), &x, &y) || scale <= 0)
    return;
  mg_timeline_zoom(hands->timeline, hands->pinch_length / scale / visible(hands), seconds_at(hands, x));
}

static void
move_cursor(Hands *hands, double share)
{
  double seconds = mg_timeline_cursor(hands->timeline) + share * visible(hands);
  mg_timeline_set_cursor(hands->timeline, seconds);
  mg_timeline_follow_cursor(hands->timeline);
  gtk_widget_activate_action(GTK_WIDGET(hands->view), "explore.seek", NULL);
}

static void
cursor_left(Hands *hands)
{
  move_cursor(hands, -CURSOR_SHARE);
}

static void
cursor_right(Hands *hands)
{
  move_cursor(hands, CURSOR_SHARE);
}

static void
cursor_home(Hands *hands)
{
  move_cursor(hands, -INFINITY);
}

static void
cursor_end(Hands *hands)
{
  move_cursor(hands, INFINITY);
}

static void
zoom_in(Hands *hands)
{
  mg_timeline_zoom(hands->timeline, 1 / ZOOM_STEP, mg_timeline_cursor(hands->timeline));
}

static void
zoom_out(Hands *hands)
{
  mg_timeline_zoom(hands->timeline, ZOOM_STEP, mg_timeline_cursor(hands->timeline));
}

/* One line a key: what it does here, or the action it stands for. */
static const struct {
  guint key;
  GdkModifierType modifiers;
  void (*act)(Hands *hands);
  const char *action;
} keys[] = {
    {GDK_KEY_Left, 0, cursor_left, NULL},
    {GDK_KEY_Right, 0, cursor_right, NULL},
    {GDK_KEY_Home, 0, cursor_home, NULL},
    {GDK_KEY_End, 0, cursor_end, NULL},
    {GDK_KEY_plus, 0, zoom_in, NULL},
    {GDK_KEY_equal, 0, zoom_in, NULL},
    {GDK_KEY_KP_Add, 0, zoom_in, NULL},
    {GDK_KEY_minus, 0, zoom_out, NULL},
    {GDK_KEY_KP_Subtract, 0, zoom_out, NULL},
    {GDK_KEY_Escape, 0, clear_selection, NULL},
    {GDK_KEY_space, 0, NULL, "win.play"},
    {GDK_KEY_p, 0, NULL, "win.pause"},
    {GDK_KEY_l, 0, NULL, "win.loop"},
    {GDK_KEY_r, 0, NULL, "win.record"},
    {GDK_KEY_f, GDK_CONTROL_MASK, NULL, "explore.fit"},
    {GDK_KEY_e, GDK_CONTROL_MASK, NULL, "explore.zoom-selection"},
    {GDK_KEY_c, GDK_CONTROL_MASK, NULL, "explore.copy"},
};

static gboolean
press(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, Hands *hands)
{
  GdkModifierType modifiers = state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK);
  for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
    if (gdk_keyval_to_lower(key) != keys[i].key || modifiers != keys[i].modifiers ||
        (keys[i].act && hands->actions_alone))
      continue;
    if (keys[i].act)
      keys[i].act(hands);
    else
      gtk_widget_activate_action(GTK_WIDGET(hands->view), keys[i].action, NULL);
    return TRUE;
  }
  return FALSE;
}

static void
add(Hands *hands, GtkEventController *controller)
{
  gtk_widget_add_controller(GTK_WIDGET(hands->view), controller);
}

void
mg_hands_attach(MgView *view, MgTimeline *timeline, MgSelection *selection, gboolean whole)
{
  Hands *hands = g_new0(Hands, 1);
  *hands = (Hands){.view = view, .timeline = timeline, .selection = selection, .whole = whole};
  g_object_set_data_full(G_OBJECT(view), "hands", hands, g_free);
  GtkEventController *motion = gtk_event_controller_motion_new(), *key = gtk_event_controller_key_new();
  GtkEventController *wheel = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *drag = gtk_gesture_drag_new(), *zoom = gtk_gesture_zoom_new();
  g_signal_connect(motion, "motion", G_CALLBACK(remember_pointer), hands);
  g_signal_connect(motion, "enter", G_CALLBACK(remember_pointer), hands);
  g_signal_connect(wheel, "scroll", G_CALLBACK(scroll), hands);
  g_signal_connect(key, "key-pressed", G_CALLBACK(press), hands);
  g_signal_connect(drag, "drag-begin", G_CALLBACK(begin_drag), hands);
  g_signal_connect(drag, "drag-update", G_CALLBACK(update_drag), hands);
  g_signal_connect(drag, "drag-end", G_CALLBACK(end_drag), hands);
  g_signal_connect(zoom, "begin", G_CALLBACK(begin_pinch), hands);
  g_signal_connect(zoom, "scale-changed", G_CALLBACK(pinch), hands);
  add(hands, motion);
  add(hands, wheel);
  add(hands, key);
  add(hands, GTK_EVENT_CONTROLLER(drag));
  add(hands, GTK_EVENT_CONTROLLER(zoom));
}

void
mg_hands_attach_keys(MgView *view)
{
  Hands *hands = g_new0(Hands, 1);
  *hands = (Hands){.view = view, .actions_alone = TRUE};
  g_object_set_data_full(G_OBJECT(view), "hands", hands, g_free);
  GtkEventController *key = gtk_event_controller_key_new();
  g_signal_connect(key, "key-pressed", G_CALLBACK(press), hands);
  add(hands, key);
}

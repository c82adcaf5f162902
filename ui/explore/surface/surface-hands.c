#include "ui/explore/surface/surface-hands.h"
#include <math.h>

#define DEGREES_A_PIXEL 0.4
#define DEGREES_A_PRESS 5.0
#define ZOOM_STEP 1.15 /* a notch of the wheel, a press of a key */
#define TIME_STEP 1.25 /* likewise, of the visible time */
#define HEIGHT_STEP 1.15
#define SHIFT_STEP 0.05  /* of the picture, a press of a key */
#define SCROLL_SHARE 0.1 /* of the visible part, a notch of the wheel */
#define DRAG_FROM 3      /* logical pixels that make a click a drag */

typedef struct {
  MgSurfaceView *view;  /* owns this */
  double x, y;          /* the pointer */
  double first, second; /* what the drag began with: angles, or the shift */
  double zoom;          /* what the pinch began with */
  gboolean shifting, dragging;
} Hands;

static double
get(Hands *hands, const char *name)
{
  return mg_surface_view_get(hands->view, name);
}

static void
turn(Hands *hands, const char *name, double value)
{
  mg_surface_view_turn(hands->view, name, value);
}

static void
remember_pointer(GtkEventControllerMotion *motion, double x, double y, Hands *hands)
{
  hands->x = x;
  hands->y = y;
}

/* What lies under the pointer stays there. */
static void
zoom(Hands *hands, double factor, double x, double y)
{
  double width = mg_surface_view_width(hands->view), height = gtk_widget_get_height(GTK_WIDGET(hands->view));
  double before = get(hands, "zoom");
  turn(hands, "zoom", before * factor);
  double grown = get(hands, "zoom") / before;
  turn(hands, "pan_x", (fmod(x, width) / width - 0.5) * (1 - grown) + get(hands, "pan_x") * grown);
  turn(hands, "pan_y", (y / height - 0.5) * (1 - grown) + get(hands, "pan_y") * grown);
}

/* The time that the pointer is over, or the middle of what is seen. */
static double
seconds_at_pointer(Hands *hands)
{
  MgTimeline *timeline = mg_view_timeline(MG_VIEW(hands->view));
  double seconds = mg_timeline_pointer(timeline);
  return isnan(seconds) ? (mg_timeline_from(timeline) + mg_timeline_to(timeline)) / 2 : seconds;
}

static gboolean
scroll(GtkEventControllerScroll *controller, double dx, double dy, Hands *hands)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(controller));
  gboolean pixels = gtk_event_controller_scroll_get_unit(controller) == GDK_SCROLL_UNIT_SURFACE;
  MgTimeline *timeline = mg_view_timeline(MG_VIEW(hands->view));
  double amount = (fabs(dx) > fabs(dy) ? dx : dy) / (pixels ? 40 : 1);
  if (state & GDK_CONTROL_MASK)
    mg_timeline_zoom(timeline, pow(TIME_STEP, amount), seconds_at_pointer(hands));
  else if (state & GDK_SHIFT_MASK)
    mg_timeline_scroll(timeline, amount * SCROLL_SHARE * (mg_timeline_to(timeline) - mg_timeline_from(timeline)));
  else
    zoom(hands, pow(ZOOM_STEP, -amount), hands->x, hands->y);
  return TRUE;
}

static void
begin_drag(GtkGestureDrag *drag, double x, double y, Hands *hands)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(drag));
  guint button = gtk_gesture_single_get_current_button(GTK_GESTURE_SINGLE(drag));
  if (button == GDK_BUTTON_SECONDARY) { /* the menu's */
    gtk_gesture_set_state(GTK_GESTURE(drag), GTK_EVENT_SEQUENCE_DENIED);
    return;
  }
  gtk_widget_grab_focus(GTK_WIDGET(hands->view));
  hands->dragging = FALSE;
  hands->shifting = button == GDK_BUTTON_MIDDLE || (state & GDK_SHIFT_MASK);
  hands->first = get(hands, hands->shifting ? "pan_x" : "azimuth");
  hands->second = get(hands, hands->shifting ? "pan_y" : "elevation");
}

static void
update_drag(GtkGestureDrag *drag, double dx, double dy, Hands *hands)
{
  if (!hands->dragging && hypot(dx, dy) < DRAG_FROM)
    return;
  hands->dragging = TRUE;
  if (hands->shifting) {
    turn(hands, "pan_x", hands->first + dx / mg_surface_view_width(hands->view));
    turn(hands, "pan_y", hands->second + dy / gtk_widget_get_height(GTK_WIDGET(hands->view)));
  } else {
    turn(hands, "azimuth", hands->first + dx * DEGREES_A_PIXEL);
    turn(hands, "elevation", hands->second + dy * DEGREES_A_PIXEL);
  }
}

/* A click puts the cursor where the surface was hit. */
static void
end_drag(GtkGestureDrag *drag, double dx, double dy, Hands *hands)
{
  MgView *view = MG_VIEW(hands->view);
  double x, y, seconds;
  if (hands->dragging || !gtk_gesture_drag_get_start_point(drag, &x, &y) ||
      !MG_VIEW_GET_CLASS(view)->locate(view, x, y, &seconds))
    return;
  mg_timeline_set_cursor(mg_view_timeline(view), seconds);
  gtk_widget_activate_action(GTK_WIDGET(view), "explore.seek", NULL);
}

static void
begin_pinch(GtkGesture *gesture, GdkEventSequence *sequence, Hands *hands)
{
  hands->zoom = get(hands, "zoom");
}

static void
pinch(GtkGestureZoom *gesture, double scale, Hands *hands)
{
  double x, y;
  if (gtk_gesture_get_bounding_box_center(GTK_GESTURE(gesture), &x, &y) && scale > 0)
    zoom(hands, hands->zoom * scale / get(hands, "zoom"), x, y);
}

/* One line a key: by how much it changes a parameter, or by which factor. */
static const struct {
  guint key;
  gboolean shift;
  const char *name;
  double more, times;
} keys[] = {
    {GDK_KEY_Left, FALSE, "azimuth", -DEGREES_A_PRESS, 1},
    {GDK_KEY_Right, FALSE, "azimuth", DEGREES_A_PRESS, 1},
    {GDK_KEY_Up, FALSE, "elevation", DEGREES_A_PRESS, 1},
    {GDK_KEY_Down, FALSE, "elevation", -DEGREES_A_PRESS, 1},
    {GDK_KEY_Left, TRUE, "pan_x", -SHIFT_STEP, 1},
    {GDK_KEY_Right, TRUE, "pan_x", SHIFT_STEP, 1},
    {GDK_KEY_Up, TRUE, "pan_y", -SHIFT_STEP, 1},
    {GDK_KEY_Down, TRUE, "pan_y", SHIFT_STEP, 1},
    {GDK_KEY_plus, FALSE, "zoom", 0, ZOOM_STEP},
    {GDK_KEY_minus, FALSE, "zoom", 0, 1 / ZOOM_STEP},
    {GDK_KEY_equal, FALSE, "zoom", 0, ZOOM_STEP},
    {GDK_KEY_KP_Add, FALSE, "zoom", 0, ZOOM_STEP},
    {GDK_KEY_KP_Subtract, FALSE, "zoom", 0, 1 / ZOOM_STEP},
    {GDK_KEY_Page_Up, FALSE, "height", 0, HEIGHT_STEP},
    {GDK_KEY_Page_Down, FALSE, "height", 0, 1 / HEIGHT_STEP},
};

static gboolean
press(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, Hands *hands)
{
  gboolean shift = (state & GDK_SHIFT_MASK) && key != GDK_KEY_plus;
  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK))
    return FALSE;
  if (key == GDK_KEY_Home) {
    mg_surface_view_reset(hands->view);
    return TRUE;
  }
  for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
    if (keys[i].key == key && keys[i].shift == shift) {
      turn(hands, keys[i].name, get(hands, keys[i].name) * keys[i].times + keys[i].more);
      return TRUE;
    }
  return FALSE;
}

void
mg_surface_hands_attach(MgSurfaceView *view)
{
  Hands *hands = g_new0(Hands, 1);
  GtkEventController *motion = gtk_event_controller_motion_new(), *key = gtk_event_controller_key_new();
  GtkEventController *wheel = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *drag = gtk_gesture_drag_new(), *gesture = gtk_gesture_zoom_new();
  GtkEventController *const all[] = {motion, key, wheel, GTK_EVENT_CONTROLLER(drag), GTK_EVENT_CONTROLLER(gesture)};
  hands->view = view;
  g_object_set_data_full(G_OBJECT(view), "surface-hands", hands, g_free);
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(drag), 0);
  g_signal_connect(motion, "motion", G_CALLBACK(remember_pointer), hands);
  g_signal_connect(motion, "enter", G_CALLBACK(remember_pointer), hands);
  g_signal_connect(wheel, "scroll", G_CALLBACK(scroll), hands);
  g_signal_connect(key, "key-pressed", G_CALLBACK(press), hands);
  g_signal_connect(drag, "drag-begin", G_CALLBACK(begin_drag), hands);
  g_signal_connect(drag, "drag-update", G_CALLBACK(update_drag), hands);
  g_signal_connect(drag, "drag-end", G_CALLBACK(end_drag), hands);
  g_signal_connect(gesture, "begin", G_CALLBACK(begin_pinch), hands);
  g_signal_connect(gesture, "scale-changed", G_CALLBACK(pinch), hands);
  for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
    gtk_widget_add_controller(GTK_WIDGET(view), all[i]);
}

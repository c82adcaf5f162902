#include "ui/explore/tools/hands.h"
#include "ui/explore/tools/hands-private.h"
#include "ui/settings.h"
#include <math.h>

#define ZOOM_STEP 1.25     /* a notch of the wheel */
#define SCROLL_SHARE 0.1   /* of the visible part, a notch of the wheel */
#define CURSOR_SHARE 0.02  /* of the visible part, a press of an arrow key */
#define BAND_STEP 1.059463 /* a semitone, a press of an arrow key */

void
mg_hands_geometry(MgHands *hands, MgGeometry *geometry)
{
  GtkWidget *widget = GTK_WIDGET(hands->view);
  mg_view_geometry(hands->view, 0, 0, gtk_widget_get_width(widget), gtk_widget_get_height(widget), geometry);
}

double
mg_hands_seconds(MgHands *hands, double x)
{
  MgGeometry geometry;
  mg_hands_geometry(hands, &geometry);
  return CLAMP(mg_geometry_from_x(&geometry, x), 0, mg_timeline_duration(hands->timeline));
}

static double
visible(MgHands *hands)
{
  return mg_timeline_to(hands->timeline) - mg_timeline_from(hands->timeline);
}

/* The comb follows the pointer. */
static void
remember_pointer(GtkEventControllerMotion *motion, double x, double y, MgHands *hands)
{
  hands->x = x;
  hands->y = y;
  if (mg_tools_current(hands->tools) == MG_TOOL_MEASURE && !hands->whole)
    mg_tools_set_comb(hands->tools, mg_view_hz_at(hands->view, y));
}

/* `factor` below 1 shows less; what is at the pixel `y` stays there. */
static void
zoom_frequency(MgHands *hands, double factor, double y)
{
  MgGeometry geometry;
  double y0, y1;
  mg_hands_geometry(hands, &geometry);
  mg_view_zoom(hands->view, &y0, &y1);
  double share = CLAMP((geometry.y + geometry.height - y) / geometry.height, 0, 1);
  double at = y0 + share * (y1 - y0), length = (y1 - y0) * factor;
  mg_view_set_zoom(hands->view, at - share * length, at + (1 - share) * length);
}

/* Sonic Visualiser's wheel zooms by itself, and scrolls with Ctrl; Audacity's the other way round. */
static gboolean
wheel_zooms(void)
{
  g_autofree char *wheel = mg_settings() ? g_settings_get_string(mg_settings(), "wheel") : NULL;
  return g_strcmp0(wheel, "sonic-visualiser") == 0;
}

static gboolean
scroll(GtkEventControllerScroll *controller, double dx, double dy, MgHands *hands)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(controller));
  gboolean pixels = gtk_event_controller_scroll_get_unit(controller) == GDK_SCROLL_UNIT_SURFACE;
  gboolean both = (state & GDK_CONTROL_MASK) && (state & GDK_SHIFT_MASK);
  double amount = fabs(dx) > fabs(dy) ? dx : dy, step = pow(ZOOM_STEP, pixels ? amount / 40 : amount);
  if (mg_view_has_hz(hands->view) && (both || hands->x < MG_VIEW_LEFT))
    zoom_frequency(hands, step, hands->y);
  else if (((state & GDK_CONTROL_MASK) != 0) != wheel_zooms())
    mg_timeline_zoom(hands->timeline, step, mg_hands_seconds(hands, hands->x));
  else if (pixels)
    mg_timeline_scroll(hands->timeline, mg_hands_seconds(hands, hands->x + amount) - mg_hands_seconds(hands, hands->x));
  else
    mg_timeline_scroll(hands->timeline, amount * SCROLL_SHARE * visible(hands));
  return TRUE;
}

void
mg_hands_clear_selection(MgHands *hands)
{
  mg_selection_set(hands->selection, mg_selection_track(hands->selection), 0, 0);
}

static void
begin_pinch(GtkGesture *zoom, GdkEventSequence *sequence, MgHands *hands)
{
  hands->pinch_length = visible(hands);
}

static void
pinch(GtkGestureZoom *zoom, double scale, MgHands *hands)
{
  double x, y;
  if (!gtk_gesture_get_bounding_box_center(GTK_GESTURE(zoom), &x, &y) || scale <= 0)
    return;
  mg_timeline_zoom(hands->timeline, hands->pinch_length / scale / visible(hands), mg_hands_seconds(hands, x));
}

/* Keys */

static void
clear(MgHands *hands)
{
  mg_tools_set_measure(hands->tools, NULL);
  mg_hands_clear_selection(hands);
}

static void
move_cursor(MgHands *hands, double share)
{
  double seconds = mg_timeline_cursor(hands->timeline) + share * visible(hands);
  mg_timeline_set_cursor(hands->timeline, seconds);
  mg_timeline_follow_cursor(hands->timeline);
  gtk_widget_activate_action(GTK_WIDGET(hands->view), "explore.seek", NULL);
}

static void
cursor_left(MgHands *hands)
{
  move_cursor(hands, -CURSOR_SHARE);
}

static void
cursor_right(MgHands *hands)
{
  move_cursor(hands, CURSOR_SHARE);
}

static void
cursor_home(MgHands *hands)
{
  move_cursor(hands, -INFINITY);
}

static void
cursor_end(MgHands *hands)
{
  move_cursor(hands, INFINITY);
}

/* The selection reaches from where it began to a place that the keys move. */
static void
extend(MgHands *hands, double share)
{
  MgSelection *selection = hands->selection;
  double start = mg_selection_start(selection), end = mg_selection_end(selection);
  if (!mg_selection_is_stretch(selection))
    start = end = hands->anchor = mg_timeline_cursor(hands->timeline);
  double moving = hands->anchor == end ? start : end, still = hands->anchor == end ? end : start;
  hands->anchor = still;
  moving = CLAMP(moving + share * visible(hands), 0, mg_timeline_duration(hands->timeline));
  mg_selection_set_box(selection, mg_selection_track(selection), MIN(still, moving), MAX(still, moving),
                       mg_selection_low(selection), mg_selection_high(selection));
}

static void
extend_left(MgHands *hands)
{
  extend(hands, -CURSOR_SHARE);
}

static void
extend_right(MgHands *hands)
{
  extend(hands, CURSOR_SHARE);
}

/* The band's edges go by semitones; a selection of all frequencies becomes the middle of what is seen. */
static void
move_band(MgHands *hands, double low_factor, double high_factor)
{
  MgSelection *selection = hands->selection;
  MgGeometry geometry;
  if (!mg_selection_is_stretch(selection) || !mg_view_has_hz(hands->view))
    return;
  mg_hands_geometry(hands, &geometry);
  double low = mg_selection_low(selection), high = mg_selection_high(selection);
  if (!mg_selection_is_box(selection)) {
    low = mg_view_hz_at(hands->view, geometry.y + geometry.height * 0.75);
    high = mg_view_hz_at(hands->view, geometry.y + geometry.height * 0.25);
  } else {
    low *= low_factor;
    high *= high_factor;
  }
  if (low < high)
    mg_selection_set_box(selection, mg_selection_track(selection), mg_selection_start(selection),
                         mg_selection_end(selection), low, high);
}

static void
band_top_up(MgHands *hands)
{
  move_band(hands, 1, BAND_STEP);
}

static void
band_top_down(MgHands *hands)
{
  move_band(hands, 1, 1 / BAND_STEP);
}

static void
band_bottom_up(MgHands *hands)
{
  move_band(hands, BAND_STEP, 1);
}

static void
band_bottom_down(MgHands *hands)
{
  move_band(hands, 1 / BAND_STEP, 1);
}

static void
zoom_in(MgHands *hands)
{
  mg_timeline_zoom(hands->timeline, 1 / ZOOM_STEP, mg_timeline_cursor(hands->timeline));
}

static void
zoom_out(MgHands *hands)
{
  mg_timeline_zoom(hands->timeline, ZOOM_STEP, mg_timeline_cursor(hands->timeline));
}

static void
zoom_at_middle(MgHands *hands, double factor)
{
  MgGeometry geometry;
  mg_hands_geometry(hands, &geometry);
  zoom_frequency(hands, factor, geometry.y + geometry.height / 2);
}

static void
zoom_in_frequency(MgHands *hands)
{
  zoom_at_middle(hands, 1 / ZOOM_STEP);
}

static void
zoom_out_frequency(MgHands *hands)
{
  zoom_at_middle(hands, ZOOM_STEP);
}

static void
scroll_frequency(MgHands *hands, double share)
{
  double y0, y1;
  mg_view_zoom(hands->view, &y0, &y1);
  mg_view_set_zoom(hands->view, y0 + share * (y1 - y0), y1 + share * (y1 - y0));
}

static void
frequency_up(MgHands *hands)
{
  scroll_frequency(hands, SCROLL_SHARE);
}

static void
frequency_down(MgHands *hands)
{
  scroll_frequency(hands, -SCROLL_SHARE);
}

/* One line a key: what it does here, or the action it stands for. Those with Shift come first: to the others it does
 * not matter, because some signs need it. */
static const struct {
  guint key;
  GdkModifierType modifiers;
  void (*act)(MgHands *hands);
  const char *action;
} keys[] = {
    {GDK_KEY_Left, GDK_SHIFT_MASK, extend_left, NULL},
    {GDK_KEY_Right, GDK_SHIFT_MASK, extend_right, NULL},
    {GDK_KEY_Up, GDK_SHIFT_MASK, band_top_up, NULL},
    {GDK_KEY_Down, GDK_SHIFT_MASK, band_top_down, NULL},
    {GDK_KEY_Up, GDK_SHIFT_MASK | GDK_CONTROL_MASK, band_bottom_up, NULL},
    {GDK_KEY_Down, GDK_SHIFT_MASK | GDK_CONTROL_MASK, band_bottom_down, NULL},
    {GDK_KEY_n, GDK_SHIFT_MASK, NULL, "explore.former-onset"},
    {GDK_KEY_n, 0, NULL, "explore.next-onset"},
    {GDK_KEY_m, GDK_SHIFT_MASK, NULL, "explore.former-loud"},
    {GDK_KEY_m, 0, NULL, "explore.next-loud"},
    {GDK_KEY_b, GDK_SHIFT_MASK, NULL, "explore.former-label"},
    {GDK_KEY_b, 0, NULL, "explore.next-label"},
    {GDK_KEY_b, GDK_CONTROL_MASK, NULL, "explore.add-label"},
    {GDK_KEY_Return, 0, mg_hands_use_tool, NULL},
    {GDK_KEY_KP_Enter, 0, mg_hands_use_tool, NULL},
    {GDK_KEY_s, GDK_SHIFT_MASK, NULL, "explore.find-similar"},
    {GDK_KEY_s, 0, NULL, "explore.spectrum"},
    {GDK_KEY_Left, 0, cursor_left, NULL},
    {GDK_KEY_Right, 0, cursor_right, NULL},
    {GDK_KEY_Home, 0, cursor_home, NULL},
    {GDK_KEY_End, 0, cursor_end, NULL},
    {GDK_KEY_plus, 0, zoom_in, NULL},
    {GDK_KEY_equal, 0, zoom_in, NULL},
    {GDK_KEY_KP_Add, 0, zoom_in, NULL},
    {GDK_KEY_minus, 0, zoom_out, NULL},
    {GDK_KEY_KP_Subtract, 0, zoom_out, NULL},
    {GDK_KEY_plus, GDK_CONTROL_MASK, zoom_in_frequency, NULL},
    {GDK_KEY_equal, GDK_CONTROL_MASK, zoom_in_frequency, NULL},
    {GDK_KEY_KP_Add, GDK_CONTROL_MASK, zoom_in_frequency, NULL},
    {GDK_KEY_minus, GDK_CONTROL_MASK, zoom_out_frequency, NULL},
    {GDK_KEY_KP_Subtract, GDK_CONTROL_MASK, zoom_out_frequency, NULL},
    {GDK_KEY_Up, GDK_CONTROL_MASK, frequency_up, NULL},
    {GDK_KEY_Down, GDK_CONTROL_MASK, frequency_down, NULL},
    {GDK_KEY_Escape, 0, clear, NULL},
    {GDK_KEY_space, 0, NULL, "win.play"},
    {GDK_KEY_p, 0, NULL, "win.pause"},
    {GDK_KEY_l, 0, NULL, "win.loop"},
    {GDK_KEY_r, 0, NULL, "win.record"},
    {GDK_KEY_f, GDK_CONTROL_MASK, NULL, "explore.fit"},
    {GDK_KEY_e, GDK_CONTROL_MASK, NULL, "explore.zoom-selection"},
    {GDK_KEY_c, GDK_CONTROL_MASK, NULL, "explore.copy"},
    {GDK_KEY_a, 0, NULL, "explore.pane-menu"},
    {GDK_KEY_Menu, 0, NULL, "explore.menu"},
    {GDK_KEY_F10, GDK_SHIFT_MASK, NULL, "explore.menu"},
    {GDK_KEY_r, GDK_CONTROL_MASK, NULL, "explore.reload"},
};

/* 1 to 5 choose a tool. */
static gboolean
choose_tool(MgHands *hands, guint key, GdkModifierType modifiers)
{
  if (modifiers || key < GDK_KEY_1 || key >= GDK_KEY_1 + MG_N_TOOLS)
    return FALSE;
  mg_tools_choose(hands->tools, (MgTool)(key - GDK_KEY_1));
  return TRUE;
}

static gboolean
press(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, MgHands *hands)
{
  GdkModifierType modifiers = state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK);
  GdkModifierType shift = state & GDK_SHIFT_MASK;
  MgViewClass *class = MG_VIEW_GET_CLASS(hands->view);
  if (class->key && class->key(hands->view, key, modifiers | shift))
    return TRUE;
  for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
    gboolean minds_shift = keys[i].modifiers & GDK_SHIFT_MASK;
    if (gdk_keyval_to_lower(key) != keys[i].key || (modifiers | (minds_shift ? shift : 0)) != keys[i].modifiers ||
        (keys[i].act && hands->actions_alone))
      continue;
    if (keys[i].act)
      keys[i].act(hands);
    else
      gtk_widget_activate_action(GTK_WIDGET(hands->view), keys[i].action, NULL);
    return TRUE;
  }
  return !hands->actions_alone && choose_tool(hands, key, modifiers);
}

static void
add(MgHands *hands, GtkEventController *controller)
{
  gtk_widget_add_controller(GTK_WIDGET(hands->view), controller);
}

void
mg_hands_attach(MgView *view, gboolean whole)
{
  MgHands *hands = g_new0(MgHands, 1);
  *hands = (MgHands){.view = view,
                     .timeline = mg_view_timeline(view),
                     .selection = mg_view_selection(view),
                     .tools = mg_view_tools(view),
                     .whole = whole,
                     .x = MG_VIEW_LEFT}; /* until the pointer comes: not over the axis */
  g_object_set_data_full(G_OBJECT(view), "hands", hands, g_free);
  GtkEventController *motion = gtk_event_controller_motion_new(), *key = gtk_event_controller_key_new();
  GtkEventController *wheel = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *zoom = gtk_gesture_zoom_new();
  g_signal_connect(motion, "motion", G_CALLBACK(remember_pointer), hands);
  g_signal_connect(motion, "enter", G_CALLBACK(remember_pointer), hands);
  g_signal_connect(wheel, "scroll", G_CALLBACK(scroll), hands);
  g_signal_connect(key, "key-pressed", G_CALLBACK(press), hands);
  g_signal_connect(zoom, "begin", G_CALLBACK(begin_pinch), hands);
  g_signal_connect(zoom, "scale-changed", G_CALLBACK(pinch), hands);
  add(hands, motion);
  add(hands, wheel);
  add(hands, key);
  mg_hands_add_grips(hands);
  add(hands, GTK_EVENT_CONTROLLER(zoom));
}

void
mg_hands_attach_keys(MgView *view)
{
  MgHands *hands = g_new0(MgHands, 1);
  *hands = (MgHands){.view = view, .actions_alone = TRUE};
  g_object_set_data_full(G_OBJECT(view), "hands", hands, g_free);
  GtkEventController *key = gtk_event_controller_key_new();
  g_signal_connect(key, "key-pressed", G_CALLBACK(press), hands);
  add(hands, key);
}

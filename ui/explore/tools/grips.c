#include "ui/explore/tools/hands-private.h"
#include <math.h>

#define DRAG_FROM 4     /* logical pixels that make a click a drag */
#define BRUSH_RADIUS 10 /* logical pixels */

static void
set_cursor(MgHands *hands)
{
  mg_timeline_set_cursor(hands->timeline, mg_hands_seconds(hands, hands->from_x));
  gtk_widget_activate_action(GTK_WIDGET(hands->view), "explore.seek", NULL);
}

static void
click(MgHands *hands)
{
  mg_hands_clear_selection(hands);
  mg_tools_set_measure(hands->tools, NULL);
  set_cursor(hands);
}

static double
hz_at(MgHands *hands, double y)
{
  return mg_view_hz_at(hands->view, CLAMP(y, hands->grabbed.y, hands->grabbed.y + hands->grabbed.height));
}

/* Selecting */

static void
select_time(MgHands *hands)
{
  double from = mg_hands_seconds(hands, hands->from_x), to = mg_hands_seconds(hands, hands->to_x);
  mg_selection_set(hands->selection, mg_selection_track(hands->selection), MIN(from, to), MAX(from, to));
}

static void
select_box(MgHands *hands)
{
  double from = mg_hands_seconds(hands, hands->from_x), to = mg_hands_seconds(hands, hands->to_x);
  double low = hz_at(hands, hands->from_y), high = hz_at(hands, hands->to_y);
  if (isfinite(low) && isfinite(high))
    mg_selection_set_box(hands->selection, mg_selection_track(hands->selection), MIN(from, to), MAX(from, to),
                         MIN(low, high), MAX(low, high));
  else
    select_time(hands);
}

static void
end_selecting(MgHands *hands)
{
  mg_timeline_set_cursor(hands->timeline, mg_selection_start(hands->selection));
}

/* Moving what is seen */

static void
pan_time(MgHands *hands)
{
  double moved = (hands->to_x - hands->from_x) / hands->grabbed.width * (hands->grabbed.x1 - hands->grabbed.x0);
  mg_timeline_show(hands->timeline, hands->grabbed.x0 - moved, hands->grabbed.x1 - moved);
}

static void
pan_frequency(MgHands *hands)
{
  double moved = (hands->to_y - hands->from_y) / hands->grabbed.height * (hands->grabbed_y1 - hands->grabbed_y0);
  mg_view_set_zoom(hands->view, hands->grabbed_y0 + moved, hands->grabbed_y1 + moved);
}

static void
pan(MgHands *hands)
{
  pan_time(hands);
  pan_frequency(hands);
}

static void
nothing(MgHands *hands)
{
}

/* The overview: the visible part comes to the pointer and goes with it. */
static void
begin_overview(MgHands *hands)
{
  double from = mg_timeline_from(hands->timeline), to = mg_timeline_to(hands->timeline);
  double at = mg_hands_seconds(hands, hands->from_x);
  if (at < from || at > to)
    mg_timeline_show(hands->timeline, at - (to - from) / 2, at + (to - from) / 2);
  hands->grabbed.x0 = mg_timeline_from(hands->timeline);
  hands->grabbed.x1 = mg_timeline_to(hands->timeline);
}

static void
move_overview(MgHands *hands)
{
  double moved = mg_hands_seconds(hands, hands->to_x) - mg_hands_seconds(hands, hands->from_x);
  mg_timeline_show(hands->timeline, hands->grabbed.x0 + moved, hands->grabbed.x1 + moved);
}

/* Measuring and brushing */

static void
measure(MgHands *hands)
{
  MgMeasure measure;
  double x[2] = {hands->from_x, hands->to_x}, y[2] = {hands->from_y, hands->to_y};
  for (int i = 0; i < 2; i++) {
    measure.seconds[i] = mg_hands_seconds(hands, x[i]);
    measure.hz[i] = hz_at(hands, y[i]);
    measure.db[i] = mg_view_level_at(hands->view, x[i], y[i]);
  }
  mg_tools_set_measure(hands->tools, &measure);
}

static void
dab(MgHands *hands, double x, double y)
{
  MgRegion region = {mg_geometry_from_x(&hands->grabbed, x - BRUSH_RADIUS),
                     mg_geometry_from_x(&hands->grabbed, x + BRUSH_RADIUS), hz_at(hands, y + BRUSH_RADIUS),
                     hz_at(hands, y - BRUSH_RADIUS)};
  if (isfinite(region.low) && isfinite(region.high))
    mg_tools_paint(hands->tools, &region);
}

static void
begin_brush(MgHands *hands)
{
  gtk_widget_activate_action(GTK_WIDGET(hands->view), "explore.note-brush", NULL);
  dab(hands, hands->from_x, hands->from_y);
}

/* Dabs lie half a radius apart, so that a quick stroke has no gaps; where the last one was is where the next begins. */
static void
brush(MgHands *hands)
{
  double dx = hands->to_x - hands->from_x, dy = hands->to_y - hands->from_y;
  int steps = (int)ceil(hypot(dx, dy) / (BRUSH_RADIUS / 2.0));
  for (int i = 1; i <= steps; i++)
    dab(hands, hands->from_x + dx * i / steps, hands->from_y + dy * i / steps);
  hands->from_x = hands->to_x;
  hands->from_y = hands->to_y;
}

/* The same by a key: from corner to corner of what is selected. */
void
mg_hands_use_tool(MgHands *hands)
{
  MgSelection *selection = hands->selection;
  MgViewClass *class = MG_VIEW_GET_CLASS(hands->view);
  gboolean box = mg_selection_is_box(selection) && mg_view_has_hz(hands->view);
  double start = mg_selection_start(selection), end = mg_selection_end(selection);
  mg_hands_geometry(hands, &hands->grabbed);
  double middle = hands->grabbed.y + hands->grabbed.height / 2;
  if (!mg_selection_is_stretch(selection))
    return;
  hands->from_x = mg_geometry_to_x(&hands->grabbed, start);
  hands->to_x = mg_geometry_to_x(&hands->grabbed, end);
  hands->from_y =
      box ? mg_geometry_to_y(&hands->grabbed, class->of_hz(hands->view, MAX(1, mg_selection_low(selection)))) : middle;
  hands->to_y =
      box ? mg_geometry_to_y(&hands->grabbed, class->of_hz(hands->view, mg_selection_high(selection))) : middle;
  if (mg_tools_current(hands->tools) == MG_TOOL_MEASURE)
    measure(hands);
  if (mg_tools_current(hands->tools) != MG_TOOL_BRUSH || !box)
    return;
  gtk_widget_activate_action(GTK_WIDGET(hands->view), "explore.note-brush", NULL);
  mg_tools_paint(hands->tools, &(MgRegion){start, end, mg_selection_low(selection), mg_selection_high(selection)});
}

/* The view's own marks */

static void
move_own(MgHands *hands)
{
  MG_VIEW_GET_CLASS(hands->view)->drag(hands->view, mg_hands_seconds(hands, hands->to_x), hands->to_y);
}

static void
end_own(MgHands *hands)
{
  MG_VIEW_GET_CLASS(hands->view)->release(hands->view);
}

static const MgGrip tool_grips[MG_N_TOOLS] = {
    [MG_TOOL_TIME] = {NULL, select_time, end_selecting, click},
    [MG_TOOL_BOX] = {NULL, select_box, end_selecting, click},
    [MG_TOOL_PAN] = {NULL, pan, NULL, set_cursor},
    [MG_TOOL_MEASURE] = {NULL, measure, NULL, click},
    [MG_TOOL_BRUSH] = {begin_brush, brush, NULL, nothing},
};
static const MgGrip overview_grip = {begin_overview, move_overview, NULL, set_cursor};
static const MgGrip axis_grip = {NULL, pan_frequency, NULL, nothing};
static const MgGrip pan_grip = {NULL, pan, NULL, nothing};
static const MgGrip own_grip = {NULL, move_own, end_own, end_own};

static const MgGrip *
choose(MgHands *hands, guint button, GdkModifierType state)
{
  MgViewClass *class = MG_VIEW_GET_CLASS(hands->view);
  if (hands->whole)
    return &overview_grip;
  if (button == GDK_BUTTON_MIDDLE)
    return &pan_grip;
  if (hands->from_x < hands->grabbed.x && mg_view_has_hz(hands->view))
    return &axis_grip;
  if (class->press && class->press(hands->view, mg_hands_seconds(hands, hands->from_x), hands->from_y))
    return &own_grip;
  if (state & GDK_SHIFT_MASK)
    return &tool_grips[MG_TOOL_BOX];
  return &tool_grips[mg_view_has_hz(hands->view) || mg_tools_current(hands->tools) != MG_TOOL_BRUSH
                         ? mg_tools_current(hands->tools)
                         : MG_TOOL_TIME];
}

static void
begin_drag(GtkGestureDrag *drag, double x, double y, MgHands *hands)
{
  gtk_widget_grab_focus(GTK_WIDGET(hands->view));
  mg_hands_geometry(hands, &hands->grabbed);
  mg_view_zoom(hands->view, &hands->grabbed_y0, &hands->grabbed_y1);
  hands->dragging = FALSE;
  hands->from_x = hands->to_x = x;
  hands->from_y = hands->to_y = y;
  hands->grip = choose(hands, gtk_gesture_single_get_current_button(GTK_GESTURE_SINGLE(drag)),
                       gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(drag)));
  if (hands->grip->begin)
    hands->grip->begin(hands);
}

static void
update_drag(GtkGestureDrag *drag, double dx, double dy, MgHands *hands)
{
  double x, y;
  gtk_gesture_drag_get_start_point(drag, &x, &y);
  if (!hands->grip || (!hands->dragging && hypot(dx, dy) < DRAG_FROM))
    return;
  hands->dragging = TRUE;
  hands->to_x = x + dx;
  hands->to_y = y + dy;
  hands->grip->move(hands);
}

static void
end_drag(GtkGestureDrag *drag, double dx, double dy, MgHands *hands)
{
  const MgGrip *grip = hands->grip;
  hands->grip = NULL;
  if (!grip)
    return;
  void (*end)(MgHands *) = hands->dragging ? grip->end : grip->click;
  if (end)
    end(hands);
}

static void
add_drag(MgHands *hands, guint button)
{
  GtkGesture *drag = gtk_gesture_drag_new();
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(drag), button);
  g_signal_connect(drag, "drag-begin", G_CALLBACK(begin_drag), hands);
  g_signal_connect(drag, "drag-update", G_CALLBACK(update_drag), hands);
  g_signal_connect(drag, "drag-end", G_CALLBACK(end_drag), hands);
  gtk_widget_add_controller(GTK_WIDGET(hands->view), GTK_EVENT_CONTROLLER(drag));
}

void
mg_hands_add_grips(MgHands *hands)
{
  add_drag(hands, GDK_BUTTON_PRIMARY);
  add_drag(hands, GDK_BUTTON_MIDDLE);
}

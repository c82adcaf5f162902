#include "session/timeline.h"
#include <math.h>

struct _MgTimeline {
  GObject parent;
  double duration, from, to;
  double cursor, pointer;
};

G_DEFINE_FINAL_TYPE(MgTimeline, mg_timeline, G_TYPE_OBJECT)

enum { CHANGED, MOVED, N_SIGNALS };
static guint signals[N_SIGNALS];

MgTimeline *
mg_timeline_new(void)
{
  return g_object_new(MG_TYPE_TIMELINE, NULL);
}

void
mg_timeline_show(MgTimeline *timeline, double from, double to)
{
  double length = CLAMP(to - from, MIN(MG_TIMELINE_SHORTEST, timeline->duration), timeline->duration);
  double middle = (from + to) / 2;
  double start = CLAMP(middle - length / 2, 0, timeline->duration - length);
  if (start == timeline->from && start + length == timeline->to)
    return;
  timeline->from = start;
  timeline->to = start + length;
  g_signal_emit(timeline, signals[CHANGED], 0);
}

void
mg_timeline_set_duration(MgTimeline *timeline, double seconds)
{
  timeline->duration = MAX(seconds, 0);
  timeline->from = timeline->cursor = 0;
  timeline->to = timeline->duration;
  timeline->pointer = NAN;
  g_signal_emit(timeline, signals[CHANGED], 0);
  g_signal_emit(timeline, signals[MOVED], 0);
}

void
mg_timeline_grow(MgTimeline *timeline, double seconds)
{
  gboolean whole = timeline->from <= 0 && timeline->to >= timeline->duration;
  timeline->duration = MAX(seconds, timeline->duration);
  if (whole)
    timeline->to = timeline->duration;
  g_signal_emit(timeline, signals[CHANGED], 0);
}

double
mg_timeline_duration(MgTimeline *timeline)
{
  return timeline->duration;
}

double
mg_timeline_from(MgTimeline *timeline)
{
  return timeline->from;
}

double
mg_timeline_to(MgTimeline *timeline)
{
  return timeline->to;
}

void
mg_timeline_scroll(MgTimeline *timeline, double seconds)
{
  mg_timeline_show(timeline, timeline->from + seconds, timeline->to + seconds);
}

void
mg_timeline_zoom(MgTimeline *timeline, double factor, double at)
{
  double length = timeline->to - timeline->from;
  double wanted = CLAMP(length * factor, MIN(MG_TIMELINE_SHORTEST, timeline->duration), timeline->duration);
  double share = length > 0 ? (at - timeline->from) / length : 0.5;
  mg_timeline_show(timeline, at - share * wanted, at + (1 - share) * wanted);
}

void
mg_timeline_fit(MgTimeline *timeline)
{
  mg_timeline_show(timeline, 0, timeline->duration);
}

double
mg_timeline_cursor(MgTimeline *timeline)
{
  return timeline->cursor;
}

void
mg_timeline_set_cursor(MgTimeline *timeline, double seconds)
{
  double place = CLAMP(seconds, 0, timeline->duration);
  if (place == timeline->cursor)
    return;
  timeline->cursor = place;
  g_signal_emit(timeline, signals[MOVED], 0);
}

void
mg_timeline_follow_cursor(MgTimeline *timeline)
{
  double length = timeline->to - timeline->from;
  if (timeline->cursor > timeline->to)
    mg_timeline_show(timeline, timeline->cursor, timeline->cursor + length);
  else if (timeline->cursor < timeline->from)
    mg_timeline_show(timeline, timeline->cursor - length * 0.1, timeline->cursor + length * 0.9);
}

double
mg_timeline_pointer(MgTimeline *timeline)
{
  return timeline->pointer;
}

void
mg_timeline_set_pointer(MgTimeline *timeline, double seconds)
{
  if (seconds == timeline->pointer || (isnan(seconds) && isnan(timeline->pointer)))
    return;
  timeline->pointer = seconds;
  g_signal_emit(timeline, signals[MOVED], 0);
}

static void
mg_timeline_class_init(MgTimelineClass *class)
{
  GType type = G_TYPE_FROM_CLASS(class);
  signals[CHANGED] = g_signal_new("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MOVED] = g_signal_new("moved", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_timeline_init(MgTimeline *timeline)
{
  timeline->pointer = NAN;
}

/* The time axis that all panes of a track share: which part is seen, where the cursor and the pointer are.
 *
 * Signals: "changed" where the visible part or the duration changed, "moved" where the cursor or the pointer did. */
#pragma once
#include <glib-object.h>

#define MG_TYPE_TIMELINE (mg_timeline_get_type())
G_DECLARE_FINAL_TYPE(MgTimeline, mg_timeline, MG, TIMELINE, GObject)

#define MG_TIMELINE_SHORTEST 0.002 /* s that can be seen at least */

MgTimeline *mg_timeline_new(void);
/* Shows all of it and puts the cursor at the start. */
void mg_timeline_set_duration(MgTimeline *timeline, double seconds);
/* A recording grows: the visible part stays, or stays the whole. */
void mg_timeline_grow(MgTimeline *timeline, double seconds);
double mg_timeline_duration(MgTimeline *timeline);
double mg_timeline_from(MgTimeline *timeline); /* s */
double mg_timeline_to(MgTimeline *timeline);   /* s */
/* All three keep the visible part within the track, and no shorter than MG_TIMELINE_SHORTEST. */
void mg_timeline_show(MgTimeline *timeline, double from, double to);
void mg_timeline_scroll(MgTimeline *timeline, double seconds);
/* `factor` below 1 shows less; the time `at` stays where it is seen. */
void mg_timeline_zoom(MgTimeline *timeline, double factor, double at);
void mg_timeline_fit(MgTimeline *timeline);

double mg_timeline_cursor(MgTimeline *timeline); /* s */
void mg_timeline_set_cursor(MgTimeline *timeline, double seconds);
/* Turns the page where the cursor has left the visible part. */
void mg_timeline_follow_cursor(MgTimeline *timeline);
double mg_timeline_pointer(MgTimeline *timeline); /* s; NaN: not over a picture */
void mg_timeline_set_pointer(MgTimeline *timeline, double seconds);

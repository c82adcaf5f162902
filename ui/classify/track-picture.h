/* A track's waveform, and under it what was said of its segments: a row a class, along the same time.
 *
 * Signal "clicked" with a `const MgPrediction *`: the segment under the pointer. */
#pragma once
#include "train/evaluator.h"
#include <gtk/gtk.h>

#define MG_TYPE_TRACK_PICTURE (mg_track_picture_get_type())
G_DECLARE_FINAL_TYPE(MgTrackPicture, mg_track_picture, MG, TRACK_PICTURE, GtkBox)

GtkWidget *mg_track_picture_new(void);
/* `segments` (MgPrediction *, all of one track, by time) and `labels` (NULL-terminated) live until the next call;
 * n 0: nothing. */
void mg_track_picture_set(MgTrackPicture *picture, const MgPrediction *const *segments, guint n,
                          const char *const *labels);
/* Frames a segment; NULL: none. */
void mg_track_picture_mark(MgTrackPicture *picture, const MgPrediction *segment);

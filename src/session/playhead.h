/* Which frame of a file is heard, from the number of frames that a sound device has played: every stretch that is
 * written to the device leaves a note here. Loops and seeks make the way back and forth. */
#pragma once
#include <glib.h>

typedef struct MgPlayhead MgPlayhead;

MgPlayhead *mg_playhead_new(void);
/* Forgets all; the next stretch begins at the device's frame `played`. */
void mg_playhead_restart(MgPlayhead *playhead, gint64 played);
/* `frames` from the file's frame `first` on were written behind what was written before. */
void mg_playhead_wrote(MgPlayhead *playhead, gint64 first, gint64 frames);
/* The file's frame that is heard once `played` have been; the last one written where more have; -1: nothing written. */
gint64 mg_playhead_at(MgPlayhead *playhead, gint64 played);
/* Frames written that are not heard yet. */
gint64 mg_playhead_ahead(const MgPlayhead *playhead, gint64 played);
void mg_playhead_free(MgPlayhead *playhead); /* accepts NULL */

/* How many of `wanted` frames to read at `place` of a region [start, end) that is played once or in a loop; moves a
 * place beyond the end to the start where `loop`. 0: the end. */
gint64 mg_playhead_step(gint64 *place, gint64 start, gint64 end, gboolean loop, gint64 wanted);

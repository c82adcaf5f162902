/* Beats, librosa.beat.beat_track (Ellis, Beat Tracking by Dynamic Programming, 2007). */
#pragma once
#include "base/matrix.h"
#include "base/param.h"

extern const MgParamTable mg_beat_params; /* tightness trim */

/* Numbers of the frames at which beats are, as guint32s: the best path through an onset strength envelope (aggregated
 * by median) for a tempo `bpm`. None where there is no onset. */
GArray *mg_beat_track(const float *strength, size_t frames, double frames_per_minute, double bpm,
                      const MgParams *params);

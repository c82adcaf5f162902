/* Tempogram and tempo of an onset strength envelope, as librosa.feature.tempogram and librosa.feature.tempo. */
#pragma once
#include "base/matrix.h"
#include "base/param.h"

extern const MgParamTable mg_tempogram_params; /* tempogram_win_length */
extern const MgParamTable mg_tempo_params;     /* start_bpm std_bpm ac_size max_tempo */

/* (win_length, frames): the autocorrelation of each stretch of win_length frames, divided by its largest value. */
MgMatrix *mg_tempogram(const float *strength, size_t frames, size_t win_length, int threads, GError **error);
/* Beats per minute by mg_tempo_params; where there is no onset at all, those that are expected. MG_ERROR_LIMIT where
 * ac_size takes too many frames. */
gboolean mg_tempo(const float *strength, size_t frames, int sr, size_t hop, const MgParams *params, int threads,
                  double *tempo, GError **error);

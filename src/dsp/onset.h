/* Onset strength and onsets, as librosa.onset. */
#pragma once
#include "base/matrix.h"
#include "base/param.h"

extern const MgParamTable mg_onset_params;     /* lag max_size detrend top_db amin */
extern const MgParamTable mg_peak_pick_params; /* delta */

typedef enum { MG_AGGREGATE_MEAN, MG_AGGREGATE_MEDIAN } MgAggregate;

/* librosa.onset.onset_strength: how much the bands of a mel spectrogram (n_mels, frames) of powers grow from frame to
 * frame, (1, frames). `mel` is turned into decibels below `largest`, the signal's largest power. `params` hold
 * mg_onset_params, n_fft, hop_length and center. */
MgMatrix *mg_onset_strength(MgMatrix *mel, float largest, const MgParams *params, MgAggregate aggregate, int threads,
                            GError **error);
/* The same from sound. */
MgMatrix *mg_onset_strength_of_sound(const float *samples, size_t n, int sr, const MgParams *params,
                                     MgAggregate aggregate, int threads, GError **error);
/* librosa.onset.onset_detect: numbers of the frames at which onsets are, as guint32s. */
GArray *mg_onset_detect(const float *strength, size_t frames, int sr, size_t hop, double delta);
/* (1, n) of numbers of frames. */
MgMatrix *mg_events_matrix(const GArray *frames, GError **error);

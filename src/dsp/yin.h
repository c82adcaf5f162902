/* The first steps of YIN, which yin and pyin share (de Cheveigné and Kawahara, 2002; librosa 0.11). */
#pragma once
#include "base/matrix.h"
#include "base/param.h"

extern const MgParamTable mg_f0_params;   /* fmin fmax */
extern const MgParamTable mg_yin_params;  /* trough_threshold */
extern const MgParamTable mg_pyin_params; /* n_thresholds boltzmann_parameter resolution max_transition_rate … */

/* (1, frames): the fundamental frequency (Hz), by mg_frame_params, mg_f0_params and mg_yin_params. MG_ERROR_USAGE where
 * the frequencies do not fit sr or frame_length. */
MgMatrix *mg_yin(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error);
/* (1, frames): the same by the probabilistic YIN (Mauch and Dixon, 2014) with mg_pyin_params; 0 where a frame is not
 * voiced. */
MgMatrix *mg_pyin(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error);

/* The frames of one signal. */
typedef struct {
  const float *samples;
  size_t n, frames;
  size_t length, hop, before; /* of a frame; samples before its time */
  size_t min_period, n_periods;
  int sr;
} MgYinFrames;

gboolean mg_yin_frames(MgYinFrames *frames, const float *samples, size_t n, int sr, const MgParams *params,
                       GError **error);

/* For one thread. */
typedef struct MgYin MgYin;

MgYin *mg_yin_new(const MgYinFrames *frames);
void mg_yin_free(MgYin *yin); /* accepts NULL */
/* The cumulative mean normalised difference of a frame at periods min_period …, (n_periods); valid until the next. */
const float *mg_yin_difference(MgYin *yin, size_t frame);
/* Whether it has a local minimum at `at`; n is at least 2. */
gboolean mg_yin_is_trough(const float *difference, size_t n, size_t at);
/* How far from `at` the minimum of a parabola through three values lies; 0 where that is beyond the neighbours. */
float mg_yin_shift(const float *difference, size_t n, size_t at);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgYin, mg_yin_free)

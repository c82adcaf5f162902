/* Pitch classes from the constant-Q transform and what derives from them: librosa.feature.chroma_cqt, chroma_cens,
 * tonnetz. All give (rows, frames). */
#pragma once
#include "base/matrix.h"
#include "base/param.h"

extern const MgParamTable mg_cq_params;          /* hop_length fmin n_octaves bins_per_octave tuning */
extern const MgParamTable mg_chroma_cqt_params;  /* norm threshold */
extern const MgParamTable mg_chroma_cens_params; /* norm win_len_smooth */

/* By mg_cq_params and mg_chroma_cqt_params. */
MgMatrix *mg_chroma_cqt(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error);
/* By mg_cq_params and mg_chroma_cens_params: energy normalised, quantised, smoothed. */
MgMatrix *mg_chroma_cens(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error);
/* By mg_cq_params: (6, frames). */
MgMatrix *mg_tonnetz(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error);
/* Samples on either side of a frame's middle that its pitch classes depend on, before any smoothing. */
size_t mg_chroma_cqt_context(int sr, const MgParams *params);

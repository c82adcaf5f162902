/* Mel-frequency cepstral coefficients, librosa.feature.mfcc's parameters and results. */
#pragma once
#include "base/matrix.h"
#include "base/param.h"

extern const MgParamTable mg_mfcc_params; /* n_mfcc lifter amin top_db */

/* (min(n_mfcc, n_mels), frames) by mg_stft_params, mg_mel_params and mg_mfcc_params. */
MgMatrix *mg_mfcc(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error);
/* The first n_out rows (n_out, n) of the orthonormal discrete cosine transform of type II (scipy.fft.dct, "ortho"). */
MgMatrix *mg_dct_matrix(size_t n_out, size_t n, GError **error);

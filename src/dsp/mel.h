/* The mel scale (Slaney's and HTK's) and filter banks, librosa.filters.mel's parameters and results. */
#pragma once
#include "base/matrix.h"
#include "base/param.h"

extern const MgParamTable mg_mel_params; /* n_mels fmin fmax htk norm power */

double mg_hz_to_mel(double hz, gboolean htk);
double mg_mel_to_hz(double mel, gboolean htk);

/* A sparse filter bank: filter m has weights for bins first[m] … first[m] + count[m] - 1. */
typedef struct MgMelFilters MgMelFilters;

MgMelFilters *mg_mel_filters_new(const MgParams *params, int sr, size_t n_fft, GError **error);
size_t mg_mel_filters_n(const MgMelFilters *filters);
double mg_mel_filters_centre(const MgMelFilters *filters, size_t m); /* Hz */
size_t mg_mel_filters_empty(const MgMelFilters *filters); /* filters without any bin: n_mels is too large for n_fft */
/* One line where bands of the parameters are empty, as librosa warns; NULL where none is. g_free() it. */
char *mg_mel_warning(const MgParams *params, int sr);
/* power[bins] to mel[n]. */
void mg_mel_filters_apply(const MgMelFilters *filters, const float *power, float *mel);
MgMatrix *mg_mel_filters_dense(const MgMelFilters *filters); /* (n_mels, bins) */
void mg_mel_filters_free(MgMelFilters *filters);

/* (n_mels, frames) by mg_stft_params and mg_mel_params, as librosa.feature.melspectrogram. */
MgMatrix *mg_mel_spectrogram(const float *samples, size_t n, int sr, const MgParams *params, int threads,
                             GError **error);
/* The same as mg_stft_map_blocks() gives it: (blocks, n_mels x MG_LANES). */
MgMatrix *mg_mel_blocks(const float *samples, size_t n, int sr, const MgParams *params, int threads, size_t *frames,
                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgMelFilters, mg_mel_filters_free)

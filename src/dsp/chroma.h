/* Pitch classes from the STFT: librosa.filters.chroma and librosa.feature.chroma_stft. */
#pragma once
#include "base/matrix.h"
#include "base/param.h"

enum { MG_CHROMA = 12 }; /* pitch classes, from C */

extern const MgParamTable mg_chroma_stft_params; /* tuning norm ctroct octwidth */

typedef struct MgChromaFilters MgChromaFilters;
/* tuning in fractions of a semitone; octwidth 0: all octaves weigh the same. Columns have norm 2 before the octaves are
 * weighed. */
MgChromaFilters *mg_chroma_filters_new(int sr, size_t n_fft, double tuning, double ctroct, double octwidth);
void mg_chroma_filters_free(MgChromaFilters *filters); /* accepts NULL */
/* power[n_fft / 2 + 1] to chroma[MG_CHROMA]. */
void mg_chroma_filters_apply(const MgChromaFilters *filters, const float *power, float *chroma);
/* (MG_CHROMA, frames). tuning=auto is estimated from the power spectra of the whole signal. */
MgMatrix *mg_chroma_stft(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgChromaFilters, mg_chroma_filters_free)

/* Filters of the constant-Q transform and their spectra (librosa.filters.wavelet, util.sparsify_rows). */
#pragma once
#include "dsp/normalize.h"

typedef struct {
  double sr, filter_scale, sparsity; /* sparsity: part of each spectrum's sum that is dropped */
  int bins_per_octave;
  MgNorm norm;        /* of each filter's samples */
  const char *window; /* one of MG_WINDOW_CHOICES */
} MgWaveletSpec;

/* Samples of the filter at `hz`. */
double mg_wavelet_length(const MgWaveletSpec *spec, double hz);
/* Where the filter at `hz` ends: its frequency and half its bandwidth (Hz). */
double mg_wavelet_cutoff(const MgWaveletSpec *spec, double hz);

/* Spectra that are 0 but for some bins. */
typedef struct {
  size_t rows, n_fft; /* n_fft: the next power of 2 above the longest filter */
  size_t first, end;  /* bins that any row uses */
  size_t *start;      /* (rows + 1): where each row's entries begin */
  guint32 *bin;       /* an entry's bin, counted from `first` */
  float *real, *imaginary;
} MgWavelets;

/* For frequencies hz[rows] in Hz, rising; each row is multiplied by gain[row]. */
MgWavelets *mg_wavelets_new(const MgWaveletSpec *spec, const double *hz, const double *gain, size_t rows);
void mg_wavelets_free(MgWavelets *wavelets); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgWavelets, mg_wavelets_free)

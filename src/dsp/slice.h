/* The spectrum of one place of a sound, with its peaks. */
#pragma once
#include <glib.h>

typedef struct {
  double hz, db;
} MgPeak;

typedef struct {
  float *db; /* [bins]; 0 dB is a sine of amplitude 1 */
  size_t bins, n_fft;
  double bin_hz;
  MgPeak *peaks; /* the loudest first */
  size_t n_peaks;
} MgSlice;

/* The mean power of frames of n_fft samples that overlap by half (Welch, 1967), Hann window; of fewer samples the only
 * frame is filled up with zeros. `most` peaks that stand out from their surroundings by 3 dB and are at most 80 dB
 * below the loudest; their places are those of parabolas through three bins' decibels (J. O. Smith, Spectral Audio
 * Signal Processing, "Quadratic Interpolation of Spectral Peaks"). NULL where n_fft is below 4. */
MgSlice *mg_slice_new(const float *samples, size_t n, int sr, size_t n_fft, size_t most);
void mg_slice_free(MgSlice *slice); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSlice, mg_slice_free)

/* From a short-time Fourier transform back to sound. */
#pragma once
#include "base/rng.h"
#include "dsp/stft.h"

/* librosa.istft: windowed frames are overlapped and added, and divided by the sum of the squared windows. Returns
 * `length` samples (0: as many as the frames cover), their number in *n_out; g_free() them. Fails where n_fft does not
 * fit the bins. */
float *mg_istft(const MgSpectra *spectra, const MgParams *params, size_t length, int threads, size_t *n_out,
                GError **error);

extern const MgParamTable mg_griffin_lim_params; /* n_iter momentum */

/* Sound whose magnitudes are (bins, frames) `magnitude`, by the fast Griffin-Lim algorithm from random phases
 * (librosa.griffinlim; Perraudin, Balazs, Søndergaard, 2013). `params` hold mg_stft_params and mg_griffin_lim_params.
 * The rest is as for mg_istft(). */
float *mg_griffin_lim(const MgMatrix *magnitude, const MgParams *params, size_t length, MgRng *rng, int threads,
                      size_t *n_out, GError **error);

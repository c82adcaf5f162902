/* Curves that have one number for each frame's spectrum. */
#pragma once
#include "dsp/frames.h"
#include "dsp/stft.h"
#include "dsp/vector.h"

typedef struct {
  size_t bins;
  double bin_hz;    /* from one bin to the next */
  const float *bin; /* 0, 1, 2 … (bins) */
} MgSpectralAxis;

/* The value of |X|^exponent[bins], which it may change. Called on several threads. */
typedef float (*MgSpectralFunc)(float *spectrum, const MgSpectralAxis *axis, gconstpointer data);

/* (1, frames) by mg_stft_params; `precise` as mg_stft_map_frames_precise(). */
MgMatrix *mg_spectral_curve(const float *samples, size_t n, int sr, const MgParams *params, gboolean precise,
                            double exponent, MgSpectralFunc func, gconstpointer data, GError **error);

/* The mean bin, weighted by the magnitudes; 0 where there are none. */
static inline float
mg_spectral_centroid_bin(const float *magnitude, const MgSpectralAxis *axis)
{
  float total = mg_sum(magnitude, axis->bins);
  return total >= G_MINFLOAT ? mg_dot(magnitude, axis->bin, axis->bins) / total : 0;
}

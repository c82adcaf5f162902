/* Constant-Q transform by repeated halving of the sample rate: librosa.cqt's parameters and magnitudes. */
#pragma once
#include "base/matrix.h"
#include "base/param.h"
#include "dsp/normalize.h"
#include "dsp/pad.h"

extern const MgParamTable mg_cqt_params; /* hop_length fmin n_bins bins_per_octave tuning filter_scale norm sparsity
                                            window scale pad_mode */

typedef struct {
  size_t hop_length, n_bins;
  int bins_per_octave;
  double fmin;   /* Hz */
  double tuning; /* fractions of a bin */
  double filter_scale, sparsity;
  MgNorm norm;        /* of the filters */
  const char *window; /* one of MG_WINDOW_CHOICES, static */
  gboolean scale;     /* divides by the square root of the filter's length */
  MgPadMode pad_mode;
} MgCqtSpec;

/* The values of mg_cqt_params in `params`, their defaults where NULL; tuning=auto reads as 0. */
MgCqtSpec mg_cqt_spec(const MgParams *params);
/* (n_bins, frames) of magnitudes. Where row_of[n_bins] is not NULL: (rows, frames), in which bin b's magnitude is added
 * to row row_of[b]. MG_ERROR_USAGE where the highest filter would pass sr / 2. */
MgMatrix *mg_cqt(const float *samples, size_t n, int sr, const MgCqtSpec *spec, const guint8 *row_of, size_t rows,
                 int threads, GError **error);
/* Samples on either side of a frame's middle that its values depend on. */
size_t mg_cqt_context(const MgCqtSpec *spec, int sr);

/* One sound through several values of one parameter of the mel spectrogram: what n_mels and n_fft do, side by side. */
#pragma once
#include "base/matrix.h"
#include "base/param.h"
#include "base/progress.h"

#define MG_VARIANT_CHOICES "n_mels|n_fft"

typedef struct {
  gint64 value;
  MgMatrix *levels;              /* dB below its own loudest place */
  double first_time, frame_step; /* s */
  size_t empty;                  /* mel bands that hold no bin of the transform */
} MgVariant;

/* n_mels 16 … 512 or n_fft 256 … 8192, in ascending order; all else by `params` (the mel spectrogram's with
 * mg_decibel_params). GPtrArray of MgVariant. MG_ERROR_USAGE where `over` is another name, or the parameters do not
 * fit. */
GPtrArray *mg_variants_new(const float *samples, size_t n, int sr, const MgParams *params, const char *over,
                           MgProgress *progress, GError **error);
/* A set of parameters for it, all defaults. */
MgParams *mg_variants_params(void);

#include "dsp/feature-table.h"
#include "dsp/spectral.h"
#include <glib/gi18n-lib.h>

static const MgParamSpec specs[] = {
    {"roll_percent", MG_PARAM_FLOAT, "0.85", 0.0001, 0.9999, NULL, NULL, NULL,
     N_("Part of the magnitudes' sum that lies below the frequency")},
};
static const MgParamTable rolloff_params = MG_PARAM_TABLE("spectral_rolloff", N_("Spectral rolloff"), specs);
static const MgParamTable *const tables[] = {&mg_hop_params, &mg_stft_params, &rolloff_params, NULL};

/* Sums in single precision, one bin after the other: a bin that is reached by a hair is then librosa's bin. */
static float
rolloff(float *magnitude, const MgSpectralAxis *axis, gconstpointer data)
{
  for (size_t i = 1; i < axis->bins; i++)
    magnitude[i] += magnitude[i - 1];
  float threshold = *(const float *)data * magnitude[axis->bins - 1];
  size_t low = 0, high = axis->bins - 1; /* the sums rise: the first that is not below the threshold */
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (magnitude[middle] < threshold)
      low = middle + 1;
    else
      high = middle;
  }
  return (float)(low * axis->bin_hz);
}

static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  float roll_percent = (float)mg_params_float(params, "roll_percent");
  return mg_spectral_curve(samples, n, sr, params, FALSE, 1, rolloff, &roll_percent, error);
}

const MgFeature mg_feature_spectral_rolloff = {
    .name = "spectral_rolloff",
    .title = N_("Spectral rolloff"),
    .tables = tables,
    .kind = MG_FEATURE_CURVE,
    .scale = MG_SCALE_LINEAR,
    .unit = "Hz",
    .compute = compute,
    .repairs = TRUE,
};

#include "dsp/feature-table.h"
#include "dsp/spectral.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {"p", MG_PARAM_FLOAT, "2", 0.1, 16, NULL, NULL, NULL,
     N_("Power to which the distances from the centroid are raised")},
};
static const MgParamTable bandwidth_params = MG_PARAM_TABLE("spectral_bandwidth", N_("Spectral bandwidth"), specs);
static const MgParamTable *const tables[] = {&mg_hop_params, &mg_stft_params, &bandwidth_params, NULL};

MG_VECTOR static float
bandwidth(float *magnitude, const MgSpectralAxis *axis, gconstpointer data)
{
  double p = *(const double *)data;
  float centre = mg_spectral_centroid_bin(magnitude, axis), total = mg_sum(magnitude, axis->bins);
  if (!(total >= G_MINFLOAT))
    return 0;
  for (size_t i = 0; i < axis->bins; i++) {
    float distance = (axis->bin[i] - centre) / axis->bins; /* below 1, so that no power of it is too large */
    magnitude[i] *= p == 2 ? distance * distance : powf(fabsf(distance), (float)p);
  }
  double mean = mg_sum(magnitude, axis->bins) / total;
  return (float)(axis->bin_hz * axis->bins * (p == 2 ? sqrt(mean) : pow(mean, 1 / p)));
}

static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  double p = mg_params_float(params, "p");
  return mg_spectral_curve(samples, n, sr, params, FALSE, 1, bandwidth, &p, error);
}

const MgFeature mg_feature_spectral_bandwidth = {
    .name = "spectral_bandwidth",
    .title = N_("Spectral bandwidth"),
    .tables = tables,
    .kind = MG_FEATURE_CURVE,
    .scale = MG_SCALE_LINEAR,
    .unit = "Hz",
    .compute = compute,
    .repairs = TRUE,
};

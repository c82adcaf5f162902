#include "dsp/feature-table.h"
#include "dsp/spectral.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {"amin", MG_PARAM_FLOAT, "1e-10", 1e-30, 1, NULL, NULL, NULL, N_("Values below this count as this")},
    {"power", MG_PARAM_FLOAT, "2", 0.1, 8, NULL, NULL, NULL,
     N_("Exponent of the magnitude: 1 for amplitude, 2 for power")},
};
static const MgParamTable flatness_params = MG_PARAM_TABLE("spectral_flatness", N_("Spectral flatness"), specs);
static const MgParamTable *const tables[] = {&mg_hop_params, &mg_stft_params, &flatness_params, NULL};

/* The geometric mean by the arithmetic one. */
MG_VECTOR static float
flatness(float *power, const MgSpectralAxis *axis, gconstpointer data)
{
  float amin = *(const float *)data;
  for (size_t i = 0; i < axis->bins; i++)
    power[i] = power[i] > amin ? power[i] : amin;
  float mean = mg_sum(power, axis->bins) / axis->bins;
  for (size_t i = 0; i < axis->bins; i++)
    power[i] = mg_log2(power[i]);
  return exp2f(mg_sum(power, axis->bins) / axis->bins) / mean;
}

static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  float amin = (float)mg_params_float(params, "amin");
  return mg_spectral_curve(samples, n, sr, params, TRUE, mg_params_float(params, "power"), flatness, &amin, error);
}

const MgFeature mg_feature_spectral_flatness = {
    .name = "spectral_flatness",
    .title = N_("Spectral flatness"),
    .tables = tables,
    .kind = MG_FEATURE_CURVE,
    .scale = MG_SCALE_LINEAR,
    .compute = compute,
    .repairs = TRUE,
};

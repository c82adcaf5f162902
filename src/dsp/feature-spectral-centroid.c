#include "dsp/feature-table.h"
#include "dsp/spectral.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_hop_params, &mg_stft_params, NULL};

MG_VECTOR static float
centroid(float *magnitude, const MgSpectralAxis *axis, gconstpointer data)
{
  return (float)axis->bin_hz * mg_spectral_centroid_bin(magnitude, axis);
}

static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  return mg_spectral_curve(samples, n, sr, params, FALSE, 1, centroid, NULL, error);
}

const MgFeature mg_feature_spectral_centroid = {
    .name = "spectral_centroid",
    .title = N_("Spectral centroid"),
    .tables = tables,
    .kind = MG_FEATURE_CURVE,
    .scale = MG_SCALE_LINEAR,
    .unit = "Hz",
    .compute = compute,
    .repairs = TRUE,
};

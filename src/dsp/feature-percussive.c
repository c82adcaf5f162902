#include "dsp/feature-table.h"
#include "dsp/hpss.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_stft_params, &mg_hpss_params, NULL};

static MgMatrix *
compute_sound(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  return mg_hpss_sound(samples, n, MG_HPSS_PERCUSSIVE, params, 0, error);
}

const MgFeature mg_feature_percussive = {
    .name = "percussive",
    .title = N_("Percussive sound"),
    .tables = tables,
    .kind = MG_FEATURE_SOUND,
    .scale = MG_SCALE_LINEAR,
    .compute = compute_sound,
    .context = mg_hpss_context,
};

static MgMatrix *
compute_picture(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  return mg_hpss_picture(samples, n, MG_HPSS_PERCUSSIVE, params, 0, error);
}

const MgFeature mg_feature_hpss_percussive = {
    .name = "hpss_percussive",
    .title = N_("Percussive part"),
    .tables = tables,
    .kind = MG_FEATURE_PICTURE,
    .axis = MG_AXIS_HZ,
    .scale = MG_SCALE_AMPLITUDE,
    .compute = compute_picture,
    .context = mg_hpss_context,
};

const MgFeature mg_feature_percussive_power = {
    .name = "percussive_power",
    .title = N_("Percussive power"),
    .tables = tables,
    .kind = MG_FEATURE_CURVE,
    .scale = MG_SCALE_POWER,
    .source = &mg_feature_hpss_percussive,
    .derive = mg_hpss_power,
};

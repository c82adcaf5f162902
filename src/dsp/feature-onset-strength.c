#include "dsp/feature-table.h"
#include "dsp/frames.h"
#include "dsp/mel.h"
#include "dsp/onset.h"
#include "dsp/stft.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_hop_params, &mg_stft_params, &mg_mel_params, &mg_onset_params, NULL};

static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  return mg_onset_strength_of_sound(samples, n, sr, params, MG_AGGREGATE_MEAN, 0, error);
}

static MgMatrix *
compute_median(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  return mg_onset_strength_of_sound(samples, n, sr, params, MG_AGGREGATE_MEDIAN, 0, error);
}

static size_t
context(int sr, const MgParams *params)
{
  size_t n_fft = mg_params_int(params, "n_fft"), hop = mg_feature_hop(params);
  size_t settling = mg_params_bool(params, "detrend") ? 1500 : 0; /* 0.99 to that power is 3e-7 */
  return 2 * n_fft + (mg_params_int(params, "lag") + settling) * hop;
}

const MgFeature mg_feature_onset_strength = {
    .name = "onset_strength",
    .title = N_("Onset strength"),
    .tables = tables,
    .kind = MG_FEATURE_CURVE,
    .scale = MG_SCALE_LINEAR,
    .compute = compute,
    .context = context,
    .whole = MG_WHOLE_TOP_DB,
};

const MgFeature mg_feature_onset_strength_median = {
    .name = "onset_strength",
    .title = N_("Onset strength"),
    .tables = tables,
    .kind = MG_FEATURE_CURVE,
    .scale = MG_SCALE_LINEAR,
    .compute = compute_median,
    .context = context,
    .whole = MG_WHOLE_TOP_DB,
};

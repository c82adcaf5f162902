#include "dsp/feature-table.h"
#include "dsp/stft.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_stft_params, NULL};

static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  return mg_stft_spectrogram(samples, n, params, 1, 0, error);
}

const MgFeature mg_feature_stft = {
    .name = "stft",
    .title = N_("STFT"),
    .tables = tables,
    .kind = MG_FEATURE_PICTURE,
    .axis = MG_AXIS_HZ,
    .scale = MG_SCALE_AMPLITUDE,
    .compute = compute,
    .repairs = TRUE,
};

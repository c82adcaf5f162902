#include "dsp/chroma.h"
#include "dsp/feature-table.h"
#include "dsp/stft.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_stft_params, &mg_chroma_stft_params, NULL};

static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  return mg_chroma_stft(samples, n, sr, params, 0, error);
}

const MgFeature mg_feature_chroma_stft = {
    .name = "chroma_stft",
    .title = N_("Chroma (STFT)"),
    .tables = tables,
    .kind = MG_FEATURE_PICTURE,
    .axis = MG_AXIS_CHROMA,
    .scale = MG_SCALE_LINEAR,
    .whole = MG_WHOLE_TUNING,
    .compute = compute,
};

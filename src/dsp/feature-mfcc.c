#include "dsp/feature-table.h"
#include "dsp/frames.h"
#include "dsp/mel.h"
#include "dsp/mfcc.h"
#include "dsp/stft.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_hop_params, &mg_stft_params, &mg_mel_params, &mg_mfcc_params, NULL};

static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  return mg_mfcc(samples, n, sr, params, 0, error);
}

const MgFeature mg_feature_mfcc = {
    .name = "mfcc",
    .title = N_("MFCC"),
    .tables = tables,
    .kind = MG_FEATURE_PICTURE,
    .axis = MG_AXIS_INDEX,
    .scale = MG_SCALE_LINEAR,
    .compute = compute,
    .repairs = TRUE,
    .whole = MG_WHOLE_TOP_DB,
};

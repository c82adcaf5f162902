#include "dsp/feature-table.h"
#include "dsp/frames.h"
#include "dsp/yin.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_frame_params, &mg_f0_params, &mg_yin_params, NULL};

static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  return mg_yin(samples, n, sr, params, 0, error);
}

const MgFeature mg_feature_yin = {
    .name = "yin",
    .title = N_("Fundamental frequency (YIN)"),
    .tables = tables,
    .kind = MG_FEATURE_CURVE,
    .scale = MG_SCALE_LINEAR,
    .unit = "Hz",
    .compute = compute,
};

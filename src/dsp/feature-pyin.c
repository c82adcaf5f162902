#include "dsp/feature-table.h"
#include "dsp/frames.h"
#include "dsp/yin.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_frame_params, &mg_f0_params, &mg_pyin_params, NULL};

static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  return mg_pyin(samples, n, sr, params, 0, error);
}

/* What is further away than this does not change a path any more. */
static size_t
context(int sr, const MgParams *params)
{
  return mg_params_int(params, "frame_length") + 256 * mg_feature_hop(params);
}

const MgFeature mg_feature_pyin = {
    .name = "pyin",
    .title = N_("Fundamental frequency (pYIN)"),
    .tables = tables,
    .kind = MG_FEATURE_CURVE,
    .scale = MG_SCALE_LINEAR,
    .unit = "Hz",
    .compute = compute,
    .context = context,
};

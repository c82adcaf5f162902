#include "dsp/cqt.h"
#include "dsp/feature-table.h"
#include "dsp/tuning.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_cqt_params, NULL};

static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  MgCqtSpec spec = mg_cqt_spec(params);
  if (!mg_tuning_read(params, samples, n, sr, 0, &spec.tuning, error))
    return NULL;
  return mg_cqt(samples, n, sr, &spec, NULL, 0, 0, error);
}

static size_t
context(int sr, const MgParams *params)
{
  MgCqtSpec spec = mg_cqt_spec(params);
  return mg_cqt_context(&spec, sr);
}

const MgFeature mg_feature_cqt = {
    .name = "cqt",
    .title = N_("Constant-Q transform"),
    .tables = tables,
    .kind = MG_FEATURE_PICTURE,
    .axis = MG_AXIS_NOTE,
    .scale = MG_SCALE_AMPLITUDE,
    .whole = MG_WHOLE_TUNING,
    .compute = compute,
    .context = context,
};

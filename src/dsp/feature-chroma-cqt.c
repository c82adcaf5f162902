#include "dsp/chroma-cqt.h"
#include "dsp/feature-table.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_cq_params, &mg_chroma_cqt_params, NULL};

static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  return mg_chroma_cqt(samples, n, sr, params, 0, error);
}

const MgFeature mg_feature_chroma_cqt = {
    .name = "chroma_cqt",
    .title = N_("Chroma (CQT)"),
    .tables = tables,
    .kind = MG_FEATURE_PICTURE,
    .axis = MG_AXIS_CHROMA,
    .scale = MG_SCALE_LINEAR,
    .whole = MG_WHOLE_TUNING,
    .compute = compute,
    .context = mg_chroma_cqt_context,
};

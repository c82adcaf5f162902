#include "dsp/chroma-cqt.h"
#include "dsp/feature-table.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_cq_params, NULL};

static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  return mg_tonnetz(samples, n, sr, params, 0, error);
}

const MgFeature mg_feature_tonnetz = {
    .name = "tonnetz",
    .title = N_("Tonnetz"),
    .tables = tables,
    .kind = MG_FEATURE_PICTURE,
    .axis = MG_AXIS_TONNETZ,
    .scale = MG_SCALE_LINEAR,
    .whole = MG_WHOLE_TUNING,
    .compute = compute,
    .context = mg_chroma_cqt_context,
};

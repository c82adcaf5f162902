#include "dsp/chroma-cqt.h"
#include "dsp/feature-table.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_cq_params, &mg_chroma_cens_params, NULL};

static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  return mg_chroma_cens(samples, n, sr, params, 0, error);
}

static size_t
context(int sr, const MgParams *params)
{
  size_t frames = (size_t)mg_params_int(params, "win_len_smooth") / 2 + 1;
  return mg_chroma_cqt_context(sr, params) + frames * (size_t)mg_params_int(params, "hop_length");
}

const MgFeature mg_feature_chroma_cens = {
    .name = "chroma_cens",
    .title = N_("Chroma (CENS)"),
    .tables = tables,
    .kind = MG_FEATURE_PICTURE,
    .axis = MG_AXIS_CHROMA,
    .scale = MG_SCALE_LINEAR,
    .whole = MG_WHOLE_TUNING,
    .compute = compute,
    .context = context,
};

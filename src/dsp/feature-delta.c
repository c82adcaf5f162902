#include "dsp/delta.h"
#include "dsp/feature-table.h"
#include "dsp/frames.h"
#include "dsp/mel.h"
#include "dsp/mfcc.h"
#include "dsp/stft.h"
#include <glib/gi18n-lib.h>

static const MgParamSpec specs[] = {
    {"width", MG_PARAM_INT, "9", 3, 999, NULL, "frames", NULL,
     N_("Frames over which the change is taken, an odd number")},
    {"order", MG_PARAM_INT, "1", 1, 2, NULL, NULL, NULL, N_("1 for the change, 2 for the change of the change")},
};
static const MgParamTable delta_params = MG_PARAM_TABLE("delta", N_("Change"), specs);
static const MgParamTable *const tables[] = {&mg_hop_params,  &mg_stft_params, &mg_mel_params,
                                             &mg_mfcc_params, &delta_params,   NULL};

static MgMatrix *
derive(const MgMatrix *mfcc, int sr, const MgParams *params, GError **error)
{
  return mg_delta(mfcc, mg_params_int(params, "width"), (int)mg_params_int(params, "order"), error);
}

static size_t
context(int sr, const MgParams *params)
{
  return mg_params_int(params, "width");
}

const MgFeature mg_feature_delta = {
    .name = "delta",
    .title = N_("MFCC change (delta)"),
    .tables = tables,
    .kind = MG_FEATURE_PICTURE,
    .axis = MG_AXIS_INDEX,
    .scale = MG_SCALE_LINEAR,
    .source = &mg_feature_mfcc,
    .derive = derive,
    .context = context,
};

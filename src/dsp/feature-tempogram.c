#include "dsp/feature-table.h"
#include "dsp/frames.h"
#include "dsp/mel.h"
#include "dsp/onset.h"
#include "dsp/stft.h"
#include "dsp/tempo.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_hop_params,   &mg_stft_params,      &mg_mel_params,
                                             &mg_onset_params, &mg_tempogram_params, NULL};

static MgMatrix *
derive(const MgMatrix *strength, int sr, const MgParams *params, GError **error)
{
  return mg_tempogram(strength->data, strength->cols, mg_params_int(params, "tempogram_win_length"), 0, error);
}

static size_t
context(int sr, const MgParams *params)
{
  return mg_params_int(params, "tempogram_win_length") / 2 + 1;
}

const MgFeature mg_feature_tempogram = {
    .name = "tempogram",
    .title = N_("Tempogram"),
    .tables = tables,
    .kind = MG_FEATURE_PICTURE,
    .axis = MG_AXIS_TEMPO,
    .scale = MG_SCALE_LINEAR,
    .source = &mg_feature_onset_strength,
    .derive = derive,
    .context = context,
};

#include "dsp/feature-table.h"
#include "dsp/frames.h"
#include "dsp/mel.h"
#include "dsp/onset.h"
#include "dsp/stft.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_hop_params,   &mg_stft_params,      &mg_mel_params,
                                             &mg_onset_params, &mg_peak_pick_params, NULL};

static MgMatrix *
derive(const MgMatrix *strength, int sr, const MgParams *params, GError **error)
{
  g_autoptr(GArray) onsets =
      mg_onset_detect(strength->data, strength->cols, sr, mg_feature_hop(params), mg_params_float(params, "delta"));
  return mg_events_matrix(onsets, error);
}

const MgFeature mg_feature_onset_detect = {
    .name = "onset_detect",
    .title = N_("Onsets"),
    .tables = tables,
    .kind = MG_FEATURE_EVENTS,
    .source = &mg_feature_onset_strength,
    .derive = derive,
    .whole = MG_WHOLE_ALL,
};

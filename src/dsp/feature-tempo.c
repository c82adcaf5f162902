#include "dsp/feature-table.h"
#include "dsp/frames.h"
#include "dsp/mel.h"
#include "dsp/onset.h"
#include "dsp/stft.h"
#include "dsp/tempo.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_hop_params,   &mg_stft_params,  &mg_mel_params,
                                             &mg_onset_params, &mg_tempo_params, NULL};

static MgMatrix *
derive(const MgMatrix *strength, int sr, const MgParams *params, GError **error)
{
  double tempo;
  if (!mg_tempo(strength->data, strength->cols, sr, mg_feature_hop(params), params, 0, &tempo, error))
    return NULL;
  MgMatrix *result = mg_matrix_new(1, 1, error);
  if (result)
    result->data[0] = (float)tempo;
  return result;
}

const MgFeature mg_feature_tempo = {
    .name = "tempo",
    .title = N_("Tempo"),
    .tables = tables,
    .kind = MG_FEATURE_NUMBER,
    .unit = "BPM",
    .source = &mg_feature_onset_strength,
    .derive = derive,
    .whole = MG_WHOLE_ALL,
};

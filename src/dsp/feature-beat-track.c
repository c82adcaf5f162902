#include "dsp/beat.h"
#include "dsp/feature-table.h"
#include "dsp/frames.h"
#include "dsp/mel.h"
#include "dsp/onset.h"
#include "dsp/stft.h"
#include "dsp/tempo.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {
    &mg_hop_params, &mg_stft_params, &mg_mel_params, &mg_onset_params, &mg_tempo_params, &mg_beat_params, NULL};

static MgMatrix *
derive(const MgMatrix *strength, int sr, const MgParams *params, GError **error)
{
  size_t hop = mg_feature_hop(params);
  double bpm;
  if (!mg_tempo(strength->data, strength->cols, sr, hop, params, 0, &bpm, error))
    return NULL;
  g_autoptr(GArray) beats = mg_beat_track(strength->data, strength->cols, 60.0 * sr / hop, bpm, params);
  return mg_events_matrix(beats, error);
}

const MgFeature mg_feature_beat_track = {
    .name = "beat_track",
    .title = N_("Beats"),
    .tables = tables,
    .kind = MG_FEATURE_EVENTS,
    .source = &mg_feature_onset_strength_median,
    .derive = derive,
    .whole = MG_WHOLE_ALL,
};

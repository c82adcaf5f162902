#include "dsp/feature-table.h"
#include "dsp/frames.h"
#include "dsp/mel.h"
#include "dsp/stft.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_hop_params, &mg_stft_params, &mg_mel_params, NULL};

static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  return mg_mel_spectrogram(samples, n, sr, params, 0, error);
}

const MgFeature mg_feature_melspectrogram = {
    .name = "melspectrogram",
    .title = N_("Mel spectrogram"),
    .tables = tables,
    .kind = MG_FEATURE_PICTURE,
    .axis = MG_AXIS_MEL,
    .scale = MG_SCALE_POWER,
    .compute = compute,
    .repairs = TRUE,
};

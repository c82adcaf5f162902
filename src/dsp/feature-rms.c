#include "dsp/feature-table.h"
#include "dsp/frames.h"
#include "dsp/vector.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {"pad_mode", MG_PARAM_CHOICE, "constant", 0, 0, MG_PAD_CHOICES, NULL, NULL,
     N_("What the signal is padded with: zeros, its mirror image or its end value")},
};
static const MgParamTable rms_params = MG_PARAM_TABLE("rms", N_("Loudness (RMS)"), specs);
static const MgParamTable *const tables[] = {&mg_frame_params, &rms_params, NULL};

MG_VECTOR static float
root_mean_square(const float *frame, size_t length)
{
  return sqrtf(mg_dot(frame, frame, length) / length);
}

static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  MgPadMode mode = mg_pad_mode_of(mg_params_text(params, "pad_mode"));
  return mg_map_frames(samples, n, params, mode, root_mean_square, 0, error);
}

const MgFeature mg_feature_rms = {
    .name = "rms",
    .title = N_("Loudness (RMS)"),
    .tables = tables,
    .kind = MG_FEATURE_CURVE,
    .scale = MG_SCALE_LINEAR,
    .compute = compute,
};

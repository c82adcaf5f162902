#include "dsp/feature-table.h"
#include "dsp/frames.h"
#include "dsp/vector.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_frame_params, NULL};

/* Where the sign is another than that of the sample before; what is within 1e-10 of 0 counts as 0, and as positive. The
 * first sample of a frame crosses nothing. */
MG_VECTOR static float
crossing_rate(const float *frame, size_t length)
{
  static const float threshold = -1e-10f;
  guint32 crossings = 0;
  for (size_t i = 1; i < length; i++)
    crossings += (frame[i] < threshold) != (frame[i - 1] < threshold);
  return (float)crossings / length;
}

static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  return mg_map_frames(samples, n, params, MG_PAD_EDGE, crossing_rate, 0, error);
}

const MgFeature mg_feature_zero_crossing_rate = {
    .name = "zero_crossing_rate",
    .title = N_("Zero crossing rate"),
    .tables = tables,
    .kind = MG_FEATURE_CURVE,
    .scale = MG_SCALE_LINEAR,
    .compute = compute,
};

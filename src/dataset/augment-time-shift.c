/* Moves the sound in time; what comes free is silent. */
#include "dataset/augment-class.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {.name = "time_shift",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.2",
     .min = 0,
     .max = 1,
     .help = N_("time-shift: largest shift either way, as a fraction of the segment; what comes free is silent")},
};
static const MgParamTable table = MG_PARAM_TABLE_WITH("time-shift", N_("Augmentation"), specs, "augment=time-shift");

static void
change(const MgAugmentPicture *picture, const MgParams *params, MgRng *rng)
{
  size_t frames = picture->frames;
  double most = mg_params_float(params, "time_shift") * frames;
  gint64 shift = llrint(mg_rng_between(rng, (float)-most, (float)most));
  size_t free = MIN((size_t)ABS(shift), frames), kept = frames - free;
  for (size_t b = 0; b < picture->bins; b++) {
    float *row = picture->values + b * frames;
    memmove(shift > 0 ? row + free : row, shift > 0 ? row : row + free, kept * sizeof *row);
  }
  mg_augment_fill(picture, shift > 0 ? 0 : kept, free);
}

const MgAugmentation mg_augment_time_shift = {.name = "time-shift", .params = &table, .change = change};

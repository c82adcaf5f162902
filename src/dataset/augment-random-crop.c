/* Keeps a random stretch of frames and puts it at a random place of a silent segment: torchvision's RandomCrop of a
 * padded picture, over time alone. */
#include "dataset/augment-class.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {.name = "crop",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.3",
     .min = 0,
     .max = 0.95,
     .help = N_("random-crop: largest fraction of the segment that is left out; the rest lies at a random place")},
};
static const MgParamTable table = MG_PARAM_TABLE_WITH("random-crop", N_("Augmentation"), specs, "augment=random-crop");

static void
change(const MgAugmentPicture *picture, const MgParams *params, MgRng *rng)
{
  size_t frames = picture->frames;
  size_t left_out = lrintf(mg_rng_uniform(rng) * (float)mg_params_float(params, "crop") * frames);
  size_t from = mg_rng_below(rng, left_out + 1), to = mg_rng_below(rng, left_out + 1), kept = frames - left_out;
  for (size_t b = 0; b < picture->bins; b++) {
    float *row = picture->values + b * frames;
    memmove(row + to, row + from, kept * sizeof *row);
  }
  mg_augment_fill(picture, 0, to);
  mg_augment_fill(picture, to + kept, left_out - to);
}

const MgAugmentation mg_augment_random_crop = {.name = "random-crop", .params = &table, .change = change};

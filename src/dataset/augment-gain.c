/* Another loudness, and another colour of the room and the microphone: a gain in decibels at each of `gain_points`
 * frequencies, joined by straight lines (FilterAugment, Nam, Kim and Park, 2022). One point is the same gain
 * everywhere; where ref=max has taken the loudness off, only several points change what the network can use. */
#include "dataset/augment-class.h"
#include <glib/gi18n-lib.h>

enum { MOST_POINTS = 16 };

static const MgParamSpec specs[] = {
    {.name = "gain",
     .type = MG_PARAM_FLOAT,
     .default_value = "6",
     .min = 0,
     .max = 60,
     .unit = "dB",
     .help = N_("gain: largest gain either way")},
    {.name = "gain_points",
     .type = MG_PARAM_INT,
     .default_value = "4",
     .min = 1,
     .max = MOST_POINTS,
     .help = N_("gain: frequencies with a gain of their own, joined by lines; 1 changes the loudness alone")},
};
static const MgParamTable table = MG_PARAM_TABLE_WITH("gain", N_("Augmentation"), specs, "augment=gain");

static void
change(const MgAugmentPicture *picture, const MgParams *params, MgRng *rng)
{
  float most = (float)mg_params_float(params, "gain"), gains[MOST_POINTS];
  int points = (int)mg_params_int(params, "gain_points");
  for (int i = 0; i < points; i++)
    gains[i] = mg_rng_between(rng, -most, most);
  for (size_t b = 0; b < picture->bins; b++) {
    float at = (float)b * (points - 1) / MAX(picture->bins - 1, 1);
    int below = MIN((int)at, points - 1), above = MIN(below + 1, points - 1);
    float gain = gains[below] + (gains[above] - gains[below]) * (at - below);
    float *row = picture->values + b * picture->frames;
    for (size_t f = 0; f < picture->frames; f++)
      row[f] = MAX(row[f] + gain, picture->fill);
  }
}

const MgAugmentation mg_augment_gain = {.name = "gain", .decibels = TRUE, .params = &table, .change = change};

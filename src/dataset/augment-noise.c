/* White noise, added as power to the picture. The power of independent sounds adds up, that of white noise is
 * exponentially distributed in every bin of a spectrum and level over the bands of area-normalised mel filters: so the
 * picture of the noisy sound is had without its samples. */
#include "dataset/augment-class.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {.name = "noise_level",
     .type = MG_PARAM_FLOAT,
     .default_value = "-30",
     .min = -120,
     .max = 20,
     .unit = "dB",
     .help = N_("noise: loudest white noise, against the loudest value of the picture")},
    {.name = "noise_range",
     .type = MG_PARAM_FLOAT,
     .default_value = "40",
     .min = 0,
     .max = 120,
     .unit = "dB",
     .help = N_("noise: how far below noise_level the noise may lie")},
};
static const MgParamTable table = MG_PARAM_TABLE_WITH("noise", N_("Augmentation"), specs, "augment=noise");

static void
change(const MgAugmentPicture *picture, const MgParams *params, MgRng *rng)
{
  size_t n = picture->bins * picture->frames;
  float loudest = picture->fill;
  for (size_t i = 0; i < n; i++)
    loudest = MAX(loudest, picture->values[i]);
  float level = loudest + (float)mg_params_float(params, "noise_level");
  level -= mg_rng_uniform(rng) * (float)mg_params_float(params, "noise_range");
  float power = powf(10, level / 10);
  for (size_t i = 0; i < n; i++) {
    float noise = -power * logf(1 - mg_rng_uniform(rng));
    picture->values[i] = 10 * log10f(powf(10, picture->values[i] / 10) + noise);
  }
}

const MgAugmentation mg_augment_noise = {.name = "noise", .decibels = TRUE, .params = &table, .change = change};

#include "dataset/augment.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {"augment", MG_PARAM_CHOICE, "none", 0, 0, "none|time-shift", NULL, NULL,
     N_("Change made to every training picture, drawn anew each time")},
    {"time_shift", MG_PARAM_FLOAT, "0.2", 0, 1, NULL, NULL, NULL,
     N_("Largest shift either way, as a fraction of the segment; what comes free is silent")},
};

const MgParamTable mg_augment_params = MG_PARAM_TABLE("augment", N_("Augmentation"), specs);

static void
fill_row(float *row, size_t n, float value)
{
  for (size_t i = 0; i < n; i++)
    row[i] = value;
}

static void
time_shift(float *picture, size_t bins, size_t frames, float fill, const MgParams *params, MgRng *rng)
{
  double most = mg_params_float(params, "time_shift") * frames;
  gint64 shift = llrint(mg_rng_between(rng, (float)-most, (float)most));
  size_t free = MIN((size_t)ABS(shift), frames), kept = frames - free;
  for (size_t b = 0; b < bins; b++) {
    float *row = picture + b * frames;
    memmove(shift > 0 ? row + free : row, shift > 0 ? row : row + free, kept * sizeof *row);
    fill_row(shift > 0 ? row : row + kept, free, fill);
  }
}

static const struct {
  const char *name;
  void (*change)(float *picture, size_t bins, size_t frames, float fill, const MgParams *params, MgRng *rng);
} augmentations[] = {
    {"time-shift", time_shift},
};

void
mg_augment_picture(float *picture, size_t bins, size_t frames, float fill, const MgParams *params, MgRng *rng)
{
  const char *wanted = mg_params_text(params, "augment");
  for (size_t i = 0; i < G_N_ELEMENTS(augmentations); i++)
    if (g_str_equal(wanted, augmentations[i].name))
      augmentations[i].change(picture, bins, frames, fill, params, rng);
}

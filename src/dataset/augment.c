#include "dataset/augment.h"
#include "dataset/augment-class.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>

extern const MgAugmentation mg_augment_random_crop, mg_augment_time_shift, mg_augment_gain, mg_augment_noise,
    mg_augment_spec_augment, mg_augment_mixup;

/* In the order in which they are applied: masks come last, so that nothing fills them again. */
static const MgAugmentation *const augmentations[] = {
    &mg_augment_random_crop, &mg_augment_time_shift,   &mg_augment_gain,
    &mg_augment_noise,       &mg_augment_spec_augment, &mg_augment_mixup,
};

static const MgParamSpec specs[] = {
    {.name = "augment",
     .type = MG_PARAM_LIST,
     .default_value = "none",
     .choices = "random-crop|time-shift|gain|noise|spec-augment|mixup",
     .help = N_("Changes made to every training picture, drawn anew each time")},
};

const MgParamTable mg_augment_params = MG_PARAM_TABLE("augment", N_("Augmentation"), specs);

const MgParamTable *const *
mg_augment_tables(void)
{
  static const MgParamTable *tables[G_N_ELEMENTS(augmentations) + 2];
  static gsize ready;
  if (g_once_init_enter(&ready)) {
    tables[0] = &mg_augment_params;
    for (size_t i = 0; i < G_N_ELEMENTS(augmentations); i++)
      tables[i + 1] = augmentations[i]->params;
    g_once_init_leave(&ready, 1);
  }
  return tables;
}

void
mg_augment_fill(const MgAugmentPicture *picture, size_t first, size_t frames)
{
  for (size_t b = 0; b < picture->bins; b++)
    for (size_t f = first; f < first + frames; f++)
      picture->values[b * picture->frames + f] = picture->fill;
}

gboolean
mg_augment_fits(const MgParams *params, gboolean decibels, GError **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS(augmentations); i++)
    if (augmentations[i]->decibels && !decibels && mg_params_lists(params, "augment", augmentations[i]->name)) {
      g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                  _("augment=%s: changes decibels, and such pictures have none; expected another feature, or augment "
                    "without it"),
                  augmentations[i]->name);
      return FALSE;
    }
  return TRUE;
}

void
mg_augment_picture(float *picture, size_t bins, size_t frames, float fill, const MgParams *params, MgRng *rng)
{
  MgAugmentPicture whole = {picture, bins, frames, fill};
  for (size_t i = 0; i < G_N_ELEMENTS(augmentations); i++)
    if (augmentations[i]->change && mg_params_lists(params, "augment", augmentations[i]->name))
      augmentations[i]->change(&whole, params, rng);
}

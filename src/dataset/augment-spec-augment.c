/* SpecAugment (Park et al., 2019) without its time warping: some stretches of frames and of bins take the picture's
 * mean, as zeros do in the paper's normalised pictures. */
#include "dataset/augment-class.h"
#include <glib/gi18n-lib.h>

static const MgParamSpec specs[] = {
    {.name = "time_masks",
     .type = MG_PARAM_INT,
     .default_value = "2",
     .min = 0,
     .max = 100,
     .help = N_("spec-augment: stretches of time that are masked")},
    {.name = "time_mask",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.1",
     .min = 0,
     .max = 1,
     .help = N_("spec-augment: longest of them, as a fraction of the segment")},
    {.name = "frequency_masks",
     .type = MG_PARAM_INT,
     .default_value = "2",
     .min = 0,
     .max = 100,
     .help = N_("spec-augment: bands of frequencies that are masked")},
    {.name = "frequency_mask",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.1",
     .min = 0,
     .max = 1,
     .help = N_("spec-augment: widest of them, as a fraction of the bins")},
};
static const MgParamTable table =
    MG_PARAM_TABLE_WITH("spec-augment", N_("Augmentation"), specs, "augment=spec-augment");

/* A stretch of 0 to most · n of n places: where it begins and how long it is. */
static void
draw_stretch(size_t n, double most, MgRng *rng, size_t *first, size_t *length)
{
  *length = mg_rng_below(rng, (guint32)(most * n) + 1);
  *first = mg_rng_below(rng, n - *length + 1);
}

static float
mean_of(const MgAugmentPicture *picture)
{
  double sum = 0;
  size_t n = picture->bins * picture->frames;
  for (size_t i = 0; i < n; i++)
    sum += picture->values[i];
  return (float)(sum / n);
}

static void
change(const MgAugmentPicture *picture, const MgParams *params, MgRng *rng)
{
  MgAugmentPicture mask = *picture;
  mask.fill = mean_of(picture);
  size_t first, length;
  for (gint64 i = mg_params_int(params, "time_masks"); i > 0; i--) {
    draw_stretch(picture->frames, mg_params_float(params, "time_mask"), rng, &first, &length);
    mg_augment_fill(&mask, first, length);
  }
  for (gint64 i = mg_params_int(params, "frequency_masks"); i > 0; i--) {
    draw_stretch(picture->bins, mg_params_float(params, "frequency_mask"), rng, &first, &length);
    for (size_t v = first * picture->frames; v < (first + length) * picture->frames; v++)
      picture->values[v] = mask.fill;
  }
}

const MgAugmentation mg_augment_spec_augment = {.name = "spec-augment", .params = &table, .change = change};

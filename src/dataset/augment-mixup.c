/* mixup (Zhang, Cisse, Dauphin and Lopez-Paz, 2018): a picture and its target become a share of their own and the rest
 * of another's. */
#include "dataset/augment.h"
#include "dataset/augment-class.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {.name = "mixup",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.2",
     .min = 0.01,
     .max = 4,
     .help = N_("mixup: the share of another picture is drawn from Beta(mixup, mixup): near 0 seldom, 1 often")},
};
static const MgParamTable table = MG_PARAM_TABLE_WITH("mixup", N_("Augmentation"), specs, "augment=mixup");

/* Jöhnk's method: of u^(1/a) and v^(1/a) whose sum is at most 1, the first one's share; by logarithms, as both may be
 * too small for a number. */
static float
draw_beta(double a, MgRng *rng)
{
  for (;;) {
    double x = log(1 - (double)mg_rng_uniform(rng)) / a, y = log(1 - (double)mg_rng_uniform(rng)) / a;
    if (exp(x) + exp(y) <= 1)
      return (float)(1 / (1 + exp(y - x)));
  }
}

float
mg_augment_mixup_share(const MgParams *params, MgRng *rng)
{
  if (!mg_params_lists(params, "augment", "mixup"))
    return 1;
  float share = draw_beta(mg_params_float(params, "mixup"), rng);
  return MAX(share, 1 - share); /* the picture's own label stays the larger part: the distribution is symmetric */
}

const MgAugmentation mg_augment_mixup = {.name = "mixup", .params = &table};

#include "ml/search-table.h"
#include <math.h>

/* Every parameter by chance alone, even over its scale (Bergstra and Bengio, 2012). */
static gboolean
propose(const MgSearch *search, MgRng *rng, double *values)
{
  for (guint i = 0; i < search->space->params->len; i++) {
    const MgSpaceParam *param = mg_space_param(search->space, i);
    double low, high, u = mg_rng_uniform(rng);
    values[i] = NAN;
    if (!mg_space_counts(search->space, i, values))
      continue;
    mg_space_ends(param, &low, &high);
    values[i] = param->values ? floor(u * param->n_values) : mg_space_nearest(param, low + u * (high - low));
  }
  return TRUE;
}

const MgSampler mg_sampler_random = {.name = "random", .propose = propose};

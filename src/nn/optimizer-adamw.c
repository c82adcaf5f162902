/* torch.optim.AdamW (Loshchilov and Hutter, 2019): the decay shrinks the weight by itself and stays out of the
 * gradient's moments. */
#include "nn/optimizer-class.h"
#include <math.h>

static void
update(const MgUpdate *u, size_t n, float *weight, const float *gradient, float *const *state)
{
  float *m = state[0], *v = state[1];
  float beta1 = u->beta1, beta2 = u->beta2, rest1 = 1 - u->beta1, rest2 = 1 - u->beta2;
  float rate = u->learning_rate / (1 - pow(u->beta1, u->step)), eps = u->eps;
  float root = 1 / sqrt(1 - pow(u->beta2, u->step)), kept = 1 - u->learning_rate * u->weight_decay;
#pragma omp parallel for simd schedule(static) num_threads(u->threads) if (n > 16384)
  for (size_t i = 0; i < n; i++) {
    float g = gradient[i];
    m[i] = beta1 * m[i] + rest1 * g;
    v[i] = beta2 * v[i] + rest2 * g * g;
    weight[i] = kept * weight[i] - rate * m[i] / (sqrtf(v[i]) * root + eps);
  }
}

const MgOptimizerClass mg_optimizer_adamw = {.name = "adamw", .state = {"m", "v"}, .update = update};

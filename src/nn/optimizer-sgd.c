/* torch.optim.SGD with momentum (dampening 0), Nesterov's where asked: weight decay is added to the gradient. */
#include "nn/optimizer-class.h"

static void
update(const MgUpdate *u, size_t n, float *weight, const float *gradient, float *const *state)
{
  float *velocity = state[0];
  float momentum = u->momentum, decay = u->weight_decay, rate = u->learning_rate;
  float ahead = u->nesterov ? momentum : 1, now = u->nesterov ? 1 : 0; /* shares of velocity and gradient in a step */
#pragma omp parallel for simd schedule(static) num_threads(u->threads) if (n > 16384)
  for (size_t i = 0; i < n; i++) {
    float g = gradient[i] + decay * weight[i];
    velocity[i] = momentum * velocity[i] + g;
    weight[i] -= rate * (ahead * velocity[i] + now * g);
  }
}

const MgOptimizerClass mg_optimizer_sgd = {.name = "sgd", .state = {"velocity"}, .update = update};

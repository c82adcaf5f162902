/* Optimizers (a table: adam, adamw, sgd): one file and one line each. State is kept per tensor and can be saved. */
#pragma once
#include "nn/tensor.h"
#include "base/param.h"

extern const MgParamTable mg_optimizer_params; /* optimizer learning_rate weight_decay momentum … */

typedef struct MgOptimizer MgOptimizer;

/* Moves the tensors (MgTensor *) that have a gradient; uses them, does not own them. */
MgOptimizer *mg_optimizer_new(const MgParams *params, const GPtrArray *tensors, GError **error);
void mg_optimizer_set_threads(MgOptimizer *optimizer, int threads); /* 1 at first */
void mg_optimizer_step(MgOptimizer *optimizer, double learning_rate);
/* The same in parts: begin, then move every value of every tensor once, by the threads that one likes. */
void mg_optimizer_begin(MgOptimizer *optimizer, double learning_rate);
/* Moves n values of the tensor'th of those that learn, from `first` on, by their gradient (n), clipped. */
void mg_optimizer_move(const MgOptimizer *optimizer, guint tensor, size_t first, size_t n, const float *gradient);
gboolean mg_optimizer_clips(const MgOptimizer *optimizer);
/* What gradients of this length together are to be multiplied by, at most 1: torch.nn.utils.clip_grad_norm_. A length
 * that is not a number leaves them: the loss will tell. */
float mg_optimizer_clip_factor(const MgOptimizer *optimizer, double length);
/* State arrays as tensors to save and restore ("adam.m.conv1.weight" …; the step count as a tensor of one,
 * "adam.step"), MgTensor *, owned by the optimizer. What is written into them counts. */
const GPtrArray *mg_optimizer_state(MgOptimizer *optimizer);
void mg_optimizer_free(MgOptimizer *optimizer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgOptimizer, mg_optimizer_free)

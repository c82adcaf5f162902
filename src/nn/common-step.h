/* A step of training that ranks on one machine take together. Gradients, and what the optimizer keeps, lie in memory
 * that all of them see: each rank adds up its share of the gradients, moves its share of the weights by it, and takes
 * the others' weights from them (Rajbhandari et al., ZeRO, 2020, first stage). */
#pragma once
#include "base/ranks.h"
#include "nn/optimizer.h"

typedef struct MgCommonStep MgCommonStep;

/* Of those of the tensors (MgTensor *) that have a gradient, which are the optimizer's. With `statistics` the others,
 * which a rank's own batch has moved, become the mean of all ranks'. The tensors' `gradient` and the state of the
 * optimizer are other arrays until it is freed. NULL where there is no common memory, and for NULL. */
MgCommonStep *mg_common_step_new(MgRanks *ranks, const GPtrArray *tensors, gboolean statistics, MgOptimizer *optimizer);
void mg_common_step_free(MgCommonStep *step); /* accepts NULL */
/* Before a backward pass: waits until nobody needs what it overwrites. */
void mg_common_step_begin(MgCommonStep *step);
/* All gradients of this rank are there: moves the weights as mg_optimizer_step() does by the sums of all. */
void mg_common_step_end(MgCommonStep *step, double learning_rate, int threads);

/* The gradients of all ranks, added up by messages. They are sent while the backward pass still makes others: tensors
 * are put together to buckets of 1 MB, and a bucket is on its way as soon as it is full. */
#pragma once
#include "base/ranks.h"
#include "nn/tensor.h"

typedef struct MgGradientSum MgGradientSum;

/* Of those of the tensors (MgTensor *) that have a gradient. With `statistics` the others, which a rank's own batch has
 * moved, become the mean of all ranks'. NULL for NULL. */
MgGradientSum *mg_gradient_sum_new(MgRanks *ranks, const GPtrArray *tensors, gboolean statistics);
void mg_gradient_sum_free(MgGradientSum *sum); /* accepts NULL */
/* The gradient is there. On every rank in the same order. `data` is the MgGradientSum. */
void mg_gradient_sum_take(MgTensor *tensor, gpointer data);
/* All gradients are there: waits until they are the sums. */
void mg_gradient_sum_end(MgGradientSum *sum);

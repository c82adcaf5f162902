/* The moving average of a network's weights and statistics over the steps of a training (Polyak averaging): what is
 * validated and kept in its place, while the optimizer goes on with the weights themselves. */
#pragma once
#include "nn/tensor.h"

typedef struct MgAverage MgAverage;

/* Of the tensors (MgTensor *), which it uses and does not own. Starts as they are. */
MgAverage *mg_average_new(const GPtrArray *tensors, double decay);
void mg_average_free(MgAverage *average); /* accepts NULL */
/* After step number `step` (from 1): average += (1 - d) · (weight - average), where d is the decay, and in the first
 * steps at most (1 + step) / (10 + step), so that the starting weights are soon forgotten. */
void mg_average_take(MgAverage *average, gint64 step);
/* The tensors get the averages, and mg_average_state() their own values; a second call brings both back. */
void mg_average_swap(MgAverage *average);
/* To save and restore: "average.conv1.weight" …, MgTensor *, owned by the average. */
const GPtrArray *mg_average_state(MgAverage *average);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgAverage, mg_average_free)

/* A training loop over arrays: no files, no clock. */
#pragma once
#include "nn/network.h"
#include "nn/optimizer.h"
#include "nn/schedule.h"

typedef struct MgFit MgFit;

extern const MgParamTable mg_fit_params; /* epochs batch_size seed threads label_smoothing class_weights ema */

/* Uses the network, does not own it. `steps_per_epoch` and `epochs` set the schedule's length. */
MgFit *mg_fit_new(MgNetwork *network, const MgParams *params, gint64 steps_per_epoch, GError **error);
void mg_fit_free(MgFit *fit);
typedef struct {
  double loss;
  int correct; /* whose own label is the most probable */
  double learning_rate;
} MgFitStep;
/* What a step learns from. With mixup, x[i] is shares[i] of one with labels[i] and the rest of one with others[i];
 * without, both are NULL. */
typedef struct {
  const float *x; /* (n, C, H, W) */
  const int *labels, *others;
  const float *shares;
  int n;
  int first, whole; /* of several ranks: the number of its first one in the batch of all, and how many these are */
} MgFitBatch;
/* The learning rate follows from the step number, the dropout from (seed, step): a resumed training gives the same
 * numbers. Where the loss is not finite, nothing is moved. */
MgFitStep mg_fit_step_mixed(MgFit *fit, const MgFitBatch *batch);
MgFitStep mg_fit_step(MgFit *fit, const float *x, const int *labels, int n); /* the same without mixup */
gint64 mg_fit_steps_done(const MgFit *fit);
/* Every rank learns from its part of a batch as one would from the whole: gradients, loss and correct ones are those of
 * all. Used, not owned; waits for all ranks. Where a rank is gone, steps mean nothing, as mg_ranks_check() tells. */
void mg_fit_set_ranks(MgFit *fit, MgRanks *ranks);
/* class_weights=balanced: the weight of each class from its number of training segments, n / (classes · count), as
 * scikit-learn has it; 0 for a class that has none. Without this call all weigh 1. */
void mg_fit_balance(MgFit *fit, const int *labels, size_t n);
/* What on-plateau remembers; kept, not owned. Without this call the rate stays the first one. */
void mg_fit_set_plateau(MgFit *fit, const MgPlateau *plateau);
/* With `ema`: the network's weights become their moving averages, to validate and save; a second call brings the
 * weights back. */
void mg_fit_swap_average(MgFit *fit);
/* For a checkpoint: everything that is kept beside the weights (MgTensor *); g_ptr_array_unref() it. What is written
 * into the tensors counts. */
GPtrArray *mg_fit_state(MgFit *fit);
void mg_fit_set_steps_done(MgFit *fit, gint64 steps);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgFit, mg_fit_free)

/* A training loop over arrays: no files, no clock. */
#pragma once
#include "nn/network.h"
#include "nn/optimizer.h"
#include "nn/schedule.h"

typedef struct MgFit MgFit;

extern const MgParamTable mg_fit_params; /* epochs batch_size seed threads */

/* Uses the network, does not own it. `steps_per_epoch` and `epochs` set the schedule's length. */
MgFit *mg_fit_new(MgNetwork *network, const MgParams *params, gint64 steps_per_epoch, GError **error);
void mg_fit_free(MgFit *fit);
typedef struct {
  double loss;
  int correct;
  double learning_rate;
} MgFitStep;
/* One step on x (n, C, H, W). The learning rate follows from the step number, the dropout from (seed, step):
 * a resumed training gives the same numbers. */
MgFitStep mg_fit_step(MgFit *fit, const float *x, const int *labels, int n);
gint64 mg_fit_steps_done(const MgFit *fit);
/* For a checkpoint. */
void mg_fit_set_steps_done(MgFit *fit, gint64 steps);
MgOptimizer *mg_fit_optimizer(MgFit *fit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgFit, mg_fit_free)

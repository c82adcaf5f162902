/* Learning-rate schedules (a table): PyTorch's OneCycleLR, StepLR, CosineAnnealingLR and ReduceLROnPlateau. */
#pragma once
#include "base/param.h"

extern const MgParamTable mg_schedule_params; /* schedule, step_size, gamma, … */

/* What on-plateau remembers; the other schedules follow from the step alone. */
typedef struct {
  double best;    /* lowest loss so far */
  int bad_epochs; /* since then */
  double factor;  /* of the rate */
} MgPlateau;

#define MG_PLATEAU_START ((MgPlateau){.best = G_MAXDOUBLE, .factor = 1})

/* Learning rate of step `step` (from 0) of `steps`, with `steps_per_epoch`. `peak` is learning_rate. */
double mg_schedule_rate(const MgParams *params, double peak, gint64 step, gint64 steps, gint64 steps_per_epoch,
                        const MgPlateau *plateau);
/* After each epoch, with its validation loss: torch.optim.lr_scheduler.ReduceLROnPlateau(mode "min", factor gamma,
 * threshold 1e-4 relative). Does nothing for other schedules. */
void mg_schedule_epoch(const MgParams *params, double loss, MgPlateau *plateau);

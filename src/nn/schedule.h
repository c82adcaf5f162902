/* Learning-rate schedules (a table: one-cycle, step, constant), PyTorch's OneCycleLR and StepLR. */
#pragma once
#include "base/param.h"

extern const MgParamTable mg_schedule_params; /* schedule, step_size, gamma, … */

/* Learning rate of step `step` (from 0) of `steps`, with `steps_per_epoch`. `peak` is learning_rate. */
double mg_schedule_rate(const MgParams *params, double peak, gint64 step, gint64 steps, gint64 steps_per_epoch);

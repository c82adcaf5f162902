/* Changes made to a training picture, drawn anew every epoch. */
#pragma once
#include "base/rng.h"
#include "base/param.h"

extern const MgParamTable mg_augment_params; /* augment: none|time-shift|…; time_shift: fraction of the segment */

/* Shifts (bins, frames) in time by up to the fraction either way; what comes free is filled with `fill`, never wrapped.
 */
void mg_augment_picture(float *picture, size_t bins, size_t frames, float fill, const MgParams *params, MgRng *rng);

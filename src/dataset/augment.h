/* Changes made to training pictures, drawn anew every epoch. A new one is its file (augment-NAME.c) and its line in the
 * table of augment.c.
 *
 * They change pictures, never samples: pictures are computed once and kept, and a step of a training costs less than
 * the spectrogram of one segment. */
#pragma once
#include "base/rng.h"
#include "base/param.h"

extern const MgParamTable mg_augment_params; /* augment: some of the table's names */
/* mg_augment_params and the augmentations' own tables. NULL-terminated. */
const MgParamTable *const *mg_augment_tables(void);

/* Whether all that `augment` names can change such pictures; MG_ERROR_USAGE names the one that cannot. */
gboolean mg_augment_fits(const MgParams *params, gboolean decibels, GError **error);

/* Changes (bins, frames) values in place by all that `augment` names, in the order of the table. `fill` is the level
 * of silence; what comes free has it, nothing is wrapped. */
void mg_augment_picture(float *picture, size_t bins, size_t frames, float fill, const MgParams *params, MgRng *rng);

/* mixup: the share that a picture keeps of itself, (0, 1]; the rest is another training picture's. 1 where mixup is not
 * named. Drawn from Beta(mixup, mixup) (Zhang et al., 2018). */
float mg_augment_mixup_share(const MgParams *params, MgRng *rng);

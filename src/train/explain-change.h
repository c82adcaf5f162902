/* What if: a segment that is changed before the network sees it. */
#pragma once
#include "train/explain-seen.h"
#include "base/param.h"

extern const MgParamTable mg_explain_change_params; /* gain pitch offset n_mels */

/* TRUE where the parameters leave a segment as it is. */
gboolean mg_explain_unchanged(const MgParams *params);
/* The segment that begins at `start` (s) of a file, changed as `params` say: it begins `offset` later; it is resampled,
 * so that pitch and tempo change together, as a record's does that turns faster; it is louder by `gain`, and clipped at
 * full scale as a recording is; `kept` (NULL: all; a mask of the picture's size) mutes what is 0 there, in the sound
 * where the picture's rows are bands of frequency and in the picture otherwise. `model` is one for n_mels. */
MgSeen *mg_explain_change(MgModel *model, const char *file, double start, const MgParams *params, const MgMatrix *kept,
                          GError **error);
/* The same network with as many bands; MG_ERROR_USAGE names the layer that is tied to its own number. */
MgModel *mg_explain_with_bands(const MgModel *model, int n_mels, GError **error);

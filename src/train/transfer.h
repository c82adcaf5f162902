/* Starting a training from what another one learned. */
#pragma once
#include "train/model-file.h"

extern const MgParamTable mg_transfer_params; /* init, freeze */

/* Fills the network's tensors whose name and shape the .safetensors file `path` has too; the others keep their starting
 * values. Of a model of this program with other classes the last layer is left out, and where its front end is that of
 * `model`, its normalisation is taken too (*normalised), so that the layers see what they have learned on. `note` tells
 * in one line what was taken; g_free() it. MG_ERROR_DATA where nothing agrees. */
gboolean mg_transfer_init(MgModel *model, const char *path, gboolean *normalised, char **note, GError **error);

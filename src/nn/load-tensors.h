/* Weights of other programs: a state_dict of PyTorch as .safetensors. */
#pragma once
#include "nn/network.h"
#include "nn/safetensors.h"

/* Fills the network's tensors whose name and shape the file has too (safetensors.h adds up channels of a stem), but for
 * those whose name begins with `but` (may be NULL). Where the file's names have a prefix more or less ("module.",
 * "model.", "backbone."), it is passed over. The others keep their values; their names are added to `left` (char *, not
 * copied). MG_ERROR_DATA where nothing agrees, MG_ERROR_IO where the file cannot be read to its end. */
gboolean mg_network_load_tensors(MgNetwork *network, const MgSafetensors *file, const char *but, GPtrArray *left,
                                 GError **error);

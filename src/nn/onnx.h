/* ONNX files (onnx.ai): networks for other programs, and theirs for this one. Of the operators only those are known
 * that the layers of this program are. */
#pragma once
#include "nn/network.h"

/* Writes the network in its state of inference, for one picture (1, C, H, W), operator set 11. `metadata` (text to
 * text, may be NULL) becomes the model's properties. MG_ERROR_USAGE names a layer that ONNX has no operator for. */
gboolean mg_onnx_save(const char *path, const MgNetwork *network, GHashTable *metadata, GError **error);

typedef struct MgOnnx MgOnnx;

/* Reading trusts nothing: nesting, lengths, shapes and the graph are checked before anything is made of them. */
MgOnnx *mg_onnx_load(const char *path, GError **error);
void mg_onnx_free(MgOnnx *onnx); /* accepts NULL */
const char *mg_onnx_description(const MgOnnx *onnx);
MgShape mg_onnx_input(const MgOnnx *onnx);
int mg_onnx_classes(const MgOnnx *onnx);
GHashTable *mg_onnx_metadata(const MgOnnx *onnx); /* char * -> char *; borrowed */
/* Fills the tensors of a network that was made from the description. */
gboolean mg_onnx_fill(const MgOnnx *onnx, MgNetwork *network, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgOnnx, mg_onnx_free)

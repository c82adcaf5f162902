/* Layers that ONNX files spell out in several operators, as PyTorch and this program write them. */
#pragma once
#include "nn/onnx-import.h"

/* Whether a pattern begins at node `first` of the graph. It is imported as one layer then, and its nodes are in
 * import->taken. *good is FALSE, with the error set, where that layer cannot be made. */
gboolean mg_onnx_import_pattern(MgOnnxImport *import, const Onnx__GraphProto *graph, size_t first, gboolean *good,
                                GError **error);

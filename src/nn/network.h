/* A network: built from a description (models/NAME.json), run forward, differentiated.
 *
 * A description is {"name": …, "title": …, "layers": [{"type": "conv2d", "name": "conv1", "out_channels": 32,
 * …}, …]}; ARCHITECTURE.md has the details: inputs, blocks. It compiles to a plan of layers with known shapes
 * for a given input. */
#pragma once
#include "nn/sharing.h"
#include "nn/tensor.h"
#include "base/rng.h"

typedef struct MgNetwork MgNetwork;

typedef struct {
  const char *name, *type;
  int n_inputs;
  const int *from;       /* n_inputs: the layers that it takes, by number; -1: the network's input */
  MgShape input, output; /* the first input's */
  gint64 parameters;     /* trainable */
  double flops;          /* of one forward pass for one segment */
} MgLayerInfo;

/* Layers first … end - 1 come from a block of the description. */
typedef struct {
  const char *name, *block;
  int first, end;     /* of all repeats together */
  int repeats, depth; /* 0: not inside another block's use */
} MgBlockInfo;

/* `description` is JSON text; `origin` names it in messages. `classes` is the width of the last layer
 * ("classes" in the description). Weights start as PyTorch's defaults from `seed`. MG_ERROR_FORMAT names
 * layer and key of what is wrong; MG_ERROR_USAGE where the input is too small for the layers. */
MgNetwork *mg_network_new(const char *description, const char *origin, MgShape input, int classes, guint64 seed,
                          GError **error);
/* A network whose weights will come from a file that holds so many values: MG_ERROR_FORMAT where it needs more than
 * twice as many, found out before there is memory for them. */
MgNetwork *mg_network_new_to_fill(const char *description, const char *origin, MgShape input, int classes,
                                  guint64 values, GError **error);
void mg_network_free(MgNetwork *network); /* accepts NULL */
const char *mg_network_description(const MgNetwork *network);
const char *mg_network_name(const MgNetwork *network);
const char *mg_network_title(const MgNetwork *network); /* for a person; the name where the description has none */
MgShape mg_network_input(const MgNetwork *network);
int mg_network_classes(const MgNetwork *network);
size_t mg_network_n_layers(const MgNetwork *network);
MgLayerInfo mg_network_layer(const MgNetwork *network, size_t i);
/* The number of the layer of that name; MG_ERROR_USAGE lists them where there is none. */
gboolean mg_network_find_layer(const MgNetwork *network, const char *name, size_t *found, GError **error);
size_t mg_network_n_blocks(const MgNetwork *network);
MgBlockInfo mg_network_block(const MgNetwork *network, size_t i); /* an outer one before those in it */
/* The layers (MgLayer *, nn/layer.h), for whoever writes them in another form. Owned by the network. */
const GPtrArray *mg_network_layers(const MgNetwork *network);
/* All weights and statistics (MgTensor *), in the order of the layers. Owned by the network. Passes without training
 * work from copies of the weights: who writes to the tensors calls this anew, or runs a training pass, before the next
 * one. */
const GPtrArray *mg_network_tensors(const MgNetwork *network);
gint64 mg_network_parameters(const MgNetwork *network);       /* trainable */
gint64 mg_network_parameters_total(const MgNetwork *network); /* with moving statistics */

/* Keeps all layers up to and including the one called `name` as they are: they pass on what they would in inference
 * (moving statistics, no dropout), their tensors lose their gradients and no longer count as trainable. Once for all,
 * before the first pass. MG_ERROR_USAGE where there is no such layer, or nothing would be left to learn. */
gboolean mg_network_freeze(MgNetwork *network, const char *name, GError **error);

/* Forward pass of x (batch, C, H, W); returns logits (batch, classes), valid until the next call. `training`
 * uses batch statistics and dropout (drawn from `rng`, which may be NULL otherwise). x must stay as it is
 * until a backward pass is done. One network is used by one thread at a time. */
const float *mg_network_forward(MgNetwork *network, const float *x, int batch, gboolean training, MgRng *rng);
/* The same as without training, but mg_network_backward() may follow: it then tells how the logits depend on x, and
 * with mg_network_keep() on every layer's output. The tensors' gradients mean nothing after it. */
const float *mg_network_trace(MgNetwork *network, const float *x, int batch);
/* Gradients of the loss into every tensor's `gradient` (overwritten), from dlogits (batch, classes), after a
 * forward pass with training set, or a traced one. dx (batch, C, H, W) may be NULL. */
void mg_network_backward(MgNetwork *network, const float *dlogits, float *dx);
/* Output of layer i in the last forward pass: (batch, output shape). NULL unless mg_network_keep() came first: memory
 * is used again, and layers are computed as one. */
const float *mg_network_activation(const MgNetwork *network, size_t i);
/* The gradient of that output in the last mg_network_backward(), likewise; NULL for the last layer. */
const float *mg_network_gradient(const MgNetwork *network, size_t i);
/* Keeps every layer's output of coming forward passes (slower, for feature maps). */
void mg_network_keep(MgNetwork *network, gboolean keep);

/* Class probabilities (n, classes) of x (n, C, H, W), in batches, without dropout. */
void mg_network_predict(MgNetwork *network, const float *x, size_t n, float *probabilities);
void mg_network_set_threads(MgNetwork *network, int threads); /* below 1: all processors, as at first */
int mg_network_threads(const MgNetwork *network);
/* Of these the ones that a pass over such a batch takes: fewer where there is little to compute. */
int mg_network_pass_threads(MgNetwork *network, int batch);
/* For tests: passes take all of them, however little there is to compute. */
void mg_network_set_spread(MgNetwork *network, gboolean spread);
/* Training passes multiply in bfloat16 where that is faster, and sum in float32; weights stay float32. Where the
 * processor has no such products, they are computed slowly. */
void mg_network_set_half(MgNetwork *network, gboolean half);
/* Of coming training passes; copied. */
void mg_network_set_sharing(MgNetwork *network, const MgSharing *sharing);
/* Bytes for weights and, while training, gradients and an optimizer's two moments, for a batch and for all that passes
 * over it leave in memory. What the rest of a process needs comes on top. */
size_t mg_network_memory_estimate(MgNetwork *network, int batch, gboolean training);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgNetwork, mg_network_free)

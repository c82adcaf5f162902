/* The largest value of each channel's picture: torch.nn.AdaptiveMaxPool2d(1). */
#include "nn/layer-reduce.h"

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  layer->output = (MgShape){layer->input.channels, 1, 1};
  layer->cache_size = mg_shape_size(layer->output) * mg_reduce_max_cache;
  layer->flops = mg_shape_size(layer->input);
  return TRUE;
}

const MgLayerClass mg_layer_global_max_pool = {
    .type = "global-max-pool",
    .size = sizeof(MgLayer),
    .shape = shape,
    .forward = mg_reduce_max,
    .backward = mg_reduce_max_backward,
    .spares_x = TRUE,
    .spares_y = TRUE,
};

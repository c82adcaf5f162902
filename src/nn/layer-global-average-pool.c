/* The mean of each channel's picture: torch.nn.AdaptiveAvgPool2d(1). */
#include "nn/layer-reduce.h"

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  layer->output = (MgShape){layer->input.channels, 1, 1};
  layer->flops = mg_shape_size(layer->input);
  return TRUE;
}

const MgLayerClass mg_layer_global_average_pool = {
    .type = "global-average-pool",
    .size = sizeof(MgLayer),
    .shape = shape,
    .forward = mg_reduce_mean,
    .backward = mg_reduce_mean_backward,
    .spares_x = TRUE,
    .spares_y = TRUE,
};

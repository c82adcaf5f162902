/* The mean of each row over time: (channels, height, width) -> (channels, height, 1), torch.mean(dim=-1). */
#include "nn/layer-reduce.h"

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  layer->output = (MgShape){layer->input.channels, layer->input.height, 1};
  layer->flops = mg_shape_size(layer->input);
  return TRUE;
}

const MgLayerClass mg_layer_mean_over_time = {
    .type = "mean-over-time",
    .size = sizeof(MgLayer),
    .shape = shape,
    .forward = mg_reduce_mean,
    .backward = mg_reduce_mean_backward,
    .spares_x = TRUE,
    .spares_y = TRUE,
};

/* Each row becomes a channel: (channels, height, width) -> (channels · height, 1, width). A sequence of vectors, which
 * is a picture with time to the right, so becomes what a convolution over time takes: torch.flatten(1, 2). */
#include "nn/layer.h"
#include <string.h>

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  layer->output = (MgShape){layer->input.channels * layer->input.height, 1, layer->input.width};
  return TRUE;
}

static void
forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  memcpy(y, x[0], pass->batch * mg_shape_size(layer->input) * sizeof *y);
}

static void
backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  if (dx[0])
    memcpy(dx[0], dy, pass->batch * mg_shape_size(layer->input) * sizeof *dy);
}

const MgLayerClass mg_layer_rows_to_channels = {
    .type = "rows-to-channels",
    .size = sizeof(MgLayer),
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .spares_x = TRUE,
    .spares_y = TRUE,
};

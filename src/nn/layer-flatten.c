/* torch.nn.Flatten: the same values as one vector. */
#include "nn/layer.h"
#include <string.h>

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  layer->output = (MgShape){mg_shape_size(layer->input), 1, 1};
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

const MgLayerClass mg_layer_flatten = {
    .type = "flatten",
    .size = sizeof(MgLayer),
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .spares_x = TRUE,
    .spares_y = TRUE,
};

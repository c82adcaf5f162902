/* torch.nn.ReLU. */
#include "nn/layer.h"

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  layer->flops = mg_shape_size(layer->input);
  return TRUE;
}

static void
forward(MgLayer *layer, const MgPass *pass, const float *x, float *y)
{
  size_t n = pass->batch * mg_shape_size(layer->input);
#pragma omp parallel for simd schedule(static) num_threads(pass->threads)
  for (size_t i = 0; i < n; i++)
    y[i] = x[i] > 0 ? x[i] : 0;
}

static void
backward(MgLayer *layer, const MgPass *pass, const float *x, const float *y, const float *dy, float *dx)
{
  size_t n = pass->batch * mg_shape_size(layer->input);
  if (!dx)
    return;
#pragma omp parallel for simd schedule(static) num_threads(pass->threads)
  for (size_t i = 0; i < n; i++)
    dx[i] = y[i] > 0 ? dy[i] : 0;
}

const MgLayerClass mg_layer_relu = {
    .type = "relu",
    .size = sizeof(MgLayer),
    .shape = shape,
    .forward = forward,
    .backward = backward,
};

/* torch.nn.ReLU. */
#include "nn/layer.h"

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  layer->flops = mg_shape_size(layer->input);
  return TRUE;
}

static void
forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  size_t n = pass->batch * mg_shape_size(layer->input);
#pragma omp parallel for simd schedule(static) num_threads(pass->threads)
  for (size_t i = 0; i < n; i++)
    y[i] = x[0][i] > 0 ? x[0][i] : 0;
}

static void
backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  size_t n = pass->batch * mg_shape_size(layer->input);
  if (!dx[0])
    return;
#pragma omp parallel for simd schedule(static) num_threads(pass->threads)
  for (size_t i = 0; i < n; i++)
    dx[0][i] = y[i] > 0 ? dy[i] : 0;
}

const MgLayerClass mg_layer_relu = {
    .type = "relu",
    .size = sizeof(MgLayer),
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .spares_x = TRUE,
};

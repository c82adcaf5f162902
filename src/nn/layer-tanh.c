/* torch.nn.Tanh. */
#include "nn/layer.h"
#include <math.h>

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  layer->flops = 8.0 * mg_shape_size(layer->input);
  return TRUE;
}

static void
forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  size_t n = pass->batch * mg_shape_size(layer->input);
  const float *in = x[0];
#pragma omp parallel for simd schedule(static) num_threads(pass->threads)
  for (size_t i = 0; i < n; i++)
    y[i] = tanhf(in[i]);
}

static void
backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  size_t n = pass->batch * mg_shape_size(layer->input);
  float *to = dx[0];
  if (!to)
    return;
#pragma omp parallel for simd schedule(static) num_threads(pass->threads)
  for (size_t i = 0; i < n; i++)
    to[i] = dy[i] * (1 - y[i] * y[i]);
}

const MgLayerClass mg_layer_tanh = {
    .type = "tanh",
    .size = sizeof(MgLayer),
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .spares_x = TRUE,
};

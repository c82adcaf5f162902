/* torch.nn.GELU: y = x · Φ(x), where Φ is the normal distribution. */
#include "nn/layer.h"
#include <math.h>

static inline float
distribution(float x)
{
  return 0.5f * (1 + erff(x * (float)G_SQRT2 / 2));
}

static inline float
density(float x)
{
  const float scale = 0.3989422804f; /* 1 / sqrt(2 pi) */
  return scale * expf(-0.5f * x * x);
}

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  layer->flops = 16.0 * mg_shape_size(layer->input);
  return TRUE;
}

static void
forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  size_t n = pass->batch * mg_shape_size(layer->input);
  const float *in = x[0];
#pragma omp parallel for simd schedule(static) num_threads(pass->threads)
  for (size_t i = 0; i < n; i++)
    y[i] = in[i] * distribution(in[i]);
}

static void
backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  size_t n = pass->batch * mg_shape_size(layer->input);
  const float *in = x[0];
  float *to = dx[0];
  if (!to)
    return;
#pragma omp parallel for simd schedule(static) num_threads(pass->threads)
  for (size_t i = 0; i < n; i++)
    to[i] = dy[i] * (distribution(in[i]) + in[i] * density(in[i]));
}

const MgLayerClass mg_layer_gelu = {
    .type = "gelu",
    .size = sizeof(MgLayer),
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .spares_y = TRUE,
};

/* The mean of each channel's picture: torch.nn.AdaptiveAvgPool2d(1). */
#include "nn/layer.h"

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  layer->output = (MgShape){layer->input.channels, 1, 1};
  layer->flops = mg_shape_size(layer->input);
  return TRUE;
}

static void
forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  size_t planes = (size_t)pass->batch * layer->input.channels;
  size_t plane = (size_t)layer->input.height * layer->input.width;
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (size_t p = 0; p < planes; p++) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < plane; i++)
      sum += x[0][p * plane + i];
    y[p] = sum / plane;
  }
}

static void
backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  size_t planes = (size_t)pass->batch * layer->input.channels;
  size_t plane = (size_t)layer->input.height * layer->input.width;
  if (!dx[0])
    return;
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (size_t p = 0; p < planes; p++) {
    float share = dy[p] / plane;
    for (size_t i = 0; i < plane; i++)
      dx[0][p * plane + i] = share;
  }
}

const MgLayerClass mg_layer_global_average_pool = {
    .type = "global-average-pool",
    .size = sizeof(MgLayer),
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .spares_x = TRUE,
    .spares_y = TRUE,
};

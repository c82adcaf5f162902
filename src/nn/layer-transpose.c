/* Height and width change places: torch.transpose(2, 3). For networks that take time downwards. */
#include "nn/layer.h"

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  layer->output = (MgShape){layer->input.channels, layer->input.width, layer->input.height};
  layer->flops = mg_shape_size(layer->input);
  return TRUE;
}

/* Planes of (height, width) -> (width, height). */
static void
turn(size_t planes, int height, int width, const float *from, float *to, int threads)
{
#pragma omp parallel for schedule(static) num_threads(threads)
  for (size_t p = 0; p < planes; p++) {
    size_t at = p * height * width;
    for (int h = 0; h < height; h++)
      for (int w = 0; w < width; w++)
        to[at + (size_t)w * height + h] = from[at + (size_t)h * width + w];
  }
}

static void
forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  turn((size_t)pass->batch * layer->input.channels, layer->input.height, layer->input.width, x[0], y, pass->threads);
}

static void
backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  if (dx[0])
    turn((size_t)pass->batch * layer->input.channels, layer->output.height, layer->output.width, dy, dx[0],
         pass->threads);
}

const MgLayerClass mg_layer_transpose = {
    .type = "transpose",
    .size = sizeof(MgLayer),
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .spares_x = TRUE,
    .spares_y = TRUE,
};

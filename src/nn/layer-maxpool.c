/* torch.nn.MaxPool2d with square windows; positions in the padding never win. */
#include "nn/layer-maxpool.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {.name = "kernel_size",
     .type = MG_PARAM_INT,
     .default_value = "2",
     .min = 1,
     .max = 15,
     .help = N_("Height and width of the window")},
    {.name = "stride",
     .type = MG_PARAM_INT,
     .default_value = "auto",
     .min = 1,
     .max = 15,
     .automatic = N_("the window's size"),
     .help = N_("Step of the window")},
    {.name = "padding",
     .type = MG_PARAM_INT,
     .default_value = "0",
     .max = 7,
     .help = N_("Border around the picture, at most half the window")},
};
static const MgParamTable table = MG_PARAM_TABLE("maxpool", N_("Max pooling"), specs);

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  MgMaxPool *self = (MgMaxPool *)layer;
  MgShape in = layer->input;
  self->kernel = mg_params_int(params, "kernel_size");
  self->stride = mg_params_int_or(params, "stride", self->kernel);
  self->padding = mg_params_int(params, "padding");
  if (2 * self->padding > self->kernel) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "padding %d is more than half of the window's %d", self->padding,
                self->kernel);
    return FALSE;
  }
  if (MIN(in.height, in.width) + 2 * self->padding < self->kernel) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "the input of %d x %d is smaller than the window of %d x %d",
                in.height, in.width, self->kernel, self->kernel);
    return FALSE;
  }
  layer->output = (MgShape){in.channels, (in.height + 2 * self->padding - self->kernel) / self->stride + 1,
                            (in.width + 2 * self->padding - self->kernel) / self->stride + 1};
  layer->cache_size = mg_shape_size(layer->output); /* a byte an output: which position of the window won */
  layer->flops = (double)mg_shape_size(layer->output) * self->kernel * self->kernel;
  return TRUE;
}

/* The window's winner at output (h, w): its value; *position is row * kernel + column within the window. The
 * first wins a tie; NaN wins over everything, as in PyTorch. */
static float
window_max(const MgMaxPool *self, const float *x, int h, int w, guint8 *position)
{
  int height = self->base.input.height, width = self->base.input.width;
  float best = -INFINITY;
  *position = 0;
  gboolean found = FALSE;
  for (int i = 0; i < self->kernel; i++)
    for (int j = 0; j < self->kernel; j++) {
      int row = h * self->stride + i - self->padding, column = w * self->stride + j - self->padding;
      if (row < 0 || row >= height || column < 0 || column >= width)
        continue;
      float value = x[(size_t)row * width + column];
      if (!found || value > best || isnan(value)) {
        best = value;
        *position = i * self->kernel + j;
        found = TRUE;
      }
    }
  return best;
}

static void
forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  const MgMaxPool *self = (const MgMaxPool *)layer;
  size_t planes = (size_t)pass->batch * layer->input.channels;
  size_t in = (size_t)layer->input.height * layer->input.width;
  size_t out = (size_t)layer->output.height * layer->output.width;
  guint8 *winners = pass->training ? layer->cache : NULL;
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (size_t p = 0; p < planes; p++)
    for (size_t i = 0; i < out; i++) {
      guint8 position;
      y[p * out + i] = window_max(self, x[0] + p * in, i / layer->output.width, i % layer->output.width, &position);
      if (winners)
        winners[p * out + i] = position;
    }
}

static void
backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  const MgMaxPool *self = (const MgMaxPool *)layer;
  size_t planes = (size_t)pass->batch * layer->input.channels;
  size_t in = (size_t)layer->input.height * layer->input.width;
  size_t out = (size_t)layer->output.height * layer->output.width;
  int width = layer->output.width;
  const guint8 *winners = layer->cache;
  if (!dx[0])
    return;
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (size_t p = 0; p < planes; p++) {
    memset(dx[0] + p * in, 0, in * sizeof(float));
    for (size_t i = 0; i < out; i++) {
      int position = winners[p * out + i];
      int row = (int)(i / width) * self->stride + position / self->kernel - self->padding;
      int column = (int)(i % width) * self->stride + position % self->kernel - self->padding;
      dx[0][p * in + (size_t)row * layer->input.width + column] += dy[p * out + i];
    }
  }
}

const MgLayerClass mg_layer_maxpool = {
    .type = "maxpool",
    .params = &table,
    .size = sizeof(MgMaxPool),
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .spares_x = TRUE,
    .spares_y = TRUE,
};

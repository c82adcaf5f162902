/* torch.nn.MaxPool2d; positions in the padding never win. */
#include "nn/layer-maxpool.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static const MgParamSpec specs[] = {MG_POOL_SPECS};
static const MgParamTable table = MG_PARAM_TABLE("maxpool", N_("Max pooling"), specs);

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  const gint64 most = G_MAXUINT8 + 1;
  MgMaxPool *self = (MgMaxPool *)layer;
  if (!mg_window_read_pool(&self->window, params, layer->input, &layer->output, error))
    return FALSE;
  gint64 positions = (gint64)self->window.kernel.height * self->window.kernel.width;
  if (positions > most) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("a window of %d x %d; expected at most %" PRId64 " positions"),
                self->window.kernel.height, self->window.kernel.width, most);
    return FALSE;
  }
  layer->cache_size = mg_shape_size(layer->output); /* a byte an output: which position of the window won */
  layer->flops = (double)mg_shape_size(layer->output) * positions;
  return TRUE;
}

/* The window's winner at output (h, w): its value; *position is row * kernel + column within the window. The
 * first wins a tie; NaN wins over everything, as in PyTorch. */
static float
window_max(const MgMaxPool *self, const float *x, int h, int w, guint8 *position)
{
  const MgWindow *window = &self->window;
  int height = self->base.input.height, width = self->base.input.width;
  int top = h * window->stride.height - window->padding.height, left = w * window->stride.width - window->padding.width;
  float best = -INFINITY;
  gboolean found = FALSE;
  *position = 0;
  for (int i = MAX(0, -top); i < MIN(window->kernel.height, height - top); i++)
    for (int j = MAX(0, -left); j < MIN(window->kernel.width, width - left); j++) {
      float value = x[(size_t)(top + i) * width + left + j];
      if (!found || value > best || isnan(value)) {
        best = value;
        *position = i * window->kernel.width + j;
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
  const MgWindow *window = &self->window;
  const guint8 *winners = layer->cache;
  if (!dx[0])
    return;
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (size_t p = 0; p < planes; p++) {
    memset(dx[0] + p * in, 0, in * sizeof(float));
    for (size_t i = 0; i < out; i++) {
      int position = winners[p * out + i];
      int row = (int)(i / width) * window->stride.height + position / window->kernel.width - window->padding.height;
      int column = (int)(i % width) * window->stride.width + position % window->kernel.width - window->padding.width;
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

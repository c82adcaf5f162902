/* The channels of several pictures one after another: torch.cat(dim=1). */
#include "base/error.h"
#include "nn/layer.h"
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  MgShape first = layer->inputs[0];
  gint64 channels = 0;
  for (int k = 0; k < layer->n_inputs; k++) {
    MgShape other = layer->inputs[k];
    channels += other.channels;
    if (other.height == first.height && other.width == first.width)
      continue;
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("inputs: number %d is %d x %d; expected %d x %d as the first"),
                k + 1, other.height, other.width, first.height, first.width);
    return FALSE;
  }
  if (channels > 1 << 20) {
    g_set_error(error, MG_ERROR, MG_ERROR_LIMIT, _("inputs: %" PRId64 " channels in all"), channels);
    return FALSE;
  }
  layer->output.channels = channels;
  layer->flops = mg_shape_size(layer->output);
  return TRUE;
}

static void
forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  size_t all = mg_shape_size(layer->output);
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (int n = 0; n < pass->batch; n++) {
    float *out = y + n * all;
    for (int k = 0; k < layer->n_inputs; k++) {
      size_t size = mg_shape_size(layer->inputs[k]);
      memcpy(out, x[k] + n * size, size * sizeof *out);
      out += size;
    }
  }
}

static void
backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  size_t all = mg_shape_size(layer->output);
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (int n = 0; n < pass->batch; n++) {
    const float *in = dy + n * all;
    for (int k = 0; k < layer->n_inputs; k++) {
      size_t size = mg_shape_size(layer->inputs[k]);
      if (dx[k])
        memcpy(dx[k] + n * size, in, size * sizeof *in);
      in += size;
    }
  }
}

const MgLayerClass mg_layer_concat = {
    .type = "concat",
    .size = sizeof(MgLayer),
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .spares_x = TRUE,
    .spares_y = TRUE,
    .joins = TRUE,
};

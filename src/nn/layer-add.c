/* The sum of pictures of one shape: a residual connection. y = x[0] + scale · (x[1] + …). */
#include "nn/layer-add.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {.name = "scale",
     .type = MG_PARAM_FLOAT,
     .default_value = "1",
     .min = -1000,
     .max = 1000,
     .help = N_("Factor of the inputs after the first")},
};
static const MgParamTable table = MG_PARAM_TABLE("add", N_("Addition"), specs);

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  MgShape first = layer->inputs[0];
  for (int k = 1; k < layer->n_inputs; k++) {
    MgShape other = layer->inputs[k];
    if (other.channels == first.channels && other.height == first.height && other.width == first.width)
      continue;
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
                _("inputs: number %d is %d x %d x %d; expected %d x %d x %d as the first"), k + 1, other.channels,
                other.height, other.width, first.channels, first.height, first.width);
    return FALSE;
  }
  ((MgAdd *)layer)->scale = mg_params_float(params, "scale");
  layer->flops = (double)(layer->n_inputs - 1) * mg_shape_size(first);
  return TRUE;
}

static void
forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  float scale = ((MgAdd *)layer)->scale;
  size_t n = pass->batch * mg_shape_size(layer->output);
  const float *sum = x[0];
  for (int k = 1; k < layer->n_inputs; k++, sum = y) {
    const float *more = x[k];
#pragma omp parallel for simd schedule(static) num_threads(pass->threads)
    for (size_t i = 0; i < n; i++)
      y[i] = sum[i] + scale * more[i];
  }
  if (layer->n_inputs == 1)
    memcpy(y, x[0], n * sizeof *y);
}

static void
backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  size_t n = pass->batch * mg_shape_size(layer->output);
  for (int k = 0; k < layer->n_inputs; k++) {
    float scale = k == 0 ? 1 : ((MgAdd *)layer)->scale, *to = dx[k];
    if (!to)
      continue;
#pragma omp parallel for simd schedule(static) num_threads(pass->threads)
    for (size_t i = 0; i < n; i++)
      to[i] = scale * dy[i];
  }
}

const MgLayerClass mg_layer_add = {
    .type = "add",
    .params = &table,
    .size = sizeof(MgAdd),
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .spares_x = TRUE,
    .spares_y = TRUE,
    .joins = TRUE,
};

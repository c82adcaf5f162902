/* torch.nn.LeakyReLU: y = x, or slope · x where x is negative. */
#include "nn/layer.h"
#include <glib/gi18n-lib.h>

typedef struct {
  MgLayer base;
  float slope;
} LeakyRelu;

static const MgParamSpec specs[] = {
    {.name = "negative_slope",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.01",
     .min = 0, /* the sign of y tells that of x */
     .max = 1,
     .help = N_("Factor of negative values")},
};
static const MgParamTable table = MG_PARAM_TABLE("leaky-relu", N_("Leaky ReLU"), specs);

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  ((LeakyRelu *)layer)->slope = mg_params_float(params, "negative_slope");
  layer->flops = mg_shape_size(layer->input);
  return TRUE;
}

static void
forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  size_t n = pass->batch * mg_shape_size(layer->input);
  const float *in = x[0];
  float slope = ((LeakyRelu *)layer)->slope;
#pragma omp parallel for simd schedule(static) num_threads(pass->threads)
  for (size_t i = 0; i < n; i++)
    y[i] = in[i] > 0 ? in[i] : slope * in[i];
}

static void
backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  size_t n = pass->batch * mg_shape_size(layer->input);
  float *to = dx[0];
  if (!to)
    return;
  float slope = ((LeakyRelu *)layer)->slope;
#pragma omp parallel for simd schedule(static) num_threads(pass->threads)
  for (size_t i = 0; i < n; i++)
    to[i] = y[i] > 0 ? dy[i] : slope * dy[i];
}

const MgLayerClass mg_layer_leaky_relu = {
    .type = "leaky-relu",
    .params = &table,
    .size = sizeof(LeakyRelu),
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .spares_x = TRUE,
};

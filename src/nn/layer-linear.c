/* torch.nn.Linear over all values of the input: y = x · weightᵀ + bias. */
#include "nn/compute.h"
#include "nn/layer.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct {
  MgLayer base;
  gboolean biased;
  MgTensor *weight, *bias;
} Linear;

static const MgParamSpec specs[] = {
    {.name = "out_features",
     .type = MG_PARAM_INT,
     .default_value = "auto",
     .automatic = mg_layer_required,
     .min = 1,
     .max = 1 << 20,
     .help = N_("Values of the output, or \"classes\"")},
    {.name = "bias", .type = MG_PARAM_BOOL, .default_value = "true", .help = N_("Add a learned constant a value")},
};
static const MgParamTable table = MG_PARAM_TABLE("linear", N_("Linear"), specs);

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  Linear *self = (Linear *)layer;
  layer->output = (MgShape){mg_params_int(params, "out_features"), 1, 1};
  self->biased = mg_params_bool(params, "bias");
  layer->flops = (2.0 * mg_shape_size(layer->input) + self->biased) * layer->output.channels;
  return TRUE;
}

static gint64
weights(const MgLayer *layer)
{
  return ((gint64)mg_shape_size(layer->input) + ((const Linear *)layer)->biased) * layer->output.channels;
}

static void
create(MgLayer *layer, MgRng *rng)
{
  Linear *self = (Linear *)layer;
  int sizes[] = {layer->output.channels, mg_shape_size(layer->input)};
  float bound = 1 / sqrtf(sizes[1]); /* kaiming_uniform(a = √5) */
  self->weight = mg_layer_add_uniform(layer, "weight", 2, sizes, bound, rng);
  self->bias = self->biased ? mg_layer_add_uniform(layer, "bias", 1, sizes, bound, rng) : NULL;
}

static void
forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  Linear *self = (Linear *)layer;
  int in = mg_shape_size(layer->input), out = layer->output.channels;
  for (int n = 0; self->bias && n < pass->batch; n++)
    memcpy(y + (size_t)n * out, self->bias->data, out * sizeof *y);
  mg_compute_gemm_threaded(pass->threads, FALSE, TRUE, pass->batch, out, in, x[0], in, self->weight->data, in,
                           self->bias ? 1 : 0, y, out);
}

static void
backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  Linear *self = (Linear *)layer;
  int in = mg_shape_size(layer->input), out = layer->output.channels;
  mg_compute_gemm_threaded(pass->threads, TRUE, FALSE, out, in, pass->batch, dy, out, x[0], in, 0,
                           self->weight->gradient, in);
  if (self->bias)
    memset(self->bias->gradient, 0, out * sizeof *dy);
  for (int n = 0; self->bias && n < pass->batch; n++)
    for (int i = 0; i < out; i++)
      self->bias->gradient[i] += dy[(size_t)n * out + i];
  if (dx[0])
    mg_compute_gemm_threaded(pass->threads, FALSE, FALSE, pass->batch, in, out, dy, out, self->weight->data, in, 0,
                             dx[0], in);
}

const MgLayerClass mg_layer_linear = {
    .type = "linear",
    .params = &table,
    .size = sizeof(Linear),
    .shape = shape,
    .weights = weights,
    .create = create,
    .forward = forward,
    .backward = backward,
    .spares_y = TRUE,
};

/* torch.nn.LayerNorm: mean 0 and variance 1 within a segment, then a learned factor and constant for each value. */
#include "nn/layer.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct {
  MgLayer base;
  float eps;
  size_t values, places; /* a segment is (values, places): each place is normalised over its values */
  MgTensor *weight, *bias;
} LayerNorm;

static const MgParamSpec specs[] = {
    {.name = "over",
     .type = MG_PARAM_CHOICE,
     .default_value = "all",
     .choices = "all|features|channels",
     .help = N_("What shares a mean: all values, those of one moment, or the channels of one place")},
    {.name = "eps",
     .type = MG_PARAM_FLOAT,
     .default_value = "1e-05",
     .min = 1e-12,
     .max = 1,
     .help = N_("Added to the variance")},
};
static const MgParamTable table = MG_PARAM_TABLE("layernorm", N_("Layer normalisation"), specs);

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  LayerNorm *self = (LayerNorm *)layer;
  const char *over = mg_params_text(params, "over");
  self->eps = mg_params_float(params, "eps");
  self->places = g_str_equal(over, "all")        ? 1
                 : g_str_equal(over, "features") ? (size_t)layer->input.width
                                                 : (size_t)layer->input.height * layer->input.width;
  self->values = mg_shape_size(layer->input) / self->places;
  layer->cache_size = 2 * self->places * sizeof(float); /* mean and 1 / sqrt(variance + eps) */
  layer->flops = 8.0 * mg_shape_size(layer->input);
  return TRUE;
}

static gint64
weights(const MgLayer *layer)
{
  return 2 * (gint64)((const LayerNorm *)layer)->values;
}

static void
create(MgLayer *layer, MgRng *rng)
{
  LayerNorm *self = (LayerNorm *)layer;
  self->weight = mg_layer_add_filled(layer, "weight", TRUE, self->values, 1);
  self->bias = mg_layer_add_filled(layer, "bias", TRUE, self->values, 0);
}

static void
measure(const LayerNorm *self, const float *x, float *mean, float *inverse)
{
  double sum = 0, squares = 0;
  for (size_t i = 0; i < self->values; i++)
    sum += x[i * self->places];
  *mean = sum / self->values;
  for (size_t i = 0; i < self->values; i++) {
    double away = x[i * self->places] - *mean;
    squares += away * away;
  }
  *inverse = 1 / sqrt(squares / self->values + self->eps);
}

static void
forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  const LayerNorm *self = (const LayerNorm *)layer;
  size_t size = self->values * self->places, n = pass->batch * self->places;
  float *kept = pass->training ? layer->cache : NULL;
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (size_t p = 0; p < n; p++) {
    const float *from = x[0] + p / self->places * size + p % self->places;
    float *to = y + (from - x[0]), mean, inverse;
    measure(self, from, &mean, &inverse);
    for (size_t i = 0; i < self->values; i++)
      to[i * self->places] = (from[i * self->places] - mean) * inverse * self->weight->data[i] + self->bias->data[i];
    if (kept) {
      kept[2 * p] = mean;
      kept[2 * p + 1] = inverse;
    }
  }
}

/* Of one place, with g = dy · weight and z the normalised x: dx = inverse · (g - mean(g) - z · mean(g · z)). */
static void
place_backward(const LayerNorm *self, const float *x, const float *dy, float mean, float inverse, float *dx)
{
  size_t step = self->places;
  double sum = 0, product = 0;
  for (size_t i = 0; i < self->values; i++) {
    double g = dy[i * step] * self->weight->data[i];
    sum += g;
    product += g * (x[i * step] - mean) * inverse;
  }
  float offset = sum / self->values, slope = product / self->values;
  for (size_t i = 0; i < self->values; i++)
    dx[i * step] = inverse * (dy[i * step] * self->weight->data[i] - offset - (x[i * step] - mean) * inverse * slope);
}

static void
sum_gradients(const LayerNorm *self, const MgPass *pass, const float *x, const float *dy, const float *kept)
{
  size_t size = self->values * self->places;
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (size_t i = 0; i < self->values; i++) {
    double sum = 0, product = 0;
    for (size_t p = 0; p < pass->batch * self->places; p++) {
      size_t at = p / self->places * size + i * self->places + p % self->places;
      sum += dy[at];
      product += dy[at] * (x[at] - kept[2 * p]) * kept[2 * p + 1];
    }
    self->bias->gradient[i] = sum;
    self->weight->gradient[i] = product;
  }
}

static void
backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  const LayerNorm *self = (const LayerNorm *)layer;
  size_t size = self->values * self->places, n = pass->batch * self->places;
  const float *kept = layer->cache;
  sum_gradients(self, pass, x[0], dy, kept);
  if (!dx[0])
    return;
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (size_t p = 0; p < n; p++) {
    size_t at = p / self->places * size + p % self->places;
    place_backward(self, x[0] + at, dy + at, kept[2 * p], kept[2 * p + 1], dx[0] + at);
  }
}

const MgLayerClass mg_layer_layernorm = {
    .type = "layernorm",
    .params = &table,
    .size = sizeof(LayerNorm),
    .shape = shape,
    .weights = weights,
    .create = create,
    .forward = forward,
    .backward = backward,
    .spares_y = TRUE,
};

/* torch.nn.Dropout: while training, values are zeroed with probability p and the others scaled by 1 / (1 -
 * p). */
#include "nn/layer.h"
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  MgLayer base;
  float p;
} Dropout;

static const MgParamSpec specs[] = {
    {.name = "p",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.5",
     .min = 0,
     .max = 0.99,
     .help = N_("Probability that a value is zeroed while training")},
};
static const MgParamTable table = MG_PARAM_TABLE("dropout", N_("Dropout"), specs);

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  ((Dropout *)layer)->p = mg_params_float(params, "p");
  layer->cache_size = mg_shape_size(layer->input); /* a byte a value: kept or not */
  layer->flops = 0;
  return TRUE;
}

/* Each sample draws from a stream of its own, so the numbers do not depend on the thread count. */
static void
forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  size_t n = mg_shape_size(layer->input);
  if (!pass->training || pass->traced) {
    memcpy(y, x[0], pass->batch * n * sizeof *y);
    return;
  }
  float p = ((Dropout *)layer)->p, scale = 1 / (1 - p);
  guint8 *kept = layer->cache;
  guint64 seed = mg_rng_next(pass->rng);
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (int s = 0; s < pass->batch; s++) {
    MgRng rng = mg_rng_stream(seed, pass->first + s);
    for (size_t i = s * n; i < (s + 1) * n; i++) {
      kept[i] = mg_rng_uniform(&rng) >= p;
      y[i] = kept[i] ? x[0][i] * scale : 0;
    }
  }
}

static void
backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  size_t n = pass->batch * mg_shape_size(layer->input);
  float scale = 1 / (1 - ((Dropout *)layer)->p);
  const guint8 *kept = layer->cache;
  if (!dx[0])
    return;
  if (pass->traced) {
    memcpy(dx[0], dy, n * sizeof *dy);
    return;
  }
#pragma omp parallel for simd schedule(static) num_threads(pass->threads)
  for (size_t i = 0; i < n; i++)
    dx[0][i] = kept[i] ? dy[i] * scale : 0;
}

const MgLayerClass mg_layer_dropout = {
    .type = "dropout",
    .params = &table,
    .size = sizeof(Dropout),
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .spares_x = TRUE,
    .spares_y = TRUE,
};

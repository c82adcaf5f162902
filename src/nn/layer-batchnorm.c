/* torch.nn.BatchNorm2d. */
#include "nn/layer-batchnorm.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {.name = "eps",
     .type = MG_PARAM_FLOAT,
     .default_value = "1e-05",
     .min = 1e-12,
     .max = 1,
     .help = N_("Added to the variance")},
    {.name = "momentum",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.1",
     .min = 0,
     .max = 1,
     .help = N_("Share of a batch in the moving statistics")},
    {.name = "scale", .type = MG_PARAM_BOOL, .default_value = "true", .help = N_("Learn a factor a channel")},
};
static const MgParamTable table = MG_PARAM_TABLE("batchnorm", N_("Batch normalisation"), specs);

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  MgBatchNorm *self = (MgBatchNorm *)layer;
  self->eps = mg_params_float(params, "eps");
  self->momentum = mg_params_float(params, "momentum");
  self->fixed = !mg_params_bool(params, "scale");
  layer->flops = 2.0 * mg_shape_size(layer->input);
  return TRUE;
}

static gint64
weights(const MgLayer *layer)
{
  return (((const MgBatchNorm *)layer)->fixed ? 3 : 4) * (gint64)layer->input.channels;
}

static void
create(MgLayer *layer, MgRng *rng)
{
  MgBatchNorm *self = (MgBatchNorm *)layer;
  int n = layer->input.channels;
  self->weight = mg_layer_add_filled(layer, "weight", TRUE, n, 1);
  if (self->fixed)
    g_ptr_array_steal_index(layer->tensors, layer->tensors->len - 1);
  self->bias = mg_layer_add_filled(layer, "bias", TRUE, n, 0);
  self->running_mean = mg_layer_add_filled(layer, "running_mean", FALSE, n, 0);
  self->running_var = mg_layer_add_filled(layer, "running_var", FALSE, n, 1);
  self->mean = g_new0(float, n);
  self->inverse = g_new0(float, n);
}

static void
clear(MgLayer *layer)
{
  MgBatchNorm *self = (MgBatchNorm *)layer;
  if (self->fixed)
    mg_tensor_free(self->weight);
  g_free(self->mean);
  g_free(self->inverse);
}

void
mg_batchnorm_take(MgBatchNorm *norm, int c, double mean, double biased_variance, double n)
{
  double unbiased = n > 1 ? biased_variance * n / (n - 1) : biased_variance;
  float *running_mean = &norm->running_mean->data[c], *running_var = &norm->running_var->data[c];
  norm->mean[c] = mean;
  norm->inverse[c] = 1 / sqrt(biased_variance + norm->eps);
  *running_mean += norm->momentum * ((float)mean - *running_mean);
  *running_var += norm->momentum * ((float)unbiased - *running_var);
}

void
mg_batchnorm_affine(const MgBatchNorm *norm, int c, gboolean training, float *scale, float *shift)
{
  float mean = training ? norm->mean[c] : norm->running_mean->data[c];
  float inverse = training ? norm->inverse[c] : 1 / sqrtf(norm->running_var->data[c] + norm->eps);
  *scale = norm->weight->data[c] * inverse;
  *shift = norm->bias->data[c] - *scale * mean;
}

/* The moving statistics, as those of this pass. */
static void
recall(MgBatchNorm *self, int c)
{
  self->mean[c] = self->running_mean->data[c];
  self->inverse[c] = 1 / sqrtf(self->running_var->data[c] + self->eps);
}

/* In between they are plain sums, of doubles: what cancels is far below a float's rounding. */
void
mg_batchnorm_join_moments(const MgPass *pass, int channels, double *moments)
{
  double *mean = moments, *squares = moments + channels, *n = moments + 2 * channels;
  if (!pass->ranks)
    return;
  for (int c = 0; c < channels; c++) {
    squares[c] += *n * mean[c] * mean[c];
    mean[c] *= *n;
  }
  mg_ranks_sum(pass->ranks, moments, 2 * (size_t)channels + 1);
  for (int c = 0; c < channels; c++) {
    mean[c] /= *n;
    squares[c] = MAX(0, squares[c] - *n * mean[c] * mean[c]);
  }
}

/* Mean and sum of squares of channel c over the batch, in two passes: no cancellation. */
static void
measure(const MgBatchNorm *self, const MgPass *pass, const float *x, int c, double *mean_out, double *squares_out)
{
  int channels = self->base.input.channels;
  size_t plane = (size_t)self->base.input.height * self->base.input.width;
  double n = (double)pass->batch * plane, sum = 0, squares = 0;
  for (int s = 0; s < pass->batch; s++) {
    const float *values = x + ((size_t)s * channels + c) * plane;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < plane; i++)
      sum += values[i];
  }
  double mean = sum / n;
  for (int s = 0; s < pass->batch; s++) {
    const float *values = x + ((size_t)s * channels + c) * plane;
#pragma omp simd reduction(+ : squares)
    for (size_t i = 0; i < plane; i++)
      squares += (values[i] - mean) * (values[i] - mean);
  }
  *mean_out = mean;
  *squares_out = squares;
}

static void
take_statistics(MgBatchNorm *self, const MgPass *pass, const float *x)
{
  int channels = self->base.input.channels;
  g_autofree double *moments = g_new(double, 2 * channels + 1);
  moments[2 * channels] = (double)pass->batch * self->base.input.height * self->base.input.width;
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (int c = 0; c < channels; c++)
    measure(self, pass, x, c, &moments[c], &moments[channels + c]);
  mg_batchnorm_join_moments(pass, channels, moments);
  for (int c = 0; c < channels; c++)
    mg_batchnorm_take(self, c, moments[c], moments[channels + c] / moments[2 * channels], moments[2 * channels]);
}

static void
forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  MgBatchNorm *self = (MgBatchNorm *)layer;
  int channels = layer->input.channels;
  size_t plane = (size_t)layer->input.height * layer->input.width;
  if (pass->training && !pass->traced)
    take_statistics(self, pass, x[0]);
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (int c = 0; c < channels; c++) {
    if (pass->traced)
      recall(self, c);
    float scale, shift;
    mg_batchnorm_affine(self, c, pass->training, &scale, &shift);
    for (int s = 0; s < pass->batch; s++) {
      size_t at = ((size_t)s * channels + c) * plane;
#pragma omp simd
      for (size_t i = at; i < at + plane; i++)
        y[i] = scale * x[0][i] + shift;
    }
  }
}

/* With g = dy: dbias = sum g, dweight = sum g · (x - mean) · inverse, and
 * dx = weight · inverse · (g - dbias / n - (x - mean) · inverse · dweight / n). Moving statistics do not depend on x:
 * dx = weight · inverse · g. */
static void
backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  MgBatchNorm *self = (MgBatchNorm *)layer;
  int channels = layer->input.channels;
  size_t plane = (size_t)layer->input.height * layer->input.width;
  const float *in = x[0];
  float *din = dx[0];
  g_autofree double *sums = g_new(double, 2 * channels + 1);
  double *products = sums + channels;
  sums[2 * channels] = (double)pass->batch * plane;
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (int c = 0; c < channels; c++) {
    float mean = self->mean[c], inverse = self->inverse[c];
    double sum = 0, product = 0;
    for (int s = 0; s < pass->batch; s++) {
      size_t at = ((size_t)s * channels + c) * plane;
#pragma omp simd reduction(+ : sum, product)
      for (size_t i = at; i < at + plane; i++) {
        sum += dy[i];
        product += dy[i] * (in[i] - mean);
      }
    }
    self->bias->gradient[c] = sum;
    self->weight->gradient[c] = product * inverse;
    sums[c] = sum;
    products[c] = product;
  }
  if (!din)
    return;
  mg_ranks_sum(pass->ranks, sums, 2 * (size_t)channels + 1);
  double n = sums[2 * channels];
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (int c = 0; c < channels; c++) {
    float mean = self->mean[c], inverse = self->inverse[c], scale = self->weight->data[c] * inverse;
    float offset = pass->traced ? 0 : sums[c] / n, slope = pass->traced ? 0 : products[c] * inverse * inverse / n;
    for (int s = 0; s < pass->batch; s++) {
      size_t at = ((size_t)s * channels + c) * plane;
#pragma omp simd
      for (size_t i = at; i < at + plane; i++)
        din[i] = scale * (dy[i] - offset - (in[i] - mean) * slope);
    }
  }
}

const MgLayerClass mg_layer_batchnorm = {
    .type = "batchnorm",
    .params = &table,
    .size = sizeof(MgBatchNorm),
    .shape = shape,
    .weights = weights,
    .create = create,
    .forward = forward,
    .backward = backward,
    .spares_y = TRUE,
    .clear = clear,
};

#include "nn/stage.h"
#include "nn/blocked.h"
#include "nn/layer-add.h"
#include <omp.h>
#include <string.h>

enum { piece = 1024 }; /* positions whose sums are made in float32, while they are in the cache */

static size_t
vector_size(const MgStage *stage)
{
  return (size_t)stage->blocks * stage->kernels->lanes;
}

static size_t
plane_of(const MgStage *stage)
{
  return (size_t)stage->shape.height * stage->shape.width;
}

static size_t
pieces_of(size_t plane)
{
  return (plane + piece - 1) / piece;
}

static size_t
out_plane(const MgStage *stage)
{
  return stage->pool ? (size_t)stage->pooling.out_height * stage->pooling.out_width : plane_of(stage);
}

MgShape
mg_stage_output(const MgStage *stage)
{
  return stage->pool ? stage->pool->base.output : stage->shape;
}

static gboolean
next_is(const MgStep *step, int at, const char *type)
{
  return at < step->n && g_str_equal(step->layers[at]->class->type, type);
}

static gboolean
take_add(MgStage *stage, const MgStep *step, int at)
{
  const MgLayer *add = step->layers[at];
  float scale = ((const MgAdd *)add)->scale;
  if (add->n_inputs != 2 || (step->enters[at] == 0 && scale != 1))
    return FALSE;
  stage->adds = TRUE;
  stage->factor = step->enters[at] == 0 ? 1 : scale;
  return TRUE;
}

static gboolean
take_pool(MgStage *stage, const MgLayer *layer)
{
  const MgMaxPool *pool = (const MgMaxPool *)layer;
  const MgWindow *window = &pool->window;
  if (window->kernel.height != window->kernel.width || window->kernel.height * window->kernel.width > MG_CUT_OFF)
    return FALSE;
  stage->pool = pool;
  stage->pooling = (MgPooling){window->kernel,     window->stride,       window->padding,    layer->input.height,
                               layer->input.width, layer->output.height, layer->output.width};
  return TRUE;
}

/* The number of layers that the step has then. */
static int
take_layers(MgStage *stage, const MgStep *step, int at)
{
  if (next_is(step, at, "batchnorm"))
    stage->norm = (const MgBatchNorm *)step->layers[at++];
  if (next_is(step, at, "add") && !take_add(stage, step, at++))
    return at - 1;
  stage->relu = next_is(step, at, "relu");
  at += stage->relu;
  if (!stage->adds && next_is(step, at, "maxpool") && take_pool(stage, step->layers[at]))
    at++;
  return at;
}

void
mg_stage_init(MgStage *stage, MgStep *step, int first, MgShape shape, const MgTensor *bias)
{
  const MgKernels *kernels = mg_compute_kernels();
  *stage = (MgStage){.kernels = kernels, .shape = shape, .bias = bias, .factor = 1};
  stage->blocks = mg_blocks(shape.channels, kernels->lanes);
  step->n = take_layers(stage, step, first);
  size_t n = vector_size(stage);
  stage->scale = g_new0(float, 6 * n);
  stage->shift = stage->scale + n;
  stage->mean = stage->scale + 2 * n;
  stage->gradient_scale = stage->scale + 3 * n;
  stage->offset = stage->scale + 4 * n;
  stage->slope = stage->scale + 5 * n;
}

void
mg_stage_clear(MgStage *stage)
{
  g_free(stage->scale);
}

/* One segment's part of the cache: two sums of each block and piece; where there is pooling, z at each window's largest
 * and the winners. */
typedef struct {
  float *sums, *picked;
  gint8 *winners;
} Record;

static size_t
sums_size(const MgStage *stage)
{
  return 2 * vector_size(stage) * pieces_of(plane_of(stage));
}

size_t
mg_stage_cache(const MgStage *stage)
{
  size_t pooled = stage->pool ? vector_size(stage) * out_plane(stage) : 0;
  return (sums_size(stage) + pooled) * sizeof(float) + pooled;
}

size_t
mg_stage_workspace(const MgStage *stage)
{
  return (size_t)stage->shape.width * stage->kernels->lanes;
}

static Record
record_of(const MgStage *stage, void *cache, int n)
{
  Record record = {.sums = (float *)((char *)cache + n * mg_stage_cache(stage))};
  record.picked = record.sums + sums_size(stage);
  record.winners = (gint8 *)(record.picked + vector_size(stage) * out_plane(stage));
  return record;
}

/* The first of the two sums of one piece. */
static float *
sums_of(const MgStage *stage, const Record *record, int block, size_t number)
{
  return record->sums + 2 * stage->kernels->lanes * (block * pieces_of(plane_of(stage)) + number);
}

static float
bias_of(const MgStage *stage, int c)
{
  return stage->bias ? stage->bias->data[c] : 0;
}

static void
measure(const MgStage *stage, const MgPass *pass, void *cache, const float *z)
{
  int lanes = stage->kernels->lanes;
  size_t plane = plane_of(stage);
#pragma omp parallel for collapse(2) schedule(static) num_threads(pass->threads)
  for (int n = 0; n < pass->batch; n++)
    for (int b = 0; b < stage->blocks; b++) {
      Record record = record_of(stage, cache, n);
      const float *from = z + ((size_t)n * stage->blocks + b) * plane * lanes;
      for (size_t i = 0; i < pieces_of(plane); i++) {
        float *sums = sums_of(stage, &record, b, i);
        stage->kernels->moments(MIN(piece, plane - i * piece), from + i * piece * lanes, sums, sums + lanes);
      }
    }
}

/* Mean and sum of squares of one channel from those of its pieces (Chan, Golub and LeVeque, 1979). */
static void
merge_moments(const MgStage *stage, int batch, void *cache, int c, double *mean_out, double *squares_out)
{
  int lanes = stage->kernels->lanes;
  size_t plane = plane_of(stage);
  double n = 0, mean = 0, squares = 0;
  for (int s = 0; s < batch; s++) {
    Record record = record_of(stage, cache, s);
    for (size_t i = 0; i < pieces_of(plane); i++) {
      const float *sums = sums_of(stage, &record, c / lanes, i) + c % lanes;
      double more = MIN(piece, plane - i * piece), away = sums[0] - mean;
      mean += away * more / (n + more);
      squares += sums[lanes] + away * away * n * more / (n + more);
      n += more;
    }
  }
  *mean_out = mean;
  *squares_out = squares;
}

static void
take_statistics(MgStage *stage, const MgPass *pass, void *cache)
{
  int channels = stage->shape.channels;
  g_autofree double *moments = g_new(double, 2 * channels + 1);
  double *squares = moments + channels, *n = moments + 2 * channels;
  *n = (double)pass->batch * plane_of(stage);
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (int c = 0; c < channels; c++)
    merge_moments(stage, pass->batch, cache, c, &moments[c], &squares[c]);
  mg_batchnorm_join_moments(pass, channels, moments);
  for (int c = 0; c < channels; c++) {
    stage->mean[c] = moments[c];
    mg_batchnorm_take((MgBatchNorm *)stage->norm, c, moments[c] + bias_of(stage, c), squares[c] / *n, *n);
  }
}

static void
set_affine(MgStage *stage, gboolean training)
{
  for (int c = 0; c < stage->shape.channels; c++) {
    float scale = 1, shift = 0;
    if (stage->norm)
      mg_batchnorm_affine(stage->norm, c, training, &scale, &shift);
    stage->scale[c] = stage->factor * scale;
    stage->shift[c] = stage->factor * (shift + scale * bias_of(stage, c));
  }
}

void
mg_stage_prepare(MgStage *stage)
{
  set_affine(stage, FALSE);
}

/* z to y; `cache` is NULL without training. */
static void
apply(const MgStage *stage, int batch, int threads, void *cache, const float *z, const float *residual, float *y)
{
  const MgKernels *kernels = stage->kernels;
  int lanes = kernels->lanes, rows = stage->pool ? stage->pooling.out_height : stage->shape.height;
  size_t plane = plane_of(stage) * lanes, out = out_plane(stage) * lanes, row = out / rows;
#pragma omp parallel for collapse(3) schedule(static) num_threads(threads)
  for (int n = 0; n < batch; n++)
    for (int b = 0; b < stage->blocks; b++)
      for (int r = 0; r < rows; r++) {
        size_t number = (size_t)n * stage->blocks + b, at = number * out + r * row, own = b * out + r * row;
        const MgAffine affine = {stage->scale + b * lanes, stage->shift + b * lanes};
        Record record = cache && stage->pool ? record_of(stage, cache, n) : (Record){0};
        if (stage->pool)
          kernels->pool_row(&stage->pooling, r, z + number * plane, &affine, stage->relu, y + at,
                            record.picked ? record.picked + own : NULL, record.winners ? record.winners + own : NULL);
        else
          kernels->affine(row / lanes, z + at, &affine, residual ? residual + at : NULL, stage->relu, y + at);
      }
}

void
mg_stage_infer(const MgStage *stage, int batch, int threads, const float *z, const float *residual, float *y)
{
  apply(stage, batch, threads, NULL, z, residual, y);
}

void
mg_stage_forward(MgStage *stage, const MgPass *pass, void *cache, const float *z, const float *residual, float *y)
{
  if (stage->norm && !pass->traced) {
    measure(stage, pass, cache, z);
    take_statistics(stage, pass, cache);
  }
  set_affine(stage, !pass->traced);
  apply(stage, pass->batch, pass->threads, cache, z, residual, y);
}

/* Σ g and Σ g · (z - mean) of every piece, where g is what relu and pooling let through of dy. */
static void
sum_gradients(const MgStage *stage, const MgPass *pass, void *cache, const float *z, const float *y, const float *dy)
{
  const MgKernels *kernels = stage->kernels;
  int lanes = kernels->lanes;
  size_t plane = out_plane(stage);
#pragma omp parallel for collapse(2) schedule(static) num_threads(pass->threads)
  for (int n = 0; n < pass->batch; n++)
    for (int b = 0; b < stage->blocks; b++) {
      Record record = record_of(stage, cache, n);
      const float *mean = stage->mean + b * lanes;
      for (size_t i = 0; i < pieces_of(plane); i++) {
        size_t own = ((size_t)b * plane + i * piece) * lanes, at = (size_t)n * stage->blocks * plane * lanes + own;
        size_t count = MIN(piece, plane - i * piece);
        float *sums = sums_of(stage, &record, b, i);
        if (stage->pool)
          kernels->pool_sums(count, dy + at, record.picked + own, record.winners + own, mean, sums, sums + lanes);
        else
          kernels->norm_sums(count, dy + at, z + at, stage->relu ? y + at : NULL, mean, sums, sums + lanes);
      }
    }
}

/* Moving statistics do not depend on z: its gradient is scaled, and that is all. */
static void
scale_gradients(MgStage *stage)
{
  for (int c = 0; c < stage->shape.channels; c++) {
    stage->gradient_scale[c] = stage->scale[c];
    stage->mean[c] = stage->offset[c] = stage->slope[c] = 0;
  }
}

/* The gradients of one channel's weights, from its sums, which are told. */
static void
merge_gradients(MgStage *stage, int batch, void *cache, int c, double *sum_out, double *product_out)
{
  int lanes = stage->kernels->lanes;
  double sum = 0, product = 0;
  for (int s = 0; s < batch; s++) {
    Record record = record_of(stage, cache, s);
    for (size_t i = 0; i < pieces_of(out_plane(stage)); i++) {
      const float *sums = sums_of(stage, &record, c / lanes, i) + c % lanes;
      sum += sums[0];
      product += sums[lanes];
    }
  }
  stage->gradient_scale[c] = stage->scale[c];
  if (stage->bias) /* normalisation takes away any constant */
    stage->bias->gradient[c] = stage->norm ? 0 : stage->factor * sum;
  if (!stage->norm)
    return;
  float inverse = stage->norm->inverse[c];
  stage->norm->bias->gradient[c] = stage->factor * sum;
  stage->norm->weight->gradient[c] = stage->factor * product * inverse;
  *sum_out = sum;
  *product_out = product;
}

/* The gradients of all weights, and what dz needs. */
static void
take_gradients(MgStage *stage, const MgPass *pass, void *cache)
{
  int channels = stage->shape.channels;
  g_autofree double *sums = g_new(double, 2 * channels + 1);
  double *products = sums + channels, *count = sums + 2 * channels;
  *count = (double)pass->batch * plane_of(stage);
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (int c = 0; c < channels; c++)
    merge_gradients(stage, pass->batch, cache, c, &sums[c], &products[c]);
  if (!stage->norm)
    return;
  mg_ranks_sum(pass->ranks, sums, 2 * (size_t)channels + 1);
  for (int c = 0; c < channels; c++) {
    float inverse = stage->norm->inverse[c];
    stage->offset[c] = sums[c] / *count;
    stage->slope[c] = products[c] * inverse * inverse / *count;
  }
}

static MgNormGradient
norm_gradient_of(const MgStage *stage, int block)
{
  size_t at = (size_t)block * stage->kernels->lanes;
  return (MgNormGradient){stage->gradient_scale + at, stage->offset + at, stage->mean + at, stage->slope + at};
}

/* dz by rows of the picture before pooling. */
static void
spread(const MgStage *stage, const MgPass *pass, void *cache, const float *z, const float *dy, float *dz)
{
  const MgKernels *kernels = stage->kernels;
  int lanes = kernels->lanes, height = stage->shape.height;
  size_t row = (size_t)stage->shape.width * lanes, out = out_plane(stage) * lanes;
#pragma omp parallel for collapse(3) schedule(static) num_threads(pass->threads)
  for (int n = 0; n < pass->batch; n++)
    for (int b = 0; b < stage->blocks; b++)
      for (int r = 0; r < height; r++) {
        size_t number = (size_t)n * stage->blocks + b, at = (number * height + r) * row;
        Record record = record_of(stage, cache, n);
        MgNormGradient norm = norm_gradient_of(stage, b);
        float *g = pass->workspace + omp_get_thread_num() * pass->workspace_size;
        kernels->unpool_row(&stage->pooling, r, dy + number * out, record.winners + b * out, g);
        kernels->norm_gradient(stage->shape.width, g, z + at, NULL, &norm, FALSE, dz + at, FALSE, NULL);
      }
}

static void
pass_back(const MgStage *stage, const MgPass *pass, const float *z, const float *y, const float *dy, float *dz,
          float *dresidual)
{
  const MgKernels *kernels = stage->kernels;
  int lanes = kernels->lanes, height = stage->shape.height;
  size_t row = (size_t)stage->shape.width * lanes;
#pragma omp parallel for collapse(3) schedule(static) num_threads(pass->threads)
  for (int n = 0; n < pass->batch; n++)
    for (int b = 0; b < stage->blocks; b++)
      for (int r = 0; r < height; r++) {
        size_t at = (((size_t)n * stage->blocks + b) * height + r) * row;
        MgNormGradient norm = norm_gradient_of(stage, b);
        float *to = dz ? dz + at : pass->workspace + omp_get_thread_num() * pass->workspace_size;
        kernels->norm_gradient(stage->shape.width, dy + at, z + at, stage->relu ? y + at : NULL, &norm, FALSE, to,
                               FALSE, dresidual ? dresidual + at : NULL);
      }
}

void
mg_stage_backward(MgStage *stage, const MgPass *pass, void *cache, const float *z, const float *y, const float *dy,
                  float *dz, float *dresidual)
{
  if ((stage->norm || stage->bias) && !pass->traced)
    sum_gradients(stage, pass, cache, z, y, dy);
  if (pass->traced)
    scale_gradients(stage);
  else
    take_gradients(stage, pass, cache);
  if (!dz && !dresidual)
    return;
  if (stage->pool)
    spread(stage, pass, cache, z, dy, dz);
  else
    pass_back(stage, pass, z, y, dy, dz, dresidual);
}

/* Convolution, batch normalisation, relu and 2 x 2 max pooling as one step. While training, the statistics are taken
 * from each tile of the convolution while it is in the cache, and the gradient on its way back is only made for the
 * tile at hand: of the four layers' outputs only the convolution's and the pooled one are in memory, and of their
 * gradients only the pooled one. In inference the convolution's output is never written either. */
#include "nn/convolution.h"
#include "nn/fusion.h"
#include "nn/layer-batchnorm.h"
#include "nn/layer-conv2d.h"
#include "nn/layer-maxpool.h"

/* One segment's part of the step's cache. */
typedef struct {
  float *conv;     /* the convolution's output (channels, height, width) */
  float *picked;   /* its value at each window's largest (channels, pooled height, pooled width) */
  float *partial;  /* mean and sum of squared differences from it, for each tile and channel */
  guint8 *winners; /* as pool_rows() gives them */
} Record;

typedef struct {
  MgStep *step;
  const MgKernels *kernels;
  const MgConvolution *conv;
  MgBatchNorm *norm;
  MgShape pooled;
  gboolean training;
  const MgPass *pass;
  const float *dy;
  float *y;
} Block;

static MgConv2d *
conv_of(const MgStep *step)
{
  return (MgConv2d *)step->layers[0];
}

static Block
block_of(MgStep *step, const MgPass *pass)
{
  return (Block){.step = step,
                 .kernels = mg_compute_kernels(),
                 .conv = &conv_of(step)->conv,
                 .norm = (MgBatchNorm *)step->layers[1],
                 .pooled = step->layers[3]->output,
                 .training = pass->training,
                 .pass = pass};
}

static int
tiles_of(const MgConvolution *conv)
{
  int rows = mg_direct_tile_rows(conv);
  return (conv->height + rows - 1) / rows;
}

static Record
record_of(const MgStep *step, int n)
{
  const MgConvolution *conv = &conv_of(step)->conv;
  size_t pooled = mg_shape_size(step->layers[3]->output);
  Record record = {.conv = (float *)((char *)step->cache + n * step->cache_size)};
  record.picked = record.conv + mg_shape_size(step->layers[0]->output);
  record.partial = record.picked + pooled;
  record.winners = (guint8 *)(record.partial + (size_t)tiles_of(conv) * conv->out_channels * 2);
  return record;
}

static gboolean
take(MgStep *step)
{
  const MgConv2d *conv = conv_of(step);
  const MgMaxPool *pool = (const MgMaxPool *)step->layers[3];
  if (!mg_compute_kernels() || !mg_direct_fits(&conv->conv) || conv->biased ||
      !mg_window_is_square(&pool->window, 2, 2, 0) || pool->window.ceil_mode)
    return FALSE;
  size_t pooled = mg_shape_size(pool->base.output);
  size_t floats =
      mg_shape_size(conv->base.output) + pooled + (size_t)tiles_of(&conv->conv) * conv->conv.out_channels * 2;
  step->cache_size = (floats * sizeof(float) + pooled + 63) & ~(size_t)63;
  step->workspace = mg_direct_workspace(&conv->conv);
  return TRUE;
}

/* Keeps rows of the convolution's output and measures them. */
static void
keep_rows(void *data, int n, int channel, int first, int rows, const float *values, size_t stride)
{
  const Block *block = data;
  const MgConvolution *conv = block->conv;
  Record record = record_of(block->step, n);
  float *out = record.conv + ((size_t)channel * conv->height + first) * conv->width;
  float *partial = record.partial + ((first / mg_direct_tile_rows(conv)) * conv->out_channels + channel) * 2;
  double sum = 0, squares = 0;
  for (int r = 0; r < rows; r++)
    sum += block->kernels->copy_sum(conv->width, values + r * stride, out + r * conv->width);
  partial[0] = sum / ((double)rows * conv->width);
  for (int r = 0; r < rows; r++)
    squares += block->kernels->squares(conv->width, out + r * conv->width, partial[0]);
  partial[1] = squares;
}

/* The tiles' statistics of a channel as one (Chan, Golub and LeVeque, 1979). */
static void
take_statistics(const Block *block, int channel)
{
  const MgConvolution *conv = block->conv;
  int most = mg_direct_tile_rows(conv), tiles = tiles_of(conv);
  double n = 0, mean = 0, squares = 0;
  for (int s = 0; s < block->pass->batch; s++)
    for (int t = 0; t < tiles; t++) {
      const float *partial = record_of(block->step, s).partial + (t * conv->out_channels + channel) * 2;
      double more = (double)MIN(most, conv->height - t * most) * conv->width, away = partial[0] - mean;
      mean += away * more / (n + more);
      squares += partial[1] + away * away * n * more / (n + more);
      n += more;
    }
  mg_batchnorm_take(block->norm, channel, mean, squares / n, n);
}

/* Normalises and pools `rows` rows of one channel, from an even row on; pairs beyond the pooled picture are dropped. */
static void
pool(const Block *block, int n, int channel, int first, int rows, const float *values, size_t stride,
     const Record *record)
{
  float scale, shift;
  mg_batchnorm_affine(block->norm, channel, block->training, &scale, &shift);
  int width = block->pooled.width, end = MIN((first + rows) / 2, block->pooled.height);
  for (int h = first / 2; h < end; h++, values += 2 * stride) {
    size_t at = ((size_t)channel * block->pooled.height + h) * width;
    block->kernels->pool_rows(width, values, values + stride, scale, shift,
                              block->y + n * mg_shape_size(block->pooled) + at, record ? record->picked + at : NULL,
                              record ? record->winners + at : NULL);
  }
}

static void
pool_tile(void *data, int n, int channel, int first, int rows, const float *values, size_t stride)
{
  pool(data, n, channel, first, rows, values, stride, NULL);
}

static void
forward(MgStep *step, const MgPass *pass, const float *const *x, float *y)
{
  Block block = block_of(step, pass);
  const MgConvolution *conv = block.conv;
  block.y = y;
  mg_direct_convolve(conv, pass->batch, pass->threads, x[0], conv_of(step)->weight->data,
                     pass->training ? keep_rows : pool_tile, &block, pass->workspace);
  if (!pass->training)
    return;
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (int c = 0; c < conv->out_channels; c++) {
    take_statistics(&block, c);
    for (int n = 0; n < pass->batch; n++) {
      Record record = record_of(step, n);
      pool(&block, n, c, 0, conv->height, record.conv + (size_t)c * conv->height * conv->width, conv->width, &record);
    }
  }
}

/* Gradients of the normalisation's weight and bias. */
static void
sum_gradients(const Block *block, int channel)
{
  enum { piece = 4096 }; /* short enough for sums in float32 */
  size_t plane = (size_t)block->pooled.height * block->pooled.width, all = mg_shape_size(block->pooled);
  double sum = 0, product = 0;
  for (int n = 0; n < block->pass->batch; n++) {
    Record record = record_of(block->step, n);
    for (size_t i = channel * plane; i < (channel + 1) * plane; i += piece) {
      float s, p;
      block->kernels->pool_sums(MIN(piece, (channel + 1) * plane - i), block->dy + n * all + i, record.picked + i,
                                record.winners + i, block->norm->mean[channel], &s, &p);
      sum += s;
      product += p;
    }
  }
  block->norm->bias->gradient[channel] = sum;
  block->norm->weight->gradient[channel] = product * block->norm->inverse[channel];
}

/* A row of the gradient of the convolution's output. */
static void
give_row(void *data, int n, int channel, int row, float *values)
{
  const Block *block = data;
  const MgBatchNorm *norm = block->norm;
  const MgConvolution *conv = block->conv;
  double count = (double)block->pass->batch * conv->height * conv->width;
  const MgNormGradient gradient = {
      .scale = norm->weight->data[channel] * norm->inverse[channel],
      .offset = norm->bias->gradient[channel] / count,
      .mean = norm->mean[channel],
      .slope = norm->weight->gradient[channel] * norm->inverse[channel] / count,
  };
  Record record = record_of(block->step, n);
  const float *x = record.conv + ((size_t)channel * conv->height + row) * conv->width;
  int windows = row / 2 < block->pooled.height ? block->pooled.width : 0;
  size_t at = ((size_t)channel * block->pooled.height + row / 2) * block->pooled.width;
  if (windows > 0)
    block->kernels->unpool_row(windows, x, block->dy + n * mg_shape_size(block->pooled) + at, record.winners + at,
                               row % 2, &gradient, values);
  block->kernels->norm_row(conv->width - 2 * windows, x + 2 * windows, &gradient, values + 2 * windows);
}

static void
backward(MgStep *step, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  Block block = block_of(step, pass);
  MgConv2d *conv = conv_of(step);
  block.dy = dy;
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (int c = 0; c < conv->conv.out_channels; c++)
    sum_gradients(&block, c);
  mg_direct_convolve_backward(&conv->conv, pass->batch, pass->threads, x[0], conv->weight->data, give_row, &block,
                              dx[0], conv->weight->gradient, pass->workspace);
}

const MgFusion mg_fusion_conv_pool = {
    .types = {"conv2d", "batchnorm", "relu", "maxpool", NULL},
    .take = take,
    .forward = forward,
    .backward = backward,
    .spares_y = TRUE,
};

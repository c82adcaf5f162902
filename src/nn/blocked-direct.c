/* Convolutions computed directly: a thread copies the part of the input that some rows of output need, with its border
 * of zeros, and adds up the products of all taps in registers. */
#include "nn/blocked-private.h"

enum { window_floats = 48 * 1024, most_taps = 49, correlated_positions = 256 };

static int
step_of(const MgBlocked *conv)
{
  return conv->stem ? 1 : conv->kernels->lanes;
}

/* Planes of the input: blocks, or a stem's channels. */
static int
planes_of(const MgBlocked *conv)
{
  return conv->stem ? conv->shape.in_channels : conv->in_blocks;
}

static size_t
input_size(const MgBlocked *conv)
{
  return (size_t)planes_of(conv) * step_of(conv) * conv->shape.height * conv->shape.width;
}

static size_t
output_plane(const MgBlocked *conv)
{
  return (size_t)conv->shape.out_height * conv->shape.out_width * conv->kernels->lanes;
}

/* Rows of output whose input fits the window of scratch memory; at least one. */
static int
rows_fitting(const MgBlocked *conv, size_t window_row)
{
  const MgConvolution *shape = &conv->shape;
  int rows = ((int)(window_floats / window_row) - shape->kernel.height) / shape->stride.height + 1;
  return CLAMP(rows, 1, shape->out_height);
}

static int
padded_width(const MgBlocked *conv)
{
  return conv->shape.width + 2 * conv->shape.padding.width;
}

static int
input_rows(const MgBlocked *conv, int rows)
{
  return (rows - 1) * conv->shape.stride.height + conv->shape.kernel.height;
}

static size_t
forward_row(const MgBlocked *conv)
{
  return (size_t)padded_width(conv) * step_of(conv) * planes_of(conv);
}

typedef struct {
  const MgBlocked *conv;
  MgTerms terms;
  ptrdiff_t x_taps[most_taps];
  size_t weight_taps[most_taps];
} Sum;

static void
add_tap(Sum *sum, ptrdiff_t x, size_t weight)
{
  sum->x_taps[sum->terms.taps] = x;
  sum->weight_taps[sum->terms.taps++] = weight;
}

/* Over a window of `rows` rows of input. */
static void
forward_sum(const MgBlocked *conv, int rows, Sum *sum)
{
  MgSize kernel = conv->shape.kernel;
  int lanes = conv->kernels->lanes, channels = conv->stem ? 1 : lanes;
  size_t tap = (size_t)channels * lanes;
  sum->terms = (MgTerms){.blocks = planes_of(conv), .channels = channels, .x_taps = sum->x_taps};
  sum->terms.weight_taps = sum->weight_taps;
  sum->terms.x_block = (size_t)rows * padded_width(conv) * step_of(conv);
  sum->terms.weight_block = kernel.height * kernel.width * tap;
  sum->terms.weight_pair = mg_blocked_packed_size(conv, FALSE) / conv->out_blocks;
  for (int i = 0; i < kernel.height; i++)
    for (int j = 0; j < kernel.width; j++)
      add_tap(sum, ((ptrdiff_t)i * padded_width(conv) + j) * step_of(conv), (i * kernel.width + j) * tap);
}

/* Output rows first … first + rows - 1 of picture n, for the blocks of outputs from … to - 1. */
static void
convolve_rows(const MgBlocked *conv, int n, int first, int rows, int from, int to, const float *x, const float *packed,
              const MgEpilogue *epilogue, float *y, float *window)
{
  const MgConvolution *shape = &conv->shape;
  int lanes = conv->kernels->lanes, step = step_of(conv), in_rows = input_rows(conv, rows);
  size_t plane = output_plane(conv), size = (size_t)shape->height * shape->width * step;
  size_t row = (size_t)shape->stride.height * padded_width(conv) * step;
  Sum sum;
  forward_sum(conv, in_rows, &sum);
  size_t block = sum.terms.weight_pair;
  for (int p = 0; p < planes_of(conv); p++)
    mg_copy_window(x + n * input_size(conv) + p * size, shape->height, shape->width, step,
                   first * shape->stride.height - shape->padding.height, -shape->padding.width, in_rows,
                   padded_width(conv), window + p * sum.terms.x_block);
  for (int o = from; o < to; o += 2) {
    sum.terms.weight_pair = o + 1 < to ? block : 0;
    for (int r = 0; r < rows; r++) {
      size_t at = ((size_t)n * conv->out_blocks + o) * plane + (size_t)(first + r) * shape->out_width * lanes;
      MgEpilogue own = *epilogue;
      own.bias = own.bias ? own.bias + o * lanes : NULL;
      own.residual = own.residual ? own.residual + at : NULL;
      conv->kernels->convolve(&sum.terms, shape->stride.width * step, shape->out_width, window + r * row,
                              packed + o * block, &own, y + at, plane, lanes);
    }
  }
}

/* Parts of the output's blocks, so that a small batch occupies all threads. */
static int
block_parts(const MgBlocked *conv, int batch, int threads)
{
  int pairs = (conv->out_blocks + 1) / 2;
  return batch >= threads ? 1 : MIN(pairs, 2 * threads);
}

void
mg_direct_convolve(const MgBlocked *conv, const MgBlockedPass *pass, const float *x, const float *packed,
                   const MgEpilogue *epilogue, float *y)
{
  int height = conv->shape.out_height, most = rows_fitting(conv, forward_row(conv));
  int groups = (height + most - 1) / most, parts = block_parts(conv, pass->batch, pass->threads);
  int pairs = (conv->out_blocks + 1) / 2;
#pragma omp parallel for collapse(3) schedule(static) num_threads(pass->threads)
  for (int n = 0; n < pass->batch; n++)
    for (int part = 0; part < parts; part++)
      for (int g = 0; g < groups; g++) {
        int first = height * g / groups, rows = height * (g + 1) / groups - first;
        convolve_rows(conv, n, first, rows, pairs * part / parts * 2,
                      MIN(pairs * (part + 1) / parts * 2, conv->out_blocks), x, packed, epilogue, y,
                      pass->workspace + omp_get_thread_num() * pass->workspace_size);
      }
}

static int
floor_div(int a, int b)
{
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

/* Input rows that are `phase` beyond a multiple of the stride take from output rows row + low … row + high. */
typedef struct {
  int phase, low, high, count; /* count: of such rows */
} Phase;

static Phase
phase_of(int phase, int kernel, int stride, int padding, int size)
{
  return (Phase){.phase = phase,
                 .low = floor_div(phase + padding - (kernel - 1), stride),
                 .high = floor_div(phase + padding, stride),
                 .count = MAX((size - phase + stride - 1) / stride, 0)};
}

static int
phase_columns(Phase phase)
{
  return phase.count + phase.high - phase.low;
}

/* Over a window of `rows` rows of the output's gradient. */
static void
backward_sum(const MgBlocked *conv, Phase vertical, Phase horizontal, int rows, Sum *sum)
{
  const MgConvolution *shape = &conv->shape;
  MgSize kernel = shape->kernel;
  int taps = kernel.height * kernel.width, lanes = conv->kernels->lanes, columns = phase_columns(horizontal);
  size_t square = (size_t)lanes * lanes;
  sum->terms = (MgTerms){.blocks = conv->out_blocks, .channels = lanes, .x_taps = sum->x_taps};
  sum->terms.weight_taps = sum->weight_taps;
  sum->terms.x_block = (size_t)rows * columns * lanes;
  sum->terms.weight_block = taps * square;
  for (int i = 0; i < kernel.height; i++)
    for (int j = 0; j < kernel.width; j++) {
      int down = vertical.phase + shape->padding.height - i, right = horizontal.phase + shape->padding.width - j;
      if (down % shape->stride.height != 0 || right % shape->stride.width != 0)
        continue;
      int h = down / shape->stride.height - vertical.low, w = right / shape->stride.width - horizontal.low;
      add_tap(sum, ((ptrdiff_t)h * columns + w) * lanes, (taps - 1 - (i * kernel.width + j)) * square);
    }
}

typedef struct {
  const MgBlocked *conv;
  const float *dy, *packed;
  gboolean add;
  float *dx; /* of one picture */
} Backward;

/* Rows first … first + rows - 1 of those of one phase. */
static void
backward_rows(const Backward *pass, const float *dy, Phase vertical, Phase horizontal, int first, int rows,
              float *window)
{
  const MgBlocked *conv = pass->conv;
  const MgConvolution *shape = &conv->shape;
  int lanes = conv->kernels->lanes, in_rows = rows + vertical.high - vertical.low;
  int columns = phase_columns(horizontal);
  size_t plane = (size_t)shape->height * shape->width * lanes;
  Sum sum;
  backward_sum(conv, vertical, horizontal, in_rows, &sum);
  size_t block = sum.terms.weight_block * conv->out_blocks;
  for (int o = 0; o < conv->out_blocks; o++)
    mg_copy_window(dy + o * output_plane(conv), shape->out_height, shape->out_width, lanes, first + vertical.low,
                   horizontal.low, in_rows, columns, window + o * sum.terms.x_block);
  for (int b = 0; b < conv->in_blocks; b += 2) {
    sum.terms.weight_pair = b + 1 < conv->in_blocks ? block : 0;
    for (int r = 0; r < rows; r++) {
      float *to =
          pass->dx + b * plane +
          ((size_t)((first + r) * shape->stride.height + vertical.phase) * shape->width + horizontal.phase) * lanes;
      const MgEpilogue epilogue = {.residual = pass->add ? to : NULL};
      conv->kernels->convolve(&sum.terms, lanes, horizontal.count, window + (size_t)r * columns * lanes,
                              pass->packed + b * block, &epilogue, to, plane, (size_t)shape->stride.width * lanes);
    }
  }
}

static size_t
backward_row(const MgBlocked *conv)
{
  size_t columns = conv->shape.width / conv->shape.stride.width + 1 + conv->shape.kernel.width;
  return columns * conv->kernels->lanes * conv->out_blocks;
}

/* All rows of a picture whose number is `g` modulo `groups`, in pieces. */
static void
backward_picture(const Backward *pass, const float *dy, int g, int groups, float *window)
{
  const MgBlocked *conv = pass->conv;
  const MgConvolution *shape = &conv->shape;
  int most = MAX((int)(window_floats / backward_row(conv)) - shape->kernel.height, 1);
  for (int i = 0; i < shape->stride.height; i++)
    for (int j = 0; j < shape->stride.width; j++) {
      Phase vertical = phase_of(i, shape->kernel.height, shape->stride.height, shape->padding.height, shape->height);
      Phase horizontal = phase_of(j, shape->kernel.width, shape->stride.width, shape->padding.width, shape->width);
      int from = vertical.count * g / groups, to = vertical.count * (g + 1) / groups;
      for (int first = from; first < to; first += most)
        backward_rows(pass, dy, vertical, horizontal, first, MIN(most, to - first), window);
    }
}

static size_t
window_size(const MgBlocked *conv)
{
  const MgConvolution *shape = &conv->shape;
  int lanes = conv->kernels->lanes;
  size_t forward = forward_row(conv) * MAX(input_rows(conv, 1), (int)(window_floats / forward_row(conv)));
  size_t data = backward_row(conv) * MAX(shape->kernel.height + 1, (int)(window_floats / backward_row(conv)));
  int most = CLAMP(correlated_positions / shape->out_width, 1, shape->out_height);
  size_t weights = (size_t)input_rows(conv, most) * padded_width(conv) * step_of(conv);
  size_t square = (size_t)lanes * lanes * shape->kernel.height * shape->kernel.width;
  return (MAX(MAX(forward, data), MAX(weights, square)) + 15) & ~(size_t)15;
}

void
mg_direct_convolve_data(const MgBlocked *conv, const MgBlockedPass *pass, const float *dy, const float *packed,
                        gboolean add, float *dx)
{
  const MgConvolution *shape = &conv->shape;
  int lanes = conv->kernels->lanes, groups = pass->batch >= pass->threads || conv->stem ? 1 : pass->threads;
  size_t in = (size_t)conv->in_blocks * shape->height * shape->width * lanes;
  size_t plain = (size_t)shape->in_channels * shape->height * shape->width, window = window_size(conv);
#pragma omp parallel for collapse(2) schedule(static) num_threads(pass->threads)
  for (int n = 0; n < pass->batch; n++)
    for (int g = 0; g < groups; g++) {
      float *scratch = pass->workspace + omp_get_thread_num() * pass->workspace_size;
      float *picture = conv->stem ? scratch + window : dx + n * in;
      const Backward backward = {conv, dy, packed, add && !conv->stem, picture};
      backward_picture(&backward, dy + n * conv->out_blocks * output_plane(conv), g, groups, scratch);
      if (conv->stem)
        mg_unblock(conv->kernels, 1, 1, shape->in_channels, (size_t)shape->height * shape->width, picture,
                   dx + n * plain);
    }
}

/* A thread's part of the weights' gradient. */
typedef struct {
  const MgBlocked *conv;
  int out_block, outs, plane; /* plane: of the input */
  float *sums;                /* (outs, taps, channels, lanes) */
  size_t pair;
} Share;

static int
share_channels(const MgBlocked *conv)
{
  return conv->stem ? 1 : conv->kernels->lanes;
}

static size_t
share_size(const MgBlocked *conv)
{
  return (size_t)conv->shape.kernel.height * conv->shape.kernel.width * share_channels(conv) * conv->kernels->lanes;
}

/* A row of a stem's kernel at a time: its taps lie as channels do. */
static void
correlate_stem(const Share *share, MgCorrelation *on, const float *window, const float *dy)
{
  const MgBlocked *conv = share->conv;
  MgSize kernel = conv->shape.kernel;
  int lanes = conv->kernels->lanes, once = conv->kernels->channels_once;
  for (int i = 0; i < kernel.height; i++)
    for (int j = 0; j < kernel.width; j += once)
      conv->kernels->correlate(on, MIN(once, kernel.width - j), conv->shape.stride.width,
                               window + i * padded_width(conv) + j, dy,
                               share->sums + (size_t)(i * kernel.width + j) * lanes);
}

static void
correlate_block(const Share *share, MgCorrelation *on, const float *window, const float *dy)
{
  const MgBlocked *conv = share->conv;
  MgSize kernel = conv->shape.kernel;
  int lanes = conv->kernels->lanes, once = conv->kernels->channels_once;
  for (int i = 0; i < kernel.height; i++)
    for (int j = 0; j < kernel.width; j++)
      for (int c = 0; c < lanes; c += once)
        conv->kernels->correlate(on, once, conv->shape.stride.width * lanes,
                                 window + ((size_t)i * padded_width(conv) + j) * lanes + c, dy,
                                 share->sums + ((size_t)(i * kernel.width + j) * lanes + c) * lanes);
}

static void
correlate_picture(const Share *share, const float *x, const float *dy, float *window)
{
  const MgBlocked *conv = share->conv;
  const MgConvolution *shape = &conv->shape;
  int lanes = conv->kernels->lanes, step = step_of(conv);
  int most = CLAMP(correlated_positions / shape->out_width, 1, shape->out_height);
  MgCorrelation on = {.positions = shape->out_width,
                      .x_row = (size_t)shape->stride.height * padded_width(conv) * step,
                      .dy_row = (size_t)shape->out_width * lanes,
                      .dy_pair = share->outs == 2 ? output_plane(conv) : 0,
                      .weight_pair = share->pair};
  for (int first = 0; first < shape->out_height; first += most) {
    on.rows = MIN(most, shape->out_height - first);
    mg_copy_window(x + (size_t)share->plane * shape->height * shape->width * step, shape->height, shape->width, step,
                   first * shape->stride.height - shape->padding.height, -shape->padding.width,
                   input_rows(conv, on.rows), padded_width(conv), window);
    (conv->stem ? correlate_stem : correlate_block)(share, &on, window,
                                                    dy + share->out_block * output_plane(conv) + first * on.dy_row);
  }
}

enum { few_jobs = 64 };

static int
jobs_of(const MgBlocked *conv)
{
  return (conv->out_blocks + 1) / 2 * planes_of(conv);
}

/* Few blocks of weights are shared out by pictures instead: parts of the batch. */
static int
batch_parts(const MgBlocked *conv, int threads)
{
  return jobs_of(conv) < MIN(few_jobs, 4 * threads) ? threads : 1;
}

static size_t
shares_size(const MgBlocked *conv)
{
  return planes_of(conv) * (size_t)conv->out_blocks * share_size(conv);
}

/* Shares of several parts lie in the threads' scratch memory, behind the window. */
size_t
mg_direct_shared(const MgBlocked *conv)
{
  return shares_size(conv);
}

size_t
mg_direct_workspace(const MgBlocked *conv)
{
  const MgConvolution *shape = &conv->shape;
  size_t picture = (size_t)conv->in_blocks * shape->height * shape->width * conv->kernels->lanes;
  size_t behind = MAX(conv->stem ? picture : 0, jobs_of(conv) < few_jobs ? shares_size(conv) : 0);
  return window_size(conv) + behind;
}

static float *
shares_of(const MgBlocked *conv, const MgBlockedPass *pass, int parts, int part)
{
  return parts == 1 ? pass->shared : pass->workspace + part * pass->workspace_size + window_size(conv);
}

/* The sum of all parts' shares to dweight. */
static void
write_shares(const MgBlocked *conv, const MgBlockedPass *pass, int parts, int out_block, int in_block, float *square,
             float *dweight)
{
  int lanes = conv->kernels->lanes, taps = conv->shape.kernel.height * conv->shape.kernel.width;
  int channels = share_channels(conv), planes = conv->stem ? conv->shape.in_channels : 1;
  for (int i = 0; i < planes; i++) {
    size_t at = ((size_t)(in_block + i) * conv->out_blocks + out_block) * share_size(conv);
    for (int t = 0; t < taps; t++)
      for (int c = 0; c < channels; c++, at += lanes)
        for (int l = 0; l < lanes; l++) {
          float sum = 0;
          for (int p = 0; p < parts; p++)
            sum += shares_of(conv, pass, parts, p)[at + l];
          square[((size_t)(i + c) * taps + t) * lanes + l] = sum;
        }
  }
  mg_write_weights(conv, square, out_block, in_block, dweight);
}

void
mg_direct_convolve_weights(const MgBlocked *conv, const MgBlockedPass *pass, const float *x, const float *dy,
                           float *dweight)
{
  int planes = planes_of(conv), parts = batch_parts(conv, pass->threads), in_blocks = conv->stem ? 1 : planes;
  size_t size = share_size(conv);
#pragma omp parallel num_threads(pass->threads)
  {
    float *scratch = pass->workspace + omp_get_thread_num() * pass->workspace_size;
#pragma omp for collapse(3) schedule(static)
    for (int p = 0; p < parts; p++)
      for (int o = 0; o < conv->out_blocks; o += 2)
        for (int i = 0; i < planes; i++) {
          const Share share = {.conv = conv,
                               .out_block = o,
                               .outs = MIN(2, conv->out_blocks - o),
                               .plane = i,
                               .sums = shares_of(conv, pass, parts, p) + ((size_t)i * conv->out_blocks + o) * size,
                               .pair = size};
          memset(share.sums, 0, share.outs * size * sizeof(float));
          for (int n = pass->batch * p / parts; n < pass->batch * (p + 1) / parts; n++)
            correlate_picture(&share, x + n * input_size(conv), dy + n * conv->out_blocks * output_plane(conv),
                              scratch);
        }
#pragma omp for collapse(2) schedule(static)
    for (int o = 0; o < conv->out_blocks; o++)
      for (int i = 0; i < in_blocks; i++)
        write_shares(conv, pass, parts, o, i, scratch, dweight);
  }
}

#include "nn/blocked-private.h"

enum { most_stem_channels = 4, most_taps = 49, fewest_tiles = 8, fewest_tiles_unpacked = 24 };
enum { fewest_tiles_uncached = 12, cached_weights = 1 << 20 };

static int
taps_of(const MgBlocked *conv)
{
  return conv->shape.kernel.height * conv->shape.kernel.width;
}

gboolean
mg_blocked_convolution(const MgConvolution *shape, const MgKernels *kernels, MgBlocked *conv)
{
  *conv = (MgBlocked){*shape, kernels, 0, 0, shape->in_channels <= most_stem_channels};
  if (!kernels || shape->groups > 1 || MAX(shape->stride.height, shape->stride.width) > 2 ||
      shape->kernel.height * shape->kernel.width > most_taps)
    return FALSE;
  conv->in_blocks = mg_blocks(shape->in_channels, kernels->lanes);
  conv->out_blocks = mg_blocks(shape->out_channels, kernels->lanes);
  return TRUE;
}

static gboolean
fits_winograd(const MgBlocked *conv)
{
  const MgConvolution *shape = &conv->shape;
  return !conv->stem && shape->kernel.height == 3 && shape->kernel.width == 3 && shape->stride.height == 1 &&
         shape->stride.width == 1 && MAX(shape->padding.height, shape->padding.width) <= 2;
}

gboolean
mg_blocked_prefers_winograd(const MgBlocked *conv, int batch, gboolean packed)
{
  const MgConvolution *shape = &conv->shape;
  int tiles = batch * ((shape->out_height + 3) / 4) * ((shape->out_width + 3) / 4);
  /* The direct way reads all weights anew for every segment, which takes long where the cache does not hold them. */
  gboolean cached = 9 * shape->in_channels * shape->out_channels <= cached_weights;
  int fewest = packed ? fewest_tiles : cached ? fewest_tiles_unpacked : fewest_tiles_uncached;
  return fits_winograd(conv) && tiles >= fewest;
}

void
mg_copy_window(const float *plane, int height, int width, int step, int top, int left, int rows, int columns,
               float *out)
{
  int low = CLAMP(-left, 0, columns), high = CLAMP(width - left, low, columns);
  for (int r = 0; r < rows; r++, out += (size_t)columns * step) {
    int h = top + r, from = low, to = high;
    if (h < 0 || h >= height)
      from = to = columns;
    memset(out, 0, (size_t)from * step * sizeof *out);
    if (to > from)
      memcpy(out + (size_t)from * step, plane + ((size_t)h * width + left + from) * step,
             (size_t)(to - from) * step * sizeof *out);
    memset(out + (size_t)to * step, 0, (size_t)(columns - to) * step * sizeof *out);
  }
}

/* Inputs that one block of weights has. */
static int
inputs_of(const MgBlocked *conv, int in_block)
{
  return MIN(conv->kernels->lanes, conv->shape.in_channels - in_block * conv->kernels->lanes);
}

static int
outputs_of(const MgBlocked *conv, int out_block)
{
  return MIN(conv->kernels->lanes, conv->shape.out_channels - out_block * conv->kernels->lanes);
}

static size_t
weight_at(const MgBlocked *conv, int out_block, int in_block)
{
  int lanes = conv->kernels->lanes;
  return ((size_t)out_block * lanes * conv->shape.in_channels + in_block * lanes) * taps_of(conv);
}

void
mg_read_weights(const MgBlocked *conv, const float *weight, const float *scale, int out_block, int in_block,
                float *square)
{
  int lanes = conv->kernels->lanes, taps = taps_of(conv), outputs = outputs_of(conv, out_block);
  size_t columns = (size_t)inputs_of(conv, in_block) * taps, row = (size_t)conv->shape.in_channels * taps;
  const float *from = weight + weight_at(conv, out_block, in_block);
  if (outputs == lanes)
    conv->kernels->transpose_in(columns, from, row, square);
  else
    for (size_t c = 0; c < columns; c++)
      for (int o = 0; o < lanes; o++)
        square[c * lanes + o] = o < outputs ? from[o * row + c] : 0;
  memset(square + columns * lanes, 0, ((size_t)lanes * taps - columns) * lanes * sizeof *square);
  for (size_t c = 0; scale && c < columns; c++)
    for (int o = 0; o < outputs; o++)
      square[c * lanes + o] *= scale[out_block * lanes + o];
}

void
mg_write_weights(const MgBlocked *conv, const float *square, int out_block, int in_block, float *weight)
{
  int lanes = conv->kernels->lanes, taps = taps_of(conv), outputs = outputs_of(conv, out_block);
  size_t columns = (size_t)inputs_of(conv, in_block) * taps, row = (size_t)conv->shape.in_channels * taps;
  float *to = weight + weight_at(conv, out_block, in_block);
  if (outputs == lanes)
    conv->kernels->transpose_out(columns, square, to, row);
  else
    for (int o = 0; o < outputs; o++)
      for (size_t c = 0; c < columns; c++)
        to[o * row + c] = square[c * lanes + o];
}

/* A block of weights with inputs and outputs exchanged: (outputs · taps, lanes of input), the taps backwards. */
static void
exchange_weights(const MgBlocked *conv, const float *square, float *out)
{
  int lanes = conv->kernels->lanes, taps = taps_of(conv);
  float turned[16 * 16];
  for (int t = 0; t < taps; t++) {
    conv->kernels->transpose_in(lanes, square + t * lanes, (size_t)taps * lanes, turned);
    for (int o = 0; o < lanes; o++)
      memcpy(out + ((size_t)o * taps + taps - 1 - t) * lanes, turned + o * lanes, lanes * sizeof *out);
  }
}

size_t
mg_blocked_packed_size(const MgBlocked *conv, MgBlockedWay way)
{
  int lanes = conv->kernels->lanes;
  return way != MG_DIRECT ? MG_TILE_POINTS * mg_winograd_packed_point(conv)
                          : (size_t)conv->in_blocks * conv->out_blocks * lanes * lanes * taps_of(conv);
}

/* Taps first: the order of the direct kernels. */
static void
order_taps(const MgBlocked *conv, const float *square, float *out)
{
  int lanes = conv->kernels->lanes, taps = taps_of(conv);
  for (int t = 0; t < taps; t++)
    for (int c = 0; c < lanes; c++, out += lanes)
      memcpy(out, square + ((size_t)c * taps + t) * lanes, lanes * sizeof *out);
}

/* `point`: distance of Winograd's points. */
static void
pack_block(const MgBlocked *conv, const float *weight, const float *scale, gboolean backward, MgBlockedWay way, int o,
           int i, size_t point, float *packed)
{
  int lanes = conv->kernels->lanes, taps = taps_of(conv);
  float square[16 * 16 * most_taps], exchanged[16 * 16 * most_taps];
  mg_read_weights(conv, weight, scale, o, i, square);
  if (backward)
    exchange_weights(conv, square, exchanged);
  const float *from = backward ? exchanged : square;
  if (way != MG_DIRECT)
    conv->kernels->tile_weights(lanes, from, (size_t)taps * lanes, lanes, packed, point);
  else if (conv->stem && !backward)
    memcpy(packed, from, (size_t)lanes * lanes * taps * sizeof *packed);
  else
    order_taps(conv, from, packed);
}

/* The same block of outputs for two blocks of inputs, or the other way round, as words. */
static void
pack_pair(const MgBlocked *conv, const float *weight, gboolean backward, int to, int pair, float *packed)
{
  int lanes = conv->kernels->lanes, from_blocks = backward ? conv->out_blocks : conv->in_blocks;
  size_t square = (size_t)lanes * lanes, point = mg_winograd_packed_point(conv);
  float points[2][MG_TILE_POINTS * 16 * 16];
  for (int k = 0; k < 2; k++) {
    int from = 2 * pair + k;
    if (from < from_blocks)
      pack_block(conv, weight, NULL, backward, MG_WINOGRAD, backward ? from : to, backward ? to : from, square,
                 points[k]);
    else
      memset(points[k], 0, sizeof points[k]);
  }
  packed += ((size_t)to * ((from_blocks + 1) / 2) + pair) * square;
  for (int p = 0; p < MG_TILE_POINTS; p++)
    conv->kernels->combine(lanes, lanes, points[0] + p * square, points[1] + p * square, packed + p * point);
}

void
mg_blocked_pack(const MgBlocked *conv, int threads, const float *weight, const float *scale, gboolean backward,
                MgBlockedWay way, float *packed)
{
  int to = backward ? conv->in_blocks : conv->out_blocks, from = backward ? conv->out_blocks : conv->in_blocks;
  int lanes = conv->kernels->lanes, step = way == MG_WINOGRAD_HALF ? 2 : 1;
  size_t size = (size_t)lanes * lanes * (way == MG_DIRECT ? taps_of(conv) : 1);
#pragma omp parallel for collapse(2) schedule(static) num_threads(threads)
  for (int t = 0; t < to; t++)
    for (int f = 0; f < from; f += step)
      if (way == MG_WINOGRAD_HALF)
        pack_pair(conv, weight, backward, t, f / 2, packed);
      else
        pack_block(conv, weight, scale, backward, way, backward ? f : t, backward ? t : f,
                   mg_winograd_packed_point(conv), packed + ((size_t)t * from + f) * size);
}

size_t
mg_blocked_shared(const MgBlocked *conv)
{
  return MAX(mg_direct_shared(conv), fits_winograd(conv) ? mg_winograd_shared(conv) : 0);
}

size_t
mg_blocked_workspace(const MgBlocked *conv)
{
  return MAX(mg_direct_workspace(conv), fits_winograd(conv) ? mg_winograd_workspace(conv) : 0);
}

void
mg_blocked_convolve(const MgBlocked *conv, const MgBlockedPass *pass, MgBlockedWay way, const float *x,
                    const float *packed, const MgEpilogue *epilogue, float *y)
{
  if (way == MG_DIRECT)
    mg_direct_convolve(conv, pass, x, packed, epilogue, y);
  else
    mg_winograd_convolve(conv, pass, way == MG_WINOGRAD_HALF, x, packed, epilogue, y);
}

void
mg_blocked_convolve_data(const MgBlocked *conv, const MgBlockedPass *pass, MgBlockedWay way, const float *dy,
                         const float *packed, gboolean add, float *dx)
{
  if (way == MG_DIRECT)
    mg_direct_convolve_data(conv, pass, dy, packed, add, dx);
  else
    mg_winograd_convolve_data(conv, pass, way == MG_WINOGRAD_HALF, dy, packed, add, dx);
}

void
mg_blocked_convolve_weights(const MgBlocked *conv, const MgBlockedPass *pass, MgBlockedWay way, const float *x,
                            const float *dy, float *dweight)
{
  if (way == MG_DIRECT)
    mg_direct_convolve_weights(conv, pass, x, dy, dweight);
  else
    mg_winograd_convolve_weights(conv, pass, way == MG_WINOGRAD_HALF, x, dy, dweight);
}

void
mg_block(const MgKernels *kernels, int batch, int threads, int channels, size_t plane, const float *in, float *out)
{
  int lanes = kernels->lanes, blocks = mg_blocks(channels, lanes);
#pragma omp parallel for collapse(2) schedule(static) num_threads(threads)
  for (int n = 0; n < batch; n++)
    for (int b = 0; b < blocks; b++) {
      const float *from = in + ((size_t)n * channels + b * lanes) * plane;
      float *to = out + ((size_t)n * blocks + b) * plane * lanes;
      int there = MIN(lanes, channels - b * lanes);
      if (there == lanes)
        kernels->transpose_in(plane, from, plane, to);
      else
        for (size_t p = 0; p < plane; p++)
          for (int l = 0; l < lanes; l++)
            to[p * lanes + l] = l < there ? from[l * plane + p] : 0;
    }
}

void
mg_unblock(const MgKernels *kernels, int batch, int threads, int channels, size_t plane, const float *in, float *out)
{
  int lanes = kernels->lanes, blocks = mg_blocks(channels, lanes);
#pragma omp parallel for collapse(2) schedule(static) num_threads(threads)
  for (int n = 0; n < batch; n++)
    for (int b = 0; b < blocks; b++) {
      const float *from = in + ((size_t)n * blocks + b) * plane * lanes;
      float *to = out + ((size_t)n * channels + b * lanes) * plane;
      int there = MIN(lanes, channels - b * lanes);
      if (there == lanes)
        kernels->transpose_out(plane, from, to, plane);
      else
        for (int l = 0; l < there; l++)
          for (size_t p = 0; p < plane; p++)
            to[l * plane + p] = from[p * lanes + l];
    }
}

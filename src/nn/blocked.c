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

static int
inputs_at_once(MgBlockedWay way)
{
  return way == MG_WINOGRAD_HALF ? 2 : 1;
}

/* Floats of a block of outputs and inputs, or of a word's two. */
static size_t
packed_square(const MgBlocked *conv, MgBlockedWay way)
{
  int lanes = conv->kernels->lanes;
  return (size_t)lanes * lanes * (way == MG_DIRECT ? taps_of(conv) : 1);
}

size_t
mg_packed_outputs(const MgBlocked *conv, gboolean backward, MgBlockedWay way)
{
  int from = backward ? conv->out_blocks : conv->in_blocks, once = inputs_at_once(way);
  return (size_t)((from + once - 1) / once) * packed_square(conv, way);
}

/* The same block of outputs for two blocks of inputs, or the other way round, as words. */
static void
pack_pair(const MgBlocked *conv, const float *weight, gboolean backward, int to, int from, size_t point, float *packed)
{
  int lanes = conv->kernels->lanes, from_blocks = backward ? conv->out_blocks : conv->in_blocks;
  size_t square = (size_t)lanes * lanes;
  float points[2][MG_TILE_POINTS * 16 * 16];
  for (int k = 0; k < 2; k++, from++) {
    if (from < from_blocks)
      pack_block(conv, weight, NULL, backward, MG_WINOGRAD, backward ? from : to, backward ? to : from, square,
                 points[k]);
    else
      memset(points[k], 0, sizeof points[k]);
  }
  for (int p = 0; p < MG_TILE_POINTS; p++)
    conv->kernels->combine(lanes, lanes, points[0] + p * square, points[1] + p * square, packed + p * point);
}

void
mg_pack_inputs(const MgBlocked *conv, const float *weight, const float *scale, gboolean backward, MgBlockedWay way,
               int to, int from, size_t point, float *packed)
{
  packed += from / inputs_at_once(way) * packed_square(conv, way);
  if (way == MG_WINOGRAD_HALF)
    pack_pair(conv, weight, backward, to, from, point, packed);
  else
    pack_block(conv, weight, scale, backward, way, backward ? from : to, backward ? to : from, point, packed);
}

void
mg_blocked_pack(const MgBlocked *conv, int threads, const float *weight, const float *scale, gboolean backward,
                MgBlockedWay way, float *packed)
{
  int tos = backward ? conv->in_blocks : conv->out_blocks, froms = backward ? conv->out_blocks : conv->in_blocks;
#pragma omp parallel for collapse(2) schedule(static) num_threads(threads)
  for (int to = 0; to < tos; to++)
    for (int from = 0; from < froms; from += inputs_at_once(way))
      mg_pack_inputs(conv, weight, scale, backward, way, to, from, mg_winograd_packed_point(conv),
                     packed + to * mg_packed_outputs(conv, backward, way));
}

const float *
mg_packed_weights(const MgBlocked *conv, int threads, const MgBlockedWeights *weights, gboolean backward,
                  MgBlockedWay way)
{
  if (weights->packed)
    return weights->packed;
  mg_blocked_pack(conv, threads, weights->plain, NULL, backward, way, weights->room);
  return weights->room;
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
                    const MgBlockedWeights *weights, const MgEpilogue *epilogue, float *y)
{
  if (way == MG_DIRECT)
    mg_direct_convolve(conv, pass, x, mg_packed_weights(conv, pass->threads, weights, FALSE, way), epilogue, y);
  else
    mg_winograd_convolve(conv, pass, way == MG_WINOGRAD_HALF, x, weights, epilogue, y);
}

void
mg_blocked_convolve_data(const MgBlocked *conv, const MgBlockedPass *pass, MgBlockedWay way, const float *dy,
                         const MgBlockedWeights *weights, gboolean add, float *dx)
{
  if (way == MG_DIRECT)
    mg_direct_convolve_data(conv, pass, dy, mg_packed_weights(conv, pass->threads, weights, TRUE, way), add, dx);
  else
    mg_winograd_convolve_data(conv, pass, way == MG_WINOGRAD_HALF, dy, weights, add, dx);
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

/* Winograd's algorithm in three steps for some rows of tiles at a time: the input to the transformed domain, a matrix
 * product for each of the 36 points of a tile, and back. */
#include "nn/blocked-private.h"

/* Floats of one transformed picture of a chunk, about what the threads' second-level caches hold, unless that is fewer
 * tiles than pay for reading the weights; and positions that a thread takes through all points at a time. */
static const size_t chunk_floats = 256 * 1024;
enum { most_positions = 56, fewest_tiles = 64 };

/* Pictures of `blocks` blocks, cut into tiles. */
typedef struct {
  int blocks, height, width;
} Picture;

typedef struct {
  int columns, rows; /* tiles of a row; rows of tiles in one picture */
  int chunk;         /* rows of tiles that are computed at a time */
} Tiling;

static Tiling
tiling_of(int blocks, int height, int width, int lanes)
{
  Tiling tiling = {(width + MG_TILE - 1) / MG_TILE, (height + MG_TILE - 1) / MG_TILE, 1};
  size_t row = (size_t)tiling.columns * blocks * lanes * MG_TILE_POINTS;
  tiling.chunk = MAX(chunk_floats / row, (size_t)(fewest_tiles + tiling.columns - 1) / tiling.columns);
  return tiling;
}

/* Distance of the points of a tile: an odd number of vectors, as points that lie a large power of two apart would drive
 * each other out of the first-level cache. */
static size_t
odd(size_t vectors)
{
  return vectors | 1;
}

static size_t
point_of(Tiling tiling, int blocks, int lanes)
{
  return odd((size_t)blocks * tiling.chunk * tiling.columns) * lanes;
}

size_t
mg_winograd_packed_point(const MgBlocked *conv)
{
  int lanes = conv->kernels->lanes;
  return odd((size_t)conv->in_blocks * conv->out_blocks * lanes) * lanes;
}

static size_t
transformed_size(Tiling tiling, int blocks, int lanes)
{
  return MG_TILE_POINTS * point_of(tiling, blocks, lanes);
}

/* Of the sums of the weights' gradient, for one block of outputs and inputs. */
static size_t
square_point(int lanes)
{
  return odd(lanes) * lanes;
}

static int
most_blocks(const MgBlocked *conv)
{
  return MAX(conv->in_blocks, conv->out_blocks);
}

/* The largest of the passes: transformed input and output gradient of a chunk, and sums of the weights' gradient. */
size_t
mg_winograd_shared(const MgBlocked *conv)
{
  const MgConvolution *shape = &conv->shape;
  int lanes = conv->kernels->lanes, height = MAX(shape->height, shape->out_height);
  Tiling tiling = tiling_of(most_blocks(conv), height, MAX(shape->width, shape->out_width), lanes);
  size_t sums = (size_t)conv->in_blocks * conv->out_blocks * MG_TILE_POINTS * square_point(lanes);
  return 2 * transformed_size(tiling, most_blocks(conv), lanes) + sums;
}

/* Tiles that are transformed before they become words of bfloat16. */
enum { grouped = 8 };

static size_t
grouped_point(int lanes)
{
  return odd(grouped) * lanes;
}

size_t
mg_winograd_workspace(const MgBlocked *conv)
{
  int lanes = conv->kernels->lanes;
  size_t gradient = MG_TILE_POINTS * 2 * square_point(lanes) + 9 * lanes * lanes;
  size_t words = 2 * MG_TILE_POINTS * grouped_point(lanes);
  return MAX(MG_TILE_POINTS * odd(2 * most_positions) * lanes, MAX(gradient, words));
}

typedef void (*Transform)(const MgTilePlane *plane, int row, int first, int n, const float *x, float *out);

/* What a word of bfloat16 holds: the values of one channel of each of two blocks, or of two tiles. */
typedef enum { NO_WORDS, TWO_BLOCKS, TWO_TILES } Words;

typedef struct {
  const MgKernels *kernels;
  Transform transform;
  Picture picture;
  MgSize padding;
  Tiling tiling;
  Words words;
  float *scratch; /* of the thread */
} Transforming;

/* Two blocks of a row of tiles; the second may not be there. */
static void
transform_blocks(const Transforming *t, int row, const float *first, const float *second, size_t point, float *out)
{
  int lanes = t->kernels->lanes;
  const MgTilePlane group = {t->picture.height, t->picture.width, t->padding, grouped_point(lanes)};
  float *low = t->scratch, *high = low + MG_TILE_POINTS * group.point;
  if (!second)
    memset(high, 0, MG_TILE_POINTS * group.point * sizeof *high);
  for (int at = 0; at < t->tiling.columns; at += grouped) {
    int n = MIN(grouped, t->tiling.columns - at);
    t->transform(&group, row, at, n, first, low);
    if (second)
      t->transform(&group, row, at, n, second, high);
    for (int p = 0; p < MG_TILE_POINTS; p++)
      t->kernels->combine(n, lanes, low + p * group.point, high + p * group.point, out + p * point + at * lanes);
  }
}

/* A row of tiles by twos; the last one may be alone. */
static void
transform_tiles(const Transforming *t, int row, const float *x, size_t point, float *out)
{
  int lanes = t->kernels->lanes;
  const MgTilePlane group = {t->picture.height, t->picture.width, t->padding, grouped_point(lanes)};
  for (int at = 0; at < t->tiling.columns; at += grouped) {
    int n = MIN(grouped, t->tiling.columns - at);
    t->transform(&group, row, at, n, x, t->scratch);
    for (int p = 0; p < MG_TILE_POINTS; p++) {
      float *tiles = t->scratch + p * group.point;
      if (n % 2)
        memset(tiles + n * lanes, 0, lanes * sizeof *tiles);
      t->kernels->combine((n + 1) / 2, 2 * lanes, tiles, tiles + lanes, out + p * point + at / 2 * lanes);
    }
  }
}

/* Vectors of a row of tiles. */
static int
row_vectors(Tiling tiling, Words words)
{
  return words == TWO_TILES ? (tiling.columns + 1) / 2 : tiling.columns;
}

/* Rows first … first + rows - 1 of the batch's tiles to (points, blocks, tiles of the chunk, lanes). */
static void
transform_rows(const Transforming *t, int first, int rows, const float *x, float *out)
{
  const Picture *picture = &t->picture;
  int lanes = t->kernels->lanes, step = t->words == TWO_BLOCKS ? 2 : 1;
  size_t row_floats = (size_t)row_vectors(t->tiling, t->words) * lanes, block = t->tiling.chunk * row_floats;
  size_t plane = (size_t)picture->height * picture->width * lanes;
  const MgTilePlane tiles = {picture->height, picture->width, t->padding, point_of(t->tiling, picture->blocks, lanes)};
#pragma omp for collapse(2) schedule(static)
  for (int r = 0; r < rows; r++)
    for (int b = 0; b < picture->blocks; b += step) {
      int n = (first + r) / t->tiling.rows, row = (first + r) % t->tiling.rows;
      const float *from = x + ((size_t)n * picture->blocks + b) * plane;
      float *to = out + b / step * block + r * row_floats;
      if (t->words == TWO_BLOCKS)
        transform_blocks(t, row, from, b + 1 < picture->blocks ? from + plane : NULL, tiles.point, to);
      else if (t->words == TWO_TILES)
        transform_tiles(t, row, from, tiles.point, to);
      else
        t->transform(&tiles, row, 0, t->tiling.columns, from, to);
    }
}

typedef struct {
  const MgKernels *kernels;
  gboolean half;
  int in_blocks, out_blocks; /* of words, where these are two blocks */
  Picture out;
  Tiling tiling;
  int first; /* row of tiles of the chunk */
  const float *transformed;
  size_t in_point, packed_point;
  const MgEpilogue *epilogue;
  float *y;
} Product;

/* The sums of tiles from … from + n - 1 of the chunk to their pictures. */
static void
write_tiles(const Product *product, int block, int from, int n, const float *sums, size_t point)
{
  const MgKernels *kernels = product->kernels;
  const Tiling *tiling = &product->tiling;
  const MgTilePlane plane = {product->out.height, product->out.width, {0, 0}, point};
  for (int t = from; t < from + n;) {
    int row = product->first + t / tiling->columns, column = t % tiling->columns;
    int count = MIN(tiling->columns - column, from + n - t);
    size_t at = ((size_t)(row / tiling->rows) * product->out_blocks + block) * product->out.height *
                product->out.width * kernels->lanes;
    MgEpilogue epilogue = *product->epilogue;
    epilogue.bias = epilogue.bias ? epilogue.bias + block * kernels->lanes : NULL;
    epilogue.residual = epilogue.residual ? epilogue.residual + at : NULL;
    kernels->tile_output(&plane, row % tiling->rows, column, count, sums + (size_t)(t - from) * kernels->lanes,
                         &epilogue, product->y + at);
    t += count;
  }
}

/* Two blocks of outputs for some tiles. */
static void
multiply(const Product *product, int block, const float *packed, int from, int n, float *sums)
{
  const MgKernels *kernels = product->kernels;
  int lanes = kernels->lanes, outs = MIN(2, product->out_blocks - block);
  const ptrdiff_t no_offset = 0;
  const size_t first_weights = 0;
  size_t tiles = (size_t)product->tiling.chunk * product->tiling.columns * lanes, square = (size_t)lanes * lanes;
  const MgTerms terms = {.blocks = product->in_blocks,
                         .taps = 1,
                         .channels = lanes,
                         .x_taps = &no_offset,
                         .weight_taps = &first_weights,
                         .x_block = tiles,
                         .weight_block = square,
                         .weight_pair = outs == 2 ? product->in_blocks * square : 0};
  const MgEpilogue as_is = {0};
  size_t pair = (size_t)n * lanes, point = odd(2 * n) * lanes;
  for (int p = 0; p < MG_TILE_POINTS; p++) {
    const float *x = product->transformed + p * product->in_point + (size_t)from * lanes;
    const float *weights = packed + p * product->packed_point;
    if (product->half)
      kernels->multiply_half(&terms, n, x, weights, sums + p * point, pair);
    else
      kernels->convolve(&terms, lanes, n, x, weights, &as_is, sums + p * point, pair, lanes);
  }
  for (int o = 0; o < outs; o++)
    write_tiles(product, block + o, from, n, sums + o * pair, point);
}

static int
groups_of(int tiles)
{
  return (tiles + most_positions - 1) / most_positions;
}

static float *
scratch_of(const MgBlockedPass *pass)
{
  return pass->workspace + omp_get_thread_num() * pass->workspace_size;
}

/* As many tiles at a time as a thread takes through all points. */
static void
multiply_group(const Product *product, int block, const float *packed, int tiles, int group, float *sums)
{
  int groups = groups_of(tiles);
  int from = (int)((gint64)tiles * group / groups), to = (int)((gint64)tiles * (group + 1) / groups);
  multiply(product, block, packed, from, to - from, sums);
}

/* A convolution, or one with the weights turned around. */
typedef struct {
  const MgBlocked *conv;
  gboolean half, backward;
  Picture in, out;
  MgSize padding;
} Direction;

/* The weights of two blocks of outputs, for a thread that needs nothing else of them. */
static void
pack_outputs(const Direction *d, const MgBlockedWeights *weights, int block, size_t point, float *packed)
{
  MgBlockedWay way = d->half ? MG_WINOGRAD_HALF : MG_WINOGRAD;
  size_t row = mg_packed_outputs(d->conv, d->backward, way);
  for (int o = block; o < MIN(block + 2, d->out.blocks); o++, packed += row)
    for (int i = 0; i < d->in.blocks; i += d->half ? 2 : 1)
      mg_pack_inputs(d->conv, weights->plain, NULL, d->backward, way, o, i, point, packed);
}

static void
convolve(const Direction *d, const MgBlockedPass *pass, const float *x, const MgBlockedWeights *weights,
         const MgEpilogue *epilogue, float *y)
{
  const MgKernels *kernels = d->conv->kernels;
  int lanes = kernels->lanes, pairs = (d->out.blocks + 1) / 2;
  MgBlockedWay way = d->half ? MG_WINOGRAD_HALF : MG_WINOGRAD;
  Tiling tiling = tiling_of(d->in.blocks, d->out.height, d->out.width, lanes);
  int all = pass->batch * tiling.rows;
  gboolean once = !weights->packed && all <= tiling.chunk && 2 * pass->threads <= pairs;
  const float *packed = once ? NULL : mg_packed_weights(d->conv, pass->threads, weights, d->backward, way);
  size_t row = mg_packed_outputs(d->conv, d->backward, way);
  size_t point = once ? odd(2 * row / lanes) * lanes : mg_winograd_packed_point(d->conv);
#pragma omp parallel num_threads(pass->threads)
  for (int first = 0; first < all; first += tiling.chunk) {
    int rows = MIN(tiling.chunk, all - first), tiles = rows * tiling.columns;
    const Transforming transforming = {
        kernels, kernels->tile_input, d->in, d->padding, tiling, d->half ? TWO_BLOCKS : NO_WORDS, scratch_of(pass)};
    transform_rows(&transforming, first, rows, x, pass->shared);
    const Product product = {.kernels = kernels,
                             .half = d->half,
                             .in_blocks = d->half ? (d->in.blocks + 1) / 2 : d->in.blocks,
                             .out_blocks = d->out.blocks,
                             .out = d->out,
                             .tiling = tiling,
                             .first = first,
                             .transformed = pass->shared,
                             .in_point = point_of(tiling, d->in.blocks, lanes),
                             .packed_point = point,
                             .epilogue = epilogue,
                             .y = y};
    if (once) {
      float *own = weights->room + omp_get_thread_num() * MG_TILE_POINTS * point;
#pragma omp for schedule(static)
      for (int o = 0; o < d->out.blocks; o += 2) {
        pack_outputs(d, weights, o, point, own);
        for (int g = 0; g < groups_of(tiles); g++)
          multiply_group(&product, o, own, tiles, g, scratch_of(pass));
      }
    } else {
#pragma omp for collapse(2) schedule(static)
      for (int o = 0; o < d->out.blocks; o += 2)
        for (int g = 0; g < groups_of(tiles); g++)
          multiply_group(&product, o, packed + o * row, tiles, g, scratch_of(pass));
    }
  }
}

void
mg_winograd_convolve(const MgBlocked *conv, const MgBlockedPass *pass, gboolean half, const float *x,
                     const MgBlockedWeights *weights, const MgEpilogue *epilogue, float *y)
{
  const MgConvolution *shape = &conv->shape;
  const Direction forward = {.conv = conv,
                             .half = half,
                             .in = {conv->in_blocks, shape->height, shape->width},
                             .out = {conv->out_blocks, shape->out_height, shape->out_width},
                             .padding = shape->padding};
  convolve(&forward, pass, x, weights, epilogue, y);
}

/* A convolution with the weights turned around. */
void
mg_winograd_convolve_data(const MgBlocked *conv, const MgBlockedPass *pass, gboolean half, const float *dy,
                          const MgBlockedWeights *weights, gboolean add, float *dx)
{
  const MgConvolution *shape = &conv->shape;
  const Direction backward = {.conv = conv,
                              .half = half,
                              .backward = TRUE,
                              .in = {conv->out_blocks, shape->out_height, shape->out_width},
                              .out = {conv->in_blocks, shape->height, shape->width},
                              .padding = {2 - shape->padding.height, 2 - shape->padding.width}};
  const MgEpilogue epilogue = {.residual = add ? dx : NULL};
  convolve(&backward, pass, dy, weights, &epilogue, dx);
}

typedef struct {
  const MgBlocked *conv;
  Tiling tiling;
  gboolean half;
  int vectors;           /* tiles of this chunk, or words of two */
  size_t block;          /* distance between blocks */
  gboolean first, last;  /* chunk */
  const float *in, *out; /* transformed */
  float *sums;           /* (out pairs, in blocks, 2, points, lanes, lanes) from chunk to chunk */
  float *dweight;
} Gradient;

/* dweight for two blocks of outputs and one of inputs. */
static void
correlate(const Gradient *gradient, int out_block, int in_block, float *scratch)
{
  const MgBlocked *conv = gradient->conv;
  const MgKernels *kernels = conv->kernels;
  int lanes = kernels->lanes, once = kernels->channels_once, outs = MIN(2, conv->out_blocks - out_block);
  size_t square = square_point(lanes), pair = MG_TILE_POINTS * square;
  size_t in_point = point_of(gradient->tiling, conv->in_blocks, lanes);
  size_t out_point = point_of(gradient->tiling, conv->out_blocks, lanes);
  gboolean alone = gradient->first && gradient->last;
  float *sums = alone ? scratch : gradient->sums + ((size_t)out_block * conv->in_blocks + in_block * outs) * pair;
  const MgCorrelation on = {
      .positions = gradient->vectors, .rows = 1, .dy_pair = outs == 2 ? gradient->block : 0, .weight_pair = pair};
  if (gradient->first)
    memset(sums, 0, outs * pair * sizeof *sums);
  for (int p = 0; p < MG_TILE_POINTS; p++)
    for (int c = 0; c < lanes; c += once) {
      const float *x = gradient->in + p * in_point + in_block * gradient->block + c;
      const float *dy = gradient->out + p * out_point + out_block * gradient->block;
      if (gradient->half)
        kernels->correlate_half(&on, x, dy, sums + p * square + c * lanes);
      else
        kernels->correlate(&on, once, lanes, x, dy, sums + p * square + c * lanes);
    }
  float *weights = scratch + 2 * pair;
  for (int o = 0; gradient->last && o < outs; o++) {
    kernels->tile_weights_gradient(lanes, sums + o * pair, square, weights, 9 * lanes, lanes);
    mg_write_weights(conv, weights, out_block + o, in_block, gradient->dweight);
  }
}

void
mg_winograd_convolve_weights(const MgBlocked *conv, const MgBlockedPass *pass, gboolean half, const float *x,
                             const float *dy, float *dweight)
{
  const MgConvolution *shape = &conv->shape;
  const MgKernels *kernels = conv->kernels;
  const Picture in = {conv->in_blocks, shape->height, shape->width};
  const Picture out = {conv->out_blocks, shape->out_height, shape->out_width};
  Tiling tiling = tiling_of(most_blocks(conv), out.height, out.width, kernels->lanes);
  Words words = half ? TWO_TILES : NO_WORDS;
  int all = pass->batch * tiling.rows, row = row_vectors(tiling, words);
  float *transformed = pass->shared + transformed_size(tiling, in.blocks, kernels->lanes);
  float *sums = transformed + transformed_size(tiling, out.blocks, kernels->lanes);
#pragma omp parallel num_threads(pass->threads)
  for (int first = 0; first < all; first += tiling.chunk) {
    int rows = MIN(tiling.chunk, all - first);
    const MgSize none = {0, 0};
    const Transforming input = {kernels, kernels->tile_input, in, shape->padding, tiling, words, scratch_of(pass)};
    const Transforming output = {kernels, kernels->tile_gradient, out, none, tiling, words, scratch_of(pass)};
    transform_rows(&input, first, rows, x, pass->shared);
    transform_rows(&output, first, rows, dy, transformed);
    const Gradient gradient = {.conv = conv,
                               .tiling = tiling,
                               .half = half,
                               .vectors = rows * row,
                               .block = (size_t)tiling.chunk * row * kernels->lanes,
                               .first = first == 0,
                               .last = first + rows == all,
                               .in = pass->shared,
                               .out = transformed,
                               .sums = sums,
                               .dweight = dweight};
#pragma omp for collapse(2) schedule(static)
    for (int o = 0; o < conv->out_blocks; o += 2)
      for (int i = 0; i < conv->in_blocks; i++)
        correlate(&gradient, o, i, scratch_of(pass));
  }
}

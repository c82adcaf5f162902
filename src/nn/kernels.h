/* Inner loops of the networks, compiled once for each instruction set (meson.build) and chosen at run time. Buffers are
 * the caller's; nothing allocates, fails or starts threads.
 *
 * Pictures are in the blocked layout NCHWc: (blocks, height, width, lanes), where a block is as many channels as a
 * vector of the instruction set has lanes (16, 8 or 4) and the last block is filled up with zeros. A "row" below is a
 * row of such vectors, and counts of positions are counts of vectors. */
#pragma once
#include "nn/compute.h"
#include "nn/kernels-recurrent.h"

/* What a convolution adds up at each position: for every block of input channels and every tap of the kernel. */
typedef struct {
  int blocks, taps, channels; /* channels of a block: the lanes, or 1 where x is planes of single floats */
  const ptrdiff_t *x_taps;    /* offsets of the taps in x, in floats */
  const size_t *weight_taps;  /* in the weights; a tap's are (channels, lanes of output) */
  size_t x_block, weight_block;
  size_t weight_pair; /* distance to the weights of the next block of outputs; 0 where there is none */
} MgTerms;

/* What happens to a sum on its way to memory, for up to two blocks of output channels. */
typedef struct {
  const float *bias;     /* a block each; NULL: none */
  const float *residual; /* added before relu, laid out as y; may be y itself; NULL: none */
  gboolean relu;
} MgEpilogue;

/* Rows of positions that are correlated. */
typedef struct {
  size_t positions, rows;
  size_t x_row, dy_row; /* distances of rows */
  size_t dy_pair;       /* distance to the next block of outputs; 0 where there is none */
  size_t weight_pair;
} MgCorrelation;

/* A plane of tiles for Winograd's algorithm. */
typedef struct {
  int height, width; /* of the plane */
  MgSize padding;    /* of the convolution: a tile's input begins that much before its output */
  size_t point;      /* distance between the points of a tile in the transformed domain */
} MgTilePlane;

/* A normalisation y = scale · z + shift, for one block of channels. */
typedef struct {
  const float *scale, *shift;
} MgAffine;

/* Its gradient: dz = scale · (g - offset - (z - mean) · slope), for one block of channels. */
typedef struct {
  const float *scale, *offset, *mean, *slope;
} MgNormGradient;

/* Pooling of a plane; the kernel is square. */
typedef struct {
  MgSize kernel, stride, padding;
  int height, width, out_height, out_width;
} MgPooling;

enum { MG_TILE = 4, MG_TILE_INPUT = 6, MG_TILE_POINTS = 36, MG_CUT_OFF = 127 };

typedef struct {
  const char *name;  /* "x86-64-v4", … */
  int lanes;         /* channels of a block */
  int channels_once; /* the most that correlate() takes */
  const MgRecurrentKernels *recurrent;

  /* y[p · y_step] = the sums of `terms` at x + p · x_step for p < positions; x_step is one of 1, 2, lanes, 2 lanes.
   * y_pair is the distance to the next block of outputs. */
  void (*convolve)(const MgTerms *terms, int x_step, size_t positions, const float *x, const float *weights,
                   const MgEpilogue *epilogue, float *y, size_t y_pair, size_t y_step);
  /* dw[c · lanes + o] += Σ over rows and positions of dy[p · lanes + o] · x[p · x_step + c] for c < channels. */
  void (*correlate)(const MgCorrelation *on, int channels, int x_step, const float *x, const float *dy, float *dw);

  /* (lanes, columns), rows `row` apart, to (columns, lanes); and back. */
  void (*transpose_in)(size_t columns, const float *in, size_t row, float *out);
  void (*transpose_out)(size_t columns, const float *in, float *out, size_t row);

  /* Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2016), F(4 x 4, 3 x 3), at the points 0,
   * ±5/8, ±3/2, ∞, whose rounding errors are a third of those at 0, ±1, ±2, ∞. Tiles first … first + n - 1 of tile row
   * `row`: their input, output and the output's gradient, to or from the transformed domain. */
  void (*tile_input)(const MgTilePlane *plane, int row, int first, int n, const float *x, float *out);
  void (*tile_output)(const MgTilePlane *plane, int row, int first, int n, const float *in, const MgEpilogue *epilogue,
                      float *y);
  void (*tile_gradient)(const MgTilePlane *plane, int row, int first, int n, const float *dy, float *out);
  /* n vectors of weights, `step` apart, of nine taps each, `tap` apart, to 36 points of n vectors; and the adjoint. */
  void (*tile_weights)(size_t n, const float *weights, size_t step, size_t tap, float *out, size_t point);
  void (*tile_weights_gradient)(size_t n, const float *in, size_t point, float *dweights, size_t step, size_t tap);

  /* In bfloat16: words of two values, rounded, in the place of one float32. n vectors of words from vectors `step`
   * apart; convolve() and correlate() for one tap, one row and a step of one vector, over words. */
  void (*combine)(size_t n, size_t step, const float *low, const float *high, float *words);
  void (*multiply_half)(const MgTerms *terms, size_t positions, const float *x, const float *weights, float *y,
                        size_t y_pair);
  void (*correlate_half)(const MgCorrelation *on, const float *x, const float *dy, float *dw);

  /* Mean and sum of squared differences from it. */
  void (*moments)(size_t n, const float *z, float *mean, float *squares);
  void (*sum)(size_t n, const float *x, float *sum);
  /* y = scale · z + shift, + residual (may be NULL), then relu where asked. */
  void (*affine)(size_t n, const float *z, const MgAffine *affine, const float *residual, gboolean relu, float *y);
  /* One row of max pooling over relu(scale · z + shift). `winners` is each window's largest, by its place, or
   * MG_CUT_OFF where relu cut it off; `picked` is z there. Both NULL or neither. */
  void (*pool_row)(const MgPooling *pooling, int row, const float *z, const MgAffine *affine, gboolean relu, float *y,
                   float *picked, gint8 *winners);
  /* Σ g and Σ g · (picked - mean) where g is dy unless cut off. */
  void (*pool_sums)(size_t n, const float *dy, const float *picked, const gint8 *winners, const float *mean, float *sum,
                    float *product);
  /* Row `row` of the pooled picture's gradient. */
  void (*unpool_row)(const MgPooling *pooling, int row, const float *dy, const gint8 *winners, float *g);
  /* Σ g and Σ g · (z - mean) where g is dy, or 0 where y (NULL: no relu) is not above 0. */
  void (*norm_sums)(size_t n, const float *dy, const float *z, const float *y, const float *mean, float *sum,
                    float *product);
  /* dz from the same g; added to dz where asked; g itself goes to `residual` (NULL: nowhere), likewise. */
  void (*norm_gradient)(size_t n, const float *dy, const float *z, const float *y, const MgNormGradient *norm,
                        gboolean add, float *dz, gboolean add_residual, float *residual);
} MgKernels;

/* Those that this machine can run, the best first; NULL-terminated. */
const MgKernels *const *mg_kernels_all(void);
/* Those in use; NULL where everything goes by im2col. */
const MgKernels *mg_compute_kernels(void);

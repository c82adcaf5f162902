/* The two ways to compute a convolution behind mg_compute_convolve(); arguments are as there. The direct way takes the
 * rows of its result, or of its gradient, through functions, so that neighbouring layers can be computed while a tile
 * is in the cache and need not be written to memory. */
#pragma once
#include "nn/compute.h"
#include "nn/kernels.h"

size_t mg_im2col_workspace(const MgConvolution *conv);
void mg_im2col_convolve(const MgConvolution *conv, int batch, int threads, const float *x, const float *weight,
                        const float *bias, float *y, float *workspace);
void mg_im2col_convolve_backward(const MgConvolution *conv, int batch, int threads, const float *x, const float *weight,
                                 const float *dy, float *dx, float *dweight, float *workspace);

/* The kernels in use; NULL where everything goes by im2col. */
const MgKernels *mg_compute_kernels(void);

/* Whether the direct way can: kernels of 3 x 3, stride 1, padding 1. */
gboolean mg_direct_fits(const MgConvolution *conv);
size_t mg_direct_workspace(const MgConvolution *conv);
/* Rows of a tile: even, and every tile of a picture but the last has them. */
int mg_direct_tile_rows(const MgConvolution *conv);

/* Takes `rows` rows of out_width values of one channel of y from row `first` on, `stride` apart. On any thread. */
typedef void (*MgRowsSink)(void *data, int n, int channel, int first, int rows, const float *values, size_t stride);
/* Writes row `row` (out_width values) of one channel of dy. On any thread, any number of times. */
typedef void (*MgRowSource)(void *data, int n, int channel, int row, float *values);

void mg_direct_convolve(const MgConvolution *conv, int batch, int threads, const float *x, const float *weight,
                        MgRowsSink sink, void *data, float *workspace);
void mg_direct_convolve_backward(const MgConvolution *conv, int batch, int threads, const float *x, const float *weight,
                                 MgRowSource source, void *data, float *dx, float *dweight, float *workspace);

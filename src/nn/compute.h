/* The one interface to the heavy arithmetic, and the only caller of OpenBLAS. Arrays are float32, row-major;
 * the caller owns every buffer; nothing here allocates, fails or keeps state between calls.
 *
 * Work is divided over `threads` OpenMP threads in a fixed way, and partial sums are added in the order of
 * the threads: the same thread count gives the same numbers. */
#pragma once
#include "nn/kernels-recurrent.h"
#include <glib.h>

/* C (m, n) = op(A) (m, k) · op(B) (k, n) + beta · C, on the calling thread. lda, ldb, ldc are the rows'
 * lengths in memory; op transposes where asked. */
void mg_compute_gemm(gboolean transpose_a, gboolean transpose_b, int m, int n, int k, const float *a, int lda,
                     const float *b, int ldb, float beta, float *c, int ldc);
/* The same, the columns of C divided over the threads. */
void mg_compute_gemm_threaded(int threads, gboolean transpose_a, gboolean transpose_b, int m, int n, int k,
                              const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);

typedef struct {
  int height, width;
} MgSize;

/* A two-dimensional convolution (torch.nn.functional.conv2d). x is (N, in_channels, height, width), y is (N,
 * out_channels, out_height, out_width), weight is (out_channels, in_channels / groups, kernel.height, kernel.width).
 * Both numbers of channels are multiples of the groups. */
typedef struct {
  int in_channels, out_channels, groups;
  MgSize kernel, stride, padding;
  int height, width, out_height, out_width;
} MgConvolution;

/* Floats of scratch memory that each thread needs. */
size_t mg_compute_convolution_workspace(const MgConvolution *conv);
/* `bias` (out_channels) may be NULL; `workspace` is `threads` times what is needed. */
void mg_compute_convolve(const MgConvolution *conv, int batch, int threads, const float *x, const float *weight,
                         const float *bias, float *y, float *workspace);
/* dx, dweight and dbias are overwritten; dx and dbias may be NULL. */
void mg_compute_convolve_backward(const MgConvolution *conv, int batch, int threads, const float *x,
                                  const float *weight, const float *dy, float *dx, float *dweight, float *dbias,
                                  float *workspace);

/* Rows first … first + rows - 1 of the output, as a matrix (channels · kernel.height · kernel.width, rows · out_width)
 * of the values of x (channels, height, width), one group's channels, under the kernel: zeros where it is over the
 * edge. */
void mg_compute_im2col(const MgConvolution *conv, const float *x, int first, int rows, float *columns);
/* The adjoint: adds the matrix's values to dx where they came from. */
void mg_compute_col2im(const MgConvolution *conv, const float *columns, int first, int rows, float *dx);

/* The inner loops of lstm and gru for this machine. */
const MgRecurrentKernels *mg_compute_recurrent_kernels(void);

/* The ways to compute that this machine has, the best first: instruction sets, then "im2col", the reference.
 * NULL-terminated. */
const char *const *mg_compute_ways(void);
/* For tests and benches: uses one of them from now on; FALSE where there is none of that name. */
gboolean mg_compute_choose(const char *way);

/* Convolution by im2col and matrix products, in tiles of output rows whose columns stay in the second-level
 * cache. */
#include "nn/convolution.h"
#include <omp.h>
#include <string.h>

static const size_t tile_floats = 384 * 1024; /* 1.5 MB: measured best where a core has 2 MB of second-level cache */

static size_t
kernel_size(const MgConvolution *conv)
{
  return (size_t)conv->in_channels * conv->kernel * conv->kernel;
}

static int
tile_rows(const MgConvolution *conv)
{
  size_t row = kernel_size(conv) * conv->out_width;
  size_t rows = CLAMP(tile_floats / row, 1, (size_t)conv->out_height);
  size_t tiles = (conv->out_height + rows - 1) / rows;
  return (conv->out_height + tiles - 1) / tiles;
}

/* The columns of a tile, and a thread's share of dweight. */
size_t
mg_im2col_workspace(const MgConvolution *conv)
{
  size_t columns = kernel_size(conv) * conv->out_width * tile_rows(conv);
  return ((columns + 15) & ~(size_t)15) + ((kernel_size(conv) * conv->out_channels + 15) & ~(size_t)15);
}

static float *
weight_share(const MgConvolution *conv, float *workspace, int thread)
{
  size_t size = mg_im2col_workspace(conv);
  size_t columns = kernel_size(conv) * conv->out_width * tile_rows(conv);
  return workspace + thread * size + ((columns + 15) & ~(size_t)15);
}

/* Output columns [*low, *high) whose input column w · stride + offset lies inside the picture. */
static void
inside(const MgConvolution *conv, int offset, int *low, int *high)
{
  int stride = conv->stride;
  *low = offset < 0 ? MIN((-offset + stride - 1) / stride, conv->out_width) : 0;
  int beyond = conv->width - offset; /* w · stride < beyond */
  *high = beyond <= 0 ? 0 : MIN((beyond + stride - 1) / stride, conv->out_width);
  *high = MAX(*high, *low);
}

static void
gather_row(const MgConvolution *conv, const float *row, int offset, float *out)
{
  int low, high;
  inside(conv, offset, &low, &high);
  memset(out, 0, low * sizeof *out);
  memset(out + high, 0, (conv->out_width - high) * sizeof *out);
  if (conv->stride == 1)
    memcpy(out + low, row + low + offset, (high - low) * sizeof *out);
  else
    for (int w = low; w < high; w++)
      out[w] = row[w * conv->stride + offset];
}

static void
scatter_row(const MgConvolution *conv, const float *in, int offset, float *row)
{
  int low, high;
  inside(conv, offset, &low, &high);
  if (conv->stride == 1)
    for (int w = low; w < high; w++)
      row[w + offset] += in[w];
  else
    for (int w = low; w < high; w++)
      row[w * conv->stride + offset] += in[w];
}

void
mg_compute_im2col(const MgConvolution *conv, const float *x, int first, int rows, float *columns)
{
  for (int c = 0; c < conv->in_channels; c++)
    for (int i = 0; i < conv->kernel; i++)
      for (int j = 0; j < conv->kernel; j++)
        for (int r = 0; r < rows; r++, columns += conv->out_width) {
          int h = (first + r) * conv->stride + i - conv->padding;
          if (h < 0 || h >= conv->height)
            memset(columns, 0, conv->out_width * sizeof *columns);
          else
            gather_row(conv, x + ((size_t)c * conv->height + h) * conv->width, j - conv->padding, columns);
        }
}

void
mg_compute_col2im(const MgConvolution *conv, const float *columns, int first, int rows, float *dx)
{
  for (int c = 0; c < conv->in_channels; c++)
    for (int i = 0; i < conv->kernel; i++)
      for (int j = 0; j < conv->kernel; j++)
        for (int r = 0; r < rows; r++, columns += conv->out_width) {
          int h = (first + r) * conv->stride + i - conv->padding;
          if (h >= 0 && h < conv->height)
            scatter_row(conv, columns, j - conv->padding, dx + ((size_t)c * conv->height + h) * conv->width);
        }
}

void
mg_im2col_convolve(const MgConvolution *conv, int batch, int threads, const float *x, const float *weight,
                   const float *bias, float *y, float *workspace)
{
  int most = tile_rows(conv), tiles = (conv->out_height + most - 1) / most, depth = kernel_size(conv);
  size_t input = (size_t)conv->in_channels * conv->height * conv->width;
  int plane = conv->out_height * conv->out_width;
#pragma omp parallel for collapse(2) schedule(static) num_threads(threads)
  for (int n = 0; n < batch; n++)
    for (int t = 0; t < tiles; t++) {
      float *columns = workspace + omp_get_thread_num() * mg_im2col_workspace(conv);
      int first = t * most, rows = MIN(most, conv->out_height - first), size = rows * conv->out_width;
      float *out = y + (size_t)n * conv->out_channels * plane + (size_t)first * conv->out_width;
      mg_compute_im2col(conv, x + n * input, first, rows, columns);
      for (int c = 0; bias && c < conv->out_channels; c++)
        for (int i = 0; i < size; i++)
          out[(size_t)c * plane + i] = bias[c];
      mg_compute_gemm(FALSE, FALSE, conv->out_channels, size, depth, weight, depth, columns, size, bias ? 1 : 0, out,
                      plane);
    }
}

static void
backward_sample(const MgConvolution *conv, const float *x, const float *weight, const float *dy, float *dx,
                float *dweight, float *columns)
{
  int most = tile_rows(conv), depth = kernel_size(conv), plane = conv->out_height * conv->out_width;
  if (dx)
    memset(dx, 0, (size_t)conv->in_channels * conv->height * conv->width * sizeof *dx);
  for (int first = 0; first < conv->out_height; first += most) {
    int rows = MIN(most, conv->out_height - first), size = rows * conv->out_width;
    const float *out = dy + (size_t)first * conv->out_width;
    mg_compute_im2col(conv, x, first, rows, columns);
    mg_compute_gemm(FALSE, TRUE, conv->out_channels, depth, size, out, plane, columns, size, 1, dweight, depth);
    if (!dx)
      continue;
    mg_compute_gemm(TRUE, FALSE, depth, size, conv->out_channels, weight, depth, out, plane, 0, columns, size);
    mg_compute_col2im(conv, columns, first, rows, dx);
  }
}

void
mg_im2col_convolve_backward(const MgConvolution *conv, int batch, int threads, const float *x, const float *weight,
                            const float *dy, float *dx, float *dweight, float *workspace)
{
  size_t input = (size_t)conv->in_channels * conv->height * conv->width;
  size_t output = (size_t)conv->out_channels * conv->out_height * conv->out_width;
  size_t weights = kernel_size(conv) * conv->out_channels;
#pragma omp parallel num_threads(threads)
  {
    int thread = omp_get_thread_num(), team = omp_get_num_threads();
    float *columns = workspace + thread * mg_im2col_workspace(conv);
    float *share = weight_share(conv, workspace, thread);
    memset(share, 0, weights * sizeof *share);
#pragma omp for schedule(static)
    for (int n = 0; n < batch; n++)
      backward_sample(conv, x + n * input, weight, dy + n * output, dx ? dx + n * input : NULL, share, columns);
#pragma omp for schedule(static)
    for (size_t i = 0; i < weights; i++) {
      float sum = 0;
      for (int t = 0; t < team; t++)
        sum += weight_share(conv, workspace, t)[i];
      dweight[i] = sum;
    }
  }
}

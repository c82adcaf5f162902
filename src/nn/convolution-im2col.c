/* Convolution by im2col and matrix products, in tiles of output rows whose columns stay in the second-level
 * cache. */
#include "nn/compute.h"
#include <omp.h>
#include <string.h>

static const size_t tile_floats = 384 * 1024; /* 1.5 MB: measured best where a core has 2 MB of second-level cache */

/* Values under the kernel: the rows of the columns. */
static size_t
kernel_size(const MgConvolution *conv)
{
  return (size_t)(conv->in_channels / conv->groups) * conv->kernel.height * conv->kernel.width;
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
mg_compute_convolution_workspace(const MgConvolution *conv)
{
  size_t columns = kernel_size(conv) * conv->out_width * tile_rows(conv);
  return ((columns + 15) & ~(size_t)15) + ((kernel_size(conv) * conv->out_channels + 15) & ~(size_t)15);
}

static float *
weight_share(const MgConvolution *conv, float *workspace, int thread)
{
  size_t size = mg_compute_convolution_workspace(conv);
  size_t columns = kernel_size(conv) * conv->out_width * tile_rows(conv);
  return workspace + thread * size + ((columns + 15) & ~(size_t)15);
}

/* Output columns [*low, *high) whose input column w · stride + offset lies inside the picture. */
static void
inside(const MgConvolution *conv, int offset, int *low, int *high)
{
  int stride = conv->stride.width;
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
  if (conv->stride.width == 1)
    memcpy(out + low, row + low + offset, (high - low) * sizeof *out);
  else
    for (int w = low; w < high; w++)
      out[w] = row[w * conv->stride.width + offset];
}

static void
scatter_row(const MgConvolution *conv, const float *in, int offset, float *row)
{
  int low, high;
  inside(conv, offset, &low, &high);
  if (conv->stride.width == 1)
    for (int w = low; w < high; w++)
      row[w + offset] += in[w];
  else
    for (int w = low; w < high; w++)
      row[w * conv->stride.width + offset] += in[w];
}

void
mg_compute_im2col(const MgConvolution *conv, const float *x, int first, int rows, float *columns)
{
  for (int c = 0; c < conv->in_channels / conv->groups; c++)
    for (int i = 0; i < conv->kernel.height; i++)
      for (int j = 0; j < conv->kernel.width; j++)
        for (int r = 0; r < rows; r++, columns += conv->out_width) {
          int h = (first + r) * conv->stride.height + i - conv->padding.height;
          if (h < 0 || h >= conv->height)
            memset(columns, 0, conv->out_width * sizeof *columns);
          else
            gather_row(conv, x + ((size_t)c * conv->height + h) * conv->width, j - conv->padding.width, columns);
        }
}

void
mg_compute_col2im(const MgConvolution *conv, const float *columns, int first, int rows, float *dx)
{
  for (int c = 0; c < conv->in_channels / conv->groups; c++)
    for (int i = 0; i < conv->kernel.height; i++)
      for (int j = 0; j < conv->kernel.width; j++)
        for (int r = 0; r < rows; r++, columns += conv->out_width) {
          int h = (first + r) * conv->stride.height + i - conv->padding.height;
          if (h >= 0 && h < conv->height)
            scatter_row(conv, columns, j - conv->padding.width, dx + ((size_t)c * conv->height + h) * conv->width);
        }
}

/* One group's part of the arrays. */
typedef struct {
  int channels; /* of its output */
  size_t x, y;  /* offsets in a segment's arrays */
  size_t weight;
} Group;

static Group
group_of(const MgConvolution *conv, int g)
{
  int in = conv->in_channels / conv->groups, out = conv->out_channels / conv->groups;
  return (Group){.channels = out,
                 .x = (size_t)g * in * conv->height * conv->width,
                 .y = (size_t)g * out * conv->out_height * conv->out_width,
                 .weight = (size_t)g * out * kernel_size(conv)};
}

static void
forward_tile(const MgConvolution *conv, const Group *group, int first, int rows, const float *x, const float *weight,
             const float *bias, float *y, float *columns)
{
  int size = rows * conv->out_width, depth = kernel_size(conv), plane = conv->out_height * conv->out_width;
  float *out = y + group->y + (size_t)first * conv->out_width;
  mg_compute_im2col(conv, x + group->x, first, rows, columns);
  for (int c = 0; bias && c < group->channels; c++)
    for (int i = 0; i < size; i++)
      out[(size_t)c * plane + i] = bias[c];
  mg_compute_gemm(FALSE, FALSE, group->channels, size, depth, weight + group->weight, depth, columns, size,
                  bias ? 1 : 0, out, plane);
}

void
mg_compute_convolve(const MgConvolution *conv, int batch, int threads, const float *x, const float *weight,
                    const float *bias, float *y, float *workspace)
{
  int most = tile_rows(conv), tiles = (conv->out_height + most - 1) / most;
  size_t input = (size_t)conv->in_channels * conv->height * conv->width;
  size_t output = (size_t)conv->out_channels * conv->out_height * conv->out_width;
#pragma omp parallel for collapse(2) schedule(static) num_threads(threads)
  for (int n = 0; n < batch; n++)
    for (int t = 0; t < tiles; t++) {
      float *columns = workspace + omp_get_thread_num() * mg_compute_convolution_workspace(conv);
      int first = t * most, rows = MIN(most, conv->out_height - first);
      for (int g = 0; g < conv->groups; g++) {
        Group group = group_of(conv, g);
        forward_tile(conv, &group, first, rows, x + n * input, weight, bias ? bias + g * group.channels : NULL,
                     y + n * output, columns);
      }
    }
}

static void
backward_tile(const MgConvolution *conv, const Group *group, int first, int rows, const float *x, const float *weight,
              const float *dy, float *dx, float *dweight, float *columns)
{
  int size = rows * conv->out_width, depth = kernel_size(conv), plane = conv->out_height * conv->out_width;
  const float *out = dy + group->y + (size_t)first * conv->out_width;
  mg_compute_im2col(conv, x + group->x, first, rows, columns);
  mg_compute_gemm(FALSE, TRUE, group->channels, depth, size, out, plane, columns, size, 1, dweight + group->weight,
                  depth);
  if (!dx)
    return;
  mg_compute_gemm(TRUE, FALSE, depth, size, group->channels, weight + group->weight, depth, out, plane, 0, columns,
                  size);
  mg_compute_col2im(conv, columns, first, rows, dx + group->x);
}

static void
backward_sample(const MgConvolution *conv, const float *x, const float *weight, const float *dy, float *dx,
                float *dweight, float *columns)
{
  int most = tile_rows(conv);
  if (dx)
    memset(dx, 0, (size_t)conv->in_channels * conv->height * conv->width * sizeof *dx);
  for (int g = 0; g < conv->groups; g++) {
    Group group = group_of(conv, g);
    for (int first = 0; first < conv->out_height; first += most)
      backward_tile(conv, &group, first, MIN(most, conv->out_height - first), x, weight, dy, dx, dweight, columns);
  }
}

static void
sum_over_plane(const MgConvolution *conv, int batch, int threads, const float *dy, float *dbias)
{
  size_t plane = (size_t)conv->out_height * conv->out_width;
#pragma omp parallel for schedule(static) num_threads(threads)
  for (int c = 0; c < conv->out_channels; c++) {
    double sum = 0;
    for (int n = 0; n < batch; n++) {
      const float *row = dy + ((size_t)n * conv->out_channels + c) * plane;
      double part = 0;
#pragma omp simd reduction(+ : part)
      for (size_t i = 0; i < plane; i++)
        part += row[i];
      sum += part;
    }
    dbias[c] = sum;
  }
}

void
mg_compute_convolve_backward(const MgConvolution *conv, int batch, int threads, const float *x, const float *weight,
                             const float *dy, float *dx, float *dweight, float *dbias, float *workspace)
{
  size_t input = (size_t)conv->in_channels * conv->height * conv->width;
  size_t output = (size_t)conv->out_channels * conv->out_height * conv->out_width;
  size_t weights = kernel_size(conv) * conv->out_channels;
#pragma omp parallel num_threads(threads)
  {
    int thread = omp_get_thread_num(), team = omp_get_num_threads();
    float *columns = workspace + thread * mg_compute_convolution_workspace(conv);
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
  if (dbias)
    sum_over_plane(conv, batch, threads, dy, dbias);
}

#include "nn/compute.h"
#include "nn/convolution.h"
#include <cblas.h>
#include <string.h>

/* Threads are ours (one a sample or tile): inside, the library must not start more. */
static void
limit_blas_threads(void)
{
  static gsize limited = 0;
  if (g_once_init_enter(&limited)) {
    openblas_set_num_threads(1);
    g_once_init_leave(&limited, 1);
  }
}

void
mg_compute_gemm(gboolean transpose_a, gboolean transpose_b, int m, int n, int k, const float *a, int lda,
                const float *b, int ldb, float beta, float *c, int ldc)
{
  limit_blas_threads();
  cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans, m, n, k,
              1, a, lda, b, ldb, beta, c, ldc);
}

static const MgKernels *chosen;
static gboolean chosen_set; /* for tests, which are single-threaded */

const MgKernels *
mg_compute_kernels(void)
{
  return chosen_set ? chosen : mg_kernels_all()[0];
}

const MgRecurrentKernels *
mg_compute_recurrent_kernels(void)
{
  const MgKernels *const *all = mg_kernels_all(), *kernels = mg_compute_kernels();
  while (!kernels && all[1]) /* the plainest ones belong to im2col */
    all++;
  return kernels ? kernels->recurrent : (*all)->recurrent;
}

const char *const *
mg_compute_ways(void)
{
  static const char *names[8];
  size_t n = 0;
  for (; mg_kernels_all()[n]; n++)
    names[n] = mg_kernels_all()[n]->name;
  names[n] = "im2col";
  return names;
}

gboolean
mg_compute_choose(const char *way)
{
  const MgKernels *const *all = mg_kernels_all();
  while (*all && !g_str_equal((*all)->name, way))
    all++;
  if (!*all && !g_str_equal(way, "im2col"))
    return FALSE;
  chosen = *all;
  chosen_set = TRUE;
  return TRUE;
}

static gboolean
by_kernels(const MgConvolution *conv)
{
  return mg_compute_kernels() && mg_direct_fits(conv);
}

/* Enough for either way. */
size_t
mg_compute_convolution_workspace(const MgConvolution *conv)
{
  size_t columns = mg_im2col_workspace(conv);
  return mg_direct_fits(conv) ? MAX(columns, mg_direct_workspace(conv)) : columns;
}

typedef struct {
  const MgConvolution *conv;
  const float *bias, *dy;
  float *y;
} Arrays;

static size_t
row_at(const MgConvolution *conv, int n, int channel, int row)
{
  return (((size_t)n * conv->out_channels + channel) * conv->out_height + row) * conv->out_width;
}

static void
take_rows(void *data, int n, int channel, int first, int rows, const float *values, size_t stride)
{
  const Arrays *arrays = data;
  int width = arrays->conv->out_width;
  float *y = arrays->y + row_at(arrays->conv, n, channel, first);
  float bias = arrays->bias ? arrays->bias[channel] : 0;
  for (int r = 0; r < rows; r++, y += width, values += stride)
    if (arrays->bias)
      for (int i = 0; i < width; i++)
        y[i] = values[i] + bias;
    else
      memcpy(y, values, width * sizeof *y);
}

static void
give_row(void *data, int n, int channel, int row, float *values)
{
  const Arrays *arrays = data;
  memcpy(values, arrays->dy + row_at(arrays->conv, n, channel, row), arrays->conv->out_width * sizeof *values);
}

void
mg_compute_convolve(const MgConvolution *conv, int batch, int threads, const float *x, const float *weight,
                    const float *bias, float *y, float *workspace)
{
  Arrays arrays = {.conv = conv, .bias = bias, .y = y};
  if (by_kernels(conv))
    mg_direct_convolve(conv, batch, threads, x, weight, take_rows, &arrays, workspace);
  else
    mg_im2col_convolve(conv, batch, threads, x, weight, bias, y, workspace);
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
  Arrays arrays = {.conv = conv, .dy = dy};
  if (by_kernels(conv))
    mg_direct_convolve_backward(conv, batch, threads, x, weight, give_row, &arrays, dx, dweight, workspace);
  else
    mg_im2col_convolve_backward(conv, batch, threads, x, weight, dy, dx, dweight, workspace);
  if (dbias)
    sum_over_plane(conv, batch, threads, dy, dbias);
}

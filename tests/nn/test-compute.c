/* The reference convolution and products of matrices against plain loops in double precision, and pooling for every
 * instruction set that the machine has. test-blocked.c has the convolutions of the instruction sets. */
#include "nn/compute.h"
#include "nn/kernels.h"
#include "small-cnn.h"

#define SQUARE(in, out, kernel, stride, padding, ...)                                                                  \
  {                                                                                                                    \
    in, out, 1, {kernel, kernel}, {stride, stride}, {padding, padding}, __VA_ARGS__                                    \
  }
static const MgConvolution shapes[] = {
    SQUARE(1, 32, 3, 1, 1, 20, 33, 20, 33),
    SQUARE(32, 64, 3, 1, 1, 17, 21, 17, 21),
    SQUARE(5, 7, 3, 1, 1, 9, 5, 9, 5),
    SQUARE(3, 40, 3, 1, 1, 1, 1, 1, 1),
    SQUARE(2, 3, 3, 1, 1, 2, 70, 2, 70),
    SQUARE(9, 33, 3, 1, 1, 37, 2, 37, 2),
    SQUARE(1, 5, 3, 1, 1, 31, 16, 31, 16),
    SQUARE(3, 4, 5, 2, 2, 12, 13, 6, 7),
    SQUARE(4, 6, 1, 1, 0, 5, 6, 5, 6),
    {4, 6, 1, {1, 7}, {1, 1}, {0, 3}, 9, 11, 9, 11},
    {4, 6, 1, {5, 2}, {3, 2}, {1, 0}, 14, 11, 4, 5},
    {4, 6, 2, {3, 3}, {1, 1}, {1, 1}, 9, 11, 9, 11},
    {5, 10, 5, {3, 1}, {2, 1}, {1, 0}, 10, 7, 5, 7},
};
enum { batch = 3 };

static void
plain(const MgConvolution *v, const float *x, const float *w, const float *bias, const float *dy, double *y, double *dx,
      double *dw)
{
  int share = v->in_channels / v->groups;
  for (int n = 0; n < batch; n++)
    for (int o = 0; o < v->out_channels; o++)
      for (int r = 0; r < v->out_height; r++)
        for (int s = 0; s < v->out_width; s++) {
          size_t out = (((size_t)n * v->out_channels + o) * v->out_height + r) * v->out_width + s;
          y[out] = bias[o];
          for (int c = 0; c < share; c++)
            for (int i = 0; i < v->kernel.height; i++)
              for (int j = 0; j < v->kernel.width; j++) {
                int h = r * v->stride.height + i - v->padding.height, k = s * v->stride.width + j - v->padding.width;
                if (h < 0 || h >= v->height || k < 0 || k >= v->width)
                  continue;
                size_t in =
                    (((size_t)n * v->in_channels + o / (v->out_channels / v->groups) * share + c) * v->height + h) *
                        v->width +
                    k;
                size_t at = (((size_t)o * share + c) * v->kernel.height + i) * v->kernel.width + j;
                y[out] += (double)x[in] * w[at];
                dx[in] += (double)dy[out] * w[at];
                dw[at] += (double)dy[out] * x[in];
              }
        }
}

static void
check(const float *values, const double *expected, size_t n, const char *what)
{
  double error = 0, size = 0;
  for (size_t i = 0; i < n; i++) {
    error += (values[i] - expected[i]) * (values[i] - expected[i]);
    size += expected[i] * expected[i];
  }
  if (!(sqrt(error) <= 1e-5 * sqrt(size)))
    g_test_fail_printf("%s is off by %g of %g", what, sqrt(error), sqrt(size));
}

/* Scratch memory full of NaN shows what is read before it is written. */
static float *
scratch(size_t n)
{
  float *values = mg_buffer_new(n * sizeof *values);
  for (size_t i = 0; i < n; i++)
    values[i] = NAN;
  return values;
}

static void
check_shape(const MgConvolution *v, int threads)
{
  size_t in = (size_t)batch * v->in_channels * v->height * v->width;
  size_t out = (size_t)batch * v->out_channels * v->out_height * v->out_width;
  size_t weights = (size_t)v->in_channels / v->groups * v->out_channels * v->kernel.height * v->kernel.width;
  g_autofree float *x = g_new(float, in), *w = g_new(float, weights), *bias = g_new(float, v->out_channels);
  g_autofree float *dy = g_new(float, out);
  fill_hashed(x, in, 1, 1);
  fill_hashed(w, weights, 2, 1);
  fill_hashed(bias, v->out_channels, 3, 1);
  fill_hashed(dy, out, 4, 1);
  g_autofree double *y = g_new0(double, out), *dx = g_new0(double, in), *dw = g_new0(double, weights);
  plain(v, x, w, bias, dy, y, dx, dw);
  size_t size = mg_compute_convolution_workspace(v);
  float *workspace = scratch(threads * size), *got_y = scratch(out), *got_dx = scratch(in), *got_dw = scratch(weights);
  mg_compute_convolve(v, batch, threads, x, w, bias, got_y, workspace);
  check(got_y, y, out, "y");
  mg_compute_convolve_backward(v, batch, threads, x, w, dy, got_dx, got_dw, NULL, workspace);
  check(got_dx, dx, in, "dx");
  check(got_dw, dw, weights, "dweight");
  mg_compute_convolve_backward(v, batch, threads, x, w, dy, NULL, got_dw, NULL, workspace);
  check(got_dw, dw, weights, "dweight without dx");
  float *buffers[] = {workspace, got_y, got_dx, got_dw};
  for (size_t i = 0; i < G_N_ELEMENTS(buffers); i++)
    mg_buffer_free(buffers[i]);
}

static void
test_convolution(void)
{
  for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++)
    for (int threads = 1; threads <= 3; threads++)
      check_shape(&shapes[i], threads);
}

/* Pooling and its way back against plain loops, with ties, signs, borders and windows that go beyond the picture. */
static const MgPooling poolings[] = {
    {{2, 2}, {2, 2}, {0, 0}, 7, 9, 3, 4}, {{2, 2}, {2, 2}, {0, 0}, 6, 8, 3, 4},   {{3, 3}, {2, 2}, {1, 1}, 8, 7, 4, 4},
    {{4, 4}, {4, 4}, {0, 0}, 6, 9, 2, 3}, {{3, 3}, {1, 2}, {1, 0}, 5, 9, 5, 4},   {{2, 2}, {2, 2}, {1, 1}, 5, 5, 3, 3},
    {{2, 2}, {2, 2}, {0, 0}, 5, 5, 3, 3}, {{5, 5}, {2, 2}, {2, 2}, 11, 12, 6, 6}, {{1, 1}, {1, 1}, {0, 0}, 3, 4, 3, 4},
};

static void
check_window(const MgPooling *p, int lanes, int lane, int h, int w, const float *z, const float *y, const float *picked,
             const gint8 *winners, float *g)
{
  size_t out = ((size_t)h * p->out_width + w) * lanes + lane;
  int best = -1;
  float largest = -INFINITY, at_largest = 0;
  for (int i = 0; i < p->kernel.height; i++)
    for (int j = 0; j < p->kernel.width; j++) {
      int row = h * p->stride.height + i - p->padding.height, column = w * p->stride.width + j - p->padding.width;
      if (row < 0 || row >= p->height || column < 0 || column >= p->width)
        continue;
      float value = z[((size_t)row * p->width + column) * lanes + lane];
      if (-2 * value + 0.5f > largest) {
        best = i * p->kernel.width + j;
        largest = -2 * value + 0.5f;
        at_largest = value;
      }
    }
  g_assert_cmpfloat(y[out], ==, MAX(largest, 0));
  g_assert_cmpfloat(picked[out], ==, at_largest);
  g_assert_cmpint(winners[out], ==, largest > 0 ? best : MG_CUT_OFF);
  if (largest > 0) {
    int row = h * p->stride.height + best / p->kernel.width - p->padding.height;
    int column = w * p->stride.width + best % p->kernel.width - p->padding.width;
    g[((size_t)row * p->width + column) * lanes + lane] += y[out];
  }
}

static void
check_pooling(const MgKernels *kernels, const MgPooling *p)
{
  int lanes = kernels->lanes;
  size_t n = (size_t)p->height * p->width * lanes, out = (size_t)p->out_height * p->out_width * lanes;
  size_t row = (size_t)p->out_width * lanes;
  g_autofree float *z = g_new(float, n), *y = g_new(float, out), *only = g_new(float, out), *got = g_new(float, n);
  g_autofree float *picked = g_new(float, out), *g = g_new0(float, n), *ones = g_new(float, 2 * lanes);
  g_autofree gint8 *winners = g_new(gint8, out);
  for (size_t i = 0; i < n; i++)
    z[i] = roundf(hashed(i, 7) * 3); /* whole numbers: ties */
  for (int l = 0; l < lanes; l++) {
    ones[l] = -2;
    ones[lanes + l] = 0.5f;
  }
  const MgAffine affine = {ones, ones + lanes};
  for (int h = 0; h < p->out_height; h++) {
    kernels->pool_row(p, h, z, &affine, TRUE, y + h * row, picked + h * row, winners + h * row);
    kernels->pool_row(p, h, z, &affine, TRUE, only + h * row, NULL, NULL);
  }
  g_assert_cmpmem(only, out * sizeof *only, y, out * sizeof *y);
  for (int h = 0; h < p->out_height; h++)
    for (int w = 0; w < p->out_width; w++)
      for (int l = 0; l < lanes; l++)
        check_window(p, lanes, l, h, w, z, y, picked, winners, g);
  for (int h = 0; h < p->height; h++)
    kernels->unpool_row(p, h, y, winners, got + (size_t)h * p->width * lanes);
  for (size_t i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon(got[i], g[i], 1e-5);
}

static void
test_pool(gconstpointer kernels)
{
  for (size_t i = 0; i < G_N_ELEMENTS(poolings); i++)
    check_pooling(kernels, &poolings[i]);
}

/* C in rows that are longer than its columns: what lies beside it stays. */
static void
check_gemm(int threads, int m, int n, int k, gboolean transpose_a, gboolean transpose_b)
{
  int lda = (transpose_a ? m : k) + 3, ldb = (transpose_b ? k : n) + 2, ldc = n + 5;
  size_t sizes[] = {(size_t)(transpose_a ? k : m) * lda, (size_t)(transpose_b ? n : k) * ldb, (size_t)m * ldc};
  g_autofree float *a = g_new(float, sizes[0]), *b = g_new(float, sizes[1]), *c = g_new(float, sizes[2]);
  g_autofree double *expected = g_new(double, sizes[2]);
  fill_hashed(a, sizes[0], 1, 1);
  fill_hashed(b, sizes[1], 2, 1);
  fill_hashed(c, sizes[2], 3, 1);
  for (int row = 0; row < m; row++)
    for (int column = 0; column < ldc; column++) {
      double *value = &expected[(size_t)row * ldc + column];
      *value = c[(size_t)row * ldc + column];
      for (int i = 0; i < k && column < n; i++)
        *value += (double)a[transpose_a ? i * lda + row : row * lda + i] *
                  b[transpose_b ? column * ldb + i : i * ldb + column];
    }
  mg_compute_gemm_threaded(threads, transpose_a, transpose_b, m, n, k, a, lda, b, ldb, 1, c, ldc);
  check(c, expected, sizes[2], "C");
}

static void
test_gemm(void)
{
  static const int sizes[][3] = {{1, 1, 1}, {1, 33, 70}, {2, 15, 9}, {1, 64, 5}, {7, 100, 31}, {16, 16, 16}};
  for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
    for (int threads = 1; threads <= 5; threads++)
      for (int transposed = 0; transposed < 4; transposed++)
        check_gemm(threads, sizes[i][0], sizes[i][1], sizes[i][2], transposed & 1, transposed & 2);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/nn/compute/convolution", test_convolution);
  g_test_add_func("/nn/compute/gemm", test_gemm);
  for (const MgKernels *const *kernels = mg_kernels_all(); *kernels; kernels++) {
    g_autofree char *path = g_strdup_printf("/nn/compute/pool/%s", (*kernels)->name);
    g_test_add_data_func(path, *kernels, test_pool);
  }
  return g_test_run();
}

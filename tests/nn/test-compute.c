/* Every way to compute against plain loops in double precision, for every instruction set that the machine has. */
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
test_way(gconstpointer way)
{
  g_assert_true(mg_compute_choose(way));
  for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++)
    for (int threads = 1; threads <= 3; threads++)
      check_shape(&shapes[i], threads);
  g_assert_true(mg_compute_choose(mg_compute_ways()[0]));
}

/* Pooling of rows and its way back, with the ties, signs and lengths that a vector's end can get wrong. */
static void
test_pool(gconstpointer data)
{
  const MgKernels *kernels = data;
  for (int n = 1; n < 40; n++) {
    float x[2][80], y[40], only[40], picked[40], dx[80];
    guint8 winners[41];
    winners[n] = 99;
    for (int i = 0; i < 2 * n; i++)
      for (int r = 0; r < 2; r++)
        x[r][i] = roundf(hashed(i, 7 + r) * 3); /* whole numbers: ties */
    kernels->pool_rows(n, x[0], x[1], -2, 0.5f, y, picked, winners);
    kernels->pool_rows(n, x[0], x[1], -2, 0.5f, only, NULL, NULL);
    g_assert_cmpint(winners[n], ==, 99);
    for (int i = 0; i < n; i++) {
      const float four[] = {x[0][2 * i], x[0][2 * i + 1], x[1][2 * i], x[1][2 * i + 1]};
      int best = 0;
      for (int k = 1; k < 4; k++)
        best = -2 * four[k] > -2 * four[best] ? k : best;
      float z = -2 * four[best] + 0.5f;
      g_assert_cmpfloat(y[i], ==, MAX(z, 0));
      g_assert_cmpfloat(only[i], ==, y[i]);
      g_assert_cmpfloat(picked[i], ==, four[best]);
      g_assert_cmpint(winners[i], ==, z > 0 ? best : 4);
    }
    const MgNormGradient norm = {.scale = 2, .offset = 0.25f, .mean = 0.5f, .slope = 0.125f};
    for (int odd = 0; odd < 2; odd++) {
      kernels->unpool_row(n, x[odd], y, winners, odd, &norm, dx);
      for (int i = 0; i < 2 * n; i++) {
        float g = winners[i / 2] == 2 * odd + i % 2 ? y[i / 2] : 0;
        g_assert_cmpfloat_with_epsilon(dx[i], 2 * (g - 0.25 - (x[odd][i] - 0.5) * 0.125), 1e-5);
      }
    }
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (const char *const *way = mg_compute_ways(); *way; way++) {
    g_autofree char *path = g_strdup_printf("/nn/compute/convolution/%s", *way);
    g_test_add_data_func(path, *way, test_way);
  }
  for (const MgKernels *const *kernels = mg_kernels_all(); *kernels; kernels++) {
    g_autofree char *path = g_strdup_printf("/nn/compute/pool/%s", (*kernels)->name);
    g_test_add_data_func(path, *kernels, test_pool);
  }
  return g_test_run();
}

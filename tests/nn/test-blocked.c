/* Convolutions in the blocked layout against those by im2col, for every instruction set that the machine has. */
#include "nn/blocked.h"
#include "small-cnn.h"

typedef struct {
  int in_channels, out_channels;
  MgSize kernel, stride, padding;
  int height, width;
} Case;

static const Case cases[] = {
    {64, 64, {3, 3}, {1, 1}, {1, 1}, 9, 21},  {20, 40, {3, 3}, {1, 1}, {1, 1}, 8, 27},
    {16, 7, {3, 3}, {1, 1}, {0, 2}, 7, 5},    {32, 48, {3, 3}, {1, 1}, {2, 0}, 5, 6},
    {64, 128, {3, 3}, {2, 2}, {1, 1}, 9, 22}, {33, 17, {3, 3}, {2, 2}, {1, 1}, 8, 7},
    {64, 32, {1, 1}, {2, 2}, {0, 0}, 8, 9},   {5, 70, {1, 1}, {1, 1}, {0, 0}, 3, 31},
    {1, 64, {7, 7}, {2, 2}, {3, 3}, 30, 33},  {3, 20, {7, 7}, {2, 2}, {3, 3}, 21, 18},
    {1, 32, {3, 3}, {1, 1}, {1, 1}, 9, 40},   {2, 5, {5, 3}, {1, 2}, {2, 0}, 11, 12},
    {16, 32, {1, 7}, {1, 1}, {0, 3}, 6, 17},  {32, 16, {7, 1}, {1, 1}, {3, 0}, 17, 6},
    {16, 16, {5, 5}, {1, 1}, {2, 2}, 10, 10}, {8, 24, {2, 4}, {2, 1}, {1, 1}, 9, 8},
    {16, 16, {3, 3}, {1, 1}, {1, 1}, 1, 1},   {200, 216, {3, 3}, {1, 1}, {1, 1}, 3, 5},
    {96, 64, {3, 3}, {2, 2}, {0, 0}, 12, 13},
};
enum { batch = 5 };

static MgConvolution
convolution_of(const Case *from)
{
  return (MgConvolution){
      .in_channels = from->in_channels,
      .out_channels = from->out_channels,
      .groups = 1,
      .kernel = from->kernel,
      .stride = from->stride,
      .padding = from->padding,
      .height = from->height,
      .width = from->width,
      .out_height = (from->height + 2 * from->padding.height - from->kernel.height) / from->stride.height + 1,
      .out_width = (from->width + 2 * from->padding.width - from->kernel.width) / from->stride.width + 1};
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
check(const float *values, const float *expected, size_t n, double tolerance, const MgConvolution *conv,
      const char *what)
{
  double error = 0, size = 0;
  for (size_t i = 0; i < n; i++) {
    error += (values[i] - expected[i]) * (values[i] - expected[i]);
    size += expected[i] * expected[i];
  }
  if (!(sqrt(error) <= tolerance * sqrt(size)))
    g_test_fail_printf("%d x %d, %d to %d channels: %s is off by %g of %g", conv->kernel.height, conv->kernel.width,
                       conv->in_channels, conv->out_channels, what, sqrt(error), sqrt(size));
}

/* Arrays of one case, in the plain and in the blocked layout. */
typedef struct {
  MgBlocked conv;
  size_t in, out, weights, plane_in, plane_out, blocked_in, blocked_out;
  float *x, *w, *bias, *dy, *y, *dx, *dw, *workspace;
  float *bx, *bdy, *by, *bdx, *got;
} Arrays;

static void
free_arrays(Arrays *a)
{
  float *all[] = {a->x, a->w, a->bias, a->dy, a->y, a->dx, a->dw, a->workspace, a->bx, a->bdy, a->by, a->bdx, a->got};
  for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
    mg_buffer_free(all[i]);
}

static Arrays
arrays_of(const MgConvolution *v, const MgKernels *kernels)
{
  Arrays a = {0};
  g_assert_true(mg_blocked_convolution(v, kernels, &a.conv));
  a.plane_in = (size_t)v->height * v->width;
  a.plane_out = (size_t)v->out_height * v->out_width;
  a.in = batch * v->in_channels * a.plane_in;
  a.out = batch * v->out_channels * a.plane_out;
  a.weights = (size_t)v->in_channels * v->out_channels * v->kernel.height * v->kernel.width;
  a.blocked_in = (size_t)batch * a.conv.in_blocks * kernels->lanes * a.plane_in;
  a.blocked_out = (size_t)batch * a.conv.out_blocks * kernels->lanes * a.plane_out;
  float **plain[] = {&a.x, &a.dx, &a.w, &a.dw, &a.y, &a.dy, &a.bias};
  const size_t sizes[] = {a.in, a.in, a.weights, a.weights, a.out, a.out, v->out_channels};
  for (size_t i = 0; i < G_N_ELEMENTS(plain); i++) {
    *plain[i] = scratch(sizes[i]);
    fill_hashed(*plain[i], sizes[i], i, 1);
  }
  a.bx = scratch(a.blocked_in);
  a.bdx = scratch(a.blocked_in);
  a.by = scratch(a.blocked_out);
  a.bdy = scratch(a.blocked_out);
  a.got = scratch(MAX(MAX(a.in, a.out), a.weights));
  if (a.conv.stem)
    memcpy(a.bx, a.x, a.in * sizeof(float));
  else
    mg_block(kernels, batch, 1, v->in_channels, a.plane_in, a.x, a.bx);
  mg_block(kernels, batch, 1, v->out_channels, a.plane_out, a.dy, a.bdy);
  a.workspace = scratch(mg_compute_convolution_workspace(v));
  mg_compute_convolve(v, batch, 1, a.x, a.w, NULL, a.y, a.workspace);
  mg_compute_convolve_backward(v, batch, 1, a.x, a.w, a.dy, a.dx, a.dw, NULL, a.workspace);
  return a;
}

/* `laid_out`: with weights that were packed before. */
static void
check_passes(Arrays *a, int threads, MgBlockedWay way, gboolean laid_out)
{
  const double tolerance = way == MG_WINOGRAD_HALF ? 2e-2 : way == MG_WINOGRAD ? 1e-5 : 2e-6;
  const MgBlocked *conv = &a->conv;
  const MgConvolution *v = &conv->shape;
  const MgKernels *kernels = conv->kernels;
  MgBlockedPass pass = {.batch = batch, .threads = threads, .workspace_size = mg_blocked_workspace(conv)};
  pass.shared = scratch(mg_blocked_shared(conv));
  pass.workspace = scratch(threads * pass.workspace_size);
  float *room = scratch(mg_blocked_packed_size(conv, way));
  const MgBlockedWeights weights = laid_out ? (MgBlockedWeights){.packed = room} : (MgBlockedWeights){NULL, a->w, room};
  const MgEpilogue as_is = {0};

  if (laid_out)
    mg_blocked_pack(conv, threads, a->w, NULL, FALSE, way, room);
  mg_blocked_convolve(conv, &pass, way, a->bx, &weights, &as_is, a->by);
  mg_unblock(kernels, batch, threads, v->out_channels, a->plane_out, a->by, a->got);
  check(a->got, a->y, a->out, tolerance, v, "y");

  if (laid_out)
    mg_blocked_pack(conv, threads, a->w, NULL, TRUE, way, room);
  mg_blocked_convolve_data(conv, &pass, way, a->bdy, &weights, FALSE, conv->stem ? a->got : a->bdx);
  if (!conv->stem)
    mg_unblock(kernels, batch, threads, v->in_channels, a->plane_in, a->bdx, a->got);
  check(a->got, a->dx, a->in, tolerance, v, "dx");

  mg_blocked_convolve_weights(conv, &pass, way, a->bx, a->bdy, a->got);
  check(a->got, a->dw, a->weights, tolerance, v, "dweight");
  mg_buffer_free(room);
  mg_buffer_free(pass.shared);
  mg_buffer_free(pass.workspace);
}

static void
test_kernels(gconstpointer data)
{
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    MgConvolution v = convolution_of(&cases[i]);
    Arrays a = arrays_of(&v, data);
    for (int threads = 1; threads <= 3; threads++)
      for (MgBlockedWay way = MG_DIRECT; way <= MG_WINOGRAD_HALF; way++)
        if (way == MG_DIRECT || mg_blocked_prefers_winograd(&a.conv, 1000, FALSE)) {
          check_passes(&a, threads, way, TRUE);
          check_passes(&a, threads, way, FALSE);
        }
    free_arrays(&a);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (const MgKernels *const *kernels = mg_kernels_all(); *kernels; kernels++) {
    g_autofree char *path = g_strdup_printf("/nn/blocked/%s", (*kernels)->name);
    g_test_add_data_func(path, *kernels, test_kernels);
  }
  return g_test_run();
}

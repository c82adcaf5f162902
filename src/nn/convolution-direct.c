/* Convolution of 3 x 3 with stride 1 and padding 1, without columns: tiles of a few rows are copied with a border of
 * zeros and computed as one long row of (width + 2) · rows positions, in which every kernel position is a constant
 * distance. The two positions at the end of each row come out meaningless and are passed over. */
#include "nn/convolution.h"
#include <omp.h>
#include <string.h>

enum { most_outputs = 8, most_correlated = 32, slack = 64, most_rows = 16 };
static const size_t tile_floats = 320 * 1024; /* x and dy of a tile together: 1.25 MB of 2 MB second-level cache */

static size_t
round_up(size_t n, size_t to)
{
  return (n + to - 1) / to * to;
}

gboolean
mg_direct_fits(const MgConvolution *conv)
{
  return conv->kernel.height == 3 && conv->kernel.width == 3 && conv->stride.height == 1 && conv->stride.width == 1 &&
         conv->padding.height == 1 && conv->padding.width == 1 && conv->groups == 1;
}

int
mg_direct_tile_rows(const MgConvolution *conv)
{
  size_t row = (size_t)(conv->in_channels + conv->out_channels) * (conv->width + 2);
  size_t rows = CLAMP(tile_floats / row, 4, most_rows + 2) - 2;
  size_t tiles = (conv->height + rows - 1) / rows;
  return round_up((conv->height + tiles - 1) / tiles, 2);
}

/* How a thread's scratch memory is divided. */
typedef struct {
  int rows;
  size_t width;     /* of a bordered row */
  size_t plane;     /* floats between the channels of a bordered tile */
  size_t out_plane; /* and of a tile of results */
  float *x, *dy, *out;
  float *turned; /* dy of a tile with the channels innermost */
  float *share;  /* of dweight */
  float *packed; /* weights in the order of the kernels; the first thread's are used by all */
  size_t size;
} Layout;

static Layout
lay_out(const MgConvolution *conv, float *workspace)
{
  Layout layout = {.rows = mg_direct_tile_rows(conv), .width = conv->width + 2};
  layout.plane = round_up((layout.rows + 2) * layout.width, 16);
  if (layout.plane / 16 % 2 == 0)
    layout.plane += 16; /* channels do not fall on the same cache sets */
  layout.out_plane = round_up(layout.rows * layout.width, 16) + 16;
  size_t in = round_up(conv->in_channels, most_outputs), out = round_up(conv->out_channels, most_correlated);
  layout.x = workspace;
  layout.dy = layout.x + conv->in_channels * layout.plane + slack;
  layout.out = layout.dy + out * layout.plane + slack;
  layout.turned = layout.out + most_outputs * layout.out_plane + slack;
  layout.share = layout.turned + out * layout.plane;
  layout.packed = layout.share + out * conv->in_channels * 9;
  layout.size = layout.packed + in * out * 9 - workspace;
  return layout;
}

size_t
mg_direct_workspace(const MgConvolution *conv)
{
  static float origin[1];
  return round_up(lay_out(conv, origin).size, 16);
}

/* weight (out, in, 3, 3) -> packed (out / outputs, in, 9, outputs), zeros where out does not divide. Transposed: in and
 * out change places and the kernel is turned round, which is the weight of the backward pass. */
static void
pack_weights(const MgConvolution *conv, const float *weight, gboolean transposed, int outputs, float *packed)
{
  int in = transposed ? conv->out_channels : conv->in_channels,
      out = transposed ? conv->in_channels : conv->out_channels;
#pragma omp for schedule(static)
  for (int block = 0; block < (out + outputs - 1) / outputs; block++)
    for (int c = 0; c < in; c++)
      for (int t = 0; t < 9; t++)
        for (int o = 0; o < outputs; o++) {
          int output = block * outputs + o;
          size_t at = transposed ? ((size_t)c * out + output) * 9 + 8 - t : ((size_t)output * in + c) * 9 + t;
          packed[(((size_t)block * in + c) * 9 + t) * outputs + o] = output < out ? weight[at] : 0;
        }
}

/* Rows first - 1 … first + rows of x (channels, height, width) with a border of zeros. */
static void
border_x(const MgConvolution *conv, const float *x, int first, int rows, const Layout *layout)
{
  for (int c = 0; c < conv->in_channels; c++) {
    float *out = layout->x + c * layout->plane;
    for (int h = first - 1; h <= first + rows; h++, out += layout->width) {
      if (h < 0 || h >= conv->height) {
        memset(out, 0, layout->width * sizeof *out);
        continue;
      }
      out[0] = out[conv->width + 1] = 0;
      memcpy(out + 1, x + ((size_t)c * conv->height + h) * conv->width, conv->width * sizeof *out);
    }
    memset(out, 0, (layout->x + (c + 1) * layout->plane - out) * sizeof *out);
  }
  memset(layout->x + conv->in_channels * layout->plane, 0, slack * sizeof(float));
}

/* The same of dy from its source, with channels of zeros up to a whole number of blocks. The rows above and below the
 * tile are only needed for dx. */
static void
border_dy(const MgConvolution *conv, MgRowSource source, void *data, int n, int first, int rows, gboolean for_dx,
          const Layout *layout)
{
  for (int c = 0; c < conv->out_channels; c++) {
    float *out = layout->dy + c * layout->plane;
    for (int h = first - 1; h <= first + rows; h++, out += layout->width) {
      gboolean outside = h < 0 || h >= conv->height || (!for_dx && (h < first || h == first + rows));
      if (outside) {
        memset(out, 0, layout->width * sizeof *out);
        continue;
      }
      out[0] = out[conv->width + 1] = 0;
      source(data, n, c, h, out + 1);
    }
    memset(out, 0, (layout->dy + (c + 1) * layout->plane - out) * sizeof *out);
  }
  size_t rest = round_up(conv->out_channels, most_correlated) - conv->out_channels;
  memset(layout->dy + conv->out_channels * layout->plane, 0, (rest * layout->plane + slack) * sizeof(float));
}

/* Floats of a tile from the first position of its first row to the last of its last. */
static size_t
positions(const Layout *layout, int rows)
{
  return rows * layout->width - 2;
}

void
mg_direct_convolve(const MgConvolution *conv, int batch, int threads, const float *x, const float *weight,
                   MgRowsSink sink, void *data, float *workspace)
{
  const MgKernels *kernels = mg_compute_kernels();
  int most = mg_direct_tile_rows(conv), tiles = (conv->height + most - 1) / most, outputs = kernels->outputs;
  size_t size = mg_direct_workspace(conv), input = (size_t)conv->in_channels * conv->height * conv->width;
  const float *packed = lay_out(conv, workspace).packed;
#pragma omp parallel num_threads(threads)
  {
    Layout layout = lay_out(conv, workspace + omp_get_thread_num() * size);
    pack_weights(conv, weight, FALSE, outputs, (float *)packed);
#pragma omp for collapse(2) schedule(static)
    for (int n = 0; n < batch; n++)
      for (int t = 0; t < tiles; t++) {
        int first = t * most, rows = MIN(most, conv->height - first);
        border_x(conv, x + n * input, first, rows, &layout);
        for (int c = 0; c < conv->out_channels; c += outputs) {
          kernels->convolve(conv->in_channels, positions(&layout, rows), layout.x, layout.plane, layout.width,
                            packed + (size_t)c * conv->in_channels * 9, layout.out, layout.out_plane);
          for (int o = 0; o < MIN(outputs, conv->out_channels - c); o++)
            sink(data, n, c + o, first, rows, layout.out + o * layout.out_plane, layout.width);
        }
      }
  }
}

/* A share of dweight lies as (out / correlated, in, 9, correlated). */
static void
add_dweight(const MgConvolution *conv, const MgKernels *kernels, int rows, const Layout *layout)
{
  int block = kernels->correlated;
  size_t n = positions(layout, rows), turned = round_up(n, 4) * block;
  const float *dy = layout->dy + layout->width + 1;
  for (int o = 0; o < conv->out_channels; o += block)
    kernels->transpose(n, dy + o * layout->plane, layout->plane, layout->turned + o / block * turned);
  for (int c = 0; c < conv->in_channels; c++)
    for (int o = 0; o < conv->out_channels; o += block)
      kernels->correlate(n, layout->turned + o / block * turned, layout->x + c * layout->plane, layout->width,
                         layout->share + ((size_t)o * conv->in_channels + c * block) * 9);
}

static void
add_dweight_single(const MgConvolution *conv, const MgKernels *kernels, int rows, const Layout *layout)
{
  int block = kernels->correlated, single = kernels->correlated_single;
  const float *dy = layout->dy + layout->width + 1;
  float sums[3 * most_outputs];
  for (int o = 0; o < conv->out_channels; o += single)
    for (int i = 0; i < 3; i++) {
      kernels->correlate_single(positions(layout, rows), dy + o * layout->plane, layout->plane,
                                layout->x + i * layout->width, sums);
      for (int p = 0; p < single; p++)
        for (int j = 0; j < 3; j++)
          layout->share[((o + p) / block * 9 + i * 3 + j) * block + (o + p) % block] += sums[p * 3 + j];
    }
}

static void
make_dx(const MgConvolution *conv, const MgKernels *kernels, const float *packed, int first, int rows, float *dx,
        const Layout *layout)
{
  for (int c = 0; c < conv->in_channels; c += kernels->outputs) {
    kernels->convolve(conv->out_channels, positions(layout, rows), layout->dy, layout->plane, layout->width,
                      packed + (size_t)c * conv->out_channels * 9, layout->out, layout->out_plane);
    for (int o = 0; o < MIN(kernels->outputs, conv->in_channels - c); o++)
      for (int r = 0; r < rows; r++)
        memcpy(dx + ((size_t)(c + o) * conv->height + first + r) * conv->width,
               layout->out + o * layout->out_plane + r * layout->width, conv->width * sizeof *dx);
  }
}

/* The threads' shares added in their order. */
static void
sum_shares(const MgConvolution *conv, int block, int team, float *workspace, float *dweight)
{
  size_t size = mg_direct_workspace(conv);
  int in = conv->in_channels;
  const float *first = lay_out(conv, workspace).share;
#pragma omp for schedule(static)
  for (int o = 0; o < conv->out_channels; o++)
    for (int k = 0; k < in * 9; k++) {
      const float *at = first + ((size_t)(o / block) * in * 9 + k) * block + o % block;
      float sum = 0;
      for (int t = 0; t < team; t++)
        sum += at[t * size];
      dweight[(size_t)o * in * 9 + k] = sum;
    }
}

void
mg_direct_convolve_backward(const MgConvolution *conv, int batch, int threads, const float *x, const float *weight,
                            MgRowSource source, void *data, float *dx, float *dweight, float *workspace)
{
  const MgKernels *kernels = mg_compute_kernels();
  int most = mg_direct_tile_rows(conv), tiles = (conv->height + most - 1) / most;
  size_t size = mg_direct_workspace(conv), input = (size_t)conv->in_channels * conv->height * conv->width;
  const float *packed = lay_out(conv, workspace).packed;
#pragma omp parallel num_threads(threads)
  {
    Layout layout = lay_out(conv, workspace + omp_get_thread_num() * size);
    memset(layout.share, 0, (layout.packed - layout.share) * sizeof(float));
    if (dx)
      pack_weights(conv, weight, TRUE, kernels->outputs, (float *)packed);
#pragma omp for collapse(2) schedule(static)
    for (int n = 0; n < batch; n++)
      for (int t = 0; t < tiles; t++) {
        int first = t * most, rows = MIN(most, conv->height - first);
        border_x(conv, x + n * input, first, rows, &layout);
        border_dy(conv, source, data, n, first, rows, dx != NULL, &layout);
        if (dx)
          make_dx(conv, kernels, packed, first, rows, dx + n * input, &layout);
        (conv->in_channels > 1 ? add_dweight : add_dweight_single)(conv, kernels, rows, &layout);
      }
    sum_shares(conv, kernels->correlated, omp_get_num_threads(), workspace, dweight);
  }
}

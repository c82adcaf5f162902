/* Max pooling over a normalised, rectified picture, and back. Compiled several times. */
#include "nn/kernels-isa.h"
#include "nn/vector.h"

typedef struct {
  const float *z;
  Vector scale, shift;
} Source;

/* The largest of the window at (row, column); a tie goes to the first, NaN wins over everything, as in PyTorch. */
ALWAYS_INLINE void
window_max(int kernel, gboolean inside, const MgPooling *pooling, const Source *source, int row, int column,
           Vector *largest, Vector *picked, Integers *winner)
{
  gboolean found = FALSE;
  *winner = (Integers){0};
  for (int i = 0; i < kernel; i++)
    for (int j = 0; j < kernel; j++) {
      int h = row * pooling->stride.height + i - pooling->padding.height;
      int w = column * pooling->stride.width + j - pooling->padding.width;
      if (!inside && (h < 0 || h >= pooling->height || w < 0 || w >= pooling->width))
        continue;
      Vector z = LOAD(source->z + ((size_t)h * pooling->width + w) * LANES), value = z * source->scale + source->shift;
      Integers better = ~(Integers){0};
      if (found)
        better = (Integers)((value > *largest) | (value != value));
      *largest = choose(better, value, *largest);
      *picked = choose(better, z, *picked);
      *winner = (*winner & ~better) | (better & (i * kernel + j));
      found = TRUE;
    }
}

ALWAYS_INLINE void
pool_windows(int kernel, gboolean keep, const MgPooling *pooling, int row, const Source *source, gboolean relu,
             float *y, float *picked, gint8 *winners)
{
  int top = row * pooling->stride.height - pooling->padding.height;
  gboolean rows_inside = top >= 0 && top + kernel <= pooling->height;
  for (int w = 0; w < pooling->out_width; w++) {
    int left = w * pooling->stride.width - pooling->padding.width;
    Vector largest = {0}, z = {0};
    Integers winner;
    if (rows_inside && left >= 0 && left + kernel <= pooling->width)
      window_max(kernel, TRUE, pooling, source, row, w, &largest, &z, &winner);
    else
      window_max(kernel, FALSE, pooling, source, row, w, &largest, &z, &winner);
    STORE(y + w * LANES, relu ? rectify(largest) : largest);
    if (!keep)
      continue;
    if (relu) {
      Integers cut = largest <= 0;
      winner = (winner & ~cut) | (cut & MG_CUT_OFF);
    }
    STORE(picked + w * LANES, z);
    *(Bytes *)(winners + w * LANES) = __builtin_convertvector(winner, Bytes);
  }
}

ALWAYS_INLINE void
pool_kernel(int kernel, const MgPooling *pooling, int row, const Source *source, gboolean relu, float *y, float *picked,
            gint8 *winners)
{
  if (picked)
    pool_windows(kernel, TRUE, pooling, row, source, relu, y, picked, winners);
  else
    pool_windows(kernel, FALSE, pooling, row, source, relu, y, NULL, NULL);
}

void
MG_ISA(pool_row)(const MgPooling *pooling, int row, const float *z, const MgAffine *affine, gboolean relu, float *y,
                 float *picked, gint8 *winners)
{
  Source source = {z, LOAD(affine->scale), LOAD(affine->shift)};
  if (pooling->kernel.width == 2)
    pool_kernel(2, pooling, row, &source, relu, y, picked, winners);
  else if (pooling->kernel.width == 3)
    pool_kernel(3, pooling, row, &source, relu, y, picked, winners);
  else
    pool_kernel(pooling->kernel.width, pooling, row, &source, relu, y, picked, winners);
}

ALWAYS_INLINE Integers
read_winners(const gint8 *winners)
{
  return __builtin_convertvector(*(const Bytes *)winners, Integers);
}

void
MG_ISA(pool_sums)(size_t n, const float *dy, const float *picked, const gint8 *winners, const float *mean, float *sum,
                  float *product)
{
  Vector middle = LOAD(mean), sums = {0}, products = {0};
  for (size_t i = 0; i < n * LANES; i += LANES) {
    Vector g = where(read_winners(winners + i) != MG_CUT_OFF, LOAD(dy + i));
    sums += g;
    products += g * (LOAD(picked + i) - middle);
  }
  STORE(sum, sums);
  STORE(product, products);
}

/* Adds what the windows of output row `out` give to input row `row`, their row i. */
ALWAYS_INLINE void
scatter_row(int kernel, const MgPooling *pooling, int i, const float *dy, const gint8 *winners, float *g)
{
  for (int w = 0; w < pooling->out_width; w++) {
    Vector gradient = LOAD(dy + w * LANES);
    Integers winner = read_winners(winners + w * LANES);
    for (int j = 0; j < kernel; j++) {
      int at = w * pooling->stride.width + j - pooling->padding.width;
      if (at >= 0 && at < pooling->width)
        STORE(g + at * LANES, LOAD(g + at * LANES) + where(winner == i * kernel + j, gradient));
    }
  }
}

/* Windows of two that do not overlap: every value is written once. */
ALWAYS_INLINE void
scatter_pairs(const MgPooling *pooling, int i, const float *dy, const gint8 *winners, float *g)
{
  for (int w = 0; w < pooling->out_width; w++) {
    Vector gradient = LOAD(dy + w * LANES);
    Integers winner = read_winners(winners + w * LANES);
    STORE(g + 2 * w * LANES, where(winner == i * 2, gradient));
    STORE(g + (2 * w + 1) * LANES, where(winner == i * 2 + 1, gradient));
  }
  if (pooling->width % 2)
    STORE(g + (pooling->width - 1) * LANES, (Vector){0});
}

void
MG_ISA(unpool_row)(const MgPooling *pooling, int row, const float *dy, const gint8 *winners, float *g)
{
  int kernel = pooling->kernel.width;
  size_t out_row = (size_t)pooling->out_width * LANES;
  gboolean pairs = kernel == 2 && pooling->stride.height == 2 && pooling->stride.width == 2;
  if (pairs && pooling->padding.height == 0 && pooling->padding.width == 0 && row / 2 < pooling->out_height &&
      2 * pooling->out_width <= pooling->width) {
    scatter_pairs(pooling, row % 2, dy + row / 2 * out_row, winners + row / 2 * out_row, g);
    return;
  }
  for (int w = 0; w < pooling->width; w++)
    STORE(g + w * LANES, (Vector){0});
  for (int i = 0; i < kernel; i++) {
    int top = row + pooling->padding.height - i, h = top / pooling->stride.height;
    if (top < 0 || top % pooling->stride.height != 0 || h >= pooling->out_height)
      continue;
    if (kernel == 3)
      scatter_row(3, pooling, i, dy + h * out_row, winners + h * out_row, g);
    else
      scatter_row(kernel, pooling, i, dy + h * out_row, winners + h * out_row, g);
  }
}

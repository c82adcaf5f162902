/* Compiled several times: MG_KERNELS is the name of the table that comes out, MG_KERNELS_NAME its text,
 * MG_RECURRENT_KERNELS that of kernels-recurrent.c's. */
#include "nn/kernels.h"
#include <string.h>

#if defined(__AVX512F__)
enum { lanes = 16, outputs = 8, vectors = 3, tap_rows = 3, dy_vectors = 2 };
#elif defined(__AVX2__)
enum { lanes = 8, outputs = 4, vectors = 3, tap_rows = 1, dy_vectors = 4 };
#else
enum { lanes = 4, outputs = 4, vectors = 2, tap_rows = 1, dy_vectors = 4 };
#endif

/* A vector that may lie anywhere. */
typedef float Vector __attribute__((vector_size(lanes * 4), aligned(4), may_alias));

typedef int Integers __attribute__((vector_size(lanes * 4)));
typedef signed char Bytes __attribute__((vector_size(lanes), aligned(1), may_alias));

#if defined(__AVX512F__)
#define EVEN                                                                                                           \
  {                                                                                                                    \
    0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30                                                          \
  }
#elif defined(__AVX2__)
#define EVEN                                                                                                           \
  {                                                                                                                    \
    0, 2, 4, 6, 8, 10, 12, 14                                                                                          \
  }
#else
#define EVEN                                                                                                           \
  {                                                                                                                    \
    0, 2, 4, 6                                                                                                         \
  }
#endif

#define LOAD(p) (*(const Vector *)(p))
#define STORE(p, v) (*(Vector *)(p) = (v))
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* `width` vectors of positions for all outputs; width is a constant where this is inlined, so the sums are registers.
 */
ALWAYS_INLINE void
convolve_block(int width, int channels, const float *x, size_t plane, size_t row, const float *weights, float *y,
               size_t y_plane)
{
  Vector sums[outputs][vectors];
#pragma GCC unroll 8
  for (int o = 0; o < outputs; o++)
#pragma GCC unroll 3
    for (int v = 0; v < width; v++)
      sums[o][v] = (Vector){0};
  for (int c = 0; c < channels; c++, x += plane)
    for (int i = 0; i < 3; i++)
#pragma GCC unroll 3
      for (int j = 0; j < 3; j++, weights += outputs) {
        Vector values[vectors];
#pragma GCC unroll 3
        for (int v = 0; v < width; v++)
          values[v] = LOAD(x + i * row + j + v * lanes);
#pragma GCC unroll 8
        for (int o = 0; o < outputs; o++)
#pragma GCC unroll 3
          for (int v = 0; v < width; v++)
            sums[o][v] += values[v] * weights[o];
      }
#pragma GCC unroll 8
  for (int o = 0; o < outputs; o++)
#pragma GCC unroll 3
    for (int v = 0; v < width; v++)
      STORE(y + o * y_plane + v * lanes, sums[o][v]);
}

static void
convolve(int channels, size_t n, const float *x, size_t plane, size_t row, const float *weights, float *y,
         size_t y_plane)
{
  size_t p = 0;
  for (; p + (vectors - 1) * lanes < n; p += vectors * lanes)
    convolve_block(vectors, channels, x + p, plane, row, weights, y + p, y_plane);
  for (; p < n; p += lanes)
    convolve_block(1, channels, x + p, plane, row, weights, y + p, y_plane);
}

ALWAYS_INLINE float
sum_lanes(Vector v)
{
  float sums[lanes];
  memcpy(sums, &v, sizeof sums);
#pragma GCC unroll 4
  for (int width = lanes / 2; width > 0; width /= 2)
#pragma GCC unroll 8
    for (int i = 0; i < width; i++)
      sums[i] += sums[i + width];
  return sums[0];
}

/* One position of dy for all its channels, with rows · 3 values of x around it. */
ALWAYS_INLINE void
correlate_position(const float *dy, const float *x, size_t row, Vector sums[tap_rows * 3][dy_vectors])
{
  Vector gradients[dy_vectors];
#pragma GCC unroll 4
  for (int v = 0; v < dy_vectors; v++)
    gradients[v] = LOAD(dy + v * lanes);
#pragma GCC unroll 3
  for (int i = 0; i < tap_rows; i++)
#pragma GCC unroll 3
    for (int j = 0; j < 3; j++)
#pragma GCC unroll 4
      for (int v = 0; v < dy_vectors; v++)
        sums[i * 3 + j][v] += gradients[v] * x[i * row + j];
}

static void
correlate(size_t n, const float *dy, const float *x, size_t row, float *sums)
{
  const int step = dy_vectors * lanes;
  for (int i = 0; i < 3; i += tap_rows, x += tap_rows * row, sums += tap_rows * 3 * step) {
    Vector added[tap_rows * 3][dy_vectors];
#pragma GCC unroll 9
    for (int t = 0; t < tap_rows * 3; t++)
#pragma GCC unroll 4
      for (int v = 0; v < dy_vectors; v++)
        added[t][v] = LOAD(sums + t * step + v * lanes);
    for (size_t p = 0; p < n; p++)
      correlate_position(dy + p * step, x + p, row, added);
#pragma GCC unroll 9
    for (int t = 0; t < tap_rows * 3; t++)
#pragma GCC unroll 4
      for (int v = 0; v < dy_vectors; v++)
        STORE(sums + t * step + v * lanes, added[t][v]);
  }
}

enum { single_outputs = 4 };

ALWAYS_INLINE void
correlate_single_step(const float *dy, size_t dy_plane, const float *x, Vector sums[single_outputs][3])
{
  Vector gradients[single_outputs];
#pragma GCC unroll 4
  for (int o = 0; o < single_outputs; o++)
    gradients[o] = LOAD(dy + o * dy_plane);
#pragma GCC unroll 3
  for (int j = 0; j < 3; j++) {
    Vector values = LOAD(x + j);
#pragma GCC unroll 4
    for (int o = 0; o < single_outputs; o++)
      sums[o][j] += gradients[o] * values;
  }
}

static void
correlate_single(size_t n, const float *dy, size_t dy_plane, const float *x, float *out)
{
  Vector sums[single_outputs][3];
  size_t p = 0;
#pragma GCC unroll 4
  for (int o = 0; o < single_outputs; o++)
#pragma GCC unroll 3
    for (int j = 0; j < 3; j++)
      sums[o][j] = (Vector){0};
  for (; p + lanes <= n; p += lanes)
    correlate_single_step(dy + p, dy_plane, x + p, sums);
  if (p < n) { /* the rest of dy with zeros behind it */
    float rest[single_outputs * lanes];
    memset(rest, 0, sizeof rest);
    for (int o = 0; o < single_outputs; o++)
      memcpy(rest + o * lanes, dy + o * dy_plane + p, (n - p) * sizeof *rest);
    correlate_single_step(rest, lanes, x + p, sums);
  }
  for (int o = 0; o < single_outputs; o++)
    for (int j = 0; j < 3; j++)
      out[o * 3 + j] = sum_lanes(sums[o][j]);
}

typedef float Four __attribute__((vector_size(16), aligned(4), may_alias));

/* 4 x 4 values: y[i * y_row + j] = x[j * x_row + i]. */
ALWAYS_INLINE void
transpose_four(const float *x, size_t x_row, float *y, size_t y_row)
{
  typedef int Places __attribute__((vector_size(16)));
  const Places low = {0, 4, 1, 5}, high = {2, 6, 3, 7}, left = {0, 1, 4, 5}, right = {2, 3, 6, 7};
  Four a = *(const Four *)x, b = *(const Four *)(x + x_row), c = *(const Four *)(x + 2 * x_row);
  Four d = *(const Four *)(x + 3 * x_row);
  Four ab0 = __builtin_shuffle(a, b, low), ab1 = __builtin_shuffle(a, b, high);
  Four cd0 = __builtin_shuffle(c, d, low), cd1 = __builtin_shuffle(c, d, high);
  *(Four *)y = __builtin_shuffle(ab0, cd0, left);
  *(Four *)(y + y_row) = __builtin_shuffle(ab0, cd0, right);
  *(Four *)(y + 2 * y_row) = __builtin_shuffle(ab1, cd1, left);
  *(Four *)(y + 3 * y_row) = __builtin_shuffle(ab1, cd1, right);
}

static void
transpose(size_t n, const float *dy, size_t dy_plane, float *out)
{
  const int step = dy_vectors * lanes;
  for (size_t p = 0; p < n; p += 4)
    for (int o = 0; o < step; o += 4)
      transpose_four(dy + o * dy_plane + p, dy_plane, out + p * step + o, step);
}

static float
copy_sum(size_t n, const float *restrict x, float *restrict y)
{
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (size_t i = 0; i < n; i++) {
    y[i] = x[i];
    sum += x[i];
  }
  return sum;
}

static float
squares(size_t n, const float *restrict x, float mean)
{
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (size_t i = 0; i < n; i++)
    sum += (x[i] - mean) * (x[i] - mean);
  return sum;
}

ALWAYS_INLINE Integers
choose(Integers mask, Integers yes, Integers no)
{
  return (mask & yes) | (~mask & no);
}

ALWAYS_INLINE Vector
choose_value(Integers mask, Vector yes, Vector no)
{
  return (Vector)choose(mask, (Integers)yes, (Integers)no);
}

/* The first of the largest wins, as in PyTorch. One window a lane: pairs holds its upper and lower pairs of values. */
ALWAYS_INLINE void
pool_pick_lanes(const Vector pairs[2][2], float scale, float shift, float *y, float *picked, guint8 *winners)
{
  static const Integers even = EVEN;
  const Integers odd = even + 1;
  Vector best[2], value[2];
  Integers place[2];
  for (int r = 0; r < 2; r++) {
    Vector left = __builtin_shuffle(pairs[r][0], pairs[r][1], even);
    Vector right = __builtin_shuffle(pairs[r][0], pairs[r][1], odd);
    Vector left_z = scale * left + shift, right_z = scale * right + shift;
    Integers second = right_z > left_z;
    best[r] = choose_value(second, right_z, left_z);
    value[r] = choose_value(second, right, left);
    place[r] = (second & 1) + 2 * r;
  }
  Integers down = best[1] > best[0];
  Vector z = choose_value(down, best[1], best[0]);
  Integers positive = z > 0;
  STORE(y, (Vector)((Integers)z & positive));
  STORE(picked, choose_value(down, value[1], value[0]));
  Integers winner = choose(positive, choose(down, place[1], place[0]), (Integers){0} + 4);
  *(Bytes *)winners = __builtin_convertvector(winner, Bytes);
}

static void
pool_pick(size_t n, const float *restrict x0, const float *restrict x1, float scale, float shift, float *restrict y,
          float *restrict picked, guint8 *restrict winners)
{
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const Vector pairs[2][2] = {{LOAD(x0 + 2 * i), LOAD(x0 + 2 * i + lanes)},
                                {LOAD(x1 + 2 * i), LOAD(x1 + 2 * i + lanes)}};
    pool_pick_lanes(pairs, scale, shift, y + i, picked + i, winners + i);
  }
  if (i == n)
    return;
  Vector pairs[2][2] = {{{0}, {0}}, {{0}, {0}}}, rest[2];
  guint8 places[lanes];
  memcpy(pairs[0], x0 + 2 * i, 2 * (n - i) * sizeof *x0);
  memcpy(pairs[1], x1 + 2 * i, 2 * (n - i) * sizeof *x1);
  pool_pick_lanes(pairs, scale, shift, (float *)&rest[0], (float *)&rest[1], places);
  memcpy(y + i, &rest[0], (n - i) * sizeof *y);
  memcpy(picked + i, &rest[1], (n - i) * sizeof *picked);
  memcpy(winners + i, places, n - i);
}

static void
pool_only(size_t n, const float *restrict x0, const float *restrict x1, float scale, float shift, float *restrict y)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) {
    float a = scale * x0[2 * i] + shift, b = scale * x0[2 * i + 1] + shift;
    float c = scale * x1[2 * i] + shift, d = scale * x1[2 * i + 1] + shift;
    float z0 = a > b ? a : b, z1 = c > d ? c : d, z = z0 > z1 ? z0 : z1;
    y[i] = z > 0 ? z : 0;
  }
}

static void
pool_rows(size_t n, const float *x0, const float *x1, float scale, float shift, float *y, float *picked,
          guint8 *winners)
{
  if (picked)
    pool_pick(n, x0, x1, scale, shift, y, picked, winners);
  else
    pool_only(n, x0, x1, scale, shift, y);
}

static void
pool_sums(size_t n, const float *restrict dy, const float *restrict picked, const guint8 *restrict winners, float mean,
          float *sum, float *product)
{
  float s = 0, p = 0;
#pragma omp simd reduction(+ : s, p)
  for (size_t i = 0; i < n; i++) {
    float g = winners[i] < 4 ? dy[i] : 0;
    s += g;
    p += g * (picked[i] - mean);
  }
  *sum = s;
  *product = p;
}

static void
unpool_row(size_t n, const float *restrict x, const float *restrict dy, const guint8 *restrict winners, int odd,
           const MgNormGradient *norm, float *restrict dx)
{
  float scale = norm->scale, offset = norm->offset, mean = norm->mean, slope = norm->slope;
  int left = 2 * odd, right = left + 1;
#pragma omp simd
  for (size_t i = 0; i < n; i++) {
    int winner = winners[i];
    float g0 = winner == left ? dy[i] : 0, g1 = winner == right ? dy[i] : 0;
    dx[2 * i] = scale * (g0 - offset - (x[2 * i] - mean) * slope);
    dx[2 * i + 1] = scale * (g1 - offset - (x[2 * i + 1] - mean) * slope);
  }
}

static void
norm_row(size_t n, const float *restrict x, const MgNormGradient *norm, float *restrict dx)
{
  float scale = norm->scale, offset = norm->offset, mean = norm->mean, slope = norm->slope;
#pragma omp simd
  for (size_t i = 0; i < n; i++)
    dx[i] = scale * (-offset - (x[i] - mean) * slope);
}

extern const MgRecurrentKernels MG_RECURRENT_KERNELS;
extern const MgKernels MG_KERNELS;
const MgKernels MG_KERNELS = {
    .name = MG_KERNELS_NAME,
    .recurrent = &MG_RECURRENT_KERNELS,
    .outputs = outputs,
    .lanes = lanes,
    .correlated = dy_vectors * lanes,
    .correlated_single = single_outputs,
    .convolve = convolve,
    .correlate = correlate,
    .correlate_single = correlate_single,
    .transpose = transpose,
    .copy_sum = copy_sum,
    .squares = squares,
    .pool_rows = pool_rows,
    .pool_sums = pool_sums,
    .unpool_row = unpool_row,
    .norm_row = norm_row,
};

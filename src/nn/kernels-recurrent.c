/* Compiled several times: MG_RECURRENT_KERNELS is the name of the table that comes out. */
#include "nn/kernels-recurrent.h"
#include "nn/shuffle.h"
#include <string.h>

#if defined(__AVX512F__)
enum { lanes = 16, vectors = 2, most_rows = 8 };
#elif defined(__AVX2__)
enum { lanes = 8, vectors = 2, most_rows = 6 };
#else
enum { lanes = 4, vectors = 2, most_rows = 6 };
#endif
enum { columns = lanes * vectors };

typedef float Vector __attribute__((vector_size(lanes * 4), aligned(4), may_alias));
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* `rows` is a constant where this is inlined, so the sums are registers. */
ALWAYS_INLINE void
product_block(int rows, int k, const float *a, size_t a_row, const float *panel, float *c, size_t c_row)
{
  Vector sums[most_rows][vectors];
#pragma GCC unroll 8
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 3
    for (int v = 0; v < vectors; v++)
      sums[r][v] = *(const Vector *)(c + r * c_row + v * lanes);
  for (int i = 0; i < k; i++, panel += columns) {
    Vector weights[vectors];
#pragma GCC unroll 3
    for (int v = 0; v < vectors; v++)
      weights[v] = *(const Vector *)(panel + v * lanes);
#pragma GCC unroll 8
    for (int r = 0; r < rows; r++)
#pragma GCC unroll 3
      for (int v = 0; v < vectors; v++)
        sums[r][v] += weights[v] * a[r * a_row + i];
  }
#pragma GCC unroll 8
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 3
    for (int v = 0; v < vectors; v++)
      *(Vector *)(c + r * c_row + v * lanes) = sums[r][v];
}

static void
product(int rows, int k, const float *a, size_t a_row, const float *panel, float *c, size_t c_row)
{
  for (; rows >= most_rows; rows -= most_rows, a += most_rows * a_row, c += most_rows * c_row)
    product_block(most_rows, k, a, a_row, panel, c, c_row);
  for (; rows >= 2; rows -= 2, a += 2 * a_row, c += 2 * c_row)
    product_block(2, k, a, a_row, panel, c, c_row);
  if (rows > 0)
    product_block(1, k, a, a_row, panel, c, c_row);
}

typedef float Four __attribute__((vector_size(16), aligned(4), may_alias));

ALWAYS_INLINE void
transpose_four(const float *x, size_t x_row, float *y, size_t y_row)
{
  typedef int Places __attribute__((vector_size(16)));
  const Places low = {0, 4, 1, 5}, high = {2, 6, 3, 7}, left = {0, 1, 4, 5}, right = {2, 3, 6, 7};
  Four a = *(const Four *)x, b = *(const Four *)(x + x_row), c = *(const Four *)(x + 2 * x_row);
  Four d = *(const Four *)(x + 3 * x_row);
  Four ab0 = SHUFFLE(a, b, low), ab1 = SHUFFLE(a, b, high);
  Four cd0 = SHUFFLE(c, d, low), cd1 = SHUFFLE(c, d, high);
  *(Four *)y = SHUFFLE(ab0, cd0, left);
  *(Four *)(y + y_row) = SHUFFLE(ab0, cd0, right);
  *(Four *)(y + 2 * y_row) = SHUFFLE(ab1, cd1, left);
  *(Four *)(y + 3 * y_row) = SHUFFLE(ab1, cd1, right);
}

static void
transpose(int rows, int n, const float *x, size_t x_row, float *y, size_t y_row)
{
  int whole = n & ~3, i = 0;
  for (; i + 4 <= rows; i += 4) {
    for (int j = 0; j < whole; j += 4)
      transpose_four(x + i * x_row + j, x_row, y + j * y_row + i, y_row);
    for (int j = whole; j < n; j++)
      for (int r = i; r < i + 4; r++)
        y[j * y_row + r] = x[r * x_row + j];
  }
  for (; i < rows; i++)
    for (int j = 0; j < n; j++)
      y[j * y_row + i] = x[i * x_row + j];
}

/* e^x - 1 as scale · tail + (scale - 1): x = n · log 2 + r with |r| <= log(2) / 2, scale = 2^n, tail = e^r - 1. Adding
 * 1.5 · 2^23 rounds, and leaves n in the lowest bits. NaN stays NaN. */
ALWAYS_INLINE float
exponential_less_one(float x)
{
  const float magic = 12582912;
  x = x < -87 ? -87 : x;
  x = x > 87 ? 87 : x;
  float shifted = x * 1.442695041f + magic, n = shifted - magic;
  float r = x - n * 0.693145752f - n * 1.42860677e-6f;
  float higher = 0.166666671f + r * (0.0416664556f + r * (0.00833345205f + r * 0.00139316336f));
  float tail = r + r * r * (0.5f + r * higher);
  unsigned bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits << 23) + (127u << 23);
  float scale;
  memcpy(&scale, &bits, sizeof scale);
  return scale * tail + (scale - 1);
}

ALWAYS_INLINE float
sigmoid(float x)
{
  return 1 / (2 + exponential_less_one(-x));
}

/* Exact to a few units of the last place near 0 too. */
ALWAYS_INLINE float
hyperbolic_tangent(float x)
{
  float e = exponential_less_one(2 * x);
  return e / (e + 2);
}

static void
lstm(int n, float *restrict gates, const float *restrict before, float *restrict state, float *restrict h)
{
#pragma omp simd
  for (int j = 0; j < n; j++) {
    float i = sigmoid(gates[j]), f = sigmoid(gates[n + j]);
    float g = hyperbolic_tangent(gates[2 * n + j]), o = sigmoid(gates[3 * n + j]);
    float c = f * before[j] + i * g, bent = hyperbolic_tangent(c);
    gates[j] = i;
    gates[n + j] = f;
    gates[2 * n + j] = g;
    gates[3 * n + j] = o;
    state[j] = c;
    state[n + j] = bent;
    h[j] = o * bent;
  }
}

static void
lstm_back(int n, float *restrict gates, const float *restrict before, const float *restrict state,
          const float *restrict dy, float *restrict dh, float *restrict dc, float *restrict sums)
{
#pragma omp simd
  for (int j = 0; j < n; j++) {
    float i = gates[j], f = gates[n + j], g = gates[2 * n + j], o = gates[3 * n + j], bent = state[n + j];
    float by_h = dy[j] + dh[j], by_c = dc[j] + by_h * o * (1 - bent * bent);
    sums[j] += gates[j] = by_c * g * i * (1 - i);
    sums[n + j] += gates[n + j] = by_c * before[j] * f * (1 - f);
    sums[2 * n + j] += gates[2 * n + j] = by_c * i * (1 - g * g);
    sums[3 * n + j] += gates[3 * n + j] = by_h * bent * o * (1 - o);
    dc[j] = by_c * f;
    dh[j] = 0;
  }
}

static void
gru(int n, float *restrict gates, const float *restrict before, float *restrict state, float *restrict h)
{
#pragma omp simd
  for (int j = 0; j < n; j++) {
    float r = sigmoid(gates[n + j]), z = sigmoid(gates[2 * n + j]);
    float fresh = hyperbolic_tangent(gates[j] + r * gates[3 * n + j]);
    gates[j] = fresh;
    gates[n + j] = r;
    gates[2 * n + j] = z;
    h[j] = (1 - z) * fresh + z * before[j];
  }
}

static void
gru_back(int n, float *restrict gates, const float *restrict before, const float *restrict state,
         const float *restrict dy, float *restrict dh, float *restrict dc, float *restrict sums)
{
#pragma omp simd
  for (int j = 0; j < n; j++) {
    float fresh = gates[j], r = gates[n + j], z = gates[2 * n + j], hidden = gates[3 * n + j];
    float by_h = dy[j] + dh[j], by_fresh = by_h * (1 - z) * (1 - fresh * fresh);
    sums[j] += gates[j] = by_fresh;
    sums[n + j] += gates[n + j] = by_fresh * hidden * r * (1 - r);
    sums[2 * n + j] += gates[2 * n + j] = by_h * (before[j] - fresh) * z * (1 - z);
    sums[3 * n + j] += gates[3 * n + j] = by_fresh * r;
    dh[j] = by_h * z;
  }
}

extern const MgRecurrentKernels MG_RECURRENT_KERNELS;
const MgRecurrentKernels MG_RECURRENT_KERNELS = {
    .product_columns = columns,
    .product = product,
    .transpose = transpose,
    .lstm = {lstm, lstm_back},
    .gru = {gru, gru_back},
};

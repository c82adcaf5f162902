/* Multiplications in bfloat16 with sums in float32: words of two bfloat16, whose products are added. Where the
 * instruction set has none (AVX512_BF16), the same is done in float32. Compiled several times. */
#include "nn/kernels-isa.h"
#include "nn/vector.h"
#include <string.h>
#ifdef __AVX512BF16__
#include <immintrin.h>
#endif

typedef unsigned int Words __attribute__((vector_size(LANES * 4)));

/* Rounded to the nearest, ties to even; the bfloat16 is in the upper half. */
ALWAYS_INLINE Words
rounded(Vector v)
{
  Words bits = (Words)v;
  return (bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000u;
}

void
MG_ISA(combine)(size_t n, size_t step, const float *low, const float *high, float *words)
{
  for (size_t i = 0; i < n; i++, low += step, high += step, words += LANES)
    STORE(words, (Vector)((rounded(LOAD(low)) >> 16) | rounded(LOAD(high))));
}

ALWAYS_INLINE Vector
add_products(Vector sum, Vector a, Vector b)
{
#ifdef __AVX512BF16__
  return (Vector)_mm512_dpbf16_ps((__m512)sum, (__m512bh)a, (__m512bh)b);
#else
  Words x = (Words)a, y = (Words)b;
  return sum + (Vector)(x << 16) * (Vector)(y << 16) + (Vector)(x & 0xffff0000u) * (Vector)(y & 0xffff0000u);
#endif
}

/* A word in all lanes. */
ALWAYS_INLINE Vector
spread(const float *word)
{
  int bits;
  memcpy(&bits, word, sizeof bits);
  return (Vector)((Integers){0} + bits);
}

/* As convolve_tile() of kernels-convolve.c, one tap. */
ALWAYS_INLINE void
multiply_tile(int n, int outs, const MgTerms *terms, const float *x, const float *weights, float *y, size_t y_pair)
{
  Vector sums[2][POSITIONS];
  UNROLL
  for (int i = 0; i < n; i++)
    sums[0][i] = sums[1][i] = (Vector){0};
  for (int b = 0; b < terms->blocks; b++)
    for (int c = 0; c < LANES; c++) {
      const float *values = x + b * terms->x_block + c, *at = weights + b * terms->weight_block + c * LANES;
      Vector first = LOAD(at), second = outs == 2 ? LOAD(at + terms->weight_pair) : (Vector){0};
      UNROLL
      for (int i = 0; i < n; i++) {
        Vector value = spread(values + i * LANES);
        sums[0][i] = add_products(sums[0][i], first, value);
        if (outs == 2)
          sums[1][i] = add_products(sums[1][i], second, value);
      }
    }
  UNROLL
  for (int i = 0; i < n; i++) {
    STORE(y + i * LANES, sums[0][i]);
    if (outs == 2)
      STORE(y + y_pair + i * LANES, sums[1][i]);
  }
}

#define TILE(n)                                                                                                        \
  case n:                                                                                                              \
    multiply_tile(n, outs, terms, x, weights, y, y_pair);                                                              \
    break;

ALWAYS_INLINE void
multiply_row(int outs, const MgTerms *terms, size_t positions, const float *x, const float *weights, float *y,
             size_t y_pair)
{
  size_t tiles = (positions + POSITIONS - 1) / POSITIONS;
  for (size_t t = 0; t < tiles; t++) {
    int n = positions * (t + 1) / tiles - positions * t / tiles;
    switch (n) {
      TILE(1)
      TILE(2)
      TILE(3)
      TILE(4)
      TILE(5)
      TILE(6)
#if defined(__AVX512F__)
      TILE(7)
      TILE(8)
      TILE(9)
      TILE(10)
      TILE(11)
      TILE(12)
      TILE(13)
      TILE(14)
#endif
    }
    x += n * LANES;
    y += n * LANES;
  }
}

void
MG_ISA(multiply_half)(const MgTerms *terms, size_t positions, const float *x, const float *weights, float *y,
                      size_t y_pair)
{
  if (terms->weight_pair)
    multiply_row(2, terms, positions, x, weights, y, y_pair);
  else
    multiply_row(1, terms, positions, x, weights, y, y_pair);
}

ALWAYS_INLINE void
correlate_words(int outs, const MgCorrelation *on, const float *x, const float *dy, float *dw)
{
  Vector sums[2][CHANNELS];
  UNROLL
  for (int c = 0; c < CHANNELS; c++) {
    sums[0][c] = LOAD(dw + c * LANES);
    sums[1][c] = outs == 2 ? LOAD(dw + on->weight_pair + c * LANES) : (Vector){0};
  }
  for (size_t p = 0; p < on->positions; p++, x += LANES, dy += LANES) {
    Vector first = LOAD(dy), second = outs == 2 ? LOAD(dy + on->dy_pair) : (Vector){0};
    UNROLL
    for (int c = 0; c < CHANNELS; c++) {
      Vector value = spread(x + c);
      sums[0][c] = add_products(sums[0][c], first, value);
      if (outs == 2)
        sums[1][c] = add_products(sums[1][c], second, value);
    }
  }
  UNROLL
  for (int c = 0; c < CHANNELS; c++) {
    STORE(dw + c * LANES, sums[0][c]);
    if (outs == 2)
      STORE(dw + on->weight_pair + c * LANES, sums[1][c]);
  }
}

void
MG_ISA(correlate_half)(const MgCorrelation *on, const float *x, const float *dy, float *dw)
{
  if (on->dy_pair)
    correlate_words(2, on, x, dy, dw);
  else
    correlate_words(1, on, x, dy, dw);
}

/* The multiplications of convolutions: sums over input channels and taps, and over positions. Compiled several times.
 */
#include "nn/kernels-isa.h"
#include "nn/vector.h"

typedef struct {
  const MgTerms *terms;
  const MgEpilogue *epilogue;
  const float *x, *weights;
  const float *residual;
  float *y;
  size_t y_pair, y_step;
} Row;

ALWAYS_INLINE void
finish(const Row *row, int block, int n, const Vector *sums)
{
  const MgEpilogue *epilogue = row->epilogue;
  Vector bias = epilogue->bias ? LOAD(epilogue->bias + block * LANES) : (Vector){0};
  UNROLL
  for (int i = 0; i < n; i++) {
    size_t at = block * row->y_pair + i * row->y_step;
    Vector value = sums[i] + bias;
    if (row->residual)
      value += LOAD(row->residual + at);
    STORE(row->y + at, epilogue->relu ? rectify(value) : value);
  }
}

/* n positions for `outs` blocks of outputs; n, outs and step are constants where this is inlined, so that the sums are
 * registers. */
ALWAYS_INLINE void
convolve_tile(int n, int outs, int step, const Row *row)
{
  const MgTerms *terms = row->terms;
  Vector sums[2][POSITIONS];
  UNROLL
  for (int i = 0; i < n; i++)
    sums[0][i] = sums[1][i] = (Vector){0};
  for (int b = 0; b < terms->blocks; b++)
    for (int t = 0; t < terms->taps; t++) {
      const float *x = row->x + b * terms->x_block + terms->x_taps[t];
      const float *weights = row->weights + b * terms->weight_block + terms->weight_taps[t];
      for (int c = 0; c < terms->channels; c++, x++, weights += LANES) {
        Vector first = LOAD(weights), second = outs == 2 ? LOAD(weights + terms->weight_pair) : (Vector){0};
        UNROLL
        for (int i = 0; i < n; i++) {
          sums[0][i] += first * x[i * step];
          if (outs == 2)
            sums[1][i] += second * x[i * step];
        }
      }
    }
  finish(row, 0, n, sums[0]);
  if (outs == 2)
    finish(row, 1, n, sums[1]);
}

#define TILE(n)                                                                                                        \
  case n:                                                                                                              \
    convolve_tile(n, outs, step, &row);                                                                                \
    break;

/* A row in tiles of about equal size. */
ALWAYS_INLINE void
convolve_row(int outs, int step, size_t positions, Row row)
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
    row.x += n * step;
    row.y += n * row.y_step;
    row.residual += row.residual ? n * row.y_step : 0;
  }
}

#define STEP(step)                                                                                                     \
  case step:                                                                                                           \
    if (terms->weight_pair)                                                                                            \
      convolve_row(2, step, positions, row);                                                                           \
    else                                                                                                               \
      convolve_row(1, step, positions, row);                                                                           \
    break;

void
MG_ISA(convolve)(const MgTerms *terms, int x_step, size_t positions, const float *x, const float *weights,
                 const MgEpilogue *epilogue, float *y, size_t y_pair, size_t y_step)
{
  Row row = {terms, epilogue, x, weights, epilogue->residual, y, y_pair, y_step};
  switch (x_step) {
    STEP(1)
    STEP(2)
    STEP(LANES)
    STEP(2 * LANES)
  }
}

ALWAYS_INLINE void
correlate_rows(int channels, int outs, int step, const MgCorrelation *on, const float *x, const float *dy, float *dw)
{
  Vector sums[2][CHANNELS];
  UNROLL
  for (int c = 0; c < channels; c++) {
    sums[0][c] = LOAD(dw + c * LANES);
    if (outs == 2)
      sums[1][c] = LOAD(dw + on->weight_pair + c * LANES);
  }
  for (size_t r = 0; r < on->rows; r++)
    for (size_t p = 0; p < on->positions; p++) {
      const float *values = x + r * on->x_row + p * step, *at = dy + r * on->dy_row + p * LANES;
      Vector first = LOAD(at), second = outs == 2 ? LOAD(at + on->dy_pair) : (Vector){0};
      UNROLL
      for (int c = 0; c < channels; c++) {
        sums[0][c] += first * values[c];
        if (outs == 2)
          sums[1][c] += second * values[c];
      }
    }
  UNROLL
  for (int c = 0; c < channels; c++) {
    STORE(dw + c * LANES, sums[0][c]);
    if (outs == 2)
      STORE(dw + on->weight_pair + c * LANES, sums[1][c]);
  }
}

#define COUNT(n)                                                                                                       \
  case n:                                                                                                              \
    correlate_rows(n, outs, step, on, x, dy, dw);                                                                      \
    break;

ALWAYS_INLINE void
correlate_channels(int outs, int step, const MgCorrelation *on, int channels, const float *x, const float *dy,
                   float *dw)
{
  switch (channels) {
    COUNT(1)
    COUNT(2)
    COUNT(3)
    COUNT(4)
#if defined(__AVX512F__)
    COUNT(5)
    COUNT(6)
    COUNT(7)
    COUNT(8)
#endif
  }
}

#define CORRELATE(step)                                                                                                \
  case step:                                                                                                           \
    if (on->dy_pair)                                                                                                   \
      correlate_channels(2, step, on, channels, x, dy, dw);                                                            \
    else                                                                                                               \
      correlate_channels(1, step, on, channels, x, dy, dw);                                                            \
    break;

void
MG_ISA(correlate)(const MgCorrelation *on, int channels, int x_step, const float *x, const float *dy, float *dw)
{
  switch (x_step) {
    CORRELATE(1)
    CORRELATE(2)
    CORRELATE(LANES)
    CORRELATE(2 * LANES)
  }
}

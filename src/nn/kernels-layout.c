/* Between (channels, positions) and (positions, lanes of a block). Compiled several times. */
#include "nn/kernels-isa.h"
#include "nn/shuffle.h"
#include "nn/vector.h"

/* Exchanges the elements of rows i and i + distance that lie off the diagonal of 2 · distance blocks. */
ALWAYS_INLINE void
exchange(Vector *rows, int distance)
{
  Integers low, high;
  UNROLL
  for (int l = 0; l < LANES; l++) {
    low[l] = l & distance ? l - distance + LANES : l;
    high[l] = l & distance ? l + LANES : l + distance;
  }
  UNROLL
  for (int i = 0; i < LANES; i++)
    if (!(i & distance)) {
      Vector a = rows[i], b = rows[i + distance];
      rows[i] = SHUFFLE(a, b, low);
      rows[i + distance] = SHUFFLE(a, b, high);
    }
}

ALWAYS_INLINE void
transpose_square(Vector *rows)
{
#if defined(__AVX512F__)
  exchange(rows, 8);
#endif
#if defined(__AVX2__) || defined(__AVX512F__)
  exchange(rows, 4);
#endif
  exchange(rows, 2);
  exchange(rows, 1);
}

void
MG_ISA(transpose_in)(size_t columns, const float *in, size_t row, float *out)
{
  size_t c = 0;
  for (; c + LANES <= columns; c += LANES) {
    Vector rows[LANES];
    UNROLL
    for (int l = 0; l < LANES; l++)
      rows[l] = LOAD(in + l * row + c);
    transpose_square(rows);
    UNROLL
    for (int l = 0; l < LANES; l++)
      STORE(out + (c + l) * LANES, rows[l]);
  }
  for (; c < columns; c++)
    for (int l = 0; l < LANES; l++)
      out[c * LANES + l] = in[l * row + c];
}

void
MG_ISA(transpose_out)(size_t columns, const float *in, float *out, size_t row)
{
  size_t c = 0;
  for (; c + LANES <= columns; c += LANES) {
    Vector rows[LANES];
    UNROLL
    for (int l = 0; l < LANES; l++)
      rows[l] = LOAD(in + (c + l) * LANES);
    transpose_square(rows);
    UNROLL
    for (int l = 0; l < LANES; l++)
      STORE(out + l * row + c, rows[l]);
  }
  for (; c < columns; c++)
    for (int l = 0; l < LANES; l++)
      out[l * row + c] = in[c * LANES + l];
}

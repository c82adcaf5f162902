/* The transforms of Winograd's algorithm F(4 x 4, 3 x 3); kernels.h says more. Compiled several times.
 *
 * With the points 0, ±a, ±b and ∞ the one-dimensional transforms are, for input, output, weights:
 *   Bᵀ row 0: (a²b², 0, -a²-b², 0, 1), rows ±a: x⁴ ± a x³ - b² x² ∓ a b² x, rows ±b alike, row ∞: row 0 shifted by one;
 *   Aᵀ row i: (0ⁱ, aⁱ, (-a)ⁱ, bⁱ, (-b)ⁱ, i = 3); G row p: (1, p, p²) / Π (p - other points), row ∞: (0, 0, 1). */
#include "nn/kernels-isa.h"
#include "nn/vector.h"

#define A 0.625f
#define B 1.5f
#define A2 (A * A)
#define B2 (B * B)
static const float at_zero = 1 / (A2 * B2), at_a = 1 / (2 * A2 * (A2 - B2)), at_b = 1 / (2 * B2 * (B2 - A2));

ALWAYS_INLINE void
input_1d(const Vector *d, int step, Vector *out, int out_step)
{
  Vector even_a = d[4 * step] - B2 * d[2 * step], odd_a = A * (d[3 * step] - B2 * d[step]);
  Vector even_b = d[4 * step] - A2 * d[2 * step], odd_b = B * (d[3 * step] - A2 * d[step]);
  out[0] = A2 * B2 * d[0] - (A2 + B2) * d[2 * step] + d[4 * step];
  out[out_step] = even_a + odd_a;
  out[2 * out_step] = even_a - odd_a;
  out[3 * out_step] = even_b + odd_b;
  out[4 * out_step] = even_b - odd_b;
  out[5 * out_step] = A2 * B2 * d[step] - (A2 + B2) * d[3 * step] + d[5 * step];
}

ALWAYS_INLINE void
output_1d(const Vector *m, int step, Vector *out, int out_step)
{
  Vector sum_a = m[step] + m[2 * step], difference_a = m[step] - m[2 * step];
  Vector sum_b = m[3 * step] + m[4 * step], difference_b = m[3 * step] - m[4 * step];
  out[0] = m[0] + sum_a + sum_b;
  out[out_step] = A * difference_a + B * difference_b;
  out[2 * out_step] = A2 * sum_a + B2 * sum_b;
  out[3 * out_step] = A2 * A * difference_a + B2 * B * difference_b + m[5 * step];
}

/* The adjoint of output_1d. */
ALWAYS_INLINE void
gradient_1d(const Vector *d, int step, Vector *out, int out_step)
{
  Vector even_a = d[0] + A2 * d[2 * step], odd_a = A * d[step] + A2 * A * d[3 * step];
  Vector even_b = d[0] + B2 * d[2 * step], odd_b = B * d[step] + B2 * B * d[3 * step];
  out[0] = d[0];
  out[out_step] = even_a + odd_a;
  out[2 * out_step] = even_a - odd_a;
  out[3 * out_step] = even_b + odd_b;
  out[4 * out_step] = even_b - odd_b;
  out[5 * out_step] = d[3 * step];
}

ALWAYS_INLINE void
weights_1d(const Vector *g, int step, Vector *out, int out_step)
{
  Vector even_a = at_a * g[0] + at_a * A2 * g[2 * step], odd_a = at_a * A * g[step];
  Vector even_b = at_b * g[0] + at_b * B2 * g[2 * step], odd_b = at_b * B * g[step];
  out[0] = at_zero * g[0];
  out[out_step] = even_a + odd_a;
  out[2 * out_step] = even_a - odd_a;
  out[3 * out_step] = even_b + odd_b;
  out[4 * out_step] = even_b - odd_b;
  out[5 * out_step] = g[2 * step];
}

/* The adjoint of weights_1d. */
ALWAYS_INLINE void
weights_gradient_1d(const Vector *u, int step, Vector *out, int out_step)
{
  Vector sum_a = at_a * (u[step] + u[2 * step]), difference_a = at_a * (u[step] - u[2 * step]);
  Vector sum_b = at_b * (u[3 * step] + u[4 * step]), difference_b = at_b * (u[3 * step] - u[4 * step]);
  out[0] = at_zero * u[0] + sum_a + sum_b;
  out[out_step] = A * difference_a + B * difference_b;
  out[2 * out_step] = A2 * sum_a + B2 * sum_b + u[5 * step];
}

/* `size` x `size` values from (top, left) of a plane on, zeros where that is over its edges. */
ALWAYS_INLINE void
read_square(const MgTilePlane *plane, const float *x, int top, int left, int size, Vector *out)
{
  gboolean inside = top >= 0 && left >= 0 && top + size <= plane->height && left + size <= plane->width;
  for (int i = 0; i < size; i++)
    for (int j = 0; j < size; j++) {
      int h = top + i, w = left + j;
      gboolean here = inside || (h >= 0 && h < plane->height && w >= 0 && w < plane->width);
      out[i * size + j] = here ? LOAD(x + ((size_t)h * plane->width + w) * LANES) : (Vector){0};
    }
}

void
MG_ISA(tile_input)(const MgTilePlane *plane, int row, int first, int n, const float *x, float *out)
{
  for (int t = 0; t < n; t++, out += LANES) {
    Vector in[36], columns[36], result[6];
    read_square(plane, x, row * MG_TILE - plane->padding.height, (first + t) * MG_TILE - plane->padding.width, 6, in);
    for (int j = 0; j < 6; j++)
      input_1d(in + j, 6, columns + j, 6);
    for (int i = 0; i < 6; i++) {
      input_1d(columns + 6 * i, 1, result, 1);
      UNROLL
      for (int j = 0; j < 6; j++)
        STORE(out + (6 * i + j) * plane->point, result[j]);
    }
  }
}

void
MG_ISA(tile_gradient)(const MgTilePlane *plane, int row, int first, int n, const float *dy, float *out)
{
  for (int t = 0; t < n; t++, out += LANES) {
    Vector in[16], columns[24], result[6];
    read_square(plane, dy, row * MG_TILE, (first + t) * MG_TILE, 4, in);
    for (int j = 0; j < 4; j++)
      gradient_1d(in + j, 4, columns + j, 4);
    for (int i = 0; i < 6; i++) {
      gradient_1d(columns + 4 * i, 1, result, 1);
      UNROLL
      for (int j = 0; j < 6; j++)
        STORE(out + (6 * i + j) * plane->point, result[j]);
    }
  }
}

ALWAYS_INLINE void
write_row(const MgEpilogue *epilogue, Vector bias, int n, const Vector *values, size_t at, float *y)
{
  for (int j = 0; j < n; j++) {
    Vector value = values[j] + bias;
    if (epilogue->residual)
      value += LOAD(epilogue->residual + at + j * LANES);
    STORE(y + at + j * LANES, epilogue->relu ? rectify(value) : value);
  }
}

void
MG_ISA(tile_output)(const MgTilePlane *plane, int row, int first, int n, const float *in, const MgEpilogue *epilogue,
                    float *y)
{
  Vector bias = epilogue->bias ? LOAD(epilogue->bias) : (Vector){0};
  int rows = MIN(MG_TILE, plane->height - row * MG_TILE);
  for (int t = 0; t < n; t++, in += LANES) {
    Vector points[36], columns[24], result[4];
    int left = (first + t) * MG_TILE, width = MIN(MG_TILE, plane->width - left);
    for (int p = 0; p < 36; p++)
      points[p] = LOAD(in + p * plane->point);
    for (int j = 0; j < 6; j++)
      output_1d(points + j, 6, columns + j, 6);
    for (int i = 0; i < rows; i++) {
      output_1d(columns + 6 * i, 1, result, 1);
      size_t at = ((size_t)(row * MG_TILE + i) * plane->width + left) * LANES;
      if (width == MG_TILE)
        write_row(epilogue, bias, MG_TILE, result, at, y);
      else
        write_row(epilogue, bias, width, result, at, y);
    }
  }
}

void
MG_ISA(tile_weights)(size_t n, const float *weights, size_t step, size_t tap, float *out, size_t point)
{
  for (size_t v = 0; v < n; v++, weights += step, out += LANES) {
    Vector in[9], columns[18], result[6];
    for (int i = 0; i < 9; i++)
      in[i] = LOAD(weights + i * tap);
    for (int j = 0; j < 3; j++)
      weights_1d(in + j, 3, columns + j, 3);
    for (int i = 0; i < 6; i++) {
      weights_1d(columns + 3 * i, 1, result, 1);
      UNROLL
      for (int j = 0; j < 6; j++)
        STORE(out + (6 * i + j) * point, result[j]);
    }
  }
}

void
MG_ISA(tile_weights_gradient)(size_t n, const float *in, size_t point, float *dweights, size_t step, size_t tap)
{
  for (size_t v = 0; v < n; v++, in += LANES, dweights += step) {
    Vector points[36], columns[18], result[3];
    for (int p = 0; p < 36; p++)
      points[p] = LOAD(in + p * point);
    for (int j = 0; j < 6; j++)
      weights_gradient_1d(points + j, 6, columns + j, 6);
    for (int i = 0; i < 3; i++) {
      weights_gradient_1d(columns + 6 * i, 1, result, 1);
      UNROLL
      for (int j = 0; j < 3; j++)
        STORE(dweights + (3 * i + j) * tap, result[j]);
    }
  }
}

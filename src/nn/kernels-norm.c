/* Normalisation, addition and relu over vectors of positions. Compiled several times. */
#include "nn/kernels-isa.h"
#include "nn/vector.h"

void
MG_ISA(sum)(size_t n, const float *x, float *sum)
{
  Vector sums[4] = {{0}};
  size_t i = 0;
  for (; i + 4 <= n; i += 4)
    UNROLL
  for (int k = 0; k < 4; k++)
    sums[k] += LOAD(x + (i + k) * LANES);
  for (; i < n; i++)
    sums[0] += LOAD(x + i * LANES);
  STORE(sum, (sums[0] + sums[1]) + (sums[2] + sums[3]));
}

/* In two passes: no cancellation. */
void
MG_ISA(moments)(size_t n, const float *z, float *mean, float *squares)
{
  MG_ISA(sum)(n, z, mean);
  Vector middle = LOAD(mean) / (float)n, sums[4] = {{0}};
  size_t i = 0;
  for (; i + 4 <= n; i += 4)
    UNROLL
  for (int k = 0; k < 4; k++) {
    Vector away = LOAD(z + (i + k) * LANES) - middle;
    sums[k] += away * away;
  }
  for (; i < n; i++) {
    Vector away = LOAD(z + i * LANES) - middle;
    sums[0] += away * away;
  }
  STORE(mean, middle);
  STORE(squares, (sums[0] + sums[1]) + (sums[2] + sums[3]));
}

ALWAYS_INLINE void
affine_row(size_t n, const float *z, const MgAffine *affine, const float *residual, gboolean relu, float *y)
{
  Vector scale = LOAD(affine->scale), shift = LOAD(affine->shift);
  for (size_t i = 0; i < n * LANES; i += LANES) {
    Vector value = LOAD(z + i) * scale + shift;
    if (residual)
      value += LOAD(residual + i);
    STORE(y + i, relu ? rectify(value) : value);
  }
}

void
MG_ISA(affine)(size_t n, const float *z, const MgAffine *affine, const float *residual, gboolean relu, float *y)
{
  if (residual)
    affine_row(n, z, affine, residual, relu, y);
  else if (relu)
    affine_row(n, z, affine, NULL, TRUE, y);
  else
    affine_row(n, z, affine, NULL, FALSE, y);
}

/* dy where relu let pass. */
ALWAYS_INLINE Vector
passed(const float *dy, const float *y, size_t i)
{
  return y ? where(LOAD(y + i) > 0, LOAD(dy + i)) : LOAD(dy + i);
}

ALWAYS_INLINE void
norm_sums_row(size_t n, const float *dy, const float *z, const float *y, const float *mean, float *sum, float *product)
{
  Vector middle = LOAD(mean), sums[2] = {{0}}, products[2] = {{0}};
  for (size_t i = 0; i < n; i++) {
    Vector g = passed(dy, y, i * LANES);
    sums[i % 2] += g;
    products[i % 2] += g * (LOAD(z + i * LANES) - middle);
  }
  STORE(sum, sums[0] + sums[1]);
  STORE(product, products[0] + products[1]);
}

void
MG_ISA(norm_sums)(size_t n, const float *dy, const float *z, const float *y, const float *mean, float *sum,
                  float *product)
{
  if (y)
    norm_sums_row(n, dy, z, y, mean, sum, product);
  else
    norm_sums_row(n, dy, z, NULL, mean, sum, product);
}

ALWAYS_INLINE void
norm_gradient_row(size_t n, const float *dy, const float *z, const float *y, const MgNormGradient *norm, gboolean add,
                  float *dz, gboolean add_residual, float *residual)
{
  Vector scale = LOAD(norm->scale), offset = LOAD(norm->offset), mean = LOAD(norm->mean), slope = LOAD(norm->slope);
  for (size_t i = 0; i < n * LANES; i += LANES) {
    Vector g = passed(dy, y, i), value = scale * (g - offset - (LOAD(z + i) - mean) * slope);
    if (residual)
      STORE(residual + i, add_residual ? LOAD(residual + i) + g : g);
    if (add)
      value += LOAD(dz + i);
    STORE(dz + i, value);
  }
}

void
MG_ISA(norm_gradient)(size_t n, const float *dy, const float *z, const float *y, const MgNormGradient *norm,
                      gboolean add, float *dz, gboolean add_residual, float *residual)
{
  if (!add && !residual && y)
    norm_gradient_row(n, dy, z, y, norm, FALSE, dz, FALSE, NULL);
  else if (!add && !residual)
    norm_gradient_row(n, dy, z, NULL, norm, FALSE, dz, FALSE, NULL);
  else
    norm_gradient_row(n, dy, z, y, norm, add, dz, add_residual, residual);
}

#include "ml/kernel-function.h"
#include "nn/compute.h"
#include <math.h>

static const char *const names[] = {
    [MG_KERNEL_NONE] = "", [MG_KERNEL_RBF] = "rbf", [MG_KERNEL_LINEAR] = "linear", [MG_KERNEL_POLY] = "poly"};

MgKernelKind
mg_kernel_kind(const char *name)
{
  for (MgKernelKind kind = MG_KERNEL_RBF; kind <= MG_KERNEL_POLY; kind++)
    if (g_str_equal(names[kind], name))
      return kind;
  return MG_KERNEL_NONE;
}

const char *
mg_kernel_name(MgKernelKind kind)
{
  return names[kind];
}

static float
squared_length(const float *x, size_t features)
{
  double squares = 0;
  for (size_t f = 0; f < features; f++)
    squares += (double)x[f] * x[f];
  return (float)squares;
}

/* Rounding must not make a distance negative. */
static void
products_to_rbf(const MgKernelFunction *kernel, float length_a, const float *lengths_b, size_t n, float *values)
{
  float gamma = (float)kernel->gamma;
  for (size_t j = 0; j < n; j++)
    values[j] = expf(-gamma * MAX(0, length_a + lengths_b[j] - 2 * values[j]));
}

static void
products_to_poly(const MgKernelFunction *kernel, size_t n, float *values)
{
  for (size_t j = 0; j < n; j++) {
    double base = kernel->gamma * values[j] + kernel->coef0, power = base;
    for (int i = 1; i < kernel->degree; i++)
      power *= base;
    values[j] = (float)power;
  }
}

void
mg_kernel_values(const MgKernelFunction *kernel, const float *a, size_t n_a, const float *b, size_t n_b,
                 size_t features, float *values)
{
  mg_compute_gemm(FALSE, TRUE, (int)n_a, (int)n_b, (int)features, a, (int)features, b, (int)features, 0, values,
                  (int)n_b);
  if (kernel->kind == MG_KERNEL_POLY)
    products_to_poly(kernel, n_a * n_b, values);
  if (kernel->kind != MG_KERNEL_RBF)
    return;
  g_autofree float *lengths = g_new(float, n_b);
  for (size_t j = 0; j < n_b; j++)
    lengths[j] = squared_length(b + j * features, features);
  for (size_t i = 0; i < n_a; i++)
    products_to_rbf(kernel, squared_length(a + i * features, features), lengths, n_b, values + i * n_b);
}

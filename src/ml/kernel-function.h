/* Kernels of support vector machines (sklearn.metrics.pairwise), over blocks of rows. */
#pragma once
#include <glib.h>

#define MG_KERNEL_CHOICES "rbf|linear|poly"

typedef enum { MG_KERNEL_NONE, MG_KERNEL_RBF, MG_KERNEL_LINEAR, MG_KERNEL_POLY } MgKernelKind;
MgKernelKind mg_kernel_kind(const char *name); /* MG_KERNEL_NONE where there is none of that name */
const char *mg_kernel_name(MgKernelKind kind);

/* linear: a·b; poly: (gamma a·b + coef0)^degree; rbf: exp(-gamma |a - b|²) */
typedef struct {
  MgKernelKind kind;
  double gamma, coef0;
  int degree;
} MgKernelFunction;

/* values (n_a, n_b) of a (n_a, features) and b (n_b, features). */
void mg_kernel_values(const MgKernelFunction *kernel, const float *a, size_t n_a, const float *b, size_t n_b,
                      size_t features, float *values);

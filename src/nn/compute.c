#include "nn/compute.h"
#include "nn/kernels.h"
#include <cblas.h>

/* Threads are ours (one a sample or tile): inside, the library must not start more. */
static void
limit_blas_threads(void)
{
  static gsize limited = 0;
  if (g_once_init_enter(&limited)) {
    openblas_set_num_threads(1);
    g_once_init_leave(&limited, 1);
  }
}

void
mg_compute_gemm(gboolean transpose_a, gboolean transpose_b, int m, int n, int k, const float *a, int lda,
                const float *b, int ldb, float beta, float *c, int ldc)
{
  limit_blas_threads();
  cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans, m, n, k,
              1, a, lda, b, ldb, beta, c, ldc);
}

static const MgKernels *chosen;
static gboolean chosen_set; /* for tests, which are single-threaded */

/* MELOGRAPH_KERNELS=x86-64-v3 compares instruction sets on one machine. */
static void
choose_at_first(void)
{
  static gsize done = 0;
  if (g_once_init_enter(&done)) {
    const char *way = g_getenv("MELOGRAPH_KERNELS");
    if (!chosen_set && !(way && mg_compute_choose(way)))
      chosen = mg_kernels_all()[0];
    g_once_init_leave(&done, 1);
  }
}

const MgKernels *
mg_compute_kernels(void)
{
  choose_at_first();
  return chosen;
}

const MgRecurrentKernels *
mg_compute_recurrent_kernels(void)
{
  const MgKernels *const *all = mg_kernels_all(), *kernels = mg_compute_kernels();
  while (!kernels && all[1]) /* the plainest ones belong to im2col */
    all++;
  return kernels ? kernels->recurrent : (*all)->recurrent;
}

const char *const *
mg_compute_ways(void)
{
  static const char *names[8];
  size_t n = 0;
  for (; mg_kernels_all()[n]; n++)
    names[n] = mg_kernels_all()[n]->name;
  names[n] = "im2col";
  return names;
}

gboolean
mg_compute_choose(const char *way)
{
  const MgKernels *const *all = mg_kernels_all();
  while (*all && !g_str_equal((*all)->name, way))
    all++;
  if (!*all && !g_str_equal(way, "im2col"))
    return FALSE;
  chosen = *all;
  chosen_set = TRUE;
  return TRUE;
}

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
  if (m == 1) /* a single segment: the weights are read once, and not copied first as sgemm does */
    cblas_sgemv(CblasRowMajor, transpose_b ? CblasNoTrans : CblasTrans, transpose_b ? n : k, transpose_b ? k : n, 1, b,
                ldb, a, transpose_a ? lda : 1, beta, c, 1);
  else
    cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans, m, n,
                k, 1, a, lda, b, ldb, beta, c, ldc);
}

void
mg_compute_gemm_threaded(int threads, gboolean transpose_a, gboolean transpose_b, int m, int n, int k, const float *a,
                         int lda, const float *b, int ldb, float beta, float *c, int ldc)
{
  const int line = 16; /* floats of a cache line, which no two threads should write */
  int share = (n / threads + line) / line * line;
#pragma omp parallel for schedule(static) num_threads(threads)
  for (int first = 0; first < n; first += share)
    mg_compute_gemm(transpose_a, transpose_b, m, MIN(share, n - first), k, a, lda,
                    b + (size_t)first * (transpose_b ? ldb : 1), ldb, beta, c + first, ldc);
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

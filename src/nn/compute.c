#include "nn/compute.h"
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

#include "nn/kernels.h"

extern const MgKernels mg_kernels_generic;
#ifdef MG_X86_KERNELS
extern const MgKernels mg_kernels_v3, mg_kernels_v4;
/* kernels-half.c, compiled once more */
extern __typeof__(*((MgKernels *)0)->combine) mg_combine_bf16;
extern __typeof__(*((MgKernels *)0)->multiply_half) mg_multiply_half_bf16;
extern __typeof__(*((MgKernels *)0)->correlate_half) mg_correlate_half_bf16;

/* AVX-512, with the products of bfloat16 that not all of its processors have. */
static const MgKernels *
best_of_v4(void)
{
  static MgKernels v4;
  v4 = mg_kernels_v4;
  if (__builtin_cpu_supports("avx512bf16")) {
    v4.combine = mg_combine_bf16;
    v4.multiply_half = mg_multiply_half_bf16;
    v4.correlate_half = mg_correlate_half_bf16;
  }
  return &v4;
}
#endif

const MgKernels *const *
mg_kernels_all(void)
{
  static const MgKernels *found[4];
  static gsize done = 0;
  if (g_once_init_enter(&done)) {
    size_t n = 0;
#ifdef MG_X86_KERNELS
    __builtin_cpu_init();
    gboolean v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
    if (v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
      found[n++] = best_of_v4();
    if (v3)
      found[n++] = &mg_kernels_v3;
#endif
    found[n++] = &mg_kernels_generic;
    g_once_init_leave(&done, 1);
  }
  return found;
}

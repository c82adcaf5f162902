#include "nn/kernels.h"

extern const MgKernels mg_kernels_generic;
#ifdef MG_X86_KERNELS
extern const MgKernels mg_kernels_v3, mg_kernels_v4;
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
      found[n++] = &mg_kernels_v4;
    if (v3)
      found[n++] = &mg_kernels_v3;
#endif
    found[n++] = &mg_kernels_generic;
    g_once_init_leave(&done, 1);
  }
  return found;
}

/* The vectors of the instruction set that the including file is compiled for (meson.build compiles the kernels-*.c
 * once for each), at their native width: wider ones would be taken apart through memory. */
#pragma once
#include <glib.h>

/* LANES: floats of a vector. POSITIONS: positions of a row that convolve() sums at a time, for two vectors of channels
 * each. CHANNELS: input channels that correlate() sums at a time, likewise. All sums of a pass fit the registers. */
#if defined(__AVX512F__)
enum { LANES = 16, POSITIONS = 14, CHANNELS = 8 };
#elif defined(__AVX2__)
enum { LANES = 8, POSITIONS = 6, CHANNELS = 4 };
#else
enum { LANES = 4, POSITIONS = 6, CHANNELS = 4 };
#endif

typedef float Vector __attribute__((vector_size(LANES * 4)));
typedef int Integers __attribute__((vector_size(LANES * 4)));
/* In memory, anywhere. */
typedef float Floats __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
typedef signed char Bytes __attribute__((vector_size(LANES), aligned(1), may_alias));

#define LOAD(p) ((Vector) * (const Floats *)(p))
#define STORE(p, v) (*(Floats *)(p) = (v))
#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 16")

/* v where `mask` (all bits of a lane, as comparisons give it) is set, else 0. */
ALWAYS_INLINE Vector
where(Integers mask, Vector v)
{
  return (Vector)((Integers)v & mask);
}

ALWAYS_INLINE Vector
choose(Integers mask, Vector v, Vector otherwise)
{
  return (Vector)(((Integers)v & mask) | ((Integers)otherwise & ~mask));
}

/* As (v > 0 ? v : 0): NaN becomes 0 in neither. */
ALWAYS_INLINE Vector
rectify(Vector v)
{
  return where(~(Integers)(v <= 0), v);
}

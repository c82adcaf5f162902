/* Loops that the compiler turns into vector instructions. */
#pragma once
#include "base/vector.h"
#include <glib.h>
#include <string.h>

enum { MG_LANES = 16 }; /* sums side by side: the order of additions is the same for all sets */
typedef float MgLanes __attribute__((vector_size(MG_LANES * sizeof(float)), aligned(sizeof(float)), may_alias));

/* For shuffles: wider ones are slow where vectors have no more lanes. */
enum { MG_EIGHT = 8 };
typedef float MgEight __attribute__((vector_size(MG_EIGHT * sizeof(float)), aligned(sizeof(float)), may_alias));

static inline float
mg_lanes_sum(const MgLanes *lanes)
{
  const float *a = (const float *)lanes;
  float half[MG_LANES / 2];
  for (int i = 0; i < MG_LANES / 2; i++)
    half[i] = a[i] + a[i + MG_LANES / 2];
  return ((half[0] + half[4]) + (half[1] + half[5])) + ((half[2] + half[6]) + (half[3] + half[7]));
}

static inline float
mg_dot(const float *a, const float *b, size_t n)
{
  MgLanes lanes = {0};
  size_t i = 0;
  for (; i + MG_LANES <= n; i += MG_LANES)
    lanes += *(const MgLanes *)(a + i) * *(const MgLanes *)(b + i);
  float rest = 0;
  for (; i < n; i++)
    rest += a[i] * b[i];
  return mg_lanes_sum(&lanes) + rest;
}

static inline float
mg_sum(const float *values, size_t n)
{
  MgLanes lanes = {0};
  size_t i = 0;
  for (; i + MG_LANES <= n; i += MG_LANES)
    lanes += *(const MgLanes *)(values + i);
  float rest = 0;
  for (; i < n; i++)
    rest += values[i];
  return mg_lanes_sum(&lanes) + rest;
}

/* The logarithm to base 2 of a normal number above 0, to 1e-7: x = 2^e m with m from sqrt(1/2) to sqrt(2), and
 * log m = 2 atanh((m - 1) / (m + 1)) by its series. */
static inline float
mg_log2(float x)
{
  static const guint32 sqrt_half = 0x3f3504f3;
  guint32 bits, mantissa;
  memcpy(&bits, &x, sizeof bits);
  gint32 exponent = (gint32)(bits - sqrt_half) >> 23;
  mantissa = bits - ((guint32)exponent << 23);
  float m;
  memcpy(&m, &mantissa, sizeof m);
  float s = (m - 1) / (m + 1), square = s * s;
  float series =
      2.8853901f + square * (0.9617967f + square * (0.5770780f + square * (0.4121986f + square * 0.3205989f)));
  return (float)exponent + s * series;
}

#include "base/rng.h"
#include <math.h>

static guint64
splitmix64(guint64 *state)
{
  guint64 z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

MgRng
mg_rng_new(guint64 seed)
{
  guint64 a = splitmix64(&seed), b = splitmix64(&seed);
  return (MgRng){{(guint32)a, (guint32)(a >> 32), (guint32)b, (guint32)(b >> 32)}};
}

MgRng
mg_rng_stream(guint64 seed, guint64 stream)
{
  guint64 mixed = splitmix64(&seed) + stream; /* not symmetric: (1, 5) and (5, 1) differ, (n, n) is not special */
  return mg_rng_new(splitmix64(&mixed));
}

static guint32
rotate_left(guint32 x, int k)
{
  return (x << k) | (x >> (32 - k));
}

guint32
mg_rng_next(MgRng *rng)
{
  guint32 *s = rng->state;
  guint32 result = rotate_left(s[0] + s[3], 7) + s[0], t = s[1] << 9;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left(s[3], 11);
  return result;
}

float
mg_rng_uniform(MgRng *rng)
{
  return (float)(mg_rng_next(rng) >> 8) * 0x1p-24f;
}

float
mg_rng_between(MgRng *rng, float low, float high)
{
  return low + (high - low) * mg_rng_uniform(rng);
}

float
mg_rng_normal(MgRng *rng)
{
  float radius = sqrtf(-2 * logf(1 - mg_rng_uniform(rng)));
  return radius * cosf(2 * (float)G_PI * mg_rng_uniform(rng));
}

guint32
mg_rng_below(MgRng *rng, guint32 bound)
{
  guint32 threshold = -bound % bound;
  for (;;) {
    guint64 product = (guint64)mg_rng_next(rng) * bound;
    if ((guint32)product >= threshold)
      return product >> 32;
  }
}

void
mg_rng_shuffle(MgRng *rng, guint32 *values, size_t n)
{
  for (size_t i = n; i > 1; i--) {
    size_t j = mg_rng_below(rng, i);
    guint32 swapped = values[i - 1];
    values[i - 1] = values[j];
    values[j] = swapped;
  }
}

/* Seeded random numbers: xoshiro128++ (Blackman and Vigna, 2019), seeded by splitmix64. The state is a plain value that
 * can be copied, saved and restored; everything random in the program takes one. */
#pragma once
#include <glib.h>

typedef struct {
  guint32 state[4];
} MgRng;

MgRng mg_rng_new(guint64 seed);
/* An independent stream: the same (seed, stream) always gives the same numbers, whatever was drawn before. */
MgRng mg_rng_stream(guint64 seed, guint64 stream);
guint32 mg_rng_next(MgRng *rng);
float mg_rng_uniform(MgRng *rng); /* in [0, 1) */
float mg_rng_between(MgRng *rng, float low, float high);
float mg_rng_normal(MgRng *rng);                 /* mean 0, standard deviation 1 */
guint32 mg_rng_below(MgRng *rng, guint32 bound); /* in [0, bound), without bias; bound at least 1 */
void mg_rng_shuffle(MgRng *rng, guint32 *values, size_t n);

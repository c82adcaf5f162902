/* What lies beyond the ends of a signal, as numpy.pad's modes of the same names. */
#pragma once
#include <glib.h>

#define MG_PAD_CHOICES "constant|reflect|edge"

typedef enum { MG_PAD_CONSTANT, MG_PAD_REFLECT, MG_PAD_EDGE } MgPadMode; /* in the order of MG_PAD_CHOICES */

MgPadMode mg_pad_mode_of(const char *choice);
/* Samples start … start + count - 1 of a signal of n ≥ 1 samples; positions may lie outside of it. */
void mg_pad_load(MgPadMode mode, const float *samples, gint64 n, gint64 start, gint64 count, float *out);

/* Where position `at` of d c b a | a b c d | d c b a lies in the n values in the middle: scipy.ndimage's "reflect". */
static inline size_t
mg_mirrored(gint64 at, size_t n)
{
  gint64 period = 2 * (gint64)n;
  at = ((at % period) + period) % period;
  return (size_t)(at < (gint64)n ? at : period - 1 - at);
}

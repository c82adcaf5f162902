#include "dsp/pad.h"
#include <string.h>

MgPadMode
mg_pad_mode_of(const char *choice)
{
  return g_str_equal(choice, "reflect") ? MG_PAD_REFLECT : g_str_equal(choice, "edge") ? MG_PAD_EDGE : MG_PAD_CONSTANT;
}

/* The sample at a position outside of the signal. */
static float
padded_sample(MgPadMode mode, const float *samples, gint64 n, gint64 at)
{
  if (mode == MG_PAD_CONSTANT)
    return 0;
  if (mode == MG_PAD_EDGE || n == 1)
    return samples[CLAMP(at, 0, n - 1)];
  gint64 period = 2 * (n - 1);
  at = ((at % period) + period) % period;
  return samples[at < n ? at : period - at];
}

void
mg_pad_load(MgPadMode mode, const float *samples, gint64 n, gint64 start, gint64 count, float *out)
{
  gint64 before = CLAMP(-start, 0, count), inside = MAX(0, MIN(count, n - start) - before);
  for (gint64 i = 0; i < before; i++)
    out[i] = padded_sample(mode, samples, n, start + i);
  if (inside > 0)
    memcpy(out + before, samples + start + before, (size_t)inside * sizeof *out);
  for (gint64 i = before + inside; i < count; i++)
    out[i] = padded_sample(mode, samples, n, start + i);
}

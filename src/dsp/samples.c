#include "dsp/samples.h"
#include "base/error.h"
#include "dsp/vector.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const float largest_sample = 1e12f; /* full scale is 1, or 2^31 in files that count so */

MG_VECTOR gboolean
mg_samples_usable(const float *samples, size_t n)
{
  int unusable = 0;
  for (size_t i = 0; i < n; i++)
    unusable |= !(fabsf(samples[i]) <= largest_sample); /* of NaN, too */
  return !unusable;
}

float *
mg_samples_repair(const float *samples, size_t n, GError **error)
{
  g_autofree float *copy = g_memdup2(samples, n * sizeof *samples);
  for (size_t i = 0; i < n; i++) {
    copy[i] = isfinite(copy[i]) ? copy[i] : 0;
    if (fabsf(copy[i]) > largest_sample) {
      g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("sample %zu is %g; expected at most %g"), i, copy[i],
                  largest_sample);
      return NULL;
    }
  }
  return g_steal_pointer(&copy);
}

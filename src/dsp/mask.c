#include "dsp/mask.h"
#include "dsp/feature.h"
#include "dsp/istft.h"
#include <math.h>
#include <string.h>

struct MgMask {
  gatomicrefcount references;
  MgRegion *regions;
  size_t n;
  MgMaskMode mode;
  MgParams *params;
};

MgMask *
mg_mask_new(const MgRegion *regions, size_t n, MgMaskMode mode, const MgParams *params)
{
  MgMask *mask = g_new0(MgMask, 1);
  g_atomic_ref_count_init(&mask->references);
  mask->regions = g_memdup2(regions, n * sizeof *regions);
  mask->n = n;
  mask->mode = mode;
  mask->params = mg_params_copy(params);
  return mask;
}

MgMask *
mg_mask_ref(MgMask *mask)
{
  g_atomic_ref_count_inc(&mask->references);
  return mask;
}

void
mg_mask_unref(MgMask *mask)
{
  if (!mask || !g_atomic_ref_count_dec(&mask->references))
    return;
  mg_params_free(mask->params);
  g_free(mask->regions);
  g_free(mask);
}

gboolean
mg_mask_equal(const MgMask *a, const MgMask *b)
{
  if (a->n != b->n || a->mode != b->mode || (a->n && memcmp(a->regions, b->regions, a->n * sizeof *a->regions) != 0))
    return FALSE;
  g_autofree char *first = mg_params_key(a->params, "stft"), *second = mg_params_key(b->params, "stft");
  return g_str_equal(first, second);
}

size_t
mg_mask_n_fft(const MgMask *mask)
{
  return (size_t)mg_params_int(mask->params, "n_fft");
}

/* 1 in the bins whose centres lie in a region at that time, or half a bin beside it; else 0. */
static void
mark(const MgMask *mask, double seconds, double bin_hz, guint8 *inside, size_t bins)
{
  memset(inside, 0, bins);
  for (size_t i = 0; i < mask->n; i++) {
    const MgRegion *region = &mask->regions[i];
    if (seconds < region->start || seconds > region->end)
      continue;
    double first = ceil(region->low / bin_hz - 0.5), last = floor(region->high / bin_hz + 0.5);
    for (double bin = MAX(first, 0); bin <= MIN(last, (double)bins - 1); bin++)
      inside[(size_t)bin] = 1;
  }
}

float *
mg_mask_apply(const MgMask *mask, const float *samples, size_t n, int sr, double first_time, GError **error)
{
  g_autoptr(MgSpectra) spectra = mg_stft_complex(samples, n, mask->params, 0, error);
  if (!spectra)
    return NULL;
  size_t bins = spectra->real->cols, hop = mg_feature_hop(mask->params), n_fft = mg_mask_n_fft(mask), made;
  double middle = mg_params_bool(mask->params, "center") ? 0 : n_fft / 2.0; /* of frame 0, samples */
  g_autofree guint8 *inside = g_new(guint8, bins);
  for (size_t frame = 0; frame < spectra->real->rows; frame++) {
    float *real = mg_matrix_row(spectra->real, frame), *imaginary = mg_matrix_row(spectra->imaginary, frame);
    mark(mask, first_time + ((double)(frame * hop) + middle) / sr, (double)sr / n_fft, inside, bins);
    for (size_t bin = 0; bin < bins; bin++)
      if (inside[bin] != (mask->mode == MG_MASK_KEEP))
        real[bin] = imaginary[bin] = 0;
  }
  return mg_istft(spectra, mask->params, n, 0, &made, error);
}

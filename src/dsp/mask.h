/* Regions of time and frequency that are heard alone, or not at all: the short-time Fourier transform of a sound is
 * kept within (or without) them, and turned back. */
#pragma once
#include "dsp/stft.h"

typedef struct {
  double start, end; /* s */
  double low, high;  /* Hz */
} MgRegion;

typedef enum { MG_MASK_KEEP, MG_MASK_MUTE } MgMaskMode;

typedef struct MgMask MgMask; /* never changed once made, so threads share it */

/* Copies the regions; together they are their union. `params` (mg_stft_params) are copied too: a hop of at most a third
 * of the window lets frames flow into each other. */
MgMask *mg_mask_new(const MgRegion *regions, size_t n, MgMaskMode mode, const MgParams *params);
MgMask *mg_mask_ref(MgMask *mask);
void mg_mask_unref(MgMask *mask); /* accepts NULL */
gboolean mg_mask_equal(const MgMask *a, const MgMask *b);
size_t mg_mask_n_fft(const MgMask *mask); /* on either side so many samples matter */
/* n samples of a sound at sr, of which `samples` are those from `first_time` (s) on; g_free() them. */
float *mg_mask_apply(const MgMask *mask, const float *samples, size_t n, int sr, double first_time, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgMask, mg_mask_unref)

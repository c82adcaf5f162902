/* Sample rate conversion by soxr (HQ, as librosa's default soxr_hq). */
#pragma once
#include <glib.h>

/* Returns n_out samples, ceil(n * to / from) as librosa; g_free() them. */
float *mg_resample(const float *samples, size_t n, int from, int to, size_t *n_out, GError **error);

typedef struct MgResampler MgResampler; /* mono, streaming */
MgResampler *mg_resampler_new(int from, int to, GError **error);
/* Feeds n samples (n 0: the end), appends what comes out to `out` (GArray of float). */
gboolean mg_resampler_push(MgResampler *resampler, const float *samples, size_t n, GArray *out, GError **error);
void mg_resampler_free(MgResampler *resampler);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgResampler, mg_resampler_free)

/* Harmonic and percussive parts of a sound by median filters, librosa.decompose.hpss (Fitzgerald, 2010; Driedger,
 * Müller, Disch, 2014). */
#pragma once
#include "dsp/stft.h"

extern const MgParamTable mg_hpss_params; /* kernel_size mask_power margin */

typedef enum { MG_HPSS_HARMONIC, MG_HPSS_PERCUSSIVE } MgHpssPart;

/* Turns the spectra of a sound into those of one of its parts. */
gboolean mg_hpss(MgSpectra *spectra, MgHpssPart part, const MgParams *params, int threads, GError **error);
/* (bins, frames): magnitudes of a part, by mg_stft_params and mg_hpss_params. */
MgMatrix *mg_hpss_picture(const float *samples, size_t n, MgHpssPart part, const MgParams *params, int threads,
                          GError **error);
/* (1, n): a part as sound, librosa.effects.harmonic and percussive. */
MgMatrix *mg_hpss_sound(const float *samples, size_t n, MgHpssPart part, const MgParams *params, int threads,
                        GError **error);
/* (1, frames): the mean of a picture's squares over the bins, whatever its parameters. */
MgMatrix *mg_hpss_power(const MgMatrix *magnitude, int sr, const MgParams *params, GError **error);
/* Samples beside a stretch that its parts depend on. */
size_t mg_hpss_context(int sr, const MgParams *params);

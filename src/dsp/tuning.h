/* Tuning estimation: the peaks of spectra (librosa.piptrack with its defaults) and where the stronger half of them lies
 * between the notes (librosa.pitch_tuning, resolution 0.01), together librosa.estimate_tuning. */
#pragma once
#include "base/param.h"

typedef struct MgTuning MgTuning; /* the peaks seen so far */

/* Peaks of magnitudes or power (the choice moves the interpolated peaks) by the STFT's parameters. */
MgTuning *mg_tuning_new(int sr, const MgParams *stft_params, gboolean power, int bins_per_octave, GError **error);
/* What tuning=auto means in a feature's parameters: those with the STFT's estimate it from their own power spectra in
 * semitones, those without from magnitudes of the default STFT in fractions of bins_per_octave. */
MgTuning *mg_tuning_new_for(const MgParams *params, int sr, GError **error);
void mg_tuning_free(MgTuning *tuning); /* accepts NULL */
size_t mg_tuning_n_fft(const MgTuning *tuning);
size_t mg_tuning_hop(const MgTuning *tuning);
/* Adds frames first … end - 1 (as far as there are any) of a signal. */
gboolean mg_tuning_add(MgTuning *tuning, const float *samples, size_t n, size_t first, size_t end, int threads,
                       GError **error);
/* In fractions of a bin, from -0.5 up to 0.5; 0 where there was no peak. */
double mg_tuning_estimate(const MgTuning *tuning);
/* Adds frames first … end - 1 (as far as there are any) of a signal, by the STFT's parameters. */
gboolean mg_tuning_add_frames(MgTuning *tuning, const float *samples, size_t n, size_t first, size_t end,
                              const MgParams *stft_params, gboolean power, int threads, GError **error);
/* librosa.estimate_tuning(y, bins_per_octave=…): magnitudes of the default STFT. */
gboolean mg_estimate_tuning(const float *samples, size_t n, int sr, int bins_per_octave, int threads, double *tuning,
                            GError **error);
/* The parameter `tuning`; auto is estimated. */
gboolean mg_tuning_read(const MgParams *params, const float *samples, size_t n, int sr, int threads, double *tuning,
                        GError **error);
/* Hz to octaves above A0 = 27.5 Hz, tuned: librosa.hz_to_octs. */
double mg_hz_to_octaves(double hz, double tuning, int bins_per_octave);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgTuning, mg_tuning_free)

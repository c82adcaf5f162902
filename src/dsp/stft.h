/* Short-time Fourier transform, librosa.stft's parameters and results. */
#pragma once
#include "base/matrix.h"
#include "base/param.h"

extern const MgParamTable mg_stft_params; /* n_fft hop_length win_length window center pad_mode */

/* A plan for frames of one parameter set; may be used by one thread at a time. */
typedef struct MgStft MgStft;

MgStft *mg_stft_new(const MgParams *params, GError **error);
void mg_stft_free(MgStft *stft);
size_t mg_stft_bins(const MgStft *stft); /* n_fft / 2 + 1 */
size_t mg_stft_n_fft(const MgStft *stft);
size_t mg_stft_hop(const MgStft *stft);
gboolean mg_stft_center(const MgStft *stft);
/* Frames that n samples give (0 where too few). */
size_t mg_stft_frames(const MgStft *stft, size_t n);
/* |X|^2 of frame number `frame` of a signal of n samples into power[bins]: sample indices beyond the signal are padded
 * as pad_mode says. */
void mg_stft_power_frame(MgStft *stft, const float *samples, size_t n, size_t frame, float *power);
/* The same from n_fft samples that the caller has laid out (already padded). */
void mg_stft_power_of(MgStft *stft, const float *n_fft_samples, float *power);
/* (bins, frames): magnitude where power is 1, energy where 2. Uses all processors where `threads` is below 1. */
MgMatrix *mg_stft_spectrogram(const float *samples, size_t n, const MgParams *params, double power, int threads,
                              GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgStft, mg_stft_free)

/* Short-time Fourier transform, librosa.stft's parameters and results. */
#pragma once
#include "base/matrix.h"
#include "base/param.h"
#include "dsp/vector.h"

extern const MgParamTable mg_stft_params; /* n_fft hop_length win_length window center pad_mode */

/* A plan for frames of one parameter set; may be used by one thread at a time. */
typedef struct MgStft MgStft;

MgStft *mg_stft_new(const MgParams *params, GError **error);
void mg_stft_free(MgStft *stft);
size_t mg_stft_bins(const MgStft *stft); /* n_fft / 2 + 1 */
size_t mg_stft_n_fft(const MgStft *stft);
size_t mg_stft_hop(const MgStft *stft);
gboolean mg_stft_center(const MgStft *stft);
const float *mg_stft_window(const MgStft *stft); /* n_fft values: win_length ones, zeros around them */
/* Memory in the cache for a frame's power[bins], valid until the plan's next frame. */
float *mg_stft_scratch(MgStft *stft);
/* Frames that n samples give (0 where too few). */
size_t mg_stft_frames(const MgStft *stft, size_t n);
/* From now on mg_stft_power_frame() transforms in double precision (precise-fft.h). `params`: those it was made of. */
void mg_stft_make_precise(MgStft *stft, const MgParams *params);
/* |X|^2 of frame number `frame` of a signal of n samples into power[bins]: sample indices beyond the signal
 * are padded as pad_mode says. */
void mg_stft_power_frame(MgStft *stft, const float *samples, size_t n, size_t frame, float *power);
/* The same from n_fft samples that the caller has laid out (already padded). */
void mg_stft_power_of(MgStft *stft, const float *n_fft_samples, float *power);
/* X of that frame: real[bins] and imaginary[bins], valid until the plan's next frame. */
void mg_stft_complex_frame(MgStft *stft, const float *samples, size_t n, size_t frame, const float **real,
                           const float **imaginary);

/* The complex STFT, frame by frame. */
typedef struct {
  MgMatrix *real, *imaginary; /* (frames, bins) */
} MgSpectra;

/* An empty one; NULL where it would be too large. */
MgSpectra *mg_spectra_new(size_t frames, size_t bins, GError **error);
void mg_spectra_free(MgSpectra *spectra); /* accepts NULL */
/* librosa.stft, transposed. Fails as mg_stft_map_frames(). */
MgSpectra *mg_stft_complex(const float *samples, size_t n, const MgParams *params, int threads, GError **error);
/* X of the signal's frames into spectra that have as many (librosa.stft's `out`). */
gboolean mg_stft_complex_into(MgSpectra *spectra, const float *samples, size_t n, const MgParams *params, int threads,
                              GError **error);

/* (bins, frames): magnitude where power is 1, energy where 2. Uses all processors where `threads` is below 1.
 */
MgMatrix *mg_stft_spectrogram(const float *samples, size_t n, const MgParams *params, double power, int threads,
                              GError **error);

/* Called for every frame with |X|^2 in power[bins], which it may change; fills out[rows]. Runs on several
 * threads. */
typedef void (*MgStftFrameFunc)(float *power, size_t bins, float *out, gpointer data);
/* (rows, frames) from func's columns, one for each frame of the signal; `rows` 0: as many as bins. Samples are taken as
 * mg_samples_repair() leaves them. Fails as that does, where the parameters do not fit together, where there is no
 * frame, or where the result would be too large. */
MgMatrix *mg_stft_map_frames(const float *samples, size_t n, const MgParams *params, size_t rows, MgStftFrameFunc func,
                             gpointer data, int threads, GError **error);
/* The same from transforms in double precision (precise-fft.h). */
MgMatrix *mg_stft_map_frames_precise(const float *samples, size_t n, const MgParams *params, size_t rows,
                                     MgStftFrameFunc func, gpointer data, int threads, GError **error);
/* The same where func is given MG_LANES frames at once, each in one lane of power[bins] and of out[rows]. */
typedef void (*MgStftLanesFunc)(MgLanes *power, size_t bins, MgLanes *out, gpointer data);
MgMatrix *mg_stft_map_lanes(const float *samples, size_t n, const MgParams *params, size_t rows, MgStftLanesFunc func,
                            gpointer data, int threads, GError **error);
/* The same left as func gives it: (blocks, rows x MG_LANES), a block a row. *frames: how many there are; what the last
 * block has beyond them is of silence. */
MgMatrix *mg_stft_map_blocks(const float *samples, size_t n, const MgParams *params, size_t rows, MgStftLanesFunc func,
                             gpointer data, int threads, size_t *frames, GError **error);
/* As mg_stft_map_lanes(), from transforms in double precision. */
MgMatrix *mg_stft_map_lanes_precise(const float *samples, size_t n, const MgParams *params, size_t rows,
                                    MgStftLanesFunc func, gpointer data, int threads, GError **error);
/* |X|^2 to |X|^exponent, in place. */
void mg_power_raise(float *power, size_t n, double exponent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgStft, mg_stft_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSpectra, mg_spectra_free)

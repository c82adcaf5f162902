#include "dsp/stft.h"
#include "base/error.h"
#include "dsp/fft.h"
#include "dsp/pad.h"
#include "dsp/precise-fft.h"
#include "dsp/window.h"
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {"n_fft", MG_PARAM_INT, "2048", 16, 262144, NULL, "samples", NULL, N_("Length of the transformed frame")},
    {"hop_length", MG_PARAM_INT, "auto", 1, 1048576, NULL, "samples", N_("win_length / 4"),
     N_("Samples from one frame to the next")},
    {"win_length", MG_PARAM_INT, "auto", 1, 262144, NULL, "samples", N_("n_fft"),
     N_("Length of the window, padded with zeros to n_fft")},
    {"window", MG_PARAM_CHOICE, "hann", 0, 0, MG_WINDOW_CHOICES, NULL, NULL, N_("Window function, periodic")},
    {"center", MG_PARAM_BOOL, "true", 0, 0, NULL, NULL, NULL,
     N_("Frames are centred on their time; the signal is padded at both ends")},
    {"pad_mode", MG_PARAM_CHOICE, "constant", 0, 0, MG_PAD_CHOICES, NULL, NULL,
     N_("What the signal is padded with: zeros, its mirror image or its end value")},
};
const MgParamTable mg_stft_params = MG_PARAM_TABLE("stft", N_("STFT"), specs);

struct MgStft {
  MgFft *fft;
  float *window;          /* win_length values centred in n_fft */
  MgPreciseFft *precise;  /* or NULL */
  double *precise_window; /* the same, not rounded */
  float *padded;          /* (n_fft) */
  size_t n_fft, hop;
  gboolean center;
  MgPadMode pad_mode;
};

MgStft *
mg_stft_new(const MgParams *params, GError **error)
{
  gint64 n_fft = mg_params_int(params, "n_fft");
  gint64 win_length = mg_params_int_or(params, "win_length", n_fft);
  if (win_length > n_fft) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("win_length=%" PRId64 ": expected at most n_fft, which is %" PRId64),
                win_length, n_fft);
    return NULL;
  }
  MgStft *stft = g_new0(MgStft, 1);
  stft->n_fft = n_fft;
  stft->hop = mg_params_int_or(params, "hop_length", MAX(1, win_length / 4));
  stft->center = mg_params_bool(params, "center");
  stft->pad_mode = mg_pad_mode_of(mg_params_text(params, "pad_mode"));
  stft->fft = mg_fft_new(n_fft);
  stft->window = g_aligned_alloc0(n_fft, sizeof(float), 64);
  mg_window_fill(mg_params_text(params, "window"), stft->window + (n_fft - win_length) / 2, win_length);
  return stft;
}

void
mg_stft_make_precise(MgStft *stft, const MgParams *params)
{
  size_t n_fft = stft->n_fft, win_length = mg_params_int_or(params, "win_length", n_fft);
  stft->precise = mg_precise_fft_new(n_fft);
  stft->precise_window = g_new0(double, n_fft);
  stft->padded = g_new(float, n_fft);
  mg_window_fill_double(mg_params_text(params, "window"), stft->precise_window + (n_fft - win_length) / 2, win_length);
}

void
mg_stft_free(MgStft *stft)
{
  if (!stft)
    return;
  mg_fft_free(stft->fft);
  mg_precise_fft_free(stft->precise);
  g_aligned_free(stft->window);
  g_free(stft->precise_window);
  g_free(stft->padded);
  g_free(stft);
}

size_t
mg_stft_bins(const MgStft *stft)
{
  return stft->n_fft / 2 + 1;
}

size_t
mg_stft_n_fft(const MgStft *stft)
{
  return stft->n_fft;
}

size_t
mg_stft_hop(const MgStft *stft)
{
  return stft->hop;
}

gboolean
mg_stft_center(const MgStft *stft)
{
  return stft->center;
}

const float *
mg_stft_window(const MgStft *stft)
{
  return stft->window;
}

size_t
mg_stft_frames(const MgStft *stft, size_t n)
{
  size_t padded = n + (stft->center ? stft->n_fft / 2 * 2 : 0);
  return n == 0 || padded < stft->n_fft ? 0 : 1 + (padded - stft->n_fft) / stft->hop;
}

float *
mg_stft_scratch(MgStft *stft)
{
  return mg_fft_input(stft->fft);
}

MG_VECTOR static void
load(MgStft *stft, const float *n_fft_samples)
{
  float *input = mg_fft_input(stft->fft); /* may be n_fft_samples */
  const float *window = stft->window;
  for (size_t i = 0; i < stft->n_fft; i++)
    input[i] = n_fft_samples[i] * window[i];
}

/* The n_fft samples of a frame: the signal's own, or a copy in `padded` where the frame reaches beyond it. */
static const float *
find_frame(const MgStft *stft, const float *samples, size_t n, size_t frame, float *padded)
{
  gint64 start = (gint64)(frame * stft->hop) - (stft->center ? (gint64)(stft->n_fft / 2) : 0);
  if (start < 0 || start + stft->n_fft > n) {
    mg_pad_load(stft->pad_mode, samples, n, start, stft->n_fft, padded);
    return padded;
  }
  return samples + start;
}

static void
load_frame(MgStft *stft, const float *samples, size_t n, size_t frame)
{
  load(stft, find_frame(stft, samples, n, frame, mg_fft_input(stft->fft)));
}

MG_VECTOR static void
load_precisely(MgStft *stft, const float *n_fft_samples)
{
  double *restrict input = mg_precise_fft_input(stft->precise);
  for (size_t i = 0; i < stft->n_fft; i++)
    input[i] = n_fft_samples[i] * stft->precise_window[i];
}

void
mg_stft_power_of(MgStft *stft, const float *n_fft_samples, float *power)
{
  load(stft, n_fft_samples);
  mg_fft_power(stft->fft, power);
}

void
mg_stft_power_frame(MgStft *stft, const float *samples, size_t n, size_t frame, float *power)
{
  if (stft->precise) {
    load_precisely(stft, find_frame(stft, samples, n, frame, stft->padded));
    mg_precise_fft_power(stft->precise, power);
    return;
  }
  load_frame(stft, samples, n, frame);
  mg_fft_power(stft->fft, power);
}

void
mg_stft_complex_frame(MgStft *stft, const float *samples, size_t n, size_t frame, const float **real,
                      const float **imaginary)
{
  load_frame(stft, samples, n, frame);
  mg_fft_forward(stft->fft, real, imaginary);
}

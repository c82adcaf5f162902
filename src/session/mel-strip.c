#include "session/mel-strip.h"
#include "dsp/decibel.h"
#include "dsp/mel.h"
#include "dsp/stft.h"
#include <string.h>

enum { COLUMNS_A_SECOND = 100 };

static const float quietest_peak = -40; /* dB: below, the picture of near silence is not made any brighter */
static const float peak_fall = 3.f / COLUMNS_A_SECOND;

struct MgMelStrip {
  GMutex lock;
  MgStft *stft;
  MgMelFilters *filters;
  int sr;
  size_t n_fft, hop, bands;
  float *power, *pending; /* n_fft samples at most, of which `n_pending` are there */
  size_t n_pending;
  float *columns; /* a ring of `capacity` frames */
  size_t capacity, frames;
  float peak;
};

/* About 50 ms, as long at any rate. */
static size_t
window_samples(int sr)
{
  size_t n = 256;
  while (n * 30 < (size_t)sr)
    n *= 2;
  return n;
}

static MgParams *
new_params(int sr)
{
  static const MgParamTable *const tables[] = {&mg_stft_params, &mg_mel_params, NULL};
  MgParams *params = mg_params_new(tables);
  mg_params_set_int(params, "n_fft", (gint64)window_samples(sr));
  mg_params_set_int(params, "hop_length", MAX(1, sr / COLUMNS_A_SECOND));
  return params;
}

MgMelStrip *
mg_mel_strip_new(int sr, double seconds, GError **error)
{
  g_autoptr(MgParams) params = new_params(sr);
  g_autoptr(MgMelStrip) strip = g_new0(MgMelStrip, 1);
  g_mutex_init(&strip->lock);
  strip->sr = sr;
  strip->stft = mg_stft_new(params, error);
  strip->n_fft = window_samples(sr);
  strip->filters = strip->stft ? mg_mel_filters_new(params, sr, strip->n_fft, error) : NULL;
  if (!strip->filters)
    return NULL;
  strip->hop = mg_stft_hop(strip->stft);
  strip->bands = mg_mel_filters_n(strip->filters);
  strip->power = g_new(float, mg_stft_bins(strip->stft));
  strip->pending = g_new(float, strip->n_fft);
  strip->capacity = (size_t)(seconds * COLUMNS_A_SECOND) + 1;
  strip->columns = g_new(float, strip->capacity * strip->bands);
  strip->peak = quietest_peak;
  return g_steal_pointer(&strip);
}

void
mg_mel_strip_free(MgMelStrip *strip)
{
  if (!strip)
    return;
  g_mutex_clear(&strip->lock);
  mg_stft_free(strip->stft);
  g_clear_pointer(&strip->filters, mg_mel_filters_free);
  g_free(strip->power);
  g_free(strip->pending);
  g_free(strip->columns);
  g_free(strip);
}

static void
add_column(MgMelStrip *strip)
{
  float *column = strip->columns + strip->frames % strip->capacity * strip->bands, loudest = quietest_peak;
  mg_stft_power_of(strip->stft, strip->pending, strip->power);
  mg_mel_filters_apply(strip->filters, strip->power, column);
  mg_power_to_db(column, strip->bands, 1, 1e-10, -1);
  for (size_t i = 0; i < strip->bands; i++)
    loudest = MAX(loudest, column[i]);
  strip->peak = MAX(loudest, strip->peak - peak_fall);
  strip->frames++;
}

void
mg_mel_strip_add(MgMelStrip *strip, const float *samples, size_t n)
{
  g_mutex_lock(&strip->lock);
  while (n > 0) {
    size_t taken = MIN(n, strip->n_fft - strip->n_pending);
    memcpy(strip->pending + strip->n_pending, samples, taken * sizeof *samples);
    strip->n_pending += taken;
    samples += taken;
    n -= taken;
    if (strip->n_pending < strip->n_fft)
      break;
    add_column(strip);
    strip->n_pending = strip->n_fft - strip->hop;
    memmove(strip->pending, strip->pending + strip->hop, strip->n_pending * sizeof *samples);
  }
  g_mutex_unlock(&strip->lock);
}

void
mg_mel_strip_lock(MgMelStrip *strip)
{
  g_mutex_lock(&strip->lock);
}

void
mg_mel_strip_unlock(MgMelStrip *strip)
{
  g_mutex_unlock(&strip->lock);
}

size_t
mg_mel_strip_bands(const MgMelStrip *strip)
{
  return strip->bands;
}

size_t
mg_mel_strip_frames(const MgMelStrip *strip)
{
  return strip->frames;
}

double
mg_mel_strip_first_time(const MgMelStrip *strip)
{
  return strip->n_fft / 2. / strip->sr;
}

double
mg_mel_strip_frame_step(const MgMelStrip *strip)
{
  return (double)strip->hop / strip->sr;
}

double
mg_mel_strip_top_hz(const MgMelStrip *strip)
{
  return strip->sr / 2.;
}

float
mg_mel_strip_peak(const MgMelStrip *strip)
{
  return strip->peak;
}

const float *
mg_mel_strip_column(size_t frame, gpointer data)
{
  const MgMelStrip *strip = data;
  if (frame >= strip->frames || frame + strip->capacity < strip->frames)
    return NULL;
  return strip->columns + frame % strip->capacity * strip->bands;
}

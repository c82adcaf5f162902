#include "dataset/synth-parts.h"
#include "dsp/fft.h"
#include "dsp/window.h"
#include <math.h>
#include <string.h>

MgSound *
mg_sound_new(double seconds)
{
  MgSound *sound = g_new0(MgSound, 1);
  sound->n = mg_sound_at(seconds);
  sound->samples = g_new0(float, sound->n);
  return sound;
}

void
mg_sound_free(MgSound *sound)
{
  if (!sound)
    return;
  g_free(sound->samples);
  g_free(sound);
}

void
mg_sound_mix(MgSound *to, const MgSound *from, float gain)
{
  for (size_t i = 0; i < MIN(to->n, from->n); i++)
    to->samples[i] += gain * from->samples[i];
}

/* Filters */

typedef struct {
  double cosine, alpha;
} Angle;

static Angle
angle_of(double hz, double q)
{
  double w = 2 * G_PI * MIN(hz, 0.45 * MG_SYNTH_SR) / MG_SYNTH_SR;
  return (Angle){cos(w), sin(w) / (2 * q)};
}

static MgBiquad
normalised(double b0, double b1, double b2, double a0, double a1, double a2)
{
  return (MgBiquad){.b0 = (float)(b0 / a0),
                    .b1 = (float)(b1 / a0),
                    .b2 = (float)(b2 / a0),
                    .a1 = (float)(a1 / a0),
                    .a2 = (float)(a2 / a0)};
}

MgBiquad
mg_biquad_lowpass(double hz, double q)
{
  Angle a = angle_of(hz, q);
  double b = (1 - a.cosine) / 2;
  return normalised(b, 2 * b, b, 1 + a.alpha, -2 * a.cosine, 1 - a.alpha);
}

MgBiquad
mg_biquad_highpass(double hz, double q)
{
  Angle a = angle_of(hz, q);
  double b = (1 + a.cosine) / 2;
  return normalised(b, -2 * b, b, 1 + a.alpha, -2 * a.cosine, 1 - a.alpha);
}

MgBiquad
mg_biquad_bandpass(double hz, double q)
{
  Angle a = angle_of(hz, q);
  return normalised(a.alpha, 0, -a.alpha, 1 + a.alpha, -2 * a.cosine, 1 - a.alpha);
}

MgBiquad
mg_biquad_high_shelf(double hz, double db)
{
  Angle a = angle_of(hz, 0.5);
  double g = pow(10, db / 40), r = 2 * sqrt(g) * a.alpha, c = a.cosine;
  return normalised(g * ((g + 1) + (g - 1) * c + r), -2 * g * ((g - 1) + (g + 1) * c), g * ((g + 1) + (g - 1) * c - r),
                    (g + 1) - (g - 1) * c + r, 2 * ((g - 1) - (g + 1) * c), (g + 1) - (g - 1) * c - r);
}

void
mg_sound_filter(MgSound *sound, MgBiquad filter)
{
  for (size_t i = 0; i < sound->n; i++)
    sound->samples[i] = mg_biquad_run(&filter, sound->samples[i]);
}

/* Reverberation */

enum { LINES = 8 };

typedef struct {
  float *delay[LINES];
  size_t length[LINES], at[LINES];
  float feedback[LINES], damped[LINES];
} Room;

static void
open_room(Room *room, double seconds)
{
  static const size_t lengths[LINES] = {641, 769, 907, 1033, 1171, 1307, 1433, 1583}; /* primes: no common echoes */
  for (int i = 0; i < LINES; i++) {
    room->length[i] = lengths[i];
    room->at[i] = 0;
    room->damped[i] = 0;
    room->delay[i] = g_new0(float, lengths[i]);
    room->feedback[i] = (float)pow(10, -3.0 * lengths[i] / (seconds * MG_SYNTH_SR)); /* -60 dB after `seconds` */
  }
}

/* The lines feed each other through a Householder reflection, which keeps the energy. */
static float
run_room(Room *room, float x)
{
  float out[LINES], sum = 0, heard = 0;
  for (int i = 0; i < LINES; i++) {
    float y = room->delay[i][room->at[i]];
    room->damped[i] += 0.6f * (y - room->damped[i]);
    out[i] = room->damped[i] * room->feedback[i];
    sum += out[i];
    heard += i & 1 ? -y : y;
  }
  for (int i = 0; i < LINES; i++) {
    room->delay[i][room->at[i]] = x + out[i] - sum * (2.0f / LINES);
    room->at[i] = room->at[i] + 1 == room->length[i] ? 0 : room->at[i] + 1;
  }
  return heard * 0.35f;
}

void
mg_sound_reverb(MgSound *sound, double seconds, float wet)
{
  Room room;
  open_room(&room, seconds);
  for (size_t i = 0; i < sound->n; i++)
    sound->samples[i] += wet * run_room(&room, sound->samples[i]);
  for (int i = 0; i < LINES; i++)
    g_free(room.delay[i]);
}

/* Mastering */

enum { FFT = 1024, BINS = FFT / 2 + 1, LOOKS = 256 };
static const double tilt_hz = 1000; /* the shelf's middle */

/* Magnitudes of frames spread over the whole sound: (LOOKS, BINS). */
static float *
look_at(const MgSound *sound)
{
  g_autoptr(MgFft) fft = mg_fft_new(FFT);
  float window[FFT], *magnitudes = g_new0(float, LOOKS *BINS);
  mg_window_fill("hann", window, FFT);
  for (size_t k = 0; k < LOOKS && sound->n > FFT; k++) {
    const float *from = sound->samples + (sound->n - FFT) / LOOKS * k;
    for (size_t i = 0; i < FFT; i++)
      mg_fft_input(fft)[i] = from[i] * window[i];
    mg_fft_power(fft, magnitudes + k * BINS);
    for (size_t b = 0; b < BINS; b++)
      magnitudes[k * BINS + b] = sqrtf(magnitudes[k * BINS + b]);
  }
  return magnitudes;
}

static double
response(const MgBiquad *f, double hz)
{
  double w = 2 * G_PI * hz / MG_SYNTH_SR, c1 = cos(w), c2 = cos(2 * w), s1 = sin(w), s2 = sin(2 * w);
  double above = hypot(f->b0 + f->b1 * c1 + f->b2 * c2, f->b1 * s1 + f->b2 * s2);
  return above / hypot(1 + f->a1 * c1 + f->a2 * c2, f->a1 * s1 + f->a2 * s2);
}

/* The mean of the frames' spectral centroids (Hz) after a shelf of `db`. */
static double
centroid_with(const float *magnitudes, double db)
{
  MgBiquad shelf = mg_biquad_high_shelf(tilt_hz, db);
  double gains[BINS], sum = 0;
  for (size_t b = 0; b < BINS; b++)
    gains[b] = response(&shelf, b * (double)MG_SYNTH_SR / FFT);
  int frames = 0;
  for (size_t k = 0; k < LOOKS; k++) {
    double weight = 0, moment = 0;
    for (size_t b = 0; b < BINS; b++) {
      weight += magnitudes[k * BINS + b] * gains[b];
      moment += magnitudes[k * BINS + b] * gains[b] * b;
    }
    if (weight > 1e-6) {
      sum += moment / weight;
      frames++;
    }
  }
  return frames ? sum / frames * MG_SYNTH_SR / FFT : 0;
}

static void
tilt_to(MgSound *sound, double centroid)
{
  g_autofree float *magnitudes = look_at(sound);
  double low = -40, high = 40;
  for (int i = 0; i < 16; i++) {
    double middle = (low + high) / 2;
    *(centroid_with(magnitudes, middle) < centroid ? &low : &high) = middle;
  }
  mg_sound_filter(sound, mg_biquad_high_shelf(tilt_hz, (low + high) / 2));
}

/* The mean over seconds of their levels in dB, silent ones counted as -60. */
static double
level_of(const MgSound *sound)
{
  double sum = 0;
  size_t n = 0;
  for (size_t start = 0; start + MG_SYNTH_SR <= sound->n; start += MG_SYNTH_SR, n++) {
    double energy = 0;
    for (size_t i = start; i < start + MG_SYNTH_SR; i++)
      energy += sound->samples[i] * sound->samples[i];
    sum += MAX(-60, 10 * log10(energy / MG_SYNTH_SR + 1e-12));
  }
  return n ? sum / n : -60;
}

void
mg_sound_master(MgSound *sound, double level, double centroid)
{
  mg_sound_filter(sound, mg_biquad_highpass(30, 0.7));
  tilt_to(sound, centroid);
  for (int pass = 0; pass < 3; pass++) { /* limiting lowers the level a little, which the next pass makes good */
    float gain = (float)pow(10, (level - level_of(sound)) / 20);
    for (size_t i = 0; i < sound->n; i++) {
      float x = sound->samples[i] * gain;
      sound->samples[i] = fabsf(x) < 0.6f ? x : copysignf(0.6f + 0.38f * tanhf((fabsf(x) - 0.6f) / 0.38f), x);
    }
  }
}

/* Pitched instruments. */
#include "dataset/synth-parts.h"
#include <math.h>

/* A sine by recurrence: two operations a sample. */
typedef struct {
  double turn, now, before;
} Sine;

static Sine
sine_at(double hz)
{
  double w = 2 * G_PI * hz / MG_SYNTH_SR;
  return (Sine){2 * cos(w), 0, -sin(w)};
}

static inline double
next_sine(Sine *sine)
{
  double y = sine->now;
  sine->now = sine->turn * y - sine->before;
  sine->before = y;
  return y;
}

/* A saw tooth without most of its aliases (Välimäki and Huovilainen's PolyBLEP, 2007). `step` is hz / sr. */
static inline float
next_saw(float *phase, float step)
{
  float p = *phase, y = 2 * p - 1;
  if (p < step) {
    float t = p / step;
    y -= t + t - t * t - 1;
  } else if (p > 1 - step) {
    float t = (p - 1) / step;
    y -= t * t + t + t + 1;
  }
  *phase = p + step >= 1 ? p + step - 1 : p + step;
  return y;
}

typedef struct {
  float *out;
  size_t n, held; /* samples with and without the release */
} Span;

static Span
span_of(MgSound *sound, double start, double seconds, double release)
{
  size_t from = mg_sound_at(start);
  if (from >= sound->n)
    return (Span){NULL, 0, 0};
  size_t n = MIN(mg_sound_at(seconds + release), sound->n - from);
  return (Span){sound->samples + from, n, mg_sound_at(seconds)};
}

/* Rises in `attack` samples, falls to nothing in the `n - held` after the note. */
static inline float
envelope(const Span *span, size_t i, float attack, float release)
{
  float rise = i < attack ? i / attack : 1;
  return i < span->held ? rise : rise * (1 - MIN(1, (i - span->held) / release));
}

/* Karplus and Strong's string (1983): noise that runs round a delay line through a low-pass. */
typedef struct {
  float brightness; /* of the stroke: 1 leaves the noise white */
  float loss;       /* share of the neighbour in the low-pass: 0.5 dulls fastest */
  float ring;       /* s to -60 dB at 220 Hz */
  float gain;
} Pluck;

static float *
stroke(size_t n, float brightness, MgRng *rng)
{
  float *line = g_new(float, n), smooth = 0, mean = 0;
  for (size_t i = 0; i < n; i++) {
    smooth += brightness * (mg_rng_between(rng, -1, 1) - smooth);
    line[i] = smooth;
    mean += smooth / n;
  }
  for (size_t i = 0; i < n; i++)
    line[i] = (line[i] - mean) / (0.4f + brightness * 0.6f);
  return line;
}

static void
pluck(MgSound *sound, double start, double seconds, double hz, float velocity, const Pluck *kind, MgRng *rng)
{
  Span span = span_of(sound, start, seconds, 0.25);
  double period = MG_SYNTH_SR / hz - kind->loss;
  size_t n = (size_t)MAX(period, 2), at = 0;
  float fraction = (float)(period - n),
        tune = (1 - fraction) / (1 + fraction); /* an all-pass for the rest of the period */
  g_autofree float *line = stroke(n, CLAMP(kind->brightness * (0.5f + 0.5f * velocity), 0.05f, 1), rng);
  float keep = (float)pow(10, -3 / (hz * kind->ring * sqrt(220 / hz))), gain = velocity * kind->gain;
  float before = 0, x1 = 0, y1 = 0;
  for (size_t i = 0; i < span.n; i++) {
    float x = line[at], damped = keep * ((1 - kind->loss) * x + kind->loss * before);
    before = x;
    float y = tune * (damped - y1) + x1;
    x1 = damped;
    y1 = y;
    line[at] = y;
    at = at + 1 == n ? 0 : at + 1;
    span.out[i] += gain * x * envelope(&span, i, 20, 0.25f * MG_SYNTH_SR);
  }
}

void
mg_play_harp(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng)
{
  static const Pluck harp = {0.25f, 0.4f, 3, 0.9f};
  pluck(out, start, seconds + 0.4, hz, velocity, &harp, rng);
}

void
mg_play_harpsichord(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng)
{
  static const Pluck harpsichord = {0.95f, 0.15f, 2.5f, 0.6f};
  pluck(out, start, seconds, hz, velocity, &harpsichord, rng);
}

void
mg_play_guitar(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng)
{
  static const Pluck guitar = {0.5f, 0.5f, 2, 0.8f};
  pluck(out, start, seconds, hz, velocity, &guitar, rng);
}

/* Bowed or blown: saw teeth a little out of tune with each other, with vibrato, through a low-pass that opens. */
typedef struct {
  float attack, release; /* s */
  float vibrato;         /* part of the pitch */
  float detune;
  float cutoff; /* in multiples of the pitch, at full velocity */
  float gain;
} Bow;

static void
bow(MgSound *sound, double start, double seconds, double hz, float velocity, const Bow *kind, MgRng *rng)
{
  Span span = span_of(sound, start, seconds, kind->release);
  float step = (float)hz / MG_SYNTH_SR, phases[2] = {mg_rng_uniform(rng), mg_rng_uniform(rng)};
  Sine vibrato = sine_at(mg_rng_between(rng, 4.8f, 6.2f));
  float open = (float)(1 - exp(-2 * G_PI * MIN(0.4 * MG_SYNTH_SR, 300 + hz * kind->cutoff * velocity) / MG_SYNTH_SR));
  float first = 0, second = 0, bend = step, attack = kind->attack * MG_SYNTH_SR, release = kind->release * MG_SYNTH_SR;
  for (size_t i = 0; i < span.n; i++) {
    double swing = next_sine(&vibrato);
    if (i % 16 == 0)
      bend = step * (1 + kind->vibrato * (float)swing * MIN(1, i / (0.4f * MG_SYNTH_SR)));
    float x = next_saw(&phases[0], bend) + next_saw(&phases[1], bend * (1 + kind->detune));
    float level = envelope(&span, i, attack, release);
    first += open * (0.4f + 0.6f * level) * (x - first);
    second += open * (first - second);
    span.out[i] += velocity * kind->gain * level * second;
  }
}

void
mg_play_strings(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng)
{
  static const Bow strings = {0.09f, 0.22f, 0.006f, 0.004f, 6, 0.22f};
  bow(out, start, seconds, hz, velocity, &strings, rng);
}

void
mg_play_brass(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng)
{
  static const Bow brass = {0.04f, 0.1f, 0.002f, 0.001f, 9, 0.2f};
  bow(out, start, seconds, hz, velocity, &brass, rng);
}

void
mg_play_organ(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng)
{
  static const struct {
    double multiple;
    float level;
  } stops[] = {{1, 0.5f}, {2, 0.4f}, {3, 0.2f}, {4, 0.25f}, {6, 0.1f}, {8, 0.12f}};
  Span span = span_of(out, start, seconds, 0.06);
  for (size_t k = 0; k < G_N_ELEMENTS(stops); k++) {
    if (hz * stops[k].multiple > 0.45 * MG_SYNTH_SR)
      break;
    Sine sine = sine_at(hz * stops[k].multiple);
    float gain = velocity * stops[k].level * 0.5f;
    for (size_t i = 0; i < span.n; i++)
      span.out[i] += gain * (float)next_sine(&sine) * envelope(&span, i, 250, 0.06f * MG_SYNTH_SR);
  }
}

void
mg_play_flute(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng)
{
  Span span = span_of(out, start, seconds, 0.08);
  Sine tones[3] = {sine_at(hz), sine_at(2 * hz), sine_at(3 * hz)}, tremolo = sine_at(mg_rng_between(rng, 4.5f, 5.5f));
  MgBiquad breath = mg_biquad_bandpass(MIN(2 * hz, 6000), 2);
  float gain = 0.5f * velocity, swing = 0;
  for (size_t i = 0; i < span.n; i++) {
    swing = 1 + 0.12f * (float)next_sine(&tremolo);
    float x = (float)(next_sine(&tones[0]) + 0.3 * next_sine(&tones[1]) + 0.08 * next_sine(&tones[2]));
    x += 0.05f * mg_biquad_run(&breath, mg_rng_between(rng, -1, 1));
    span.out[i] += gain * swing * x * envelope(&span, i, 0.05f * MG_SYNTH_SR, 0.08f * MG_SYNTH_SR);
  }
}

/* Two sines, one of which bends the other's phase (Chowning's FM, 1973). */
void
mg_play_electric_piano(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng)
{
  Span span = span_of(out, start, seconds, 0.2);
  float step = 2 * (float)G_PI * (float)hz / MG_SYNTH_SR, phase = 0, bell = 0, level = 1;
  float fall = expf(-1 / (1.2f * MG_SYNTH_SR)), depth = 0.5f + velocity;
  for (size_t i = 0; i < span.n; i++) {
    float x = sinf(phase + depth * level * sinf(phase)) + 0.12f * level * level * sinf(bell);
    span.out[i] += 0.35f * velocity * level * x * envelope(&span, i, 60, 0.2f * MG_SYNTH_SR);
    phase += step;
    bell += 7 * step;
    phase -= phase > 2 * (float)G_PI ? 2 * (float)G_PI : 0;
    bell -= bell > 2 * (float)G_PI ? 2 * (float)G_PI : 0;
    level *= fall;
  }
}

void
mg_play_sub_bass(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng)
{
  Span span = span_of(out, start, seconds, 0.08);
  Sine low = sine_at(hz);
  for (size_t i = 0; i < span.n; i++) {
    float x = (float)next_sine(&low);
    x = 1.5f * x - 0.5f * x * x * x; /* odd partials, so that small loudspeakers tell the pitch */
    span.out[i] += 0.7f * velocity * x * envelope(&span, i, 120, 0.08f * MG_SYNTH_SR);
  }
}

/* A voice that speaks in rhythm: glottal pulses through formant filters, with bursts of noise for consonants. */
#include "dataset/synth-parts.h"
#include <math.h>

enum { FORMANTS = 4 };

/* Means of men's vowels (Peterson and Barney, 1952); the fourth formant stays. */
static const float vowels[][FORMANTS] = {
    {730, 1090, 2440, 3400}, {270, 2290, 3010, 3600}, {530, 1840, 2480, 3500}, {570, 840, 2410, 3300},
    {300, 870, 2240, 3300},  {660, 1720, 2410, 3400}, {490, 1350, 1690, 3300},
};

typedef struct {
  float hz, q; /* of the noise; hz 0: voiced, no noise */
  float level;
  float seconds; /* of the noise */
  float gap;     /* s of silence before (a stop) */
} Consonant;

static const Consonant consonants[] = {
    {6500, 1.2f, 0.5f, 0.09f, 0},      /* s */
    {3200, 1.5f, 0.5f, 0.09f, 0},      /* sh */
    {4500, 0.8f, 0.8f, 0.025f, 0.03f}, /* t */
    {1800, 1.5f, 0.8f, 0.03f, 0.03f},  /* k */
    {700, 0.8f, 0.6f, 0.02f, 0.03f},   /* p */
    {5000, 0.5f, 0.2f, 0.07f, 0},      /* f */
    {0, 1, 0, 0.03f, 0},               /* m, n, l */
    {0, 1, 0, 0.01f, 0.02f},           /* b, d, g */
};

static double
say_consonant(MgSound *out, double start, const Consonant *kind, float velocity, MgRng *rng)
{
  size_t from = mg_sound_at(start + kind->gap), n = mg_sound_at(kind->seconds);
  MgBiquad filter = mg_biquad_bandpass(kind->hz > 0 ? kind->hz : 1000, kind->q);
  for (size_t i = 0; kind->hz > 0 && i < n && from + i < out->n; i++) {
    float shape = sinf((float)G_PI * (i + 0.5f) / n);
    out->samples[from + i] += velocity * kind->level * shape * mg_biquad_run(&filter, mg_rng_between(rng, -1, 1));
  }
  return kind->gap + kind->seconds;
}

/* Rosenberg's glottal pulse (1971): opens for 40% of the period, closes in 16%. */
static inline float
glottis(float phase)
{
  if (phase < 0.4f)
    return 0.5f * (1 - cosf((float)G_PI * phase / 0.4f));
  return phase < 0.56f ? cosf((float)G_PI / 2 * (phase - 0.4f) / 0.16f) : 0;
}

static void
say_vowel(MgSound *out, double start, double seconds, double hz, float velocity, const float *formants, MgRng *rng)
{
  static const float levels[FORMANTS] = {1, 0.7f, 0.4f, 0.2f}, widths[FORMANTS] = {80, 100, 140, 200};
  size_t from = mg_sound_at(start), n = mg_sound_at(seconds);
  MgBiquad filters[FORMANTS];
  float size = mg_rng_between(rng, 0.95f, 1.08f), phase = 0, before = 0, fall = mg_rng_between(rng, 0.8f, 0.95f);
  for (int k = 0; k < FORMANTS; k++)
    filters[k] = mg_biquad_bandpass(formants[k] * size, formants[k] * size / widths[k]);
  for (size_t i = 0; i < n && from + i < out->n; i++) {
    float t = i / (float)n, pulse = glottis(phase), x = 0;
    float source = 3 * (pulse - before) + 0.02f * mg_rng_between(rng, -1, 1);
    before = pulse;
    for (int k = 0; k < FORMANTS; k++)
      x += levels[k] * mg_biquad_run(&filters[k], source);
    float shape = MIN(1, t * 8) * MIN(1, (1 - t) * 5);
    out->samples[from + i] += 8 * velocity * shape * x;
    phase += (float)hz * (1 - (1 - fall) * t) / MG_SYNTH_SR;
    phase -= phase >= 1;
  }
}

void
mg_speak(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng)
{
  const Consonant *consonant = &consonants[mg_rng_below(rng, G_N_ELEMENTS(consonants))];
  const float *vowel = vowels[mg_rng_below(rng, G_N_ELEMENTS(vowels))];
  double used = say_consonant(out, start, consonant, velocity, rng);
  if (seconds > used + 0.04)
    say_vowel(out, start + used, seconds - used, hz, velocity, vowel, rng);
}

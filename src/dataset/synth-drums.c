/* A drum machine, and the orchestra's drums. */
#include "dataset/synth-parts.h"
#include <math.h>

/* A tone whose pitch falls, and filtered noise; each dies away by itself. */
typedef struct {
  float from_hz, to_hz, bend; /* s until the pitch has fallen by 1 - 1/e of the way */
  float tone, tone_decay;     /* level, s to 1/e */
  float noise, noise_decay;
  float noise_hz; /* of the noise's high-pass */
  float seconds;
} Kind;

static const Kind kinds[] = {
    [MG_DRUM_KICK] = {160, 48, 0.03f, 1.0f, 0.13f, 0.15f, 0.004f, 1000, 0.45f},
    [MG_DRUM_SNARE] = {240, 180, 0.02f, 0.45f, 0.06f, 0.55f, 0.09f, 900, 0.35f},
    [MG_DRUM_CLAP] = {0, 0, 1, 0, 1, 0.7f, 0.08f, 1100, 0.3f},
    [MG_DRUM_HAT] = {0, 0, 1, 0, 1, 0.35f, 0.018f, 6500, 0.1f},
    [MG_DRUM_OPEN_HAT] = {0, 0, 1, 0, 1, 0.3f, 0.12f, 6000, 0.4f},
    [MG_DRUM_CRASH] = {0, 0, 1, 0, 1, 0.35f, 0.6f, 3000, 1.8f},
    [MG_DRUM_TIMPANI] = {120, 98, 0.05f, 0.9f, 0.35f, 0.25f, 0.02f, 300, 1.2f},
};

/* A clap is several hands: the noise starts anew a few times. */
static gboolean
is_another_hand(MgDrum drum, size_t i)
{
  return drum == MG_DRUM_CLAP && i < MG_SYNTH_SR * 33 / 1000 && i % (MG_SYNTH_SR * 11 / 1000) == 0;
}

void
mg_play_drum(MgSound *out, MgDrum drum, double start, float velocity, MgRng *rng)
{
  const Kind *kind = &kinds[drum];
  size_t from = mg_sound_at(start);
  size_t n = from < out->n ? MIN(mg_sound_at(kind->seconds), out->n - from) : 0;
  MgBiquad highpass = mg_biquad_highpass(kind->noise_hz, 0.7);
  float tone = velocity * kind->tone, noise = velocity * kind->noise, phase = 0, bend = kind->from_hz - kind->to_hz;
  float tone_fall = expf(-1 / (kind->tone_decay * MG_SYNTH_SR)), bend_fall = expf(-1 / (kind->bend * MG_SYNTH_SR));
  float noise_fall = expf(-1 / (kind->noise_decay * MG_SYNTH_SR));
  for (size_t i = 0; i < n; i++) {
    if (is_another_hand(drum, i))
      noise = velocity * kind->noise;
    float x = noise * mg_biquad_run(&highpass, mg_rng_between(rng, -1, 1));
    if (kind->tone > 0)
      x += tone * sinf(phase);
    phase += 2 * (float)G_PI * (kind->to_hz + bend) / MG_SYNTH_SR;
    phase -= phase > 2 * (float)G_PI ? 2 * (float)G_PI : 0;
    out->samples[from + i] += x;
    tone *= tone_fall;
    noise *= noise_fall;
    bend *= bend_fall;
  }
}

/* "rap": a drum machine, a bass, a riff over a few chords, and a voice that speaks in rhythm. */
#include "dataset/synth-parts.h"
#include <math.h>
#include <string.h>

typedef struct {
  const char *name;
  double tempo;                   /* beats a minute */
  float swing;                    /* delay of every second sixteenth, in sixteenths */
  const char *kick, *snare, *hat; /* sixteenths of a bar: x a stroke, o an open hat, - a roll */
  MgDrum backbeat;
  const char *chords;  /* a bar each */
  const char *riff;    /* half beats: 0 to 3 a tone of the chord, c all, . none */
  MgInstrument player; /* of the riff */
  MgInstrument bass;
  float voice_hz, density; /* syllables a sixteenth */
  float riff_level;
  gboolean over_strings;
} Beat;

static const Beat beats[] = {
    {"boom-bap", 90, 0.25f, "x..x....x.x.....", "....x.......x...", "x.x.x.x.x.x.x.x.", MG_DRUM_SNARE, "Am F C G",
     "0.2.1.3.", mg_play_electric_piano, mg_play_sub_bass, 115, 0.62f, 0.5f, 0},
    {"trap", 140, 0, "x.....x...x.....", "........x.......", "x.xxx.x-x.xxx-x.", MG_DRUM_CLAP, "Cm Cm Ab G", "0...2...",
     mg_play_harp, mg_play_sub_bass, 135, 0.5f, 0.55f, 0},
    {"lo-fi", 78, 0.33f, "x......x..x.....", "....x.......x...", "x.x.x.xox.x.x.xo", MG_DRUM_SNARE, "Dm7 G7 C Am7",
     "c...c..c", mg_play_electric_piano, mg_play_guitar, 105, 0.55f, 0.6f, 0},
    {"old-school", 104, 0, "x..x..x...x..x..", "....x.......x..x", "x.xxx.xxx.xxx.xx", MG_DRUM_CLAP, "Em Em Am B7",
     "c..c..c.", mg_play_brass, mg_play_guitar, 125, 0.66f, 0.4f, 0},
    {"g-funk", 94, 0.12f, "x.....xx..x.....", "....x.......x...", "xxxxxxxxxxxxxxxx", MG_DRUM_CLAP, "Gm Gm Eb D7",
     "3.2.3.1.", mg_play_organ, mg_play_sub_bass, 110, 0.58f, 0.5f, 0},
    {"drill", 142, 0, "x.....x.....x...", "......x.......x.", "x..x..x.x..x-.x.", MG_DRUM_SNARE, "Fm Db Ab C",
     "0.12..31", mg_play_strings, mg_play_sub_bass, 120, 0.55f, 0.45f, 0},
    {"jazz-hop", 86, 0.3f, "x..x......x..x..", "....x..x.x..x...", "x.xxx.x.x.xxx.x.", MG_DRUM_SNARE, "Dm7 Em7 Am7 Am7",
     "0213c.2.", mg_play_guitar, mg_play_guitar, 118, 0.6f, 0.6f, 0},
    {"crossover-rap-over-strings", 76, 0, "x.......x.......", "....x.......x...", "x.x.x.x.x.x.x.x.", MG_DRUM_SNARE,
     "Am F C G Dm Am E E", "c.......", mg_play_strings, mg_play_strings, 112, 0.45f, 1.1f, 1},
    {"bounce", 98, 0.1f, "x...x..xx...x.x.", "....x.......x.x.", "..o...o...o...o.", MG_DRUM_CLAP, "Bm G D A",
     "0.1.2.1.", mg_play_harpsichord, mg_play_sub_bass, 140, 0.6f, 0.5f, 0},
    {"grime", 136, 0, "x..x..x.x..x..x.", "....x.......x...", "x.x.x.x.x.x-x.x.", MG_DRUM_CLAP, "Cm Cm Db Cm",
     "0.0.3.2.", mg_play_brass, mg_play_sub_bass, 130, 0.62f, 0.4f, 0},
};

typedef struct {
  MgSound *dry, *wet, *voice;
  const Beat *beat;
  GArray *chords;
  double step; /* s of a sixteenth */
  double seconds;
  int transpose;
  MgRng *rng;
} Studio;

/* What a bar holds. Eight bars make a section: verses, and every third one a hook. */
typedef struct {
  gboolean drums, voice, hook, pad;
} Bar;

static Bar
plan_bar(const Studio *studio, int bar)
{
  double share = bar * 16 * studio->step / studio->seconds;
  if (studio->beat->over_strings)
    return (Bar){.drums = share > 0.74, .voice = bar >= 2, .pad = share <= 0.74};
  gboolean hook = bar / 8 % 3 == 2;
  return (Bar){.drums = bar % 16 != 15, .voice = bar >= 1, .hook = hook, .pad = hook};
}

static double
step_start(const Studio *studio, double bar_start, int step)
{
  return bar_start + (step + (step & 1 ? studio->beat->swing : 0)) * studio->step;
}

static void
play_drums(Studio *studio, double start, gboolean fill)
{
  const Beat *beat = studio->beat;
  for (int i = 0; i < 16; i++) {
    double at = step_start(studio, start, i);
    float accent = mg_rng_between(studio->rng, 0.85f, 1) * (i % 4 == 0 ? 1 : 0.8f);
    if (beat->kick[i] == 'x')
      mg_play_drum(studio->dry, MG_DRUM_KICK, at, 1.1f * accent, studio->rng);
    if (beat->snare[i] == 'x' || (fill && i >= 12))
      mg_play_drum(studio->dry, beat->backbeat, at, 0.9f * accent, studio->rng);
    if (beat->hat[i] == 'o')
      mg_play_drum(studio->dry, MG_DRUM_OPEN_HAT, at, 0.7f * accent, studio->rng);
    else if (beat->hat[i] != '.')
      mg_play_drum(studio->dry, MG_DRUM_HAT, at, 0.9f * accent, studio->rng);
    for (int k = 1; k < 3 && beat->hat[i] == '-'; k++)
      mg_play_drum(studio->dry, MG_DRUM_HAT, at + k * studio->step / 3, 0.7f * accent, studio->rng);
  }
}

static void
play_bass(Studio *studio, const MgChord *chord, double start)
{
  float gain = studio->beat->bass == mg_play_sub_bass ? 0.4f : 0.8f;
  double hz = mg_pitch_hz(chord->root - 12 + studio->transpose);
  for (int i = 0; i < 16; i++)
    if (studio->beat->kick[i] == 'x')
      studio->beat->bass(studio->dry, step_start(studio, start, i), studio->step * 2.5, hz, gain, studio->rng);
}

static double
tone_hz(const Studio *studio, const MgChord *chord, int tone)
{
  const int steps[] = {0, chord->third, chord->seventh ? chord->seventh : chord->fifth, 12};
  return mg_pitch_hz(chord->root + 12 + steps[tone] + studio->transpose);
}

static void
play_riff(Studio *studio, const MgChord *chord, double start, float level)
{
  const Beat *beat = studio->beat;
  double held = studio->step * (strchr(beat->riff, 'c') && beat->over_strings ? 15 : 2);
  for (int half = 0; half < 8; half++) {
    char what = beat->riff[half];
    double at = step_start(studio, start, half * 2);
    if (what == 'c')
      for (int tone = 0; tone < 3; tone++)
        beat->player(studio->wet, at, held, tone_hz(studio, chord, tone), 0.6f * level * beat->riff_level, studio->rng);
    else if (what != '.')
      beat->player(studio->wet, at, held, tone_hz(studio, chord, what - '0'), level * beat->riff_level, studio->rng);
  }
}

static void
play_pad(Studio *studio, const MgChord *chord, double start)
{
  for (int tone = 0; tone < 3; tone++)
    mg_play_strings(studio->wet, start, studio->step * 15, tone_hz(studio, chord, tone), 0.35f, studio->rng);
}

/* The melody over the strings: a phrase of chord tones. */
static void
play_violins(Studio *studio, const MgChord *chord, double start)
{
  static const int tones[] = {3, 2, 1, 2, 3, 1, 2, 0};
  for (int i = 0; i < 4; i++) {
    int tone = tones[mg_rng_below(studio->rng, G_N_ELEMENTS(tones))];
    mg_play_strings(studio->wet, start + i * 4 * studio->step, studio->step * 3.8, 2 * tone_hz(studio, chord, tone),
                    0.8f, studio->rng);
  }
}

/* A line of text: syllables of one or two sixteenths, higher and longer at its end. */
static void
rap(Studio *studio, double start, const Bar *bar)
{
  const Beat *beat = studio->beat;
  float level = beat->over_strings && !bar->drums ? 0.4f : 0.75f;
  for (int i = 0; i < 15;) {
    int length = mg_rng_uniform(studio->rng) < 0.3f ? 2 : 1;
    if (mg_rng_uniform(studio->rng) < beat->density + (i % 4 == 0 ? 0.25f : 0)) {
      gboolean last = i >= 12;
      double hz = beat->voice_hz * mg_rng_between(studio->rng, 0.9f, 1.15f) * (last ? 1.15 : 1) * (bar->hook ? 1.3 : 1);
      double seconds = studio->step * (length + (last ? 1 : 0)) * (beat->tempo > 120 ? 1.3 : 0.95);
      mg_speak(studio->voice, step_start(studio, start, i), seconds, hz, level, studio->rng);
    }
    i += length;
  }
}

static void
play_bar(Studio *studio, int number, double start)
{
  const MgChord *chord = &g_array_index(studio->chords, MgChord, number % studio->chords->len);
  Bar bar = plan_bar(studio, number);
  if (bar.drums)
    play_drums(studio, start, number % 8 == 7);
  play_bass(studio, chord, start);
  play_riff(studio, chord, start, studio->beat->over_strings && bar.drums ? 0.4f : 1);
  if (bar.pad)
    play_pad(studio, chord, start);
  if (studio->beat->over_strings && !bar.drums)
    play_violins(studio, chord, start);
  if (bar.voice)
    rap(studio, start, &bar);
}

static const char *
name_of(guint track)
{
  return beats[track % G_N_ELEMENTS(beats)].name;
}

static void
play_track(MgSound *out, guint track, MgRng *rng)
{
  const Beat *beat = &beats[track % G_N_ELEMENTS(beats)];
  g_autoptr(GArray) chords = mg_chords_parse(beat->chords, 4);
  Studio studio = {.dry = out, .beat = beat, .chords = chords, .rng = rng};
  studio.seconds = out->n / (double)MG_SYNTH_SR;
  studio.wet = mg_sound_new(studio.seconds);
  studio.voice = mg_sound_new(studio.seconds);
  studio.step = 15 / (beat->tempo * mg_rng_between(rng, 0.95f, 1.05f));
  studio.transpose = (int)mg_rng_below(rng, 7) - 3;
  double now = 0.05;
  for (int bar = 0; now < studio.seconds; bar++, now += 16 * studio.step)
    play_bar(&studio, bar, now);
  mg_sound_reverb(studio.wet, beat->over_strings ? 1.8 : 0.9, beat->over_strings ? 0.35f : 0.15f);
  mg_sound_reverb(studio.voice, 0.4, 0.06f);
  mg_sound_mix(out, studio.wet, 1);
  mg_sound_mix(out, studio.voice, 1.3f);
  mg_sound_free(studio.wet);
  mg_sound_free(studio.voice);
}

const MgGenre mg_genre_rap = {"rap", G_N_ELEMENTS(beats), name_of, play_track};

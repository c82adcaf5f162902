/* The parts of the track maker: sounds are mono at MG_SYNTH_SR, and everything that plays adds to them. */
#pragma once
#include "base/rng.h"
#include <glib.h>

enum { MG_SYNTH_SR = 22050 };

typedef struct {
  float *samples;
  size_t n;
} MgSound;

/* Effects and mastering (synth-effects.c) */

MgSound *mg_sound_new(double seconds);
void mg_sound_free(MgSound *sound); /* accepts NULL */
void mg_sound_mix(MgSound *to, const MgSound *from, float gain);
static inline size_t
mg_sound_at(double seconds)
{
  return seconds <= 0 ? 0 : (size_t)(seconds * MG_SYNTH_SR + 0.5);
}

/* A second-order section (R. Bristow-Johnson's audio EQ cookbook), transposed direct form II. */
typedef struct {
  float b0, b1, b2, a1, a2, z1, z2;
} MgBiquad;

MgBiquad mg_biquad_lowpass(double hz, double q);
MgBiquad mg_biquad_highpass(double hz, double q);
MgBiquad mg_biquad_bandpass(double hz, double q); /* peak gain 1 */
MgBiquad mg_biquad_high_shelf(double hz, double db);
static inline float
mg_biquad_run(MgBiquad *filter, float x)
{
  float y = filter->b0 * x + filter->z1;
  filter->z1 = filter->b1 * x - filter->a1 * y + filter->z2;
  filter->z2 = filter->b2 * x - filter->a2 * y;
  return y;
}
void mg_sound_filter(MgSound *sound, MgBiquad filter);
/* A feedback delay network of eight lines (Jot, 1991): adds the reverberation of a room. */
void mg_sound_reverb(MgSound *sound, double seconds, float wet);
/* Brings a track to a mean level (dB, of seconds) and a mean spectral centroid (Hz), and peaks below 1. */
void mg_sound_master(MgSound *sound, double level, double centroid);

/* Pitched instruments (synth-strings.c) */

typedef void (*MgInstrument)(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng);

void mg_play_harp(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng);
void mg_play_harpsichord(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng);
void mg_play_guitar(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng);
void mg_play_strings(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng);
void mg_play_brass(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng);
void mg_play_organ(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng);
void mg_play_flute(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng);
void mg_play_electric_piano(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng);
void mg_play_sub_bass(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng);

/* Drums (synth-drums.c) */

typedef enum {
  MG_DRUM_KICK,
  MG_DRUM_SNARE,
  MG_DRUM_CLAP,
  MG_DRUM_HAT,
  MG_DRUM_OPEN_HAT,
  MG_DRUM_CRASH,
  MG_DRUM_TIMPANI,
} MgDrum;

void mg_play_drum(MgSound *out, MgDrum drum, double start, float velocity, MgRng *rng);

/* Voice (synth-voice.c): one syllable, a consonant and a vowel, spoken at a pitch. */

void mg_speak(MgSound *out, double start, double seconds, double hz, float velocity, MgRng *rng);

/* Scores (synth-score.c) */

typedef struct {
  double start, beats;
  int pitch; /* MIDI number */
} MgNote;

typedef struct {
  double start, beats;
  int root;                  /* MIDI number, 48 to 59 */
  int third, fifth, seventh; /* semitones above the root; seventh 0: none */
} MgChord;

typedef struct {
  const char *name;
  const char *melody; /* NAME OCTAVE [*beats] [/beats], R for a rest: "F#4*3/2" */
  const char *chords; /* NAME [m] [7] [*beats]; a bar where there is no number */
  int bar;            /* beats */
  double tempo;       /* beats a minute */
} MgTheme;

const MgTheme *mg_theme_find(const char *name);       /* programming error where there is none */
GArray *mg_theme_melody(const MgTheme *theme);        /* of MgNote */
GArray *mg_chords_parse(const char *chords, int bar); /* of MgChord */
double mg_pitch_hz(double pitch);

/* Tracks (synth-classique.c, synth-rap.c): the tracks of a class in order, again and again in other keys. */

typedef struct {
  const char *label;
  guint n; /* different ones */
  const char *(*name)(guint track);
  void (*play)(MgSound *out, guint track, MgRng *rng);
} MgGenre;

extern const MgGenre mg_genre_classique, mg_genre_rap;

/* "classique": old melodies with chords below, played by plucked, bowed and blown instruments in a room. */
#include "dataset/synth-parts.h"
#include <math.h>
#include <string.h>

typedef struct {
  const char *name, *theme;
  MgInstrument lead, second, accompaniment, bass;
  const char *pattern; /* of the accompaniment, a character each half beat: 0 to 3 a tone of the chord, c all, . none */
  int transpose;       /* semitones */
  double tempo;        /* times the theme's own */
  float room;          /* s */
  gboolean drums;
} Piece;

static const Piece pieces[] = {
    {"ode-to-joy", "ode-to-joy", mg_play_strings, mg_play_brass, mg_play_strings, mg_play_strings, "c.......", 0, 1,
     1.8f, 0},
    {"fur-elise", "fur-elise", mg_play_harp, mg_play_harp, mg_play_harp, mg_play_harp, "012321", 0, 1, 1.4f, 0},
    {"minuet", "minuet", mg_play_harpsichord, mg_play_flute, mg_play_harpsichord, mg_play_strings, "0.2.1.", 0, 1, 1.2f,
     0},
    {"spring", "spring", mg_play_strings, mg_play_strings, mg_play_harpsichord, mg_play_strings, "c.c.c.c.", 0, 1, 1.6f,
     0},
    {"crossover-drum-orchestra", "mountain-king", mg_play_brass, mg_play_strings, mg_play_strings, mg_play_strings,
     "c.c.c.c.", 0, 0.75, 0.8f, 1},
    {"canon", "canon", mg_play_strings, mg_play_harp, mg_play_guitar, mg_play_strings, "01230123", 0, 1, 2, 0},
    {"prelude", "prelude", mg_play_flute, mg_play_strings, mg_play_harp, mg_play_harp, "01230123", 0, 1, 1.5f, 0},
    {"nachtmusik", "nachtmusik", mg_play_strings, mg_play_flute, mg_play_strings, mg_play_strings, "0202c...", 0, 0.95,
     1.4f, 0},
    {"lullaby", "lullaby", mg_play_flute, mg_play_organ, mg_play_guitar, mg_play_strings, "0.1.2.", 0, 1, 2.2f, 0},
    {"swan-lake", "swan-lake", mg_play_organ, mg_play_strings, mg_play_harp, mg_play_strings, "01232123", 0, 1, 2.4f,
     0},
};

typedef struct {
  MgSound *out;
  const Piece *piece;
  const MgTheme *theme;
  GArray *melody, *chords;
  double beat; /* s */
  int transpose;
  MgRng *rng;
} Player;

static void
play(Player *player, MgInstrument instrument, double start, double beats, int pitch, float velocity)
{
  double human = mg_rng_between(player->rng, 0, 0.012f);
  instrument(player->out, start + human, beats * player->beat, mg_pitch_hz(pitch + player->transpose),
             velocity * mg_rng_between(player->rng, 0.85f, 1.1f), player->rng);
}

static int
chord_tone(const MgChord *chord, int tone)
{
  const int steps[] = {0, chord->third, chord->seventh ? chord->seventh : chord->fifth, 12};
  return chord->root + steps[tone];
}

/* Beats from character `at` to the next sounding one, for chords that are held. */
static double
held_beats(const char *pattern, size_t at, double most)
{
  size_t next = at + 1;
  while (pattern[next] == '.')
    next++;
  return MIN((next - at) / 2.0, most);
}

static void
play_chord(Player *player, const MgChord *chord, double start, float velocity)
{
  const Piece *piece = player->piece;
  size_t length = strlen(piece->pattern);
  play(player, piece->bass, start, chord->beats * 0.9, chord->root - 12, 0.8f * velocity);
  for (int half = 0; half < chord->beats * 2; half++) {
    char what = piece->pattern[half % length];
    double at = start + half * player->beat / 2,
           held = held_beats(piece->pattern, half % length, chord->beats - half / 2.0);
    if (what == 'c')
      for (int tone = 0; tone < 3; tone++)
        play(player, piece->accompaniment, at, held * 0.95, chord_tone(chord, tone) + 12, 0.35f * velocity);
    else if (what != '.')
      play(player, piece->accompaniment, at, held + 0.5, chord_tone(chord, what - '0') + 12, 0.5f * velocity);
  }
}

static double
melody_beats(const Player *player)
{
  const MgNote *last = &g_array_index(player->melody, MgNote, player->melody->len - 1);
  return last->start + last->beats;
}

/* The chords, again and again while the melody lasts; returns where they end (beats). */
static double
play_chords(Player *player, double start, float velocity)
{
  double beats = 0, most = melody_beats(player);
  while (beats < most)
    for (guint i = 0; i < player->chords->len && beats < most; i++) {
      const MgChord *chord = &g_array_index(player->chords, MgChord, i);
      play_chord(player, chord, start + beats * player->beat, velocity);
      beats += chord->beats;
    }
  return beats;
}

/* Once through: first the lead, then the second an octave higher, then both. Returns the beats it took. */
static double
play_verse(Player *player, int verse, double start)
{
  const Piece *piece = player->piece;
  float velocity = mg_rng_between(player->rng, 0.6f, 1);
  for (guint i = 0; i < player->melody->len; i++) {
    const MgNote *note = &g_array_index(player->melody, MgNote, i);
    double at = start + note->start * player->beat;
    if (verse % 3 != 1)
      play(player, piece->lead, at, note->beats * 0.95, note->pitch, velocity);
    if (verse % 3 != 0)
      play(player, piece->second, at, note->beats * 0.95, note->pitch + (note->pitch < 76 ? 12 : 0), 0.7f * velocity);
  }
  return play_chords(player, start, velocity);
}

/* The march of a drum-heavy orchestra. */
static void
play_drums(Player *player, double from, double seconds)
{
  static const char kick[] = "x..x..x.x..x.xx.", snare[] = "....x..x....x.xx", hat[] = "x.xxx.xxx.xxx.xx";
  double step = player->beat / 4;
  for (int i = 0; from + i * step < seconds; i++) {
    double at = from + i * step;
    if (kick[i % 16] == 'x') {
      mg_play_drum(player->out, MG_DRUM_TIMPANI, at, 1.1f, player->rng);
      mg_play_drum(player->out, MG_DRUM_KICK, at, 1.1f, player->rng);
    }
    if (snare[i % 16] == 'x')
      mg_play_drum(player->out, MG_DRUM_SNARE, at, 1.2f, player->rng);
    if (hat[i % 16] == 'x')
      mg_play_drum(player->out, MG_DRUM_HAT, at, 0.9f, player->rng);
    if (i % 64 == 0)
      mg_play_drum(player->out, MG_DRUM_CRASH, at, 0.9f, player->rng);
  }
}

static const char *
name_of(guint track)
{
  return pieces[track % G_N_ELEMENTS(pieces)].name;
}

static void
play_track(MgSound *out, guint track, MgRng *rng)
{
  const Piece *piece = &pieces[track % G_N_ELEMENTS(pieces)];
  const MgTheme *theme = mg_theme_find(piece->theme);
  g_autoptr(GArray) melody = mg_theme_melody(theme);
  g_autoptr(GArray) chords = mg_chords_parse(theme->chords, theme->bar);
  Player player = {out, piece, theme, melody, chords, .rng = rng};
  player.beat = 60 / (theme->tempo * piece->tempo * mg_rng_between(rng, 0.92f, 1.08f));
  player.transpose = piece->transpose + (int)mg_rng_below(rng, 7) - 3;
  double seconds = out->n / (double)MG_SYNTH_SR, now = 0.1;
  for (int verse = 0; now < seconds; verse++)
    now += play_verse(&player, verse, now) * player.beat;
  mg_sound_reverb(out, piece->room, 0.35f);
  if (piece->drums)
    play_drums(&player, 0.1 + seconds / 8, seconds); /* the orchestra begins alone */
}

const MgGenre mg_genre_classique = {"classique", G_N_ELEMENTS(pieces), name_of, play_track};

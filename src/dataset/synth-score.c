/* Melodies whose composers died long ago, typed from memory of the tunes. */
#include "dataset/synth-parts.h"
#include <math.h>
#include <string.h>

static const MgTheme themes[] = {
    {"ode-to-joy", /* Beethoven, Symphony No. 9, 1824 */
     "F#4 F#4 G4 A4 A4 G4 F#4 E4 D4 D4 E4 F#4 F#4*3/2 E4/2 E4*2 "
     "F#4 F#4 G4 A4 A4 G4 F#4 E4 D4 D4 E4 F#4 E4*3/2 D4/2 D4*2 "
     "E4 E4 F#4 D4 E4 F#4/2 G4/2 F#4 D4 E4 F#4/2 G4/2 F#4 E4 D4 E4 A3*2 "
     "F#4 F#4 G4 A4 A4 G4 F#4 E4 D4 D4 E4 F#4 E4*3/2 D4/2 D4*2",
     "D A Bm A D A A7 D A D A A D A A7 D", 4, 112},
    {"fur-elise", /* Beethoven, Bagatelle in A minor, 1810 */
     "R*2 E5/2 D#5/2 E5/2 D#5/2 E5/2 B4/2 D5/2 C5/2 A4 R/2 C4/2 E4/2 A4/2 B4 R/2 E4/2 G#4/2 B4/2 "
     "C5 R/2 E4/2 E5/2 D#5/2 E5/2 D#5/2 E5/2 B4/2 D5/2 C5/2 A4 R/2 C4/2 E4/2 A4/2 B4 R/2 E4/2 C5/2 B4/2 "
     "A4 R/2 B4/2 C5/2 D5/2 E5*3/2 G4/2 F5/2 E5/2 D5*3/2 F4/2 E5/2 D5/2 C5*3/2 E4/2 D5/2 C5/2 B4*2 E4",
     "Am Am Am E Am Am Am E Am C G Am E", 3, 126},
    {"minuet", /* Petzold, Minuet in G, about 1725 */
     "D5 G4/2 A4/2 B4/2 C5/2 D5 G4 G4 E5 C5/2 D5/2 E5/2 F#5/2 G5 G4 G4 "
     "C5 D5/2 C5/2 B4/2 A4/2 B4 C5/2 B4/2 A4/2 G4/2 F#4 G4/2 A4/2 B4/2 G4/2 A4*3 "
     "D5 G4/2 A4/2 B4/2 C5/2 D5 G4 G4 E5 C5/2 D5/2 E5/2 F#5/2 G5 G4 G4 "
     "C5 D5/2 C5/2 B4/2 A4/2 B4 C5/2 B4/2 A4/2 G4/2 A4 B4/2 A4/2 G4/2 F#4/2 G4*3",
     "G G C G C G D D G G C G C G D7 G", 3, 124},
    {"spring", /* Vivaldi, The Four Seasons, 1725 */
     "R*3 E5 G#5 G#5 G#5 F#5/2 E5/2 B5*3 B5/2 A5/2 G#5 G#5 G#5 F#5/2 E5/2 B5*3 B5/2 A5/2 "
     "G#5 A5/2 B5/2 A5 G#5 F#5*2 B4 E5 B5 A5/2 G#5/2 A5 B5 C#6 B5*2 E5 C#6 B5 A5 G#5 F#5*3/2 E5/2 E5*2",
     "E E E E E E B E A A E", 4, 116},
    {"canon", /* Pachelbel, Canon in D, about 1690 */
     "F#5*2 E5*2 D5*2 C#5*2 B4*2 A4*2 B4*2 C#5*2 D5*2 C#5*2 B4*2 A4*2 G4*2 F#4*2 G4*2 E4*2 "
     "D4 F#4 A4 G4 F#4 D4 F#4 E4 D4 B3 D4 A4 G4 B4 A4 G4 F#4 D4 E4 C#5 D5 F#5 A5 A4 B4 G4 A4 F#4 D4 D5 D5*3/2 C#5/2 "
     "D5/2 C#5/2 D5/2 D4/2 C#4/2 A4/2 E4/2 F#4/2 D4/2 D5/2 C#5/2 B4/2 C#5/2 F#5/2 A5/2 B5/2 "
     "G5/2 F#5/2 E5/2 G5/2 F#5/2 E5/2 D5/2 C#5/2 B4/2 A4/2 G4/2 F#4/2 E4/2 G4/2 F#4/2 E4/2",
     "D*2 A*2 Bm*2 F#m*2 G*2 D*2 G*2 A*2", 4, 76},
    {"prelude", /* Bach, The Well-Tempered Clavier, Prelude in C, 1722: its top notes */
     "E5*4 F5*4 F5*4 E5*4 A5*4 F#5*4 G5*4 E5*4 E5*4 D5*4 D5*4 E5*4 D5*4 D5*4 C5*4 C5*4 B4*4 C5*4",
     "C Dm7 G7 C Am D7 G C Am7 D7 G C Dm G7 C F G7 C", 4, 96},
    {"nachtmusik", /* Mozart, Eine kleine Nachtmusik, 1787 */
     "G4 R/2 D4/2 G4 R/2 D4/2 G4/2 D4/2 G4/2 B4/2 D5 R C5 R/2 A4/2 C5 R/2 A4/2 C5/2 A4/2 F#4/2 A4/2 D4 R "
     "G4*3/2 B4/2 A4/2 G4/2 G4/2 F#4/2 F#4*3/2 A4/2 C5/2 F#4/2 A4/2 G4/2 "
     "G4*3/2 B4/2 A4/2 G4/2 G4/2 F#4/2 F#4*3/2 A4/2 C5/2 F#4/2 G4",
     "G G D7 D7 G D7 G D7", 4, 132},
    {"lullaby", /* Brahms, 1868 */
     "R*2 E4/2 E4/2 G4*2 E4/2 E4/2 G4*2 E4/2 G4/2 C5 B4 A4 A4 G4 D4/2 E4/2 F4 D4 D4/2 E4/2 F4*2 D4/2 F4/2 "
     "B4/2 A4/2 G4 B4 C5*2 C4/2 C4/2 C5*2 A4/2 F4/2 G4*2 E4/2 C4/2 F4 G4 A4 G4*2 C4/2 C4/2 C5*2 A4/2 F4/2 "
     "G4*2 E4/2 C4/2 F4 E4 D4 C4*3",
     "C C C F C G7 G7 G7 C F C F C F C G7 C", 3, 92},
    {"swan-lake", /* Tchaikovsky, 1876 */
     "F#5*2 B4/2 C#5/2 D5/2 E5/2 F#5*3/2 D5/2 F#5*3/2 D5/2 F#5*3/2 B4/2 D5/2 B4/2 G4/2 D5/2 B4*3 E5/2 D5/2 "
     "C#5*2 B4/2 C#5/2 D5/2 E5/2 F#5*3/2 D5/2 F#5*3/2 D5/2 F#5*3/2 B4/2 D5/2 B4/2 G4/2 D5/2 B4*4",
     "Bm Bm Em Bm F# Bm Em Bm", 4, 84},
    {"mountain-king", /* Grieg, Peer Gynt, 1875 */
     "B3/2 C#4/2 D4/2 E4/2 F#4/2 D4/2 F#4 F4/2 C#4/2 F4 E4/2 C4/2 E4 "
     "B3/2 C#4/2 D4/2 E4/2 F#4/2 D4/2 F#4/2 B4/2 A4/2 F#4/2 D4/2 F#4/2 A4*2 "
     "F#4/2 G#4/2 A#4/2 B4/2 C#5/2 A#4/2 C#5 D5/2 A#4/2 D5 C#5/2 A#4/2 C#5 "
     "F#4/2 G#4/2 A#4/2 B4/2 C#5/2 A#4/2 C#5 D5/2 A#4/2 D5 C#5*2",
     "Bm F# Bm D F# F# F# F#", 4, 132},
};

const MgTheme *
mg_theme_find(const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS(themes); i++)
    if (g_str_equal(themes[i].name, name))
      return &themes[i];
  g_error("there is no theme %s", name);
}

double
mg_pitch_hz(double pitch)
{
  return 440 * exp2((pitch - 69) / 12);
}

/* Semitones above C of a note's name; *at is left behind it. */
static int
read_step(const char **at)
{
  static const char names[] = "C D EF G A B";
  const char *found = strchr(names, **at);
  int step = found ? (int)(found - names) : 0;
  (*at)++;
  for (; **at == '#' || **at == 'b'; (*at)++)
    step += **at == '#' ? 1 : -1;
  return step;
}

/* "*3/2"; 1 where there is nothing. */
static double
read_beats(const char *at, double otherwise)
{
  char *rest = (char *)at;
  double beats = *at == '*' ? g_ascii_strtod(at + 1, &rest) : *at == '/' ? 1 : otherwise;
  return *rest == '/' ? beats / g_ascii_strtod(rest + 1, NULL) : beats;
}

GArray *
mg_theme_melody(const MgTheme *theme)
{
  GArray *notes = g_array_new(FALSE, FALSE, sizeof(MgNote));
  g_auto(GStrv) tokens = g_strsplit(theme->melody, " ", -1);
  double now = 0;
  for (char **token = tokens; *token; token++) {
    const char *at = *token;
    MgNote note = {.start = now};
    if (*at == 'R') {
      now += read_beats(at + 1, 1);
      continue;
    }
    note.pitch = read_step(&at);
    note.pitch += 12 * (*at++ - '0' + 1);
    note.beats = read_beats(at, 1);
    now += note.beats;
    g_array_append_val(notes, note);
  }
  return notes;
}

GArray *
mg_chords_parse(const char *text, int bar)
{
  GArray *chords = g_array_new(FALSE, FALSE, sizeof(MgChord));
  g_auto(GStrv) tokens = g_strsplit(text, " ", -1);
  double now = 0;
  for (char **token = tokens; *token; token++) {
    const char *at = *token;
    MgChord chord = {.start = now, .root = 48 + (read_step(&at) + 12) % 12, .third = 4, .fifth = 7};
    if (*at == 'm') {
      chord.third = 3;
      at++;
    }
    if (*at == '7') {
      chord.seventh = 10;
      at++;
    }
    chord.beats = read_beats(at, bar);
    now += chord.beats;
    g_array_append_val(chords, chord);
  }
  return chords;
}

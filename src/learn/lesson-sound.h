/* The sound of a lesson: a sum of tones, noise, sweeps and clicks, or one of the demo tracks. */
#pragma once
#include <glib.h>

typedef enum { MG_PART_TONE, MG_PART_NOISE, MG_PART_SWEEP, MG_PART_CLICK } MgLessonPartKind;
typedef enum { MG_TARGET_NONE, MG_TARGET_SQUARE, MG_TARGET_SAW, MG_TARGET_TRIANGLE } MgLessonTarget;

typedef struct {
  MgLessonPartKind kind;
  double hz, to_hz, amplitude, phase; /* phase: degrees of a sine */
  double from, to;                    /* s */
} MgLessonPart;

#define MG_LESSON_LONGEST 60.0 /* s */
#define MG_LESSON_MOST_SR 192000

typedef struct {
  GArray *parts; /* MgLessonPart */
  char *demo;    /* "rap/01-boom-bap": in place of parts; NULL: none */
  double seconds;
  int sr;
  MgLessonTarget target; /* the wave that the sum is to become, at the first tone's frequency, its sine of size 1 */
} MgLessonSound;

typedef struct {
  float *samples, *target; /* target: NULL where there is none */
  size_t n;
  int sr;
  MgLessonSound *sound; /* what it is of */
} MgLessonSamples;

MgLessonSound *mg_lesson_sound_copy(const MgLessonSound *sound);
void mg_lesson_sound_free(MgLessonSound *sound); /* accepts NULL */
/* At another rate than its own where `sr` is not 0: a wave between its samples. Frequencies above half the rate fold
 * down, as they do in any sampling. */
MgLessonSamples *mg_lesson_sound_render(const MgLessonSound *sound, int sr, GError **error);
/* One part alone, likewise. */
float *mg_lesson_part_render(const MgLessonPart *part, size_t n, int sr);
void mg_lesson_samples_free(MgLessonSamples *samples); /* accepts NULL */
/* The folder of the demo tracks that lessons use (mg_synth_write), made at first use below
 * $XDG_CACHE_HOME/melograph/lessons. g_free() it. */
char *mg_lesson_demo_folder(GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgLessonSound, mg_lesson_sound_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgLessonSamples, mg_lesson_samples_free)

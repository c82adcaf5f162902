#include "learn/lesson-sound.h"
#include "base/error.h"
#include "base/file.h"
#include "base/rng.h"
#include "dataset/clip.h"
#include "dataset/synth.h"
#include <math.h>

#define DEMO_TRACKS 8
#define DEMO_SECONDS 20
#define FADE 0.005 /* s: a tone that begins or ends within the sound does not crack */

MgLessonSound *
mg_lesson_sound_copy(const MgLessonSound *sound)
{
  MgLessonSound *copy = g_memdup2(sound, sizeof *sound);
  copy->parts = g_array_copy(sound->parts);
  copy->demo = g_strdup(sound->demo);
  return copy;
}

void
mg_lesson_sound_free(MgLessonSound *sound)
{
  if (!sound)
    return;
  g_array_unref(sound->parts);
  g_free(sound->demo);
  g_free(sound);
}

void
mg_lesson_samples_free(MgLessonSamples *samples)
{
  if (!samples)
    return;
  g_free(samples->samples);
  g_free(samples->target);
  mg_lesson_sound_free(samples->sound);
  g_free(samples);
}

/* Radians of a sine, or of one whose frequency rises evenly from hz to to_hz. */
static double
phase_at(const MgLessonPart *part, double seconds)
{
  double start = part->phase * G_PI / 180;
  if (part->kind == MG_PART_TONE)
    return 2 * G_PI * part->hz * seconds + start;
  double since = seconds - part->from, length = MAX(part->to - part->from, 1e-9);
  return 2 * G_PI * (part->hz * since + (part->to_hz - part->hz) * since * since / (2 * length)) + start;
}

static double
envelope(const MgLessonPart *part, double seconds, double end)
{
  double rise = part->from > 0 ? (seconds - part->from) / FADE : 1;
  double fall = part->to < end ? (part->to - seconds) / FADE : 1;
  return CLAMP(MIN(rise, fall), 0, 1);
}

float *
mg_lesson_part_render(const MgLessonPart *part, size_t n, int sr)
{
  float *samples = g_new0(float, MAX(n, 1));
  MgRng rng = mg_rng_stream(1, (guint64)(part->from * 1000) + (guint64)part->kind);
  double end = (double)n / sr;
  if (part->kind == MG_PART_CLICK) {
    size_t at = (size_t)MAX(part->from * sr, 0);
    if (at < n)
      samples[at] = (float)part->amplitude;
    return samples;
  }
  for (size_t i = 0; i < n; i++) {
    double seconds = (double)i / sr;
    if (seconds < part->from || seconds >= part->to)
      continue;
    double value = part->kind == MG_PART_NOISE ? (double)mg_rng_normal(&rng) : sin(phase_at(part, seconds));
    samples[i] = (float)(part->amplitude * value * envelope(part, seconds, end));
  }
  return samples;
}

/* Of the Fourier series whose first sine has size 1: a square reaches pi/4, a saw pi/2, a triangle pi²/8. */
static double
target_at(MgLessonTarget target, double cycles)
{
  double at = cycles - floor(cycles);
  switch (target) {
  case MG_TARGET_SQUARE:
    return at < 0.5 ? G_PI / 4 : -G_PI / 4;
  case MG_TARGET_SAW:
    return G_PI / 2 - G_PI * at;
  case MG_TARGET_TRIANGLE:
    return G_PI * G_PI / 8 * (at < 0.25 ? 4 * at : at < 0.75 ? 2 - 4 * at : 4 * at - 4);
  default:
    return 0;
  }
}

static void
render_parts(MgLessonSamples *samples)
{
  const GArray *parts = samples->sound->parts;
  double hz = 0;
  for (guint p = 0; p < parts->len; p++) {
    const MgLessonPart *part = &g_array_index(parts, MgLessonPart, p);
    g_autofree float *one = mg_lesson_part_render(part, samples->n, samples->sr);
    for (size_t i = 0; i < samples->n; i++)
      samples->samples[i] += one[i];
    if (hz == 0 && part->kind == MG_PART_TONE)
      hz = part->hz;
  }
  if (samples->sound->target == MG_TARGET_NONE)
    return;
  samples->target = g_new(float, MAX(samples->n, 1));
  for (size_t i = 0; i < samples->n; i++)
    samples->target[i] = (float)target_at(samples->sound->target, hz * (double)i / samples->sr);
}

char *
mg_lesson_demo_folder(GError **error)
{
  g_autofree char *folder = g_build_filename(g_get_user_cache_dir(), "melograph", "lessons", "demo", NULL);
  g_autofree char *done = g_strconcat(folder, ".made", NULL);
  if (g_file_test(done, G_FILE_TEST_EXISTS))
    return g_steal_pointer(&folder);
  g_autoptr(MgParams) params = mg_params_new((const MgParamTable *const[]){&mg_synth_params, NULL});
  mg_params_set_int(params, "tracks", DEMO_TRACKS);
  mg_params_set_float(params, "seconds", DEMO_SECONDS);
  if (!mg_folder_make(folder, error) || !mg_synth_write(folder, params, 0, NULL, error) ||
      !mg_file_write(done, "", 0, error))
    return NULL;
  return g_steal_pointer(&folder);
}

static gboolean
read_demo(MgLessonSamples *samples, GError **error)
{
  g_autofree char *folder = mg_lesson_demo_folder(error);
  g_autofree char *name = g_strconcat(samples->sound->demo, ".wav", NULL);
  g_autofree char *path = folder ? g_build_filename(folder, name, NULL) : NULL;
  if (!path)
    return FALSE;
  g_auto(MgClip) clip = {0};
  if (!mg_clip_load(&clip, path, 0, samples->sound->seconds, samples->sr, error))
    return FALSE;
  g_free(samples->samples);
  samples->samples = g_steal_pointer(&clip.samples);
  samples->n = clip.n;
  return TRUE;
}

MgLessonSamples *
mg_lesson_sound_render(const MgLessonSound *sound, int sr, GError **error)
{
  g_autoptr(MgLessonSamples) samples = g_new0(MgLessonSamples, 1);
  samples->sound = mg_lesson_sound_copy(sound);
  samples->sr = sr > 0 ? sr : sound->sr;
  samples->n = (size_t)(sound->seconds * samples->sr);
  samples->samples = g_new0(float, MAX(samples->n, 1));
  if (!sound->demo)
    render_parts(samples);
  else if (!read_demo(samples, error))
    return NULL;
  return g_steal_pointer(&samples);
}

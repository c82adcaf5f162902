#include "audio/recorder.h"
#include "audio/ring.h"
#include "audio/wav-file.h"
#include "base/error.h"
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <time.h>

enum { STEP_FRAMES = 2048, MOST_CHANNELS = 8, TAIL_SECONDS = 10, FAILURE_SECONDS = 60 };

static const gint64 idle_interval = 10 * G_TIME_SPAN_MILLISECOND, rate_interval = 3 * G_TIME_SPAN_SECOND;
static const double shortest_sleep = 1; /* s: what differs less is scheduling */

struct MgRecorder {
  MgInput *input;
  MgWavFormat format;
  GThread *thread;
  gint stop, paused, deaf; /* atomic; deaf: the device is gone */
  MgRing *tail;            /* the thread writes, mg_recorder_tail() reads */
  /* The thread's own. */
  float *samples;
  MgRing *kept; /* what came last while there was no file */
  size_t most_kept;
  MgWavFile *file;
  gboolean warm; /* the device has given sound for a while: it may take seconds to begin, and then comes all at once */
  gint64 rate_since, rate_frames, asleep; /* microseconds, frames since then; sleep of the machine so far */
  /* Shared, under the lock. */
  GMutex lock;
  MgWavFile *next;      /* to go on with */
  gboolean writing;     /* there is a file, or a next one */
  gint64 frames, limit; /* limit 0: none */
  float peak[MOST_CHANNELS];
  double squares[MOST_CHANNELS];
  gint64 measured; /* frames that peak and squares stand for */
  guint clipped;
  double slept, heard_sr;
  GError *failure;
};

/* Clocks: one stands still while the machine sleeps, the other does not. */
static gint64
sleep_so_far(void)
{
#ifdef CLOCK_BOOTTIME
  struct timespec all;
  if (clock_gettime(CLOCK_BOOTTIME, &all) == 0)
    return all.tv_sec * G_TIME_SPAN_SECOND + all.tv_nsec / 1000 - g_get_monotonic_time();
#endif
  return 0;
}

static void
watch_clocks(MgRecorder *recorder, size_t frames)
{
  gint64 now = g_get_monotonic_time(), asleep = sleep_so_far();
  double slept = (double)(asleep - recorder->asleep) / G_TIME_SPAN_SECOND;
  recorder->rate_frames += (gint64)frames;
  gint64 passed = now - recorder->rate_since;
  g_mutex_lock(&recorder->lock);
  if (slept >= shortest_sleep)
    recorder->slept += slept;
  else if (passed >= rate_interval && recorder->warm)
    recorder->heard_sr = (double)recorder->rate_frames * G_TIME_SPAN_SECOND / passed;
  g_mutex_unlock(&recorder->lock);
  if (slept >= shortest_sleep || passed >= rate_interval) {
    recorder->warm = recorder->rate_frames > 0 && slept < shortest_sleep;
    recorder->asleep = asleep;
    recorder->rate_since = now;
    recorder->rate_frames = 0;
  }
}

static void
measure(MgRecorder *recorder, size_t frames)
{
  int channels = recorder->format.channels;
  g_mutex_lock(&recorder->lock);
  for (size_t i = 0; i < frames * channels; i++) {
    float value = fabsf(recorder->samples[i]);
    int channel = i % channels;
    recorder->peak[channel] = MAX(recorder->peak[channel], value);
    recorder->squares[channel] += (double)value * value;
    recorder->clipped += value >= 32767 / 32768.f;
  }
  recorder->measured += frames;
  g_mutex_unlock(&recorder->lock);
}

/* Without a file: the last samples stay, the oldest make room. */
static void
keep(MgRecorder *recorder, const float *samples, size_t frames)
{
  size_t channels = recorder->format.channels, n = frames * channels;
  size_t most = recorder->most_kept * channels, there = mg_ring_available(recorder->kept);
  float old[STEP_FRAMES];
  size_t most_old = STEP_FRAMES / channels * channels; /* channels do not change places */
  if (n > most) {
    samples += n - most;
    n = most;
  }
  for (size_t over = there + n > most ? there + n - most : 0, got; over > 0; over -= got)
    if ((got = mg_ring_read(recorder->kept, old, MIN(over, most_old))) == 0)
      break;
  mg_ring_write(recorder->kept, samples, n);
}

static void
set_frames(MgRecorder *recorder, gint64 frames)
{
  g_mutex_lock(&recorder->lock);
  recorder->frames = frames;
  g_mutex_unlock(&recorder->lock);
}

static void
fail(MgRecorder *recorder, GError *error)
{
  g_clear_pointer(&recorder->file, mg_wav_file_free);
  g_mutex_lock(&recorder->lock);
  g_clear_error(&recorder->failure);
  recorder->failure = error;
  recorder->writing = FALSE;
  g_mutex_unlock(&recorder->lock);
}

/* What the disk does not take is kept for the next file. */
static gboolean
write_samples(MgRecorder *recorder, const float *samples, size_t frames)
{
  g_mutex_lock(&recorder->lock);
  gint64 left = recorder->limit > 0 ? MAX(0, recorder->limit - recorder->frames) : G_MAXINT64;
  g_mutex_unlock(&recorder->lock);
  frames = (size_t)MIN((gint64)frames, left);
  gint64 before = mg_wav_file_frames(recorder->file);
  GError *error = NULL;
  gboolean good = mg_wav_file_write(recorder->file, samples, frames, &error);
  size_t written = (size_t)(mg_wav_file_frames(recorder->file) - before), channels = recorder->format.channels;
  set_frames(recorder, mg_wav_file_frames(recorder->file));
  size_t room = mg_ring_space(recorder->tail) / channels; /* whole frames: channels do not change places */
  mg_ring_write(recorder->tail, samples, MIN(written, room) * channels);
  if (good)
    return TRUE;
  fail(recorder, error);
  keep(recorder, samples + written * channels, frames - written);
  return FALSE;
}

/* A new file begins with what was kept. */
static void
take_next_file(MgRecorder *recorder)
{
  g_mutex_lock(&recorder->lock);
  MgWavFile *next = g_steal_pointer(&recorder->next);
  if (next)
    recorder->frames = 0;
  g_mutex_unlock(&recorder->lock);
  if (!next)
    return;
  g_clear_pointer(&recorder->file, mg_wav_file_free);
  recorder->file = next;
  /* From now on there is time to replace a disk that fails. */
  recorder->most_kept = MAX(recorder->most_kept, (size_t)FAILURE_SECONDS * recorder->format.sr);
  /* All at once: what a disk that is full again does not take goes back into the empty ring in its order. */
  size_t n = mg_ring_available(recorder->kept);
  g_autofree float *kept = g_new(float, n);
  mg_ring_read(recorder->kept, kept, n);
  write_samples(recorder, kept, n / recorder->format.channels);
}

/* Takes what the input has, up to a step; tells how many frames. */
static size_t
take_step(MgRecorder *recorder)
{
  size_t channels = recorder->format.channels;
  size_t got = mg_input_read(recorder->input, recorder->samples, STEP_FRAMES * channels) / channels;
  take_next_file(recorder);
  watch_clocks(recorder, got);
  if (got == 0)
    return 0;
  measure(recorder, got);
  if (g_atomic_int_get(&recorder->paused))
    return got;
  if (recorder->file)
    write_samples(recorder, recorder->samples, got);
  else
    keep(recorder, recorder->samples, got);
  return got;
}

static void
tell_gone(MgRecorder *recorder)
{
  g_atomic_int_set(&recorder->deaf, TRUE);
  g_autofree char *path = recorder->file ? g_strdup(mg_wav_file_path(recorder->file)) : NULL;
  GError *error = path ? g_error_new(MG_ERROR, MG_ERROR_DEVICE,
                                     _("%s: the sound device is gone; what came before it is in the file"), path)
                       : g_error_new_literal(MG_ERROR, MG_ERROR_UNPLUGGED, _("the sound device is gone"));
  if (recorder->file)
    mg_wav_file_finish(recorder->file, NULL);
  g_mutex_lock(&recorder->lock);
  gboolean failed_before = recorder->failure != NULL;
  g_mutex_unlock(&recorder->lock);
  if (failed_before)
    g_error_free(error);
  else
    fail(recorder, error);
}

/* The ring is emptied once more after the request to stop. */
static gpointer
record_thread(gpointer data)
{
  MgRecorder *recorder = data;
  gboolean stopping = FALSE;
  size_t got = 1;
  while (!stopping || got > 0) {
    stopping = stopping || g_atomic_int_get(&recorder->stop);
    got = take_step(recorder);
    if (got > 0 || stopping)
      continue;
    if (!mg_input_alive(recorder->input)) {
      tell_gone(recorder);
      break;
    }
    g_usleep(idle_interval);
  }
  GError *error = NULL;
  if (recorder->file && !mg_wav_file_finish(recorder->file, &error))
    fail(recorder, error);
  return NULL;
}

static void
free_recorder(MgRecorder *recorder)
{
  mg_wav_file_free(recorder->file);
  mg_wav_file_free(recorder->next);
  mg_input_close(recorder->input);
  mg_ring_free(recorder->tail);
  mg_ring_free(recorder->kept);
  g_mutex_clear(&recorder->lock);
  g_clear_error(&recorder->failure);
  g_free(recorder->samples);
  g_free(recorder);
}

static MgRecorder *
new_recorder(MgInput *input, double pre_roll)
{
  MgRecorder *recorder = g_new0(MgRecorder, 1);
  int channels = mg_input_channels(input);
  recorder->input = input;
  recorder->format = (MgWavFormat){.sr = mg_input_sr(input), .channels = channels};
  recorder->tail = mg_ring_new((size_t)TAIL_SECONDS * recorder->format.sr * channels);
  recorder->most_kept = (size_t)rint(pre_roll * recorder->format.sr);
  recorder->kept = mg_ring_new((size_t)MAX(pre_roll, FAILURE_SECONDS) * recorder->format.sr * channels);
  recorder->samples = g_new(float, STEP_FRAMES *channels);
  recorder->rate_since = g_get_monotonic_time();
  recorder->asleep = sleep_so_far();
  g_mutex_init(&recorder->lock);
  return recorder;
}

MgRecorder *
mg_recorder_listen(MgInput *input, double pre_roll)
{
  MgRecorder *recorder = new_recorder(input, pre_roll);
  recorder->thread = g_thread_new("recorder", record_thread, recorder);
  return recorder;
}

/* The file is opened by who asks, so that it is known at once whether it can be. */
static gboolean
give_file(MgRecorder *recorder, const char *path, GError **error)
{
  MgWavFile *file = mg_wav_file_create(path, &recorder->format, error);
  if (!file)
    return FALSE;
  g_mutex_lock(&recorder->lock);
  g_clear_pointer(&recorder->next, mg_wav_file_free);
  g_clear_error(&recorder->failure);
  recorder->next = file;
  recorder->writing = TRUE;
  recorder->slept = 0;
  g_mutex_unlock(&recorder->lock);
  return TRUE;
}

gboolean
mg_recorder_begin(MgRecorder *recorder, const char *path, GError **error)
{
  if (mg_recorder_hears(recorder))
    return give_file(recorder, path, error);
  g_set_error(error, MG_ERROR, MG_ERROR_DEVICE, _("%s: the sound device is gone"), path);
  return FALSE;
}

MgRecorder *
mg_recorder_start(MgInput *input, const char *path, GError **error)
{
  MgRecorder *recorder = new_recorder(input, 0);
  if (!give_file(recorder, path, error)) {
    free_recorder(recorder);
    return NULL;
  }
  recorder->thread = g_thread_new("recorder", record_thread, recorder);
  return recorder;
}

void
mg_recorder_set_limit(MgRecorder *recorder, gint64 frames)
{
  g_mutex_lock(&recorder->lock);
  recorder->limit = frames;
  g_mutex_unlock(&recorder->lock);
}

static void
read_levels(MgRecorder *recorder, MgRecorderState *state)
{
  for (int c = 0; c < recorder->format.channels; c++) {
    state->peak[c] = recorder->peak[c];
    state->rms[c] = recorder->measured > 0 ? (float)sqrt(recorder->squares[c] / recorder->measured) : 0;
  }
  memset(recorder->peak, 0, sizeof recorder->peak);
  memset(recorder->squares, 0, sizeof recorder->squares);
  recorder->measured = 0;
}

gboolean
mg_recorder_state(MgRecorder *recorder, MgRecorderState *state, GError **error)
{
  *state = (MgRecorderState){.overruns = mg_input_overruns(recorder->input)};
  g_mutex_lock(&recorder->lock);
  state->writing = recorder->writing;
  state->frames = recorder->frames;
  state->seconds = (double)recorder->frames / recorder->format.sr;
  state->complete = recorder->limit > 0 && recorder->frames >= recorder->limit;
  state->clipped = recorder->clipped;
  state->slept = recorder->slept;
  state->heard_sr = recorder->heard_sr;
  read_levels(recorder, state);
  g_autoptr(GError) failure = recorder->failure ? g_error_copy(recorder->failure) : NULL;
  g_mutex_unlock(&recorder->lock);
  if (!failure)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

gboolean
mg_recorder_hears(MgRecorder *recorder)
{
  return !g_atomic_int_get(&recorder->deaf);
}

void
mg_recorder_pause(MgRecorder *recorder, gboolean paused)
{
  g_atomic_int_set(&recorder->paused, paused);
}

size_t
mg_recorder_tail(MgRecorder *recorder, float *interleaved, size_t n)
{
  return mg_ring_read(recorder->tail, interleaved, n);
}

gboolean
mg_recorder_stop(MgRecorder *recorder, GError **error)
{
  g_atomic_int_set(&recorder->stop, TRUE);
  g_thread_join(recorder->thread);
  GError *failure = g_steal_pointer(&recorder->failure);
  free_recorder(recorder);
  if (!failure)
    return TRUE;
  g_propagate_error(error, failure);
  return FALSE;
}

#include "audio/recorder.h"
#include "audio/ring.h"
#include "audio/wav-header.h"
#include "base/error.h"
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

enum { STEP_FRAMES = 2048, MOST_CHANNELS = 8, TAIL_SECONDS = 10 };

static const gint64 header_interval = G_TIME_SPAN_SECOND / 2, idle_interval = 10 * G_TIME_SPAN_MILLISECOND;

struct MgRecorder {
  MgInput *input;
  MgWavFormat format;
  char *path;
  int descriptor;
  GThread *thread;
  gint stop, paused; /* atomic */
  MgRing *tail;      /* the thread writes, mg_recorder_tail() reads */
  /* The thread's own. */
  float *samples;
  guint8 *bytes;
  gint64 last_header;
  /* Shared, under the lock. */
  GMutex lock;
  gint64 frames, limit; /* limit 0: none */
  float peak[MOST_CHANNELS];
  double squares[MOST_CHANNELS];
  gint64 measured; /* frames that peak and squares stand for */
  guint clipped;
  GError *failure;
};

static gboolean
write_header(MgRecorder *recorder, GError **error)
{
  guint8 header[MG_WAV_HEADER_BYTES];
  mg_wav_header(header, &recorder->format, (guint64)recorder->frames * mg_wav_frame_bytes(&recorder->format));
  recorder->last_header = g_get_monotonic_time();
  gboolean good = lseek(recorder->descriptor, 0, SEEK_SET) == 0 &&
                  mg_file_write_all(recorder->descriptor, recorder->path, header, sizeof header, error);
  lseek(recorder->descriptor, 0, SEEK_END);
  return good;
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

/* After a write that failed half way: whole frames stay, and the header tells how many. */
static void
keep_whole_frames(MgRecorder *recorder)
{
  int frame_bytes = mg_wav_frame_bytes(&recorder->format);
  off_t end = lseek(recorder->descriptor, 0, SEEK_CUR);
  if (end < MG_WAV_HEADER_BYTES)
    return;
  gint64 frames = (end - MG_WAV_HEADER_BYTES) / frame_bytes;
  if (ftruncate(recorder->descriptor, MG_WAV_HEADER_BYTES + frames * frame_bytes) != 0)
    g_debug("%s: %s", recorder->path, g_strerror(errno));
  g_mutex_lock(&recorder->lock);
  recorder->frames = frames;
  g_mutex_unlock(&recorder->lock);
  write_header(recorder, NULL);
}

static gboolean
write_samples(MgRecorder *recorder, size_t frames, GError **error)
{
  g_mutex_lock(&recorder->lock);
  if (recorder->limit > 0)
    frames = MIN(frames, (size_t)MAX(0, recorder->limit - recorder->frames));
  g_mutex_unlock(&recorder->lock);
  size_t n = frames * recorder->format.channels;
  size_t length = mg_wav_encode(&recorder->format, recorder->samples, n, recorder->bytes);
  if (!mg_file_write_all(recorder->descriptor, recorder->path, recorder->bytes, length, error)) {
    keep_whole_frames(recorder);
    return FALSE;
  }
  mg_ring_write(recorder->tail, recorder->samples, n);
  g_mutex_lock(&recorder->lock);
  recorder->frames += frames;
  g_mutex_unlock(&recorder->lock);
  return TRUE;
}

/* Takes what the input has, up to a step; *got tells how many frames. */
static gboolean
take_step(MgRecorder *recorder, size_t *got, GError **error)
{
  int channels = recorder->format.channels;
  *got = mg_input_read(recorder->input, recorder->samples, (size_t)STEP_FRAMES * channels) / channels;
  if (*got == 0)
    return TRUE;
  measure(recorder, *got);
  if (g_atomic_int_get(&recorder->paused))
    return TRUE;
  if (!write_samples(recorder, *got, error))
    return FALSE;
  gboolean due = g_get_monotonic_time() - recorder->last_header >= header_interval;
  return !due || write_header(recorder, error);
}

static gboolean
check_alive(MgRecorder *recorder, GError **error)
{
  if (mg_input_alive(recorder->input))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_DEVICE, "%s: the sound device is gone; what came before it is in the file",
              recorder->path);
  return FALSE;
}

/* The ring is emptied once more after the request to stop. */
static gboolean
record(MgRecorder *recorder, GError **error)
{
  gboolean stopping = FALSE;
  size_t got = 1;
  while (!stopping || got > 0) {
    stopping = stopping || g_atomic_int_get(&recorder->stop);
    if (!take_step(recorder, &got, error))
      return FALSE;
    if (got > 0 || stopping)
      continue;
    if (!check_alive(recorder, error))
      return FALSE;
    g_usleep(idle_interval);
  }
  return TRUE;
}

static gpointer
record_thread(gpointer data)
{
  MgRecorder *recorder = data;
  GError *failure = NULL;
  gboolean good = record(recorder, &failure);
  g_autoptr(GError) header_failure = NULL;
  if (!write_header(recorder, &header_failure) && good)
    failure = g_steal_pointer(&header_failure);
  g_mutex_lock(&recorder->lock);
  recorder->failure = failure;
  g_mutex_unlock(&recorder->lock);
  return NULL;
}

static void
free_recorder(MgRecorder *recorder)
{
  if (recorder->descriptor >= 0)
    close(recorder->descriptor);
  mg_input_close(recorder->input);
  mg_ring_free(recorder->tail);
  g_mutex_clear(&recorder->lock);
  g_clear_error(&recorder->failure);
  g_free(recorder->samples);
  g_free(recorder->bytes);
  g_free(recorder->path);
  g_free(recorder);
}

MgRecorder *
mg_recorder_start(MgInput *input, const char *path, GError **error)
{
  MgRecorder *recorder = g_new0(MgRecorder, 1);
  int channels = mg_input_channels(input);
  recorder->input = input;
  recorder->format = (MgWavFormat){.sr = mg_input_sr(input), .channels = channels};
  recorder->path = g_strdup(path);
  recorder->tail = mg_ring_new((size_t)TAIL_SECONDS * recorder->format.sr * channels);
  recorder->samples = g_new(float, STEP_FRAMES *channels);
  recorder->bytes = g_malloc((size_t)STEP_FRAMES * mg_wav_frame_bytes(&recorder->format));
  g_mutex_init(&recorder->lock);
  recorder->descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (recorder->descriptor < 0)
    g_set_error(error, MG_ERROR, MG_ERROR_IO, "%s: cannot write: %s", path, g_strerror(errno));
  if (recorder->descriptor < 0 || !write_header(recorder, error)) {
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
  state->frames = recorder->frames;
  state->seconds = (double)recorder->frames / recorder->format.sr;
  state->complete = recorder->limit > 0 && recorder->frames >= recorder->limit;
  state->clipped = recorder->clipped;
  read_levels(recorder, state);
  g_autoptr(GError) failure = recorder->failure ? g_error_copy(recorder->failure) : NULL;
  g_mutex_unlock(&recorder->lock);
  if (!failure)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
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
  fsync(recorder->descriptor);
  GError *failure = g_steal_pointer(&recorder->failure);
  free_recorder(recorder);
  if (!failure)
    return TRUE;
  g_propagate_error(error, failure);
  return FALSE;
}

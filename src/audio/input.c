#include "audio/portaudio.h"
#include "audio/ring.h"
#include <stdatomic.h>

enum { RING_SECONDS = 8 }; /* what a slow disk may keep the recorder waiting */

static const gint64 patience = 3 * G_TIME_SPAN_SECOND; /* without a callback, after which the device counts as gone */
/* The most that counts from one question to the next: on a busy machine who asks gets no processor either. */
static const gint64 longest_wait = 100 * G_TIME_SPAN_MILLISECOND;

struct MgInput {
  PaStream *stream;
  MgRing *ring;
  int sr, channels;
  atomic_uint overruns, callbacks;
  guint last_callbacks; /* these three belong to the thread that asks mg_input_alive() */
  gint64 asked, silent; /* when it last asked, 0: never; for how long there was no callback */
};

static int
take(const void *in, void *out, unsigned long frames, const PaStreamCallbackTimeInfo *time, PaStreamCallbackFlags flags,
     void *data)
{
  MgInput *input = data;
  size_t n = in ? frames * input->channels : 0;
  gboolean lost = mg_ring_space(input->ring) < n || (flags & paInputOverflow);
  if (mg_ring_space(input->ring) >= n) /* all or nothing: channels must not change places */
    mg_ring_write(input->ring, in, n);
  if (lost)
    atomic_fetch_add_explicit(&input->overruns, 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&input->callbacks, 1, memory_order_relaxed);
  return paContinue;
}

static void
prepare(gpointer data, const MgStreamWish *wish)
{
  MgInput *input = data;
  input->sr = wish->sr;
  input->channels = wish->channels;
  input->ring = mg_ring_new((size_t)RING_SECONDS * wish->sr * wish->channels);
}

MgInput *
mg_input_open(const char *device, int sr, int channels, GError **error)
{
  MgInput *input = g_new0(MgInput, 1);
  MgStreamWish wish = {device, TRUE, sr, channels, take, input};
  input->stream = mg_stream_start(&wish, prepare, error);
  if (input->stream)
    return input;
  mg_input_close(input);
  return NULL;
}

size_t
mg_input_read(MgInput *input, float *interleaved, size_t n)
{
  return mg_ring_read(input->ring, interleaved, n);
}

guint
mg_input_overruns(const MgInput *input)
{
  return atomic_load_explicit(&input->overruns, memory_order_relaxed);
}

gboolean
mg_input_alive(MgInput *input)
{
  guint callbacks = atomic_load_explicit(&input->callbacks, memory_order_relaxed);
  gint64 now = g_get_monotonic_time();
  gint64 passed = input->asked ? MIN(now - input->asked, longest_wait) : 0;
  input->silent = callbacks == input->last_callbacks ? input->silent + passed : 0;
  input->last_callbacks = callbacks;
  input->asked = now;
  return input->silent < patience && Pa_IsStreamActive(input->stream) == 1;
}

int
mg_input_sr(const MgInput *input)
{
  return input->sr;
}

int
mg_input_channels(const MgInput *input)
{
  return input->channels;
}

void
mg_input_close(MgInput *input)
{
  if (!input)
    return;
  if (input->stream)
    mg_stream_stop(input->stream);
  mg_ring_free(input->ring);
  g_free(input);
}

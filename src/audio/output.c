#include "audio/portaudio.h"
#include "audio/ring.h"
#include <stdatomic.h>
#include <string.h>

static const gint64 patience = 3 * G_TIME_SPAN_SECOND; /* without a callback: the device is gone */

struct MgOutput {
  PaStream *stream;
  MgRing *ring;
  int sr, channels;
  gint64 latency; /* frames */
  gint64 opened;  /* monotonic microseconds */
  /* Written by the callback. Floats that left the ring are counted whether they were played or dropped. */
  gint64 consumed, seen_dropped;
  gboolean interrupted; /* the ring was empty after something had been played */
  atomic_llong played;  /* frames handed to the device */
  atomic_llong silent;  /* frames of silence handed over since */
  atomic_llong block;   /* frames of the last callback */
  atomic_llong heard;   /* monotonic microseconds of the last callback */
  atomic_uint underruns;
  /* Written by the producer. */
  atomic_llong written; /* floats */
  atomic_llong dropped; /* floats up to here are not to be played */
};

static void
drop_flushed(MgOutput *output)
{
  float unwanted[1024];
  gint64 dropped = atomic_load_explicit(&output->dropped, memory_order_acquire);
  if (dropped != output->seen_dropped)
    output->interrupted = FALSE;
  output->seen_dropped = dropped;
  while (output->consumed < dropped) {
    size_t n = mg_ring_read(output->ring, unwanted, MIN(G_N_ELEMENTS(unwanted), (size_t)(dropped - output->consumed)));
    if (n == 0)
      return;
    output->consumed += n;
  }
}

/* A gap counts as an underrun once sound comes after it: the end of a track is none. */
static void
count_gap(MgOutput *output, gint64 got, gint64 frames)
{
  if (got > 0 && output->interrupted)
    atomic_fetch_add_explicit(&output->underruns, 1, memory_order_relaxed);
  if (got > 0 || output->interrupted)
    output->interrupted = got < frames;
}

static int
give(const void *in, void *out, unsigned long frames, const PaStreamCallbackTimeInfo *time, PaStreamCallbackFlags flags,
     void *data)
{
  MgOutput *output = data;
  drop_flushed(output);
  size_t wanted = frames * output->channels, n = mg_ring_read(output->ring, out, wanted);
  memset((float *)out + n, 0, (wanted - n) * sizeof(float));
  output->consumed += n;
  gint64 got = n / output->channels;
  count_gap(output, got, frames);
  if (flags & paOutputUnderflow)
    atomic_fetch_add_explicit(&output->underruns, got > 0, memory_order_relaxed);
  gint64 silent = got > 0 ? 0 : atomic_load_explicit(&output->silent, memory_order_relaxed);
  atomic_store_explicit(&output->silent, silent + (gint64)frames - got, memory_order_relaxed);
  atomic_store_explicit(&output->block, frames, memory_order_relaxed);
  atomic_store_explicit(&output->heard, g_get_monotonic_time(), memory_order_relaxed);
  atomic_fetch_add_explicit(&output->played, got, memory_order_release);
  return paContinue;
}

static void
prepare(gpointer data, const MgStreamWish *wish)
{
  MgOutput *output = data;
  output->sr = wish->sr;
  output->channels = wish->channels;
  output->ring = mg_ring_new((size_t)wish->sr * wish->channels / 2);
}

MgOutput *
mg_output_open(const char *device, int sr, int channels, GError **error)
{
  MgOutput *output = g_new0(MgOutput, 1);
  MgStreamWish wish = {device, FALSE, sr, channels, give, output};
  output->stream = mg_stream_start(&wish, prepare, error);
  if (!output->stream) {
    mg_output_close(output);
    return NULL;
  }
  const PaStreamInfo *info = Pa_GetStreamInfo(output->stream);
  output->opened = g_get_monotonic_time();
  output->latency = info ? (gint64)(info->outputLatency * output->sr) : 0;
  return output;
}

/* Whole frames only: channels must not change places. */
size_t
mg_output_space(const MgOutput *output)
{
  size_t space = mg_ring_space(output->ring);
  return space - space % output->channels;
}

size_t
mg_output_write(MgOutput *output, const float *interleaved, size_t n)
{
  size_t space = mg_output_space(output);
  size_t taken = mg_ring_write(output->ring, interleaved, MIN(n, space));
  atomic_fetch_add_explicit(&output->written, taken, memory_order_relaxed);
  return taken;
}

/* What was handed over last sounds after the device's latency; time tells how far it has come since, and silence that
 * followed has pushed it on. */
gint64
mg_output_played(const MgOutput *output)
{
  gint64 played = atomic_load_explicit(&output->played, memory_order_acquire);
  gint64 block = atomic_load_explicit(&output->block, memory_order_relaxed);
  gint64 silent = atomic_load_explicit(&output->silent, memory_order_relaxed);
  gint64 heard = atomic_load_explicit(&output->heard, memory_order_relaxed);
  gint64 since = heard ? (g_get_monotonic_time() - heard) * output->sr / G_TIME_SPAN_SECOND : 0;
  gint64 on_the_way = block - MIN(block, since) + output->latency - silent;
  return MAX(0, played - MAX(0, on_the_way));
}

guint
mg_output_underruns(const MgOutput *output)
{
  return atomic_load_explicit(&output->underruns, memory_order_relaxed);
}

gboolean
mg_output_alive(const MgOutput *output)
{
  gint64 heard = MAX(output->opened, (gint64)atomic_load_explicit(&output->heard, memory_order_relaxed));
  return g_get_monotonic_time() - heard < patience && Pa_IsStreamActive(output->stream) == 1;
}

void
mg_output_flush(MgOutput *output)
{
  gint64 written = atomic_load_explicit(&output->written, memory_order_relaxed);
  atomic_store_explicit(&output->dropped, written, memory_order_release);
}

void
mg_output_close(MgOutput *output)
{
  if (!output)
    return;
  if (output->stream)
    mg_stream_stop(output->stream);
  mg_ring_free(output->ring);
  g_free(output);
}

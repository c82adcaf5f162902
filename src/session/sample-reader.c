#include "session/sample-reader.h"
#include "dsp/resample.h"
#include <math.h>
#include <string.h>

#define CHUNK 16384   /* source frames read at once */
#define PRE_ROLL 1024 /* samples that the resampler gets before those that count */

struct MgSampleReader {
  MgDecoder *decoder;
  int from, to;  /* Hz */
  int up, down;  /* to / from in lowest terms */
  gint64 length; /* at `to` */
  gint64 source; /* where the decoder stands */
  MgResampler *resampler;
  gboolean ended;  /* the resampler has been told of the end */
  GArray *ready;   /* resampled, not handed out yet */
  gint64 ready_at; /* place of its first sample */
  float *chunk;
};

static int
greatest_divisor(int a, int b)
{
  while (b) {
    int rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

MgSampleReader *
mg_sample_reader_open(const char *path, int sr, GError **error)
{
  MgDecoder *decoder = mg_decoder_open(path, error);
  if (!decoder)
    return NULL;
  MgSampleReader *reader = g_new0(MgSampleReader, 1);
  const MgAudioInfo *info = mg_decoder_info(decoder);
  reader->decoder = decoder;
  reader->from = info->sr;
  reader->to = sr > 0 ? sr : info->sr;
  int divisor = greatest_divisor(reader->from, reader->to);
  reader->up = reader->to / divisor;
  reader->down = reader->from / divisor;
  reader->length = (gint64)ceil((double)info->frames * reader->up / reader->down);
  reader->ready = g_array_new(FALSE, FALSE, sizeof(float));
  reader->chunk = g_new(float, CHUNK);
  return reader;
}

const MgAudioInfo *
mg_sample_reader_info(const MgSampleReader *reader)
{
  return mg_decoder_info(reader->decoder);
}

int
mg_sample_reader_sr(const MgSampleReader *reader)
{
  return reader->to;
}

gint64
mg_sample_reader_length(const MgSampleReader *reader)
{
  return reader->length;
}

static gboolean
go_to_source(MgSampleReader *reader, gint64 frame, GError **error)
{
  if (reader->source == frame)
    return TRUE;
  if (!mg_decoder_seek(reader->decoder, frame, error))
    return FALSE;
  reader->source = frame;
  return TRUE;
}

/* Reads source frames [first, first + n); zeros beyond the ends. */
static gboolean
read_source(MgSampleReader *reader, gint64 first, float *samples, size_t n, GError **error)
{
  gint64 total = mg_decoder_info(reader->decoder)->frames;
  memset(samples, 0, n * sizeof *samples);
  gint64 skipped = MAX(-first, 0);
  if (skipped >= (gint64)n || first >= total)
    return TRUE;
  if (!go_to_source(reader, first + skipped, error))
    return FALSE;
  gint64 wanted = MIN((gint64)n - skipped, total - (first + skipped)), got = 1;
  for (float *place = samples + skipped; wanted > 0 && got > 0; place += got, wanted -= got) {
    got = mg_decoder_read_mono(reader->decoder, place, wanted);
    reader->source += got;
  }
  return TRUE;
}

/* Puts the resampler to a place from which output sample `first` comes out settled. Source and output samples coincide
 * at multiples of `down` and `up`: only there a resampler may start to give the samples it would give from the start.
 */
static gboolean
restart(MgSampleReader *reader, gint64 first, GError **error)
{
  gint64 step = MAX(0, first - PRE_ROLL) / reader->up;
  g_clear_pointer(&reader->resampler, mg_resampler_free);
  g_array_set_size(reader->ready, 0);
  reader->ready_at = step * reader->up;
  reader->ended = FALSE;
  reader->resampler = mg_resampler_new(reader->from, reader->to, error);
  return reader->resampler && go_to_source(reader, step * reader->down, error);
}

static gboolean
push_chunk(MgSampleReader *reader, GError **error)
{
  gint64 got = mg_decoder_read_mono(reader->decoder, reader->chunk, CHUNK);
  reader->source += MAX(got, 0);
  reader->ended = got <= 0;
  return mg_resampler_push(reader->resampler, reader->chunk, MAX(got, 0), reader->ready, error);
}

static void
drop_before(MgSampleReader *reader, gint64 first)
{
  gint64 old = CLAMP(first - reader->ready_at, 0, (gint64)reader->ready->len);
  if (old > 0)
    g_array_remove_range(reader->ready, 0, old);
  reader->ready_at += old;
}

gboolean
mg_sample_reader_read(MgSampleReader *reader, gint64 first, float *samples, size_t n, GError **error)
{
  if (reader->from == reader->to)
    return read_source(reader, first, samples, n, error);
  memset(samples, 0, n * sizeof *samples);
  gint64 start = MAX(first, 0), end = MIN(first + (gint64)n, reader->length);
  if (start >= end)
    return TRUE;
  gint64 reach = reader->ready_at + reader->ready->len;
  if (!reader->resampler || start < reader->ready_at || start > reach + CHUNK)
    if (!restart(reader, start, error))
      return FALSE;
  drop_before(reader, start);
  while (!reader->ended && reader->ready_at + (gint64)reader->ready->len < end) {
    if (!push_chunk(reader, error))
      return FALSE;
    drop_before(reader, start);
  }
  gint64 got = MIN(end, reader->ready_at + (gint64)reader->ready->len) - start;
  if (got > 0)
    memcpy(samples + (start - first), reader->ready->data, got * sizeof *samples);
  return TRUE;
}

gboolean
mg_sample_reader_glance(MgSampleReader *reader, gint64 first, float *samples, size_t n, GError **error)
{
  if (reader->from == reader->to)
    return read_source(reader, first, samples, n, error);
  double ratio = (double)reader->from / reader->to;
  gint64 start = (gint64)floor(first * ratio);
  size_t needed = (size_t)ceil(n * ratio) + 2;
  g_clear_pointer(&reader->resampler, mg_resampler_free); /* the decoder moves away from under it */
  g_autofree float *source = g_new(float, needed);
  if (!read_source(reader, start, source, needed, error))
    return FALSE;
  for (size_t i = 0; i < n; i++) {
    double place = MAX((first + (double)i) * ratio - start, 0);
    size_t left = MIN((size_t)place, needed - 2);
    float share = (float)(place - left);
    samples[i] = source[left] * (1 - share) + source[left + 1] * share;
  }
  return TRUE;
}

void
mg_sample_reader_free(MgSampleReader *reader)
{
  if (!reader)
    return;
  mg_decoder_free(reader->decoder);
  mg_resampler_free(reader->resampler);
  g_array_unref(reader->ready);
  g_free(reader->chunk);
  g_free(reader);
}

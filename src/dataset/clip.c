#include "dataset/clip.h"
#include "audio/decoder.h"
#include "base/error.h"
#include "dsp/resample.h"
#include <glib/gi18n-lib.h>
#include <math.h>

/* Samples of a clip at most: 1 GiB of them. */
static const size_t most_samples = (size_t)1 << 28;
static const gint64 block_frames = 1 << 16;

struct MgClipReader {
  char *path;
  MgDecoder *decoder;
  int sr;          /* that of the result */
  gint64 position; /* of the decoder, in frames */
  float *block;
};

MgClipReader *
mg_clip_reader_new(const char *path, int sr, GError **error)
{
  MgDecoder *decoder = mg_decoder_open(path, error);
  if (!decoder)
    return NULL;
  MgClipReader *reader = g_new0(MgClipReader, 1);
  reader->path = g_strdup(path);
  reader->decoder = decoder;
  reader->sr = sr > 0 ? sr : mg_decoder_info(decoder)->sr;
  reader->block = g_new(float, block_frames);
  return reader;
}

void
mg_clip_reader_free(MgClipReader *reader)
{
  if (!reader)
    return;
  mg_decoder_free(reader->decoder);
  g_free(reader->path);
  g_free(reader->block);
  g_free(reader);
}

static gboolean
fail_empty(const MgClipReader *reader, double start, double end, GError **error)
{
  if (end > 0)
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: no sound between %.3f s and %.3f s"), reader->path, start, end);
  else
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: no sound from %.3f s on"), reader->path, start);
  return FALSE;
}

static gboolean
fail_large(const MgClipReader *reader, GError **error)
{
  g_set_error(error, MG_ERROR, MG_ERROR_LIMIT,
              _("%s: longer than %zu samples at %d Hz; a shorter stretch or a lower sr was expected"), reader->path,
              most_samples, reader->sr);
  return FALSE;
}

static gboolean
go_to(MgClipReader *reader, gint64 frame, GError **error)
{
  if (frame == reader->position)
    return TRUE;
  if (!mg_decoder_seek(reader->decoder, frame, error))
    return FALSE;
  reader->position = frame;
  return TRUE;
}

/* Where samples go: an array of limited size, or from there into a spool. */
typedef struct {
  GArray *samples; /* float */
  MgSpool *spool;  /* may be NULL */
} Sink;

static gboolean
append(const MgClipReader *reader, MgResampler *resampler, const float *samples, gint64 n, Sink *sink, GError **error)
{
  if (resampler) {
    if (!mg_resampler_push(resampler, samples, n, sink->samples, error))
      return FALSE;
  } else {
    g_array_append_vals(sink->samples, samples, n);
  }
  if (!sink->spool)
    return sink->samples->len <= most_samples || fail_large(reader, error);
  guint got = sink->samples->len;
  gboolean good = mg_spool_append(sink->spool, (const float *)sink->samples->data, got, got, error);
  g_array_set_size(sink->samples, 0);
  return good;
}

/* Up to `frames` frames of the file, resampled; *read tells how many there were. */
static gboolean
read_frames(MgClipReader *reader, MgResampler *resampler, gint64 frames, Sink *sink, gint64 *read, GError **error)
{
  *read = 0;
  while (*read < frames) {
    gint64 n = mg_decoder_read_mono(reader->decoder, reader->block, MIN(block_frames, frames - *read));
    if (n <= 0)
      break;
    *read += n;
    reader->position += n;
    if (!append(reader, resampler, reader->block, n, sink, error))
      return FALSE;
  }
  return !resampler || append(reader, resampler, NULL, 0, sink, error);
}

/* A stretch in frames of the file: where it starts, and how many there are at most. */
static gboolean
find_stretch(const MgClipReader *reader, double start, double end, gint64 *from, gint64 *frames, GError **error)
{
  const MgAudioInfo *info = mg_decoder_info(reader->decoder);
  double first = rint(MAX(start, 0) * info->sr), last = end > 0 ? rint(end * info->sr) : 0x1p62;
  if (last <= first || first >= info->frames)
    return fail_empty(reader, start, end, error);
  *from = (gint64)first;
  *frames = (gint64)MIN(last, 0x1p62) - *from;
  return TRUE;
}

/* Reads a stretch into the sink; *expected samples are as many as librosa gives. */
static gboolean
read_stretch(MgClipReader *reader, gint64 from, gint64 frames, Sink *sink, gint64 *bad, size_t *expected,
             GError **error)
{
  const MgAudioInfo *info = mg_decoder_info(reader->decoder);
  gint64 read, bad_before = mg_decoder_bad_samples(reader->decoder);
  g_autoptr(MgResampler) resampler = NULL;
  if (reader->sr != info->sr && !(resampler = mg_resampler_new(info->sr, reader->sr, error)))
    return FALSE;
  if (!go_to(reader, from, error) || !read_frames(reader, resampler, frames, sink, &read, error))
    return FALSE;
  *expected = resampler ? (size_t)ceil((double)read * reader->sr / info->sr) : (size_t)read;
  *bad = mg_decoder_bad_samples(reader->decoder) - bad_before;
  if (*bad > 0)
    g_info("%s: %" G_GINT64_FORMAT " samples are NaN or out of all measure and count as 0", info->path, *bad);
  return TRUE;
}

gboolean
mg_clip_reader_read(MgClipReader *reader, MgClip *clip, double start, double end, GError **error)
{
  *clip = (MgClip){.sr = reader->sr};
  const MgAudioInfo *info = mg_decoder_info(reader->decoder);
  gint64 from, frames;
  if (!find_stretch(reader, start, end, &from, &frames, error))
    return FALSE;
  double likely = (double)MIN(frames, info->frames - from) / info->sr * reader->sr;
  if (likely > most_samples)
    return fail_large(reader, error);
  g_autoptr(GArray) samples = g_array_sized_new(FALSE, TRUE, sizeof(float), MIN(likely + 1, 1 << 22));
  Sink sink = {.samples = samples};
  size_t expected;
  if (!read_stretch(reader, from, frames, &sink, &clip->bad_samples, &expected, error))
    return FALSE;
  if (expected == 0)
    return fail_empty(reader, start, end, error);
  g_array_set_size(samples, (guint)expected);
  clip->n = samples->len;
  clip->samples = (float *)g_array_free(g_steal_pointer(&samples), FALSE);
  return TRUE;
}

MgSpool *
mg_clip_reader_spool(MgClipReader *reader, double start, double end, GError **error)
{
  gint64 from, frames, bad;
  size_t expected;
  if (!find_stretch(reader, start, end, &from, &frames, error))
    return NULL;
  g_autoptr(GArray) samples = g_array_new(FALSE, TRUE, sizeof(float));
  g_autoptr(MgSpool) spool = mg_spool_new(1, MG_SPOOL_MEMORY);
  Sink sink = {.samples = samples, .spool = spool};
  if (!read_stretch(reader, from, frames, &sink, &bad, &expected, error))
    return NULL;
  if (expected == 0) {
    fail_empty(reader, start, end, error);
    return NULL;
  }
  mg_spool_truncate(spool, expected);
  g_array_set_size(samples, (guint)(expected - mg_spool_cols(spool))); /* zeros, where the resampler gave fewer */
  return mg_spool_append(spool, (const float *)samples->data, samples->len, samples->len, error)
             ? g_steal_pointer(&spool)
             : NULL;
}

int
mg_clip_reader_sr(const MgClipReader *reader)
{
  return reader->sr;
}

gboolean
mg_clip_load(MgClip *clip, const char *path, double start, double end, int sr, GError **error)
{
  *clip = (MgClip){0};
  g_autoptr(MgClipReader) reader = mg_clip_reader_new(path, sr, error);
  return reader && mg_clip_reader_read(reader, clip, start, end, error);
}

void
mg_clip_clear(MgClip *clip)
{
  g_clear_pointer(&clip->samples, g_free);
  clip->n = 0;
}

#include "audio/wav-header.h"
#include <math.h>
#include <string.h>

typedef struct {
  guint8 *at;
} Cursor;

static void
put(Cursor *cursor, guint64 value, int bytes)
{
  for (int i = 0; i < bytes; i++)
    *cursor->at++ = (guint8)(value >> (8 * i));
}

static void
put_tag(Cursor *cursor, const char tag[4])
{
  memcpy(cursor->at, tag, 4);
  cursor->at += 4;
}

static void
put_sizes(Cursor *cursor, gboolean large, guint64 data_bytes, guint64 frames)
{
  put_tag(cursor, large ? "ds64" : "JUNK");
  put(cursor, 28, 4);
  put(cursor, large ? data_bytes + MG_WAV_HEADER_BYTES - 8 : 0, 8);
  put(cursor, large ? data_bytes : 0, 8);
  put(cursor, large ? frames : 0, 8);
  put(cursor, 0, 4);
}

static void
put_format(Cursor *cursor, const MgWavFormat *format)
{
  int frame_bytes = mg_wav_frame_bytes(format);
  put_tag(cursor, "fmt ");
  put(cursor, 16, 4);
  put(cursor, format->is_float ? 3 : 1, 2); /* WAVE_FORMAT_IEEE_FLOAT or _PCM */
  put(cursor, format->channels, 2);
  put(cursor, format->sr, 4);
  put(cursor, (guint64)format->sr * frame_bytes, 4);
  put(cursor, frame_bytes, 2);
  put(cursor, format->is_float ? 32 : 16, 2);
}

void
mg_wav_header(guint8 header[MG_WAV_HEADER_BYTES], const MgWavFormat *format, guint64 data_bytes)
{
  gboolean large = data_bytes > G_MAXUINT32 - MG_WAV_HEADER_BYTES;
  guint64 frames = data_bytes / mg_wav_frame_bytes(format);
  Cursor cursor = {header};
  put_tag(&cursor, large ? "RF64" : "RIFF");
  put(&cursor, large ? G_MAXUINT32 : data_bytes + MG_WAV_HEADER_BYTES - 8, 4);
  put_tag(&cursor, "WAVE");
  put_sizes(&cursor, large, data_bytes, frames);
  put_format(&cursor, format);
  put_tag(&cursor, "fact");
  put(&cursor, 4, 4);
  put(&cursor, MIN(frames, G_MAXUINT32), 4);
  put_tag(&cursor, "data");
  put(&cursor, large ? G_MAXUINT32 : data_bytes, 4);
  g_assert(cursor.at == header + MG_WAV_HEADER_BYTES);
}

static guint64
get(const guint8 *at, int bytes)
{
  guint64 value = 0;
  for (int i = 0; i < bytes; i++)
    value |= (guint64)at[i] << (8 * i);
  return value;
}

/* The header is made anew from what was read: where it comes out the same, it is one of these. */
gboolean
mg_wav_header_parse(const guint8 header[MG_WAV_HEADER_BYTES], MgWavFormat *format, guint64 *data_bytes)
{
  enum { DS64_DATA = 28, TYPE = 56, CHANNELS = 58, SR = 60, DATA = 88, MOST_CHANNELS = 1024 };
  guint8 again[MG_WAV_HEADER_BYTES];
  guint64 sr = get(header + SR, 4);
  *format = (MgWavFormat){.sr = (int)sr, .channels = (int)get(header + CHANNELS, 2), .is_float = header[TYPE] == 3};
  if (sr < 1 || sr > G_MAXINT || format->channels < 1 || format->channels > MOST_CHANNELS)
    return FALSE;
  *data_bytes = memcmp(header, "RF64", 4) == 0 ? get(header + DS64_DATA, 8) : get(header + DATA, 4);
  mg_wav_header(again, format, *data_bytes);
  return memcmp(again, header, sizeof again) == 0;
}

static size_t
encode_float(const float *samples, size_t n, guint8 *out)
{
  for (size_t i = 0; i < n; i++) {
    guint32 bits;
    memcpy(&bits, &samples[i], 4);
    bits = GUINT32_TO_LE(bits);
    memcpy(out + 4 * i, &bits, 4);
  }
  return 4 * n;
}

static size_t
encode_pcm(const float *samples, size_t n, guint8 *out)
{
  for (size_t i = 0; i < n; i++) {
    long value = lrintf(samples[i] * 32768);
    guint16 bits = GUINT16_TO_LE((guint16)(gint16)CLAMP(value, G_MININT16, G_MAXINT16));
    memcpy(out + 2 * i, &bits, 2);
  }
  return 2 * n;
}

size_t
mg_wav_encode(const MgWavFormat *format, const float *samples, size_t n, guint8 *out)
{
  return (format->is_float ? encode_float : encode_pcm)(samples, n, out);
}

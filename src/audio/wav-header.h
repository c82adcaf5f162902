/* Headers of WAV files that this program writes: room for RF64's ds64 chunk is kept, so that a recording may
 * grow beyond 4 GiB (EBU Tech 3306). */
#pragma once
#include <glib.h>

enum { MG_WAV_HEADER_BYTES = 92 };

typedef struct {
  int sr, channels;
  gboolean is_float; /* 32-bit float, else 16-bit PCM */
} MgWavFormat;

static inline int
mg_wav_frame_bytes(const MgWavFormat *format)
{
  return format->channels * (format->is_float ? 4 : 2);
}

/* The opposite, of such a header alone; FALSE where it is another. */
gboolean mg_wav_header_parse(const guint8 header[MG_WAV_HEADER_BYTES], MgWavFormat *format, guint64 *data_bytes);
void mg_wav_header(guint8 header[MG_WAV_HEADER_BYTES], const MgWavFormat *format, guint64 data_bytes);
/* [-1, 1] to the format's bytes, little-endian; what is beyond is clipped in PCM. Returns the bytes written.
 */
size_t mg_wav_encode(const MgWavFormat *format, const float *samples, size_t n, guint8 *out);

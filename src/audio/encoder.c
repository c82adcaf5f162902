#include "audio/encoder.h"
#include "audio/wav-header.h"
#include "base/error.h"
#include "base/file.h"

gboolean
mg_wav_write(const char *path, const float *interleaved, gint64 frames, int channels, int sr, gboolean exact,
             GError **error)
{
  enum { STEP = 16384 };
  MgWavFormat format = {sr, channels, exact};
  guint8 header[MG_WAV_HEADER_BYTES], *bytes = NULL;
  mg_wav_header(header, &format, (guint64)frames * mg_wav_frame_bytes(&format));
  g_autoptr(MgFileWriter) writer = mg_file_writer_new(path, error);
  if (!writer || !mg_file_writer_write(writer, header, sizeof header, error))
    return FALSE;
  bytes = g_malloc(STEP * sizeof(float));
  gboolean good = TRUE;
  size_t n = (size_t)frames * channels;
  for (size_t at = 0; good && at < n; at += STEP) {
    size_t length = mg_wav_encode(&format, interleaved + at, MIN(STEP, n - at), bytes);
    good = mg_file_writer_write(writer, bytes, length, error);
  }
  g_free(bytes);
  return good && mg_file_writer_finish(writer, error);
}

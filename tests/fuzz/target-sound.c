#include "audio/decoder.h"
#include "fuzz.h"

enum { STEP = 16384 }; /* samples of all channels */

/* To the end, or 2^22 frames: few bytes may stand for hours of silence. */
static gint64
read_through(MgDecoder *decoder)
{
  int channels = mg_decoder_info(decoder)->channels;
  gint64 step = MAX(1, STEP / channels);
  g_autofree float *samples = g_new(float, step *channels);
  gint64 total = 0, got;
  while (total < 1 << 22 && (got = mg_decoder_read(decoder, samples, step)) > 0) {
    g_assert_cmpint(got, <=, step);
    for (gint64 i = 0; i < got * channels; i++)
      g_assert_true(samples[i] >= -1e12f && samples[i] <= 1e12f);
    total += got;
  }
  return total;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgDecoder) decoder = mg_decoder_open(fuzz_file(data, n), &error);
  fuzz_check(decoder, error);
  if (!decoder)
    return 0;
  gint64 frames = mg_decoder_info(decoder)->frames;
  g_assert_cmpint(frames, >, 0);
  g_assert_cmpint(read_through(decoder), <=, frames);
  g_autoptr(GError) cause = NULL;
  if (!mg_decoder_seek(decoder, MIN(frames / 2, 1 << 20), &cause))
    fuzz_check(NULL, cause);
  else
    read_through(decoder);
  return 0;
}

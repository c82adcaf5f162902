/* The running mel picture: whatever the pieces that sound comes in, the same columns; a tone in its band; the old is
 * forgotten. */
#include "dsp/mel.h"
#include "session/mel-strip.h"
#include "support.h"
#include <string.h>

enum { SR = 16000 };

static float *
tone(double hz, size_t n)
{
  float *samples = g_new(float, n);
  for (size_t i = 0; i < n; i++)
    samples[i] = (float)(0.5 * sin(2 * G_PI * hz * i / SR));
  return samples;
}

static MgMelStrip *
fill(const float *samples, size_t n, size_t block, double seconds)
{
  g_autoptr(GError) error = NULL;
  MgMelStrip *strip = mg_mel_strip_new(SR, seconds, &error);
  g_assert_no_error(error);
  for (size_t i = 0; i < n; i += block)
    mg_mel_strip_add(strip, samples + i, MIN(block, n - i));
  return strip;
}

static void
test_same_in_any_blocks(void)
{
  g_autofree float *samples = tone(500, SR);
  g_autoptr(MgMelStrip) whole = fill(samples, SR, SR, 10), pieces = fill(samples, SR, 37, 10);
  g_assert_cmpuint(mg_mel_strip_frames(whole), >, 90);
  g_assert_cmpuint(mg_mel_strip_frames(whole), ==, mg_mel_strip_frames(pieces));
  for (size_t i = 0; i < mg_mel_strip_frames(whole); i++)
    g_assert_cmpmem(mg_mel_strip_column(i, whole), mg_mel_strip_bands(whole) * sizeof(float),
                    mg_mel_strip_column(i, pieces), mg_mel_strip_bands(pieces) * sizeof(float));
}

/* The loudest band is the one whose range on the mel scale holds the tone. */
static void
test_tone_in_its_band(void)
{
  for (double hz = 300; hz < 6000; hz *= 1.7) {
    g_autofree float *samples = tone(hz, SR);
    g_autoptr(MgMelStrip) strip = fill(samples, SR, 1000, 10);
    const float *column = mg_mel_strip_column(50, strip);
    size_t bands = mg_mel_strip_bands(strip), loudest = 0;
    for (size_t i = 0; i < bands; i++)
      loudest = column[i] > column[loudest] ? i : loudest;
    double step = mg_hz_to_mel(mg_mel_strip_top_hz(strip), FALSE) / (double)(bands + 1);
    g_assert_cmpfloat_with_epsilon((double)(loudest + 1) * step, mg_hz_to_mel(hz, FALSE), 1.01 * step);
    g_assert_cmpfloat_with_epsilon(mg_mel_strip_peak(strip), column[loudest], 3);
  }
}

/* Two seconds are kept of five; the loudness of what is gone sinks by 3 dB a second. */
static void
test_forgets(void)
{
  enum { N = 5 * SR };
  g_autofree float *samples = tone(500, N);
  memset(samples + SR, 0, (N - SR) * sizeof *samples);
  g_autoptr(MgMelStrip) loud = fill(samples, SR, 800, 2), strip = fill(samples, N, 800, 2);
  size_t frames = mg_mel_strip_frames(strip);
  g_assert_cmpuint(frames, >, 480);
  g_assert_null(mg_mel_strip_column(frames, strip));
  g_assert_null(mg_mel_strip_column(frames - 202, strip));
  g_assert_nonnull(mg_mel_strip_column(frames - 201, strip));
  g_assert_cmpfloat_with_epsilon(mg_mel_strip_peak(strip), mg_mel_strip_peak(loud) - 12, 0.5);
  g_assert_cmpfloat_with_epsilon(mg_mel_strip_first_time(strip) + frames * mg_mel_strip_frame_step(strip), 5, 0.05);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/mel-strip/same-in-any-blocks", test_same_in_any_blocks);
  g_test_add_func("/mel-strip/tone-in-its-band", test_tone_in_its_band);
  g_test_add_func("/mel-strip/forgets", test_forgets);
  return g_test_run();
}

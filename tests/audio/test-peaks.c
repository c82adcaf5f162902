#include "audio/peaks.h"
#include "base/rng.h"
#include "support.h"

enum { FRAMES = 100 * MG_PEAKS_BASE + 77 };

static float *
noise(int channels)
{
  MgRng rng = mg_rng_new(7);
  float *samples = g_new(float, FRAMES *channels);
  for (int i = 0; i < FRAMES * channels; i++)
    samples[i] = mg_rng_between(&rng, -1, 1);
  return samples;
}

/* Uneven pieces: a peak never depends on how the samples came. */
static MgPeaks *
make_peaks(const float *samples, int channels)
{
  MgPeaks *peaks = mg_peaks_new(channels);
  for (int at = 0, piece = 1; at < FRAMES; piece = piece * 2 + 1) {
    int count = MIN(piece, FRAMES - at);
    mg_peaks_append(peaks, samples + at * channels, count);
    at += count;
  }
  g_assert_cmpint(mg_peaks_frames(peaks), ==, FRAMES);
  return peaks;
}

static void
test_whole(void)
{
  g_autofree float *samples = noise(2);
  g_autoptr(MgPeaks) peaks = make_peaks(samples, 2);
  float low[2] = {1, 1}, high[2] = {-1, -1};
  double squares = 0;
  for (int i = 0; i < 2 * FRAMES; i++) {
    low[i % 2] = MIN(low[i % 2], samples[i]);
    high[i % 2] = MAX(high[i % 2], samples[i]);
    squares += (double)samples[i] * samples[i];
  }
  float l, h, rms;
  for (int c = 0; c < 2; c++) {
    mg_peaks_read(peaks, c, 0, FRAMES, 1, &l, &h, &rms);
    g_assert_cmpfloat(l, ==, low[c]);
    g_assert_cmpfloat(h, ==, high[c]);
  }
  mg_peaks_read(peaks, -1, 0, FRAMES, 1, &l, &h, &rms);
  g_assert_cmpfloat(l, ==, MIN(low[0], low[1]));
  g_assert_cmpfloat_with_epsilon(rms, sqrt(squares / (2 * FRAMES)), 1e-4);
}

/* A single loud sample shows in its column at every zoom, and in no column far from it. */
static void
test_no_peak_is_missed(void)
{
  static const int loud = 64 * MG_PEAKS_BASE + 130;
  g_autofree float *samples = g_new0(float, FRAMES);
  samples[loud] = 0.9f;
  g_autoptr(MgPeaks) peaks = make_peaks(samples, 1);
  for (int n = 1; n <= 1000; n = n * 3 + 1) {
    g_autofree float *low = g_new(float, n), *high = g_new(float, n);
    mg_peaks_read(peaks, 0, 0, FRAMES, n, low, high, NULL);
    double step = FRAMES / (double)n;
    g_assert_cmpfloat(high[(int)(loud / step)], ==, 0.9f);
    for (int i = 0; i < n; i++)
      if (i * step > loud + MG_PEAKS_BASE || (i + 1) * step < loud - MG_PEAKS_BASE)
        g_assert_cmpfloat(high[i], ==, 0);
  }
}

static void
test_outside(void)
{
  g_autofree float *samples = noise(1);
  g_autoptr(MgPeaks) peaks = make_peaks(samples, 1);
  float low[4], high[4];
  mg_peaks_read(peaks, 0, -FRAMES, 3 * FRAMES, 4, low, high, NULL);
  g_assert_cmpfloat(low[0], >, high[0]);
  g_assert_cmpfloat(low[1], <, high[1]);
  g_assert_cmpfloat(low[2], >, high[2]);
}

static void
test_tail(void)
{
  g_autoptr(MgPeaks) peaks = mg_peaks_new(1);
  float low, high, rms;
  mg_peaks_read(peaks, 0, 0, 10, 1, &low, &high, &rms);
  g_assert_cmpfloat(low, >, high);
  float samples[3] = {0.5f, -0.5f, 0.5f};
  mg_peaks_append(peaks, samples, 3);
  mg_peaks_read(peaks, 0, 0, 3, 1, &low, &high, &rms);
  g_assert_cmpfloat(low, ==, -0.5f);
  g_assert_cmpfloat(high, ==, 0.5f);
  g_assert_cmpfloat_with_epsilon(rms, 0.5, 1e-6);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/audio/peaks/whole", test_whole);
  g_test_add_func("/audio/peaks/no-peak-is-missed", test_no_peak_is_missed);
  g_test_add_func("/audio/peaks/outside", test_outside);
  g_test_add_func("/audio/peaks/tail", test_tail);
  return g_test_run();
}

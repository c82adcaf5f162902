/* The spectrum of a place: levels and peaks of tones that are known. */
#include "dsp/slice.h"
#include "tests-dsp.h"

#define SR 22050

static float samples[SR];

static void
make_tones(double hz, double amplitude, double other_hz, double other)
{
  for (int i = 0; i < SR; i++)
    samples[i] = (float)(amplitude * sin(2 * G_PI * hz * i / SR) + other * sin(2 * G_PI * other_hz * i / SR));
}

static void
test_peaks(void)
{
  make_tones(1000, 0.5, 3456.7, 0.05);
  g_autoptr(MgSlice) slice = mg_slice_new(samples, SR, SR, 4096, 8);
  g_assert_cmpuint(slice->bins, ==, 2049);
  g_assert_cmpuint(slice->n_peaks, >=, 2);
  g_assert_cmpfloat_with_epsilon(slice->peaks[0].hz, 1000, 0.2); /* a bin is 5.4 Hz wide */
  g_assert_cmpfloat_with_epsilon(slice->peaks[0].db, 20 * log10(0.5), 0.2);
  g_assert_cmpfloat_with_epsilon(slice->peaks[1].hz, 3456.7, 0.3);
  g_assert_cmpfloat_with_epsilon(slice->peaks[1].db, 20 * log10(0.05), 0.2);
}

/* One frame, filled up where the sound is shorter. */
static void
test_short(void)
{
  make_tones(2000, 1, 1, 0);
  g_autoptr(MgSlice) one = mg_slice_new(samples, 4096, SR, 4096, 4), half = mg_slice_new(samples, 2048, SR, 4096, 4);
  g_assert_cmpfloat_with_epsilon(one->peaks[0].hz, 2000, 0.2);
  g_assert_cmpfloat_with_epsilon(half->peaks[0].hz, 2000, 2);
  g_assert_null(mg_slice_new(samples, SR, SR, 2, 4));
}

static void
test_silence(void)
{
  memset(samples, 0, sizeof samples);
  g_autoptr(MgSlice) slice = mg_slice_new(samples, SR, SR, 1024, 8), none = mg_slice_new(samples, 0, SR, 1024, 8);
  g_assert_cmpuint(slice->n_peaks, ==, 0);
  g_assert_cmpuint(none->n_peaks, ==, 0);
  g_assert_cmpfloat(slice->db[3], ==, -200);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/slice/peaks", test_peaks);
  g_test_add_func("/slice/short", test_short);
  g_test_add_func("/slice/silence", test_silence);
  return g_test_run();
}

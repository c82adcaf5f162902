#include "dataset/clip.h"
#include "base/error.h"
#include "dsp/resample.h"
#include "sounds.h"
#include <string.h>

static char *
write_ramp(const char *folder, const char *name, int channels, gboolean exact, float bad)
{
  enum { N = 44100 };
  g_autofree float *samples = g_new(float, N *channels);
  for (int i = 0; i < N; i++)
    for (int c = 0; c < channels; c++)
      samples[i * channels + c] = c == 0 ? sinf(i * 0.05f) * 0.5f : 0;
  if (bad != 0)
    samples[100] = samples[101] = bad;
  char *path = g_build_filename(folder, name, NULL);
  g_assert_true(mg_wav_write(path, samples, N, channels, 44100, exact, NULL));
  return path;
}

static void
test_stretch(void)
{
  char *folder = test_folder();
  g_autofree char *path = write_ramp(folder, "a.wav", 2, TRUE, 0);
  g_auto(MgClip) clip = {0};
  g_assert_true(mg_clip_load(&clip, path, 0.25, 0.75, 0, NULL));
  g_assert_cmpint(clip.sr, ==, 44100);
  g_assert_cmpuint(clip.n, ==, 22050);
  for (size_t i = 0; i < clip.n; i++) /* the mean of a sine and silence */
    g_assert_cmpfloat_with_epsilon(clip.samples[i], sinf((i + 11025) * 0.05f) * 0.25f, 1e-6);
  test_remove(folder);
}

static void
test_resampled(void)
{
  char *folder = test_folder();
  g_autofree char *path = write_ramp(folder, "a.wav", 1, TRUE, 0);
  g_auto(MgClip) whole = {0}, resampled = {0};
  g_assert_true(mg_clip_load(&whole, path, 0, 0, 0, NULL));
  g_assert_true(mg_clip_load(&resampled, path, 0, 0, 22050, NULL));
  size_t n;
  g_autofree float *expected = mg_resample(whole.samples, whole.n, 44100, 22050, &n, NULL);
  g_assert_cmpuint(resampled.n, ==, n);
  g_assert_cmpfloat(test_relative_error(resampled.samples, expected, n), <, 1e-6);
  test_remove(folder);
}

/* A spool holds what a clip holds, whatever the rate. */
static void
test_spool(void)
{
  char *folder = test_folder();
  g_autofree char *path = write_ramp(folder, "a.wav", 2, TRUE, 0);
  static const int rates[] = {0, 22050, 16000, 48000};
  for (size_t i = 0; i < G_N_ELEMENTS(rates); i++) {
    g_auto(MgClip) clip = {0};
    g_autoptr(MgClipReader) reader = mg_clip_reader_new(path, rates[i], NULL);
    g_assert_true(mg_clip_reader_read(reader, &clip, 0.1, 0.9, NULL));
    g_autoptr(MgSpool) spool = mg_clip_reader_spool(reader, 0.1, 0.9, NULL);
    g_assert_nonnull(spool);
    g_assert_cmpuint(mg_spool_cols(spool), ==, clip.n);
    g_autofree float *samples = g_new(float, clip.n);
    g_assert_true(mg_spool_read(spool, 0, 0, clip.n, samples, NULL));
    g_assert_cmpmem(samples, clip.n * sizeof(float), clip.samples, clip.n * sizeof(float));
    g_autoptr(GError) error = NULL;
    g_assert_null(mg_clip_reader_spool(reader, 5, 6, &error));
    g_assert_error(error, MG_ERROR, MG_ERROR_DATA);
  }
  test_remove(folder);
}

/* A stretch read after others has the samples that it has when read alone. */
static void
test_reader(void)
{
  char *folder = test_folder();
  g_autofree char *path = write_ramp(folder, "a.wav", 1, FALSE, 0);
  g_autoptr(MgClipReader) reader = mg_clip_reader_new(path, 16000, NULL);
  static const double starts[] = {0.5, 0, 0.25, 0.25};
  for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
    g_auto(MgClip) one = {0}, other = {0};
    g_assert_true(mg_clip_reader_read(reader, &one, starts[i], starts[i] + 0.25, NULL));
    g_assert_true(mg_clip_load(&other, path, starts[i], starts[i] + 0.25, 16000, NULL));
    g_assert_cmpmem(one.samples, one.n * sizeof(float), other.samples, other.n * sizeof(float));
    g_assert_cmpuint(one.n, ==, 4000);
  }
  test_remove(folder);
}

static void
test_ends(void)
{
  char *folder = test_folder();
  g_autofree char *path = write_ramp(folder, "Горе не беда.wav", 1, FALSE, 0);
  g_auto(MgClip) clip = {0};
  g_assert_true(mg_clip_load(&clip, path, 0.9, 5, 0, NULL)); /* gives what there is */
  g_assert_cmpuint(clip.n, ==, 4410);
  g_autoptr(GError) error = NULL;
  g_auto(MgClip) none = {0};
  g_assert_false(mg_clip_load(&none, path, 1, 2, 0, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_DATA);
  g_assert_nonnull(strstr(error->message, "Горе не беда"));
  g_clear_error(&error);
  g_assert_false(mg_clip_load(&none, path, 0.5, 0.5, 0, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_DATA);
  g_assert_null(none.samples);
  test_remove(folder);
}

static void
test_bad_samples(void)
{
  char *folder = test_folder();
  g_autofree char *path = write_ramp(folder, "nan.wav", 1, TRUE, NAN);
  g_auto(MgClip) clip = {0};
  g_assert_true(mg_clip_load(&clip, path, 0, 0, 22050, NULL));
  g_assert_cmpint(clip.bad_samples, ==, 2);
  for (size_t i = 0; i < clip.n; i++)
    g_assert_true(isfinite(clip.samples[i]));
  test_remove(folder);
}

static void
test_ogg(void)
{
  g_autofree char *path = test_shared("data/esc10/baby_cry/1-187207-A.ogg");
  if (!path)
    return;
  g_auto(MgClip) clip = {0}, late = {0};
  g_assert_true(mg_clip_load(&clip, path, 0, 0, 22050, NULL));
  g_assert_cmpuint(clip.n, >, 100000);
  g_assert_true(mg_clip_load(&late, path, 2, 3, 22050, NULL));
  /* Away from the ends, where the resampler knows only one side, a stretch has the whole's samples. */
  g_assert_cmpfloat(test_relative_error(late.samples + 500, clip.samples + 44100 + 500, 21000), <, 1e-3);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/clip/stretch", test_stretch);
  g_test_add_func("/clip/resampled", test_resampled);
  g_test_add_func("/clip/spool", test_spool);
  g_test_add_func("/clip/reader", test_reader);
  g_test_add_func("/clip/ends", test_ends);
  g_test_add_func("/clip/bad-samples", test_bad_samples);
  g_test_add_func("/clip/ogg", test_ogg);
  return g_test_run();
}

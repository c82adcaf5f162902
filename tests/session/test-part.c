/* A part of a sound becomes a file with the feature's samples, and goes with its object. */
#include "audio/decoder.h"
#include "audio/encoder.h"
#include "dsp/stft.h"
#include "session-support.h"
#include "session/analysis-store.h"
#include "session/part.h"
#include <math.h>

#define SR 8000
#define SECONDS 24

static char *folder, *path;
static float samples[SR * SECONDS];

static void
make_signal(void)
{
  for (int i = 0; i < SR * SECONDS; i++)
    samples[i] = (float)(0.5 * sin(2 * G_PI * 440 * i / SR)) + (i % SR < 20 ? 0.4f : 0);
  folder = test_folder();
  path = g_build_filename(folder, "signal.wav", NULL);
  g_assert_true(mg_wav_write(path, samples, SR * SECONDS, 1, SR, TRUE, NULL));
}

/* A feature that is a sound, so that the test does not wait for one in the table: half of everything. */
static MgMatrix *
halve(const float *from, size_t n, int sr, const MgParams *params, GError **error)
{
  MgMatrix *matrix = mg_matrix_new(1, n, error);
  for (size_t i = 0; matrix && i < n; i++)
    matrix->data[i] = from[i] / 2;
  return matrix;
}

static const MgParamTable *const tables[] = {&mg_stft_params, NULL};
static const MgFeature half = {
    .name = "half", .title = "Half", .tables = tables, .kind = MG_FEATURE_SOUND, .compute = halve};

static void
note_end(MgPart *part, const char *message, char **end)
{
  *end = g_strdup(message ? message : "done");
}

static MgPart *
make(const char *file, double start, double end, char **outcome)
{
  g_autoptr(MgParams) params = mg_feature_params(&half);
  g_assert_true(mg_params_assign(params, "sr=native", NULL));
  MgPart *part = mg_part_new(file, &half, params, start, end);
  g_assert_true(mg_part_is_of(part, file, &half, params, start, end));
  g_assert_false(mg_part_is_of(part, file, &half, params, start, end + 1));
  g_signal_connect(part, "done", G_CALLBACK(note_end), outcome);
  test_wait_for(*outcome);
  return part;
}

static void
test_making(void)
{
  g_autofree char *outcome = NULL, *file = NULL;
  g_autoptr(GError) error = NULL;
  MgPart *part = make(path, 1, 22, &outcome);
  g_assert_cmpstr(outcome, ==, "done");
  g_assert_cmpfloat(mg_part_fraction(part), ==, 1);
  file = g_strdup(mg_part_file(part));
  MgDecoder *decoder = mg_decoder_open(file, &error);
  g_assert_no_error(error);
  g_assert_cmpint(llabs(mg_decoder_info(decoder)->frames - 21 * SR), <=, 512);
  g_autofree float *got = g_new(float, 21 * SR);
  gint64 n = mg_decoder_read_mono(decoder, got, 21 * SR), first = SR / 512 * 512;
  for (gint64 i = 0; i < n; i++)
    g_assert_cmpfloat(fabsf(got[i] - samples[first + i] / 2), <, 1e-6);
  mg_decoder_free(decoder);
  g_object_unref(part);
  test_wait_for(!g_file_test(file, G_FILE_TEST_EXISTS));
}

/* A band that holds the tone, and one that does not. */
static void
test_masked(void)
{
  static const MgParamTable *const only[] = {&mg_stft_params, NULL};
  g_autoptr(MgParams) params = mg_params_new(only);
  for (int i = 0; i < 2; i++) {
    MgRegion band = {0, SECONDS, i ? 1000 : 300, i ? 2000 : 600};
    g_autoptr(MgMask) mask = mg_mask_new(&band, 1, MG_MASK_KEEP, params);
    g_autoptr(MgPart) part = mg_part_new_masked(path, mask, 2, 14.5);
    g_autofree char *outcome = NULL;
    g_assert_true(mg_part_is_masked(part, path, mask, 2, 14.5));
    g_assert_false(mg_part_is_masked(part, path, mask, 2, 15));
    g_signal_connect(part, "done", G_CALLBACK(note_end), &outcome);
    test_wait_for(outcome);
    g_assert_cmpstr(outcome, ==, "done");
    g_autoptr(MgDecoder) decoder = mg_decoder_open(mg_part_file(part), NULL);
    g_autofree float *got = g_new(float, 12 * SR);
    g_assert_cmpint(mg_decoder_read_mono(decoder, got, 12 * SR), ==, 12 * SR);
    double sum = 0;
    for (int k = SR; k < 11 * SR; k++)
      sum += got[k] * got[k];
    if (i == 0)
      g_assert_cmpfloat_with_epsilon(sqrt(sum / (10 * SR)), 0.5 / sqrt(2), 0.01);
    else
      g_assert_cmpfloat(sqrt(sum / (10 * SR)), <, 0.02); /* of the clicks */
  }
}

static void
test_refusals(void)
{
  g_autofree char *gone = NULL, *none = NULL, *endless = NULL;
  g_autoptr(MgPart) one = make("/nowhere/at-all.wav", 0, 2, &gone);
  g_autoptr(MgPart) two = make(path, 5, 5, &none);
  g_autoptr(MgPart) three = make(path, 0, 4000, &endless);
  g_assert_nonnull(strstr(gone, "at-all.wav"));
  g_assert_nonnull(strstr(none, "0.0 s"));
  g_assert_nonnull(strstr(endless, "4000.0 s"));
  g_assert_null(mg_part_file(one));
}

static void
test_stop(void)
{
  g_autoptr(MgParams) params = mg_feature_params(&half);
  g_autofree char *outcome = NULL;
  MgPart *part = mg_part_new(path, &half, params, 0, SECONDS);
  g_signal_connect(part, "done", G_CALLBACK(note_end), &outcome);
  mg_part_stop(part);
  g_object_unref(part);
  for (int i = 0; i < 50; i++) {
    g_main_context_iteration(NULL, FALSE);
    g_usleep(2000);
  }
  g_assert_null(outcome);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  make_signal();
  g_test_add_func("/part/file", test_making);
  g_test_add_func("/part/masked", test_masked);
  g_test_add_func("/part/refusals", test_refusals);
  g_test_add_func("/part/stop", test_stop);
  int failed = g_test_run();
  test_remove(folder);
  g_free(path);
  return failed;
}

#include "dsp/istft.h"
#include "base/error.h"
#include "tests-dsp.h"

static MgParams *
make_params(const char *settings)
{
  static const MgParamTable *const tables[] = {&mg_stft_params, &mg_griffin_lim_params, NULL};
  MgParams *params = mg_params_new(tables);
  test_set(params, settings);
  return params;
}

static float *
there_and_back(const MgMatrix *signal, const MgParams *params, size_t length, int threads, size_t *n)
{
  g_autoptr(MgSpectra) spectra = mg_stft_complex(signal->data, signal->cols, params, threads, NULL);
  float *sound = mg_istft(spectra, params, length, threads, n, NULL);
  g_assert_nonnull(sound);
  return sound;
}

static void
test_reference_case(gconstpointer name)
{
  g_autofree char *file = g_strdup_printf("%s_istft_roundtrip", (const char *)name);
  g_autoptr(MgMatrix) signal = test_reference(name), expected = test_reference(file);
  if (!signal || !expected)
    return;
  g_autoptr(MgParams) params = make_params("");
  size_t n;
  g_autofree float *ours = there_and_back(signal, params, signal->cols, 0, &n);
  g_assert_cmpuint(n, ==, expected->cols);
  g_assert_cmpfloat(test_relative_error(ours, expected->data, n), <=, 1e-5);
}

/* Wherever windows reach, the signal comes back; the length is librosa's. */
static void
test_lengths(void)
{
  static const struct {
    const char *settings;
    size_t length;
  } cases[] = {{"", 88064},
               {"n_fft=1023 hop_length=200", 88001},
               {"win_length=800 hop_length=100", 88200},
               {"center=false window=hamming", 88064},
               {"window=kaiser hop_length=256 pad_mode=reflect", 88064}};
  g_autoptr(MgMatrix) signal = test_reference("synth");
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(MgParams) params = make_params(cases[i].settings);
    size_t n;
    g_autofree float *ours = there_and_back(signal, params, 0, 0, &n);
    g_assert_cmpuint(n, ==, cases[i].length);
    size_t end = MIN(n, 85000);
    g_assert_cmpfloat(test_relative_error(ours + 2048, signal->data + 2048, end - 2048), <=, 1e-5);
  }
}

static void
test_threads_agree(void)
{
  g_autoptr(MgMatrix) signal = test_reference("synth");
  g_autoptr(MgParams) params = make_params("n_fft=512 hop_length=64");
  size_t n, m;
  g_autofree float *one = there_and_back(signal, params, 0, 1, &n);
  g_autofree float *three = there_and_back(signal, params, 0, 3, &m);
  g_assert_cmpmem(one, n * sizeof *one, three, m * sizeof *three);
}

static void
test_wrong_bins(void)
{
  g_autoptr(MgParams) params = make_params("");
  g_autoptr(MgSpectra) spectra = mg_spectra_new(3, 100, NULL);
  g_autoptr(GError) error = NULL;
  size_t n;
  g_assert_null(mg_istft(spectra, params, 0, 1, &n, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
}

/* How far the magnitudes of the rebuilt sound are from the wanted ones. */
static double
inconsistency(const MgMatrix *magnitude, const MgParams *params, guint64 seed)
{
  MgRng rng = mg_rng_new(seed);
  size_t n;
  g_autofree float *sound = mg_griffin_lim(magnitude, params, 22050, &rng, 0, &n, NULL);
  g_assert_cmpuint(n, ==, 22050);
  g_autoptr(MgMatrix) again = mg_stft_spectrogram(sound, n, params, 1, 0, NULL);
  return test_relative_error(again->data, magnitude->data, magnitude->rows * magnitude->cols);
}

static void
test_griffin_lim(void)
{
  g_autoptr(MgMatrix) signal = test_reference("synth");
  g_autoptr(MgParams) params = make_params("");
  g_autoptr(MgMatrix) magnitude = mg_stft_spectrogram(signal->data, 22050, params, 1, 0, NULL);
  double good = inconsistency(magnitude, params, 1);
  test_set(params, "n_iter=0");
  double random = inconsistency(magnitude, params, 1);
  test_set(params, "n_iter=32 momentum=0");
  double plain = inconsistency(magnitude, params, 1);
  g_test_message("random phases %.3f, Griffin-Lim %.3f, fast Griffin-Lim %.3f", random, plain, good);
  g_assert_cmpfloat(plain, <, random);
  g_assert_cmpfloat(good, <, plain);
  g_assert_cmpfloat(inconsistency(magnitude, params, 1), ==, plain);
  g_assert_cmpfloat(inconsistency(magnitude, params, 2), !=, plain);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_data_func("/dsp/istft/synth", "synth", test_reference_case);
  g_test_add_data_func("/dsp/istft/clip", "clip", test_reference_case);
  g_test_add_func("/dsp/istft/lengths", test_lengths);
  g_test_add_func("/dsp/istft/threads-agree", test_threads_agree);
  g_test_add_func("/dsp/istft/wrong-bins", test_wrong_bins);
  g_test_add_func("/dsp/istft/griffin-lim", test_griffin_lim);
  return g_test_run();
}

#include "dsp/decibel.h"
#include "dsp/feature.h"
#include "dsp/mel.h"
#include "dsp/stft.h"
#include "base/error.h"
#include "tests-dsp.h"

static MgParams *
make_params(const char *settings)
{
  static const MgParamTable *const tables[] = {&mg_stft_params, &mg_mel_params, &mg_decibel_params, NULL};
  MgParams *params = mg_params_new(tables);
  test_set(params, settings);
  return params;
}

static void
expect_usage_error(GError *error, const char *named)
{
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
  g_assert_nonnull(strstr(error->message, named));
}

static void
test_frames(void)
{
  static const struct {
    const char *settings;
    size_t n, frames; /* librosa.stft(zeros(n), …).shape[1] */
  } cases[] = {{"", 0, 0},
               {"", 1, 1},
               {"", 511, 1},
               {"", 512, 2},
               {"", 88200, 173},
               {"center=false", 2047, 0},
               {"center=false", 2048, 1},
               {"center=false", 2560, 2},
               {"n_fft=1023 hop_length=100", 1000, 10},
               {"win_length=400", 1000, 11}};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(MgParams) params = make_params(cases[i].settings);
    g_autoptr(MgStft) stft = mg_stft_new(params, NULL);
    g_assert_cmpuint(mg_stft_frames(stft, cases[i].n), ==, cases[i].frames);
  }
}

/* numpy.pad([1, 2, 3], 4, mode): 0 0 0 0 | 2 3.. and so on, read back through a transform of constant frames.
 */
static void
test_pad_modes(void)
{
  static const struct {
    const char *mode;
    float padded[16]; /* numpy.pad([1, 2, 3], (8, 8), mode)[0:16] */
  } cases[] = {
      {"pad_mode=constant", {0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 0}},
      {"pad_mode=edge", {1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3, 3}},
      {"pad_mode=reflect", {1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2}},
  };
  static const float signal[] = {1, 2, 3};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(MgParams) params = make_params(cases[i].mode);
    test_set(params, "n_fft=16 window=rect");
    g_autoptr(MgStft) stft = mg_stft_new(params, NULL);
    float ours[9], expected[9];
    mg_stft_power_frame(stft, signal, 3, 0, ours);
    mg_stft_power_of(stft, cases[i].padded, expected);
    for (int k = 0; k < 9; k++)
      g_assert_cmpfloat_with_epsilon(ours[k], expected[k], 1e-4);
  }
}

static void
test_threads_agree(void)
{
  g_autoptr(MgMatrix) signal = test_reference("synth");
  g_autoptr(MgParams) params = make_params("hop_length=64");
  g_autoptr(MgMatrix) one = mg_mel_spectrogram(signal->data, signal->cols, 22050, params, 1, NULL);
  g_autoptr(MgMatrix) three = mg_mel_spectrogram(signal->data, signal->cols, 22050, params, 3, NULL);
  g_assert_cmpmem(one->data, one->rows * one->cols * sizeof(float), three->data,
                  three->rows * three->cols * sizeof(float));
}

static void
test_refused(void)
{
  float samples[100] = {0};
  static const struct {
    const char *settings, *named;
  } cases[] = {{"n_fft=512 win_length=1024", "win_length=1024"},
               {"fmin=12000", "fmin=12000"},
               {"fmin=500 fmax=400", "fmin=500"}};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(MgParams) params = make_params(cases[i].settings);
    g_autoptr(GError) error = NULL;
    g_assert_null(mg_mel_spectrogram(samples, 100, 22050, params, 0, &error));
    expect_usage_error(error, cases[i].named);
  }
  g_autoptr(MgParams) params = make_params("center=false");
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_stft_spectrogram(samples, 100, params, 1, 0, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_DATA);
}

static void
test_too_many_mels(void)
{
  g_autoptr(MgParams) params = make_params("n_mels=128");
  g_autoptr(MgMelFilters) filters = mg_mel_filters_new(params, 22050, 256, NULL);
  g_assert_cmpuint(mg_mel_filters_empty(filters), >, 0);
  g_autofree char *none = mg_mel_warning(params, 22050);
  g_assert_null(none);
  test_set(params, "n_fft=256");
  g_autofree char *warning = mg_mel_warning(params, 22050);
  g_assert_nonnull(strstr(warning, "n_mels=128"));
  float power[129], mel[128];
  for (int k = 0; k < 129; k++)
    power[k] = 1;
  mg_mel_filters_apply(filters, power, mel);
  for (int m = 0; m < 128; m++)
    g_assert_true(isfinite(mel[m]));
}

/* Dense filters times energies, for filters and lengths of all kinds; 1000 samples give frames that fill no block. */
static void
test_mel_of_dense(void)
{
  static const char *const settings[] = {"n_mels=40", "n_mels=37 fmin=300 fmax=4000", "n_mels=128 n_fft=256",
                                         "n_mels=9 n_fft=1023 hop_length=37 htk=true norm=none",
                                         "n_mels=1 n_fft=64 power=1 fmax=30000"};
  g_autoptr(MgMatrix) signal = test_reference("synth");
  for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
    g_autoptr(MgParams) params = make_params(settings[i]);
    g_autoptr(MgMelFilters) filters = mg_mel_filters_new(params, 22050, mg_params_int(params, "n_fft"), NULL);
    g_autoptr(MgMatrix) dense = mg_mel_filters_dense(filters);
    double power = mg_params_float(params, "power");
    g_autoptr(MgMatrix) energy = mg_stft_spectrogram(signal->data, 1000, params, power, 1, NULL);
    g_autoptr(MgMatrix) mel = mg_mel_spectrogram(signal->data, 1000, 22050, params, 1, NULL);
    g_autoptr(MgMatrix) expected = mg_matrix_new(dense->rows, energy->cols, NULL);
    for (size_t m = 0; m < dense->rows; m++)
      for (size_t bin = 0; bin < dense->cols; bin++)
        for (size_t f = 0; f < energy->cols; f++)
          mg_matrix_row(expected, m)[f] += mg_matrix_row(dense, m)[bin] * mg_matrix_row(energy, bin)[f];
    g_assert_cmpuint(mel->cols, ==, expected->cols);
    g_assert_cmpfloat(test_relative_error(mel->data, expected->data, mel->rows * mel->cols), <, 1e-6);
  }
}

static void
test_power(void)
{
  g_autoptr(MgMatrix) signal = test_reference("synth");
  g_autoptr(MgParams) params = make_params("");
  g_autoptr(MgMatrix) magnitude = mg_stft_spectrogram(signal->data, signal->cols, params, 1, 0, NULL);
  g_autoptr(MgMatrix) energy = mg_stft_spectrogram(signal->data, signal->cols, params, 2, 0, NULL);
  g_autoptr(MgMatrix) cubed = mg_stft_spectrogram(signal->data, signal->cols, params, 3, 0, NULL);
  for (size_t i = 0; i < magnitude->rows * magnitude->cols; i++) {
    float m = magnitude->data[i];
    g_assert_cmpfloat_with_epsilon(energy->data[i], m * m, 1e-5 * (m * m + 1e-12));
    g_assert_cmpfloat_with_epsilon(cubed->data[i], m * m * m, 1e-5 * (m * m * m + 1e-12));
  }
}

static void
test_decibels(void)
{
  float power[] = {1, 0.1f, 1e-20f, 0};
  mg_power_to_db(power, 4, 1, 1e-10, 80);
  g_assert_cmpfloat_with_epsilon(power[0], 0, 1e-5);
  g_assert_cmpfloat_with_epsilon(power[1], -10, 1e-5);
  g_assert_cmpfloat_with_epsilon(power[2], -80, 1e-5);
  float amplitude[] = {1, 0.1f, 0};
  mg_amplitude_to_db(amplitude, 3, 1, 1e-5, -1);
  g_assert_cmpfloat_with_epsilon(amplitude[1], -20, 1e-5);
  g_assert_cmpfloat_with_epsilon(amplitude[2], -100, 1e-4);
  g_autoptr(MgMatrix) silence = mg_matrix_new(2, 2, NULL);
  mg_matrix_power_to_db_max(silence, 80);
  g_assert_cmpfloat(silence->data[3], ==, 0);
}

static void
test_decibel_params(void)
{
  g_autoptr(MgMatrix) matrix = mg_matrix_new(1, 2, NULL);
  matrix->data[0] = 1;
  matrix->data[1] = 1e-9f;
  g_autoptr(MgParams) params = make_params("ref=0.5 top_db=auto");
  g_assert_true(mg_matrix_to_db(matrix, FALSE, params, NULL));
  g_assert_cmpfloat_with_epsilon(matrix->data[0], 3.0103, 1e-4);
  g_assert_cmpfloat_with_epsilon(matrix->data[1], -86.9897, 1e-3);
  test_set(params, "ref=loud");
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_matrix_to_db(matrix, FALSE, params, &error));
  expect_usage_error(error, "ref=loud");
}

/* cos(2 pi 8 n / 64 + 0.5) in frames of 64 that hop by 68: bin 8 turns by half a circle from frame to frame. */
static void
test_phase(void)
{
  const MgFeature *feature = mg_feature_find("phase", NULL);
  g_autoptr(MgParams) params = mg_feature_params(feature);
  float samples[64 + 68];
  test_set(params, "n_fft=64 hop_length=68 center=false");
  for (size_t i = 0; i < G_N_ELEMENTS(samples); i++)
    samples[i] = (float)cos(2 * G_PI * 8 * (double)i / 64 + 0.5);
  g_autoptr(MgMatrix) phase = mg_feature_compute(feature, samples, G_N_ELEMENTS(samples), 22050, params, NULL);
  g_assert_cmpuint(phase->rows, ==, 33);
  g_assert_cmpuint(phase->cols, ==, 2);
  g_assert_cmpfloat_with_epsilon(mg_matrix_row(phase, 8)[0], 0.5, 1e-5);
  g_assert_cmpfloat_with_epsilon(mg_matrix_row(phase, 8)[1], 0.5 - G_PI, 1e-5);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/dsp/stft/frames", test_frames);
  g_test_add_func("/dsp/stft/pad-modes", test_pad_modes);
  g_test_add_func("/dsp/stft/threads-agree", test_threads_agree);
  g_test_add_func("/dsp/stft/refused", test_refused);
  g_test_add_func("/dsp/stft/power", test_power);
  g_test_add_func("/dsp/stft/phase", test_phase);
  g_test_add_func("/dsp/mel/too-many", test_too_many_mels);
  g_test_add_func("/dsp/mel/of-dense", test_mel_of_dense);
  g_test_add_func("/dsp/decibel/values", test_decibels);
  g_test_add_func("/dsp/decibel/params", test_decibel_params);
  return g_test_run();
}

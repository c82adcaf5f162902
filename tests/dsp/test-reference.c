/* librosa 0.11's answers, as kept in tests/refs/ and in the reference folder beside the project. */
#include "base/npy.h"
#include "dsp/decibel.h"
#include "dsp/feature.h"
#include "dsp/mel.h"
#include "dsp/resample.h"
#include "dsp/statistics.h"
#include <stdlib.h>
#include "tests-dsp.h"

typedef struct {
  const char *signal, *expected; /* files' names without .npy */
  const char *feature;
  const char *settings; /* name=value, separated by spaces */
  const char *decibels; /* NULL, or settings of the decibel table */
  double tolerance;
} Case;

#define ESC "sr=44100 n_fft=16384 hop_length=308 win_length=3969 n_mels=256 fmin=20 fmax=17000"
#define HTK "n_mels=64 htk=true norm=none fmin=50 fmax=8000"

static const Case cases[] = {
    {"synth", "synth_stft_mag_2048_512_hann", "stft", "", NULL, 1e-5},
    {"clip", "clip_stft_mag_2048_512_hann", "stft", "", NULL, 1e-5},
    {"synth", "synth_stft_mag_1024_256_hamming_nocenter", "stft",
     "n_fft=1024 hop_length=256 window=hamming center=false", NULL, 1e-5},
    {"clip", "clip_stft_mag_1024_256_hamming_nocenter", "stft", "n_fft=1024 hop_length=256 window=hamming center=false",
     NULL, 1e-5},
    {"synth", "synth_stft_mag_4096_308_win3969", "stft", "n_fft=4096 hop_length=308 win_length=3969", NULL, 1e-5},
    {"clip", "clip_stft_mag_4096_308_win3969", "stft", "n_fft=4096 hop_length=308 win_length=3969", NULL, 1e-5},
    {"synth", "synth_amp_to_db", "stft", "", "", 1e-4},
    {"clip", "clip_amp_to_db", "stft", "", "", 1e-4},
    {"synth", "synth_mel_128", "melspectrogram", "", NULL, 1e-5},
    {"clip", "clip_mel_128", "melspectrogram", "", NULL, 1e-5},
    {"synth", "synth_mel_64_htk_nonorm", "melspectrogram", HTK, NULL, 1e-5},
    {"clip", "clip_mel_64_htk_nonorm", "melspectrogram", HTK, NULL, 1e-5},
    {"synth", "synth_mel_128_db", "melspectrogram", "", "", 1e-4},
    {"clip", "clip_mel_128_db", "melspectrogram", "", "", 1e-4},
    {"synth", "synth_mfcc_20", "mfcc", "", NULL, 1e-4},
    {"clip", "clip_mfcc_20", "mfcc", "", NULL, 1e-4},
    {"synth", "synth_mfcc_13_lifter22_htk", "mfcc", "n_mfcc=13 lifter=22 htk=true", NULL, 1e-4},
    {"clip", "clip_mfcc_13_lifter22_htk", "mfcc", "n_mfcc=13 lifter=22 htk=true", NULL, 1e-4},
    {"synth", "synth_mfcc_delta", "delta", "", NULL, 1e-4},
    {"clip", "clip_mfcc_delta", "delta", "", NULL, 1e-4},
    {"synth", "synth_rms", "rms", "", NULL, 1e-5},
    {"clip", "clip_rms", "rms", "", NULL, 1e-5},
    {"synth", "synth_zcr", "zero_crossing_rate", "", NULL, 1e-5},
    {"clip", "clip_zcr", "zero_crossing_rate", "", NULL, 1e-5},
    {"synth", "synth_centroid", "spectral_centroid", "", NULL, 1e-5},
    {"clip", "clip_centroid", "spectral_centroid", "", NULL, 1e-5},
    {"synth", "synth_bandwidth", "spectral_bandwidth", "", NULL, 1e-5},
    {"clip", "clip_bandwidth", "spectral_bandwidth", "", NULL, 1e-5},
    {"synth", "synth_flatness", "spectral_flatness", "", NULL, 1e-5},
    {"clip", "clip_flatness", "spectral_flatness", "", NULL, 1e-5},
    {"synth", "synth_contrast", "spectral_contrast", "", NULL, 1e-4},
    {"clip", "clip_contrast", "spectral_contrast", "", NULL, 1e-4},
    {"synth44", "synth44_mel_esc", "melspectrogram", ESC, "ref=1.0", 1e-4},
};

/* Rows are compared over the columns that the reference has: one of them was cut to its first 400. */
static void
compare(const MgMatrix *ours, const MgMatrix *expected, double tolerance)
{
  g_assert_cmpuint(ours->rows, ==, expected->rows);
  g_assert_cmpuint(ours->cols, >=, expected->cols);
  if (expected->cols != 400)
    g_assert_cmpuint(ours->cols, ==, expected->cols);
  g_autoptr(MgMatrix) cut = mg_matrix_new(expected->rows, expected->cols, NULL);
  for (size_t row = 0; row < cut->rows; row++)
    memcpy(mg_matrix_row(cut, row), mg_matrix_row(ours, row), cut->cols * sizeof(float));
  double difference = test_relative_error(cut->data, expected->data, cut->rows * cut->cols);
  g_test_message("relative error %.2e", difference);
  g_assert_cmpfloat(difference, <=, tolerance);
}

static MgMatrix *
compute(const MgMatrix *signal, const char *name, const char *settings, const char *decibels)
{
  static const MgParamTable *const decibel_tables[] = {&mg_decibel_params, NULL};
  const MgFeature *feature = mg_feature_find(name, NULL);
  g_autoptr(MgParams) params = mg_feature_params(feature);
  g_autoptr(MgParams) decibel_params = mg_params_new(decibel_tables);
  GError *error = NULL;
  int sr;
  test_set(params, settings);
  g_assert_true(mg_audio_params_sr(params, &sr, NULL));
  MgMatrix *matrix = mg_feature_compute(feature, signal->data, signal->cols, sr, params, &error);
  g_assert_no_error(error);
  if (decibels) {
    test_set(decibel_params, decibels);
    mg_matrix_to_db(matrix, feature->scale == MG_SCALE_AMPLITUDE, decibel_params, &error);
    g_assert_no_error(error);
  }
  return matrix;
}

static void
test_case(gconstpointer data)
{
  const Case *c = data;
  g_autoptr(MgMatrix) signal = test_reference(c->signal);
  g_autoptr(MgMatrix) expected = signal ? test_reference(c->expected) : NULL;
  if (!expected)
    return;
  g_autoptr(MgMatrix) ours = compute(signal, c->feature, c->settings, c->decibels);
  compare(ours, expected, c->tolerance);
}

/* All but 1% of the frames have librosa's bin, and those that do not have the bin beside it. */
static void
test_rolloff(gconstpointer name)
{
  g_autofree char *file = g_strdup_printf("%s_rolloff", (const char *)name);
  g_autoptr(MgMatrix) signal = test_reference(name), expected = signal ? test_reference(file) : NULL;
  if (!expected)
    return;
  g_autoptr(MgMatrix) ours = compute(signal, "spectral_rolloff", "", NULL);
  g_assert_cmpuint(ours->cols, ==, expected->cols);
  static const double bin_hz = 22050.0 / 2048;
  size_t different = 0;
  for (size_t i = 0; i < ours->cols; i++) {
    long bins = lround((ours->data[i] - expected->data[i]) / bin_hz);
    g_assert_cmpint(labs(bins), <=, 1);
    different += bins != 0;
  }
  g_test_message("%zu of %zu frames differ", different, ours->cols);
  g_assert_cmpuint(100 * different, <=, ours->cols);
}

static void
test_statistics(gconstpointer name)
{
  g_autofree char *file = g_strdup_printf("%s_mfcc_7stats", (const char *)name);
  g_autoptr(MgMatrix) signal = test_reference(name), expected = signal ? test_reference(file) : NULL;
  if (!expected)
    return;
  g_autoptr(MgMatrix) mfcc = compute(signal, "mfcc", "", NULL);
  g_autoptr(MgMatrix) ours = mg_matrix_statistics(mfcc, NULL);
  compare(ours, expected, 1e-4);
  for (size_t row = 0; row < ours->rows; row++)
    g_assert_cmpfloat(test_relative_error(mg_matrix_row(ours, row), mg_matrix_row(expected, row), ours->cols), <=,
                      1e-4);
}

static void
test_mel_filters(void)
{
  g_autoptr(MgMatrix) expected = test_reference("mel_filters_44100_16384_256");
  if (!expected)
    return;
  static const MgParamTable *const tables[] = {&mg_mel_params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  test_set(params, "n_mels=256 fmin=20 fmax=17000");
  g_autoptr(MgMelFilters) filters = mg_mel_filters_new(params, 44100, 16384, NULL);
  g_autoptr(MgMatrix) dense = mg_mel_filters_dense(filters);
  g_assert_cmpuint(mg_mel_filters_empty(filters), ==, 0);
  compare(dense, expected, 1e-6);
}

static void
test_hz_to_mel(void)
{
  static const double hz[] = {0, 60, 440, 1000, 1500, 4000, 8000, 11025};
  for (int htk = 0; htk < 2; htk++) {
    g_autoptr(MgMatrix) expected = test_reference(htk ? "hz_to_mel_htk" : "hz_to_mel_slaney");
    for (size_t i = 0; i < G_N_ELEMENTS(hz); i++) {
      double mel = mg_hz_to_mel(hz[i], htk);
      g_assert_cmpfloat_with_epsilon(mel, expected->data[i], 1e-6 * (1 + mel));
      g_assert_cmpfloat_with_epsilon(mg_mel_to_hz(mel, htk), hz[i], 1e-9 * (1 + hz[i]));
    }
  }
}

static void
test_resample(void)
{
  g_autoptr(MgMatrix) signal = test_reference("synth44");
  g_autoptr(MgMatrix) expected = test_reference("synth44_to_22050_soxr_hq");
  size_t n;
  g_autofree float *ours = mg_resample(signal->data, signal->cols, 44100, 22050, &n, NULL);
  g_assert_cmpuint(n, ==, expected->cols);
  g_assert_cmpfloat(test_relative_error(ours, expected->data, n), <=, 1e-4);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strdup_printf("/dsp/reference/%s", cases[i].expected);
    g_test_add_data_func(path, &cases[i], test_case);
  }
  static const char *const signals[] = {"synth", "clip"};
  for (size_t i = 0; i < G_N_ELEMENTS(signals); i++) {
    g_autofree char *rolloff = g_strdup_printf("/dsp/reference/%s_rolloff", signals[i]);
    g_autofree char *statistics = g_strdup_printf("/dsp/reference/%s_mfcc_7stats", signals[i]);
    g_test_add_data_func(rolloff, signals[i], test_rolloff);
    g_test_add_data_func(statistics, signals[i], test_statistics);
  }
  g_test_add_func("/dsp/reference/mel_filters", test_mel_filters);
  g_test_add_func("/dsp/reference/hz_to_mel", test_hz_to_mel);
  g_test_add_func("/dsp/reference/resample", test_resample);
  return g_test_run();
}

/* Reaches every feature in the table: signals that are unusual must give finite numbers or one clear line. */
#include "dsp/feature.h"
#include "tests-dsp.h"
#include <float.h>
#include <string.h>

enum { SR = 22050 };

static MgMatrix *
compute(const MgFeature *feature, const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  g_autoptr(MgParams) defaults = params ? NULL : mg_feature_params(feature);
  return mg_feature_compute(feature, samples, n, sr, params ? params : defaults, error);
}

/* Finite numbers, or one line that says why there are none. */
static void
expect_defined(const MgFeature *feature, const float *samples, size_t n, int sr, const MgParams *params)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgMatrix) matrix = compute(feature, samples, n, sr, params, &error);
  if (!matrix) {
    g_assert_nonnull(error);
    g_test_message("%s", error->message);
    g_assert_cmpuint(strlen(error->message), >, 10);
    g_assert_null(strchr(error->message, '\n'));
    return;
  }
  g_assert_no_error(error);
  g_assert_cmpuint(matrix->rows, >, 0);
  if (feature->kind == MG_FEATURE_PICTURE || feature->kind == MG_FEATURE_CURVE)
    g_assert_true(matrix->cols > 0 || feature->kind == MG_FEATURE_EVENTS);
  for (size_t i = 0; i < matrix->rows * matrix->cols; i++)
    g_assert_true(isfinite(matrix->data[i]));
}

/* Numbers, since nothing is wrong with the signal. */
static void
expect_finite(const MgFeature *feature, const float *samples, size_t n, int sr)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgMatrix) matrix = compute(feature, samples, n, sr, NULL, &error);
  g_assert_no_error(error);
  expect_defined(feature, samples, n, sr, NULL);
}

static float *
tone(size_t n, int sr)
{
  float *samples = g_new(float, n);
  for (size_t i = 0; i < n; i++)
    samples[i] = 0.5f * sinf((float)(2 * G_PI * 440 / sr) * i) + 0.1f * sinf(i * i * 1e-4f);
  return samples;
}

static void
test_silence(gconstpointer data)
{
  g_autofree float *silence = g_new0(float, 2 * SR);
  expect_finite(data, silence, 2 * SR, SR);
}

static void
test_short(gconstpointer data)
{
  static const size_t lengths[] = {1, 2, 3, 100, 511, 512, 2047, 2048, 2049};
  for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
    g_autofree float *samples = tone(lengths[i], SR);
    expect_defined(data, samples, lengths[i], SR, NULL);
  }
}

static void
test_not_finite(gconstpointer data)
{
  g_autofree float *samples = tone(SR, SR);
  for (int i = 0; i < SR; i++)
    samples[i] = i % 1000 == 3 ? NAN : i % 777 == 5 ? INFINITY : samples[i];
  expect_finite(data, samples, SR, SR);
  for (int i = 0; i < SR; i++)
    samples[i] = -INFINITY;
  expect_finite(data, samples, SR, SR);
}

/* What is not finite counts as 0, wherever it is; what is too large is named. */
static void
test_late_faults(gconstpointer data)
{
  g_autofree float *samples = tone(SR, SR), *repaired = tone(SR, SR);
  samples[SR - 3000] = NAN;
  samples[SR - 1] = -INFINITY;
  repaired[SR - 3000] = repaired[SR - 1] = 0;
  g_autoptr(MgMatrix) ours = compute(data, samples, SR, SR, NULL, NULL);
  g_autoptr(MgMatrix) expected = compute(data, repaired, SR, SR, NULL, NULL);
  g_assert_cmpmem(ours->data, ours->rows * ours->cols * sizeof(float), expected->data,
                  expected->rows * expected->cols * sizeof(float));
  samples[SR / 2] = 1e20f;
  g_autoptr(GError) error = NULL;
  g_assert_null(compute(data, samples, SR, SR, NULL, &error));
  g_assert_nonnull(strstr(error->message, "sample 11025 is 1e+20"));
}

static void
test_extremes(gconstpointer data)
{
  g_autofree float *samples = g_new(float, SR);
  for (int i = 0; i < SR; i++)
    samples[i] = 1;
  expect_finite(data, samples, SR, SR);
  for (int i = 0; i < SR; i++)
    samples[i] = i / 50 % 2 ? 1 : -1;
  expect_finite(data, samples, SR, SR);
  for (int i = 0; i < SR; i++)
    samples[i] = i % 2 ? FLT_MAX : -FLT_MAX; /* no file has it, but one can be made */
  expect_defined(data, samples, SR, SR, NULL);
  for (int i = 0; i < SR; i++)
    samples[i] = 1e-42f;
  expect_defined(data, samples, SR, SR, NULL);
}

static void
test_sample_rates(gconstpointer data)
{
  static const int rates[] = {8000, 11025, 16000, 44100, 48000, 96000, 192000};
  for (size_t i = 0; i < G_N_ELEMENTS(rates); i++) {
    g_autofree float *samples = tone(rates[i] / 2, rates[i]);
    expect_defined(data, samples, rates[i] / 2, rates[i], NULL);
  }
}

/* Each parameter at both ends of its range, or at each choice, the others at their defaults. */
static void
try_values(const MgFeature *feature, const MgParamSpec *spec, const float *samples, size_t n)
{
  g_autofree char *low = g_strdup_printf("%.17g", spec->min), *high = g_strdup_printf("%.17g", spec->max);
  g_autofree char *ends = g_strdup_printf("%s|%s", low, high);
  gboolean number = spec->type == MG_PARAM_INT || spec->type == MG_PARAM_FLOAT;
  g_auto(GStrv) values = g_strsplit(number                          ? ends
                                    : spec->type == MG_PARAM_BOOL   ? "true|false"
                                    : spec->type == MG_PARAM_CHOICE ? spec->choices
                                                                    : spec->default_value,
                                    "|", -1);
  for (char **value = values; *value && !(number && spec->min == 0 && spec->max == 0); value++) {
    g_autoptr(MgParams) params = mg_feature_params(feature);
    g_test_message("%s=%s", spec->name, *value);
    if (mg_params_set(params, spec->name, *value, NULL))
      expect_defined(feature, samples, n, SR, params);
  }
}

static void
test_parameters(gconstpointer data)
{
  g_autofree float *samples = tone(SR / 2, SR);
  g_autoptr(MgParams) params = mg_feature_params(data);
  for (const MgParamTable *const *table = mg_params_tables(params); *table; table++)
    for (size_t i = 0; i < (*table)->n; i++)
      try_values(data, &(*table)->specs[i], samples, SR / 2);
}

/* Bands above half the sample rate, or narrower than a bin, are empty. */
static void
test_frequencies(gconstpointer data)
{
  static const char *const settings[] = {"fmax=30000", "fmax=12000", "n_mels=1024", "n_fft=256",
                                         "n_fft=64",   "n_fft=1023", "fmin=11000",  "fmin=20000"};
  g_autofree float *samples = tone(SR, SR);
  for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
    g_autoptr(MgParams) params = mg_feature_params(data);
    g_auto(GStrv) pair = g_strsplit(settings[i], "=", 2);
    g_test_message("%s", settings[i]);
    if (mg_params_has(params, pair[0]) && mg_params_set(params, pair[0], pair[1], NULL))
      expect_defined(data, samples, SR, SR, params);
  }
}

static void
test_empty(gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  float none = 0;
  g_assert_null(compute(data, &none, 0, SR, NULL, &error));
  g_assert_nonnull(error);
  g_assert_null(strchr(error->message, '\n'));
}

static void
test_found_by_name(gconstpointer data)
{
  const MgFeature *feature = data;
  g_assert_true(mg_feature_find(feature->name, NULL) == feature);
  g_autoptr(MgParams) params = mg_feature_params(feature);
  int sr;
  g_assert_true(mg_audio_params_sr(params, &sr, NULL));
  g_assert_cmpint(sr, ==, 22050);
}

static void
test_unknown(void)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_feature_find("nothing", &error));
  g_assert_nonnull(strstr(error->message, "melspectrogram"));
}

static void
test_sr(void)
{
  g_autoptr(MgParams) params = mg_feature_params(mg_features()[0]);
  int sr;
  test_set(params, "sr=native");
  g_assert_true(mg_audio_params_sr(params, &sr, NULL));
  g_assert_cmpint(sr, ==, 0);
  test_set(params, "sr=fast");
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_audio_params_sr(params, &sr, &error));
  g_assert_nonnull(strstr(error->message, "fast"));
}

int
main(int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*run)(gconstpointer);
  } tests[] = {{"silence", test_silence},       {"short", test_short},
               {"not-finite", test_not_finite}, {"late-faults", test_late_faults},
               {"extremes", test_extremes},     {"sample-rates", test_sample_rates},
               {"parameters", test_parameters}, {"frequencies", test_frequencies},
               {"empty", test_empty},           {"found-by-name", test_found_by_name}};
  g_test_init(&argc, &argv, NULL);
  for (const MgFeature *const *feature = mg_features(); *feature; feature++)
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
      g_autofree char *path = g_strdup_printf("/dsp/feature/%s/%s", (*feature)->name, tests[i].name);
      g_test_add_data_func(path, *feature, tests[i].run);
    }
  g_test_add_func("/dsp/feature/unknown", test_unknown);
  g_test_add_func("/dsp/feature/sr", test_sr);
  return g_test_run();
}

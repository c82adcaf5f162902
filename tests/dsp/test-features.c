/* Reaches every feature in the table: signals that are unusual must give finite numbers or one clear line. */
#include "dsp/feature.h"
#include "tests-dsp.h"
#include <string.h>

enum { SR = 22050 };

static MgMatrix *
compute(const MgFeature *feature, const float *samples, size_t n, const char *settings, GError **error)
{
  g_autoptr(MgParams) params = mg_feature_params(feature);
  test_set(params, settings);
  return mg_feature_compute(feature, samples, n, SR, params, error);
}

static void
expect_finite(const MgFeature *feature, const float *samples, size_t n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgMatrix) matrix = compute(feature, samples, n, "", &error);
  g_assert_no_error(error);
  g_assert_cmpuint(matrix->rows, >, 0);
  g_assert_cmpuint(matrix->cols, >, 0);
  for (size_t i = 0; i < matrix->rows * matrix->cols; i++)
    g_assert_true(isfinite(matrix->data[i]));
}

static void
test_silence(gconstpointer data)
{
  g_autofree float *silence = g_new0(float, 2 * SR);
  expect_finite(data, silence, 2 * SR);
}

static void
test_short(gconstpointer data)
{
  g_autofree float *samples = g_new0(float, 100);
  for (int i = 0; i < 100; i++)
    samples[i] = sinf(i * 0.3f);
  expect_finite(data, samples, 100);
}

static void
test_one_sample(gconstpointer data)
{
  float one = 0.5f;
  expect_finite(data, &one, 1);
}

static void
test_not_finite(gconstpointer data)
{
  g_autofree float *samples = g_new0(float, SR);
  for (int i = 0; i < SR; i++)
    samples[i] = i % 1000 == 3 ? NAN : i % 777 == 5 ? INFINITY : sinf(i * 0.05f);
  expect_finite(data, samples, SR);
}

static void
test_empty(gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  float none = 0;
  g_assert_null(compute(data, &none, 0, "", &error));
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
  } tests[] = {{"silence", test_silence},       {"short", test_short}, {"one-sample", test_one_sample},
               {"not-finite", test_not_finite}, {"empty", test_empty}, {"found-by-name", test_found_by_name}};
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

#include "dataset/front-end.h"
#include "base/error.h"
#include "base/rng.h"
#include "dsp/decibel.h"
#include "dsp/feature.h"
#include "support.h"
#include <string.h>

static MgParams *
front_end_params(const char *const *assignments)
{
  MgParams *params = mg_params_new(mg_front_end_tables());
  for (; *assignments; assignments++)
    g_assert_true(mg_params_assign(params, *assignments, NULL));
  return params;
}

static float *
noise(size_t n)
{
  MgRng rng = mg_rng_new(1);
  float *samples = g_new(float, n);
  for (size_t i = 0; i < n; i++)
    samples[i] = 0.1f * mg_rng_normal(&rng) + 0.3f * sinf(i * 0.1f);
  return samples;
}

/* The same numbers as the feature of that name, in decibels. */
static void
assert_feature(const char *name, const char *const *assignments)
{
  g_autoptr(MgParams) params = front_end_params(assignments);
  g_assert_true(mg_params_set(params, "feature", name, NULL));
  g_autoptr(MgFrontEnd) front_end = mg_front_end_new(params, NULL);
  g_assert_nonnull(front_end);
  size_t n = mg_front_end_samples(front_end), bins = mg_front_end_bins(front_end),
         frames = mg_front_end_frames(front_end);
  g_autofree float *samples = noise(n), *picture = g_new(float, bins *frames);
  mg_front_end_segment(front_end, samples, n, picture);
  const MgFeature *feature = mg_feature_find(name, NULL);
  g_autoptr(MgParams) feature_params = mg_feature_params(feature);
  g_assert_true(mg_params_take_changed(feature_params, params, NULL));
  int sr = mg_front_end_sr(front_end);
  g_autoptr(MgMatrix) expected = mg_feature_compute(feature, samples, n, sr, feature_params, NULL);
  g_assert_cmpuint(expected->rows, ==, bins);
  g_assert_cmpuint(expected->cols, ==, frames);
  g_assert_true(mg_front_end_gives_decibels(params) == (feature->scale != MG_SCALE_LINEAR));
  if (feature->scale != MG_SCALE_LINEAR)
    g_assert_true(mg_matrix_to_db(expected, feature->scale == MG_SCALE_AMPLITUDE, params, NULL));
  g_assert_cmpfloat(test_relative_error(picture, expected->data, bins * frames), <, 1e-5);
}

static void
test_equals_feature(void)
{
  static const char *const plain[] = {"segment_seconds=2", NULL};
  static const char *const esc[] = {"segment_seconds=1", "sr=44100", "n_fft=4096", "hop_length=308",
                                    "win_length=3969",   "fmin=20",  "fmax=17000", NULL};
  assert_feature("melspectrogram", plain);
  assert_feature("melspectrogram", esc);
  assert_feature("stft", plain);
}

/* Every picture of the table, with its own defaults where nothing is asked for. */
static void
test_any_feature(gconstpointer data)
{
  const MgFeature *feature = data;
  static const char *const plain[] = {"segment_seconds=1.5", NULL};
  assert_feature(feature->name, plain);
}

static void
test_deltas(void)
{
  static const char *const assignments[] = {"feature=mfcc",      "n_mfcc=13",      "deltas=2",
                                            "segment_seconds=1", "hop_length=256", NULL};
  g_autoptr(MgParams) params = front_end_params(assignments);
  g_autoptr(MgFrontEnd) front_end = mg_front_end_new(params, NULL);
  g_assert_cmpuint(mg_front_end_bins(front_end), ==, 39);
  size_t n = mg_front_end_samples(front_end), frames = mg_front_end_frames(front_end);
  g_autofree float *samples = noise(n), *picture = g_new(float, 39 * frames);
  mg_front_end_segment(front_end, samples, n, picture);
  const MgFeature *feature = mg_feature_find("delta", NULL);
  g_autoptr(MgParams) feature_params = mg_feature_params(feature);
  g_assert_true(mg_params_take_changed(feature_params, params, NULL));
  for (int order = 1; order <= 2; order++) {
    mg_params_set_int(feature_params, "order", order);
    g_autoptr(MgMatrix) expected = mg_feature_compute(feature, samples, n, 22050, feature_params, NULL);
    g_assert_cmpuint(expected->rows * expected->cols, ==, 13 * frames);
    g_assert_cmpfloat(test_relative_error(picture + order * 13 * frames, expected->data, 13 * frames), <, 1e-5);
  }
  g_assert_false(mg_front_end_gives_decibels(params));
}

static void
test_short(void)
{
  static const char *const assignments[] = {"segment_seconds=1", "top_db=60", NULL};
  g_autoptr(MgParams) params = front_end_params(assignments);
  g_autoptr(MgFrontEnd) front_end = mg_front_end_new(params, NULL);
  size_t n = mg_front_end_samples(front_end), size = mg_front_end_bins(front_end) * mg_front_end_frames(front_end);
  g_autofree float *samples = noise(n), *padded = g_new(float, size), *given = g_new(float, size);
  mg_front_end_segment(front_end, samples, n / 3, padded);
  memset(samples + n / 3, 0, (n - n / 3) * sizeof *samples);
  mg_front_end_segment(front_end, samples, n, given);
  g_assert_cmpmem(padded, size * sizeof *padded, given, size * sizeof *given);
  float largest = -INFINITY, smallest = INFINITY;
  for (size_t i = 0; i < size; i++) {
    largest = MAX(largest, given[i]);
    smallest = MIN(smallest, given[i]);
  }
  g_assert_cmpfloat_with_epsilon(largest, 0, 1e-4);
  g_assert_cmpfloat_with_epsilon(smallest, -60, 1e-4);
}

static void
test_silence(void)
{
  static const char *const assignments[] = {"segment_seconds=1", NULL};
  g_autoptr(MgParams) params = front_end_params(assignments);
  g_autoptr(MgFrontEnd) front_end = mg_front_end_new(params, NULL);
  size_t size = mg_front_end_bins(front_end) * mg_front_end_frames(front_end);
  g_autofree float *picture = g_new(float, size);
  mg_front_end_segment(front_end, NULL, 0, picture);
  for (size_t i = 0; i < size; i++)
    g_assert_cmpfloat(picture[i], ==, 0);
}

static void
test_clone(void)
{
  static const char *const assignments[] = {"segment_seconds=1", NULL};
  g_autoptr(MgParams) params = front_end_params(assignments);
  MgFrontEnd *front_end = mg_front_end_new(params, NULL);
  g_autoptr(MgFrontEnd) clone = mg_front_end_clone(front_end);
  size_t n = mg_front_end_samples(front_end), size = mg_front_end_bins(front_end) * mg_front_end_frames(front_end);
  g_autofree float *samples = noise(n), *one = g_new(float, size), *other = g_new(float, size);
  mg_front_end_segment(front_end, samples, n, one);
  mg_front_end_free(front_end);
  mg_front_end_segment(clone, samples, n, other);
  g_assert_cmpmem(one, size * sizeof *one, other, size * sizeof *other);
}

static void
test_refused(void)
{
  static const char *const cases[] = {"ref=loud", "fmin=12000", "segment_seconds=0.01", "feature=delta"};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *assignments[] = {cases[i], i == 2 ? "center=false" : "center=true",
                                 i == 3 ? "segment_seconds=0.1" : NULL, NULL};
    g_autoptr(MgParams) params = front_end_params(assignments);
    g_autoptr(GError) error = NULL;
    g_assert_null(mg_front_end_new(params, &error));
    g_assert_true(g_error_matches(error, MG_ERROR, i == 3 ? MG_ERROR_DATA : MG_ERROR_USAGE));
  }
}

/* What a file of a few bytes may claim is refused before there is memory for it. */
static void
test_huge(void)
{
  static const char *const assignments[] = {"segment_seconds=3600", "sr=192000", "feature=mfcc", NULL};
  g_autoptr(MgParams) params = front_end_params(assignments);
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_front_end_new(params, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_LIMIT);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/front-end/equals-feature", test_equals_feature);
  for (const MgFeature *const *feature = mg_features(); *feature; feature++) {
    g_autofree char *path = g_strdup_printf("/front-end/any-feature/%s", (*feature)->name);
    if ((*feature)->kind == MG_FEATURE_PICTURE)
      g_test_add_data_func(path, *feature, test_any_feature);
  }
  g_test_add_func("/front-end/deltas", test_deltas);
  g_test_add_func("/front-end/short", test_short);
  g_test_add_func("/front-end/silence", test_silence);
  g_test_add_func("/front-end/clone", test_clone);
  g_test_add_func("/front-end/refused", test_refused);
  g_test_add_func("/front-end/huge", test_huge);
  return g_test_run();
}

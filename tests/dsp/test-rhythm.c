/* dsp/onset, tempo, beat and hpss: librosa 0.11's answers for two signals, and what medians must be. */
#include "base/rng.h"
#include "dsp/feature.h"
#include "dsp/sort-network.h"
#include "tests-dsp.h"
#include <stdlib.h>

enum { SR = 22050 };

typedef struct {
  const char *feature, *expected; /* the array's name behind "synth_" or "clip_" */
  double tolerance;               /* relative; below 0: as many values, each this near */
} Case;

static const Case cases[] = {
    {"onset_strength", "onset_strength", 1e-4},
    {"onset_detect", "onset_frames", -0.0},
    {"tempogram", "tempogram", 1e-4},
    {"tempo", "tempo", 1e-6},
    {"beat_track", "beat_frames", -1},
    {"hpss_harmonic", "hpss_harmonic_mag", 1e-4},
    {"hpss_percussive", "hpss_percussive_mag", 1e-4},
    {"harmonic", "harmonic", 1e-4},
    {"percussive", "percussive", 1e-4},
};

static MgMatrix *
compute(const char *name, const MgMatrix *signal, const char *settings)
{
  const MgFeature *feature = mg_feature_find(name, NULL);
  g_assert_nonnull(feature);
  g_autoptr(MgParams) params = mg_feature_params(feature);
  test_set(params, settings);
  GError *error = NULL;
  MgMatrix *result = mg_feature_compute(feature, signal->data, signal->cols, SR, params, &error);
  g_assert_no_error(error);
  return result;
}

static void
check(const Case *c, const char *signal_name)
{
  g_autoptr(MgMatrix) signal = test_reference(signal_name);
  g_autofree char *name = g_strdup_printf("%s_%s", signal_name, c->expected);
  g_autoptr(MgMatrix) expected = signal ? test_reference(name) : NULL;
  if (!expected)
    return;
  g_autoptr(MgMatrix) ours = compute(c->feature, signal, "");
  g_assert_cmpuint(ours->rows, ==, expected->rows);
  g_assert_cmpuint(ours->cols, ==, expected->cols);
  size_t n = ours->rows * ours->cols;
  if (c->tolerance > 0) {
    double difference = test_relative_error(ours->data, expected->data, n);
    g_test_message("relative error %.2e", difference);
    g_assert_cmpfloat(difference, <=, c->tolerance);
  } else {
    for (size_t i = 0; i < n; i++)
      g_assert_cmpfloat(fabs(ours->data[i] - expected->data[i]), <=, -c->tolerance);
  }
}

static void
test_synth(gconstpointer data)
{
  check(data, "synth");
}

static void
test_clip(gconstpointer data)
{
  check(data, "clip");
}

static int
compare(const void *a, const void *b)
{
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

static void
test_sort_network(void)
{
  MgRng rng = mg_rng_new(1);
  for (size_t rows = 1; rows < 70; rows++) {
    enum { LANES = 5 };
    g_autofree float *values = g_new(float, rows *LANES), *column = g_new(float, rows);
    g_autofree float *kept = g_new(float, rows *LANES);
    size_t first = rows / 3, last = rows / 2;
    for (size_t i = 0; i < rows * LANES; i++)
      kept[i] = values[i] = (float)(int)(mg_rng_uniform(&rng) * 30);
    g_autoptr(MgSortNetwork) network = mg_sort_network_new(rows, first, last);
    mg_sort_network_run(network, values, LANES);
    for (size_t lane = 0; lane < LANES; lane++) {
      for (size_t row = 0; row < rows; row++)
        column[row] = kept[row * LANES + lane];
      qsort(column, rows, sizeof *column, compare);
      for (size_t row = first; row <= last; row++)
        g_assert_cmpfloat(values[row * LANES + lane], ==, column[row]);
    }
  }
}

static void
test_running_median(void)
{
  enum { N = 53, LANES = 3 };
  MgRng rng = mg_rng_new(2);
  for (size_t kernel = 1; kernel < 40; kernel++) {
    g_autoptr(MgRunningMedian) median = mg_running_median_new(kernel);
    size_t inputs = mg_running_median_inputs(median, N);
    float values[(N + 60) * LANES], results[N * LANES], window[40], *outputs[N];
    const float *rows[N + 60];
    g_assert_cmpuint(inputs, <=, N + 60);
    for (size_t i = 0; i < inputs * LANES; i++)
      values[i] = (float)mg_rng_uniform(&rng);
    for (size_t i = 0; i < inputs; i++)
      rows[i] = values + i * LANES;
    for (size_t i = 0; i < N; i++)
      outputs[i] = results + i * LANES;
    mg_running_median_run(median, rows, N, outputs, LANES);
    for (size_t i = 0; i < N * LANES; i++) {
      for (size_t k = 0; k < kernel; k++)
        window[k] = values[i + k * LANES];
      qsort(window, kernel, sizeof *window, compare);
      g_assert_cmpfloat(results[i], ==, window[kernel / 2]);
    }
  }
}

/* With a margin of 1 the two parts are the whole. */
static void
test_parts_add_up(void)
{
  g_autoptr(MgMatrix) signal = mg_matrix_new(1, SR, NULL);
  MgRng rng = mg_rng_new(3);
  for (size_t i = 0; i < SR; i++)
    signal->data[i] = 0.3f * sinf(i * 0.1f) + (float)mg_rng_uniform(&rng) * (i % 4000 < 50);
  g_autoptr(MgMatrix) harmonic = compute("harmonic", signal, "");
  g_autoptr(MgMatrix) percussive = compute("percussive", signal, "");
  for (size_t i = 0; i < SR; i++)
    harmonic->data[i] += percussive->data[i];
  g_assert_cmpfloat(test_relative_error(harmonic->data, signal->data, SR), <=, 1e-5);
  g_autoptr(MgMatrix) picture = compute("hpss_percussive", signal, "");
  g_autoptr(MgMatrix) power = compute("percussive_power", signal, "");
  double sum = 0;
  for (size_t bin = 0; bin < picture->rows; bin++)
    sum += pow(mg_matrix_row(picture, bin)[20], 2) / picture->rows;
  g_assert_cmpfloat(fabs(power->data[20] - sum), <=, 1e-5 * sum);
}

/* Clicks at 100 BPM. */
static void
test_clicks(void)
{
  g_autoptr(MgMatrix) signal = mg_matrix_new(1, 20 * SR, NULL);
  MgRng rng = mg_rng_new(4);
  for (size_t i = 0; i < signal->cols; i++)
    signal->data[i] = i % (SR * 6 / 10) < 200 ? (float)mg_rng_uniform(&rng) : 0;
  g_autoptr(MgMatrix) tempo = compute("tempo", signal, "");
  g_assert_cmpfloat(fabs(tempo->data[0] - 100), <, 2.5);
  g_autoptr(MgMatrix) beats = compute("beat_track", signal, "");
  g_assert_cmpuint(beats->cols, >, 25);
  for (size_t i = 1; i < beats->cols; i++)
    g_assert_cmpfloat(fabs(beats->data[i] - beats->data[i - 1] - 0.6 * SR / 512), <=, 1.2);
  g_autoptr(MgMatrix) onsets = compute("onset_detect", signal, "");
  g_assert_cmpuint(onsets->cols, >=, 32);
  g_assert_cmpuint(onsets->cols, <=, 34);
}

static void
test_silence(void)
{
  g_autoptr(MgMatrix) signal = mg_matrix_new(1, SR, NULL);
  g_autoptr(MgMatrix) onsets = compute("onset_detect", signal, "");
  g_autoptr(MgMatrix) beats = compute("beat_track", signal, "");
  g_assert_cmpuint(onsets->cols, ==, 0);
  g_assert_cmpuint(beats->cols, ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *synth = g_strdup_printf("/rhythm/synth/%s", cases[i].expected);
    g_autofree char *clip = g_strdup_printf("/rhythm/clip/%s", cases[i].expected);
    g_test_add_data_func(synth, &cases[i], test_synth);
    g_test_add_data_func(clip, &cases[i], test_clip);
  }
  g_test_add_func("/rhythm/sort-network", test_sort_network);
  g_test_add_func("/rhythm/running-median", test_running_median);
  g_test_add_func("/rhythm/parts-add-up", test_parts_add_up);
  g_test_add_func("/rhythm/clicks", test_clicks);
  g_test_add_func("/rhythm/silence", test_silence);
  return g_test_run();
}

/* Pitch classes, tuning and the constant-Q transform against librosa 0.11. */
#include "dsp/cqt.h"
#include "dsp/feature.h"
#include "dsp/tuning.h"
#include "tests-dsp.h"

enum { SR = 22050 };

typedef struct {
  const char *expected, *feature, *settings; /* expected: the signal's name goes before it */
  double tolerance;
} Case;

static const Case cases[] = {
    {"chroma_stft", "chroma_stft", "", 1e-4},
    {"chroma_stft_tuning0", "chroma_stft", "tuning=0", 1e-4},
    {"cqt_mag", "cqt", "", 1e-3},
    {"chroma_cqt", "chroma_cqt", "", 1e-3},
    {"tonnetz", "tonnetz", "", 1e-3},
};

static MgMatrix *
compute(const char *name, const float *samples, size_t n, int sr, const char *settings, GError **error)
{
  const MgFeature *feature = mg_feature_find(name, NULL);
  g_autoptr(MgParams) params = mg_feature_params(feature);
  test_set(params, settings);
  return mg_feature_compute(feature, samples, n, sr, params, error);
}

/* Both matrices, or FALSE where the test is skipped. */
static gboolean
load_and_compute(const Case *c, const char *signal_name, MgMatrix **ours, MgMatrix **expected)
{
  g_autofree char *name = g_strdup_printf("%s_%s", signal_name, c->expected);
  g_autoptr(MgMatrix) signal = test_reference(signal_name);
  *expected = signal ? test_reference(name) : NULL;
  if (!*expected)
    return FALSE;
  GError *error = NULL;
  *ours = compute(c->feature, signal->data, signal->cols, SR, c->settings, &error);
  g_assert_no_error(error);
  g_assert_cmpuint((*ours)->rows, ==, (*expected)->rows);
  g_assert_cmpuint((*ours)->cols, ==, (*expected)->cols);
  return TRUE;
}

static void
check_case(const Case *c, const char *signal_name)
{
  g_autoptr(MgMatrix) ours = NULL, expected = NULL;
  if (!load_and_compute(c, signal_name, &ours, &expected))
    return;
  double difference = test_relative_error(ours->data, expected->data, ours->rows * ours->cols);
  g_test_message("%s %s: relative error %.2e", signal_name, c->expected, difference);
  g_assert_cmpfloat(difference, <=, c->tolerance);
}

static void
test_synth(gconstpointer data)
{
  check_case(data, "synth");
}

static void
test_clip(gconstpointer data)
{
  check_case(data, "clip");
}

/* It quantises: a share of energy at the edge of a step may fall to either side, in 1% of frames. */
static void
test_cens(gconstpointer data)
{
  static const Case c = {"chroma_cens", "chroma_cens", "", 1e-3};
  g_autoptr(MgMatrix) ours = NULL, expected = NULL;
  if (!load_and_compute(&c, data, &ours, &expected))
    return;
  size_t good = 0;
  for (size_t frame = 0; frame < ours->cols; frame++) {
    double largest = 0;
    for (size_t row = 0; row < ours->rows; row++)
      largest = MAX(largest, fabs((double)mg_matrix_row(ours, row)[frame] - mg_matrix_row(expected, row)[frame]));
    good += largest <= c.tolerance;
  }
  g_test_message("%zu of %zu frames agree", good, ours->cols);
  g_assert_cmpuint(good * 100, >=, ours->cols * 99);
}

static void
test_tuning(gconstpointer data)
{
  g_autofree char *name = g_strdup_printf("%s_tuning", (const char *)data);
  g_autoptr(MgMatrix) signal = test_reference(data);
  g_autoptr(MgMatrix) expected = signal ? test_reference(name) : NULL;
  if (!expected)
    return;
  double tuning;
  g_assert_true(mg_estimate_tuning(signal->data, signal->cols, SR, 12, 0, &tuning, NULL));
  g_assert_cmpfloat((float)tuning, ==, expected->data[0]);
}

static float *
make_tone(double hz, int sr, size_t n)
{
  float *samples = g_new(float, n);
  for (size_t i = 0; i < n; i++)
    samples[i] = (float)(0.5 * sin(2 * G_PI * hz * i / sr));
  return samples;
}

static size_t
strongest_row(const MgMatrix *matrix, size_t frame)
{
  size_t best = 0;
  for (size_t row = 1; row < matrix->rows; row++)
    best = mg_matrix_row(matrix, row)[frame] > mg_matrix_row(matrix, best)[frame] ? row : best;
  return best;
}

/* A4 is pitch class 9 and 45 semitones above C1, at rates that lower the rate early (44100, 192000) and such that do
 * not, and where the hop cannot be halved in all octaves. */
static void
test_tone(void)
{
  static const struct {
    int sr;
    const char *hop;
  } ways[] = {
      {11025, ""}, {22050, ""}, {44100, ""}, {192000, ""}, {22050, "hop_length=100"}, {22050, "hop_length=441"}};
  for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
    size_t n = (size_t)ways[i].sr * 2;
    g_autofree float *tone = make_tone(440, ways[i].sr, n);
    g_autoptr(MgMatrix) cqt = compute("cqt", tone, n, ways[i].sr, ways[i].hop, NULL);
    g_autoptr(MgMatrix) chroma = compute("chroma_cqt", tone, n, ways[i].sr, ways[i].hop, NULL);
    g_assert_cmpuint(strongest_row(cqt, cqt->cols / 2), ==, 45);
    g_assert_cmpuint(strongest_row(chroma, chroma->cols / 2), ==, 9);
    g_assert_cmpfloat(mg_matrix_row(cqt, 45)[cqt->cols / 2], >, 0);
  }
}

/* Divided by the square root of the filter's length, a tone's magnitude grows with the square root of the rate; without
 * that, with the rate: whether the rate is lowered in one step, two or none. */
static void
test_scale(void)
{
  MgCqtSpec spec = mg_cqt_spec(NULL);
  double alpha = (exp2(2.0 / 12) - 1) / (exp2(2.0 / 12) + 1), length = SR / alpha / (spec.fmin * exp2(45 / 12.0));
  g_autofree float *low = make_tone(440, SR, 2 * SR);
  g_autoptr(MgMatrix) at_low = compute("cqt", low, 2 * SR, SR, "", NULL);
  for (int factor = 1; factor <= 8; factor *= 2) {
    g_autofree float *high = make_tone(440, factor * SR, 2 * factor * SR);
    for (int scale = 0; scale < 2; scale++) {
      g_autofree char *settings = g_strdup_printf("scale=%s hop_length=%d", scale ? "true" : "false", 512 * factor);
      g_autoptr(MgMatrix) at_high = compute("cqt", high, 2 * factor * SR, factor * SR, settings, NULL);
      g_assert_cmpuint(at_high->cols, ==, at_low->cols);
      double ratio = mg_matrix_row(at_high, 45)[at_high->cols / 2] / mg_matrix_row(at_low, 45)[at_low->cols / 2];
      g_assert_cmpfloat_with_epsilon(ratio, scale ? sqrt(factor) : factor * sqrt(length), 0.01 * ratio);
    }
  }
}

static void
test_tuning_of_tones(void)
{
  static const double semitones[] = {-0.31, 0, 0.2, 0.45};
  for (size_t i = 0; i < G_N_ELEMENTS(semitones); i++) {
    double tuning;
    g_autofree float *tone = make_tone(1760 * exp2(semitones[i] / 12), SR, SR);
    g_assert_true(mg_estimate_tuning(tone, SR, SR, 12, 0, &tuning, NULL));
    g_assert_cmpfloat_with_epsilon(tuning, semitones[i], 0.02);
  }
}

static void
test_silence(void)
{
  static const char *const names[] = {"chroma_stft", "chroma_cqt", "chroma_cens", "cqt", "tonnetz"};
  g_autofree float *silence = g_new0(float, SR);
  double tuning;
  g_assert_true(mg_estimate_tuning(silence, SR, SR, 12, 0, &tuning, NULL));
  g_assert_cmpfloat(tuning, ==, 0);
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autoptr(MgMatrix) matrix = compute(names[i], silence, SR, SR, "", NULL);
    for (size_t v = 0; v < matrix->rows * matrix->cols; v++)
      g_assert_cmpfloat(matrix->data[v], ==, 0);
  }
}

/* As librosa, which refuses filters above sr / 2. */
static void
test_beyond_nyquist(void)
{
  g_autofree float *tone = make_tone(440, 8000, 8000);
  g_autoptr(GError) error = NULL;
  g_assert_null(compute("cqt", tone, 8000, 8000, "", &error));
  g_assert_nonnull(strstr(error->message, "4000 Hz"));
  g_autoptr(MgMatrix) fewer = compute("cqt", tone, 8000, 8000, "n_bins=72", NULL);
  g_assert_cmpuint(fewer->rows, ==, 72);
}

static void
test_refused(void)
{
  static const struct {
    const char *feature, *settings, *message;
  } refused[] = {{"chroma_cqt", "bins_per_octave=20", "multiple of 12"},
                 {"cqt", "fmin=1 n_bins=12 filter_scale=16 bins_per_octave=192 hop_length=511", "longest filter"}};
  g_autofree float *tone = make_tone(440, 96000, 96000);
  for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(compute(refused[i].feature, tone, 96000, 96000, refused[i].settings, &error));
    g_assert_nonnull(strstr(error->message, refused[i].message));
  }
}

/* Bins that do not fill the lowest octave are the same as those of the whole octaves. */
static void
test_part_of_an_octave(void)
{
  g_autofree float *tone = make_tone(200, SR, SR);
  g_autoptr(MgMatrix) whole = compute("cqt", tone, SR, SR, "n_bins=48 fmin=110", NULL);
  g_autoptr(MgMatrix) part = compute("cqt", tone, SR, SR, "n_bins=43 fmin=146.8323839587038", NULL);
  g_assert_cmpuint(part->rows, ==, 43);
  for (size_t row = 7; row < 43; row++)
    g_assert_cmpfloat(test_relative_error(mg_matrix_row(part, row), mg_matrix_row(whole, row + 5), part->cols), <=,
                      1e-4);
}

int
main(int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*run)(void);
  } tests[] = {{"tone", test_tone},
               {"scale", test_scale},
               {"tuning-of-tones", test_tuning_of_tones},
               {"silence", test_silence},
               {"beyond-nyquist", test_beyond_nyquist},
               {"refused", test_refused},
               {"part-of-an-octave", test_part_of_an_octave}};
  static const char *const signals[] = {"synth", "clip"};
  g_test_init(&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *synth = g_strdup_printf("/dsp/harmony/synth/%s", cases[i].expected);
    g_autofree char *clip = g_strdup_printf("/dsp/harmony/clip/%s", cases[i].expected);
    g_test_add_data_func(synth, &cases[i], test_synth);
    g_test_add_data_func(clip, &cases[i], test_clip);
  }
  for (size_t i = 0; i < G_N_ELEMENTS(signals); i++) {
    g_autofree char *cens = g_strdup_printf("/dsp/harmony/%s/chroma_cens", signals[i]);
    g_autofree char *tuning = g_strdup_printf("/dsp/harmony/%s/tuning", signals[i]);
    g_test_add_data_func(cens, signals[i], test_cens);
    g_test_add_data_func(tuning, signals[i], test_tuning);
  }
  for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
    g_autofree char *path = g_strdup_printf("/dsp/harmony/%s", tests[i].name);
    g_test_add_func(path, tests[i].run);
  }
  return g_test_run();
}

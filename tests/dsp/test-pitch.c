/* dsp/yin and pyin: librosa 0.11's answers for two signals, and tones whose pitch is known. */
#include "dsp/feature.h"
#include "tests-dsp.h"

enum { SR = 22050 };

static MgMatrix *
compute(const char *name, const float *samples, size_t n, int sr, const char *settings, GError **error)
{
  const MgFeature *feature = mg_feature_find(name, NULL);
  g_assert_nonnull(feature);
  g_autoptr(MgParams) params = mg_feature_params(feature);
  test_set(params, settings);
  return mg_feature_compute(feature, samples, n, sr, params, error);
}

/* 99% of the frames within 1%. */
static void
test_reference_f0(gconstpointer data)
{
  g_auto(GStrv) names = g_strsplit(data, "_", 2);
  g_autofree char *array = g_strdup_printf("%s_f0", (const char *)data);
  g_autoptr(MgMatrix) signal = test_reference(names[0]);
  g_autoptr(MgMatrix) expected = signal ? test_reference(array) : NULL;
  if (!expected)
    return;
  GError *error = NULL;
  g_autoptr(MgMatrix) ours = compute(names[1], signal->data, signal->cols, SR, "fmin=65 fmax=2093", &error);
  g_assert_no_error(error);
  g_assert_cmpuint(ours->cols, ==, expected->cols);
  size_t good = 0;
  for (size_t i = 0; i < ours->cols; i++) {
    gboolean near = fabs(ours->data[i] - expected->data[i]) <= 0.01 * expected->data[i];
    if (!near)
      g_test_message("frame %zu: %g, expected %g", i, ours->data[i], expected->data[i]);
    good += near;
  }
  g_test_message("%zu of %zu frames", good, ours->cols);
  g_assert_cmpfloat((double)good / ours->cols, >=, 0.99);
}

static void
test_tone(void)
{
  static const double pitches[] = {82, 220, 441.5, 1200};
  g_autofree float *samples = g_new(float, SR);
  for (size_t p = 0; p < G_N_ELEMENTS(pitches); p++) {
    for (size_t i = 0; i < SR; i++)
      samples[i] = (float)(0.5 * sin(2 * G_PI * pitches[p] * i / SR) + 0.2 * sin(4 * G_PI * pitches[p] * i / SR));
    for (int probabilistic = 0; probabilistic < 2; probabilistic++) {
      g_autoptr(MgMatrix) f0 = compute(probabilistic ? "pyin" : "yin", samples, SR, SR, "", NULL);
      for (size_t i = 4; i + 4 < f0->cols; i++)
        g_assert_cmpfloat(fabs(f0->data[i] - pitches[p]), <=, 0.012 * pitches[p]);
    }
  }
}

static void
test_silence_is_unvoiced(void)
{
  g_autofree float *samples = g_new0(float, SR);
  g_autoptr(MgMatrix) f0 = compute("pyin", samples, SR, SR, "", NULL);
  for (size_t i = 0; i < f0->cols; i++)
    g_assert_cmpfloat(f0->data[i], ==, 0);
}

static void
test_impossible_frequencies(void)
{
  static const struct {
    int sr;
    const char *settings, *says;
  } cases[] = {
      {SR, "fmax=12000", "fmax=12000"},
      {SR, "fmin=500 fmax=400", "fmin=500"},
      {192000, "", "frame_length"},
      {SR, "center=false frame_length=4096", "no frame"},
  };
  float samples[1000] = {0};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
    for (int probabilistic = 0; probabilistic < 2; probabilistic++) {
      g_autoptr(GError) error = NULL;
      g_assert_null(compute(probabilistic ? "pyin" : "yin", samples, 1000, cases[i].sr, cases[i].settings, &error));
      g_assert_nonnull(error);
      g_assert_nonnull(strstr(error->message, cases[i].says));
      g_assert_null(strchr(error->message, '\n'));
    }
}

int
main(int argc, char **argv)
{
  static const char *const references[] = {"synth_yin", "clip_yin", "synth_pyin", "clip_pyin"};
  g_test_init(&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(references); i++) {
    g_autofree char *path = g_strdup_printf("/pitch/%s", references[i]);
    g_test_add_data_func(path, references[i], test_reference_f0);
  }
  g_test_add_func("/pitch/tone", test_tone);
  g_test_add_func("/pitch/silence-is-unvoiced", test_silence_is_unvoiced);
  g_test_add_func("/pitch/impossible-frequencies", test_impossible_frequencies);
  return g_test_run();
}

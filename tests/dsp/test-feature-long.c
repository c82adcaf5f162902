/* dsp/feature-long: worked in stretches, every feature of the table has the values that it has in one piece. */
#include "dsp/feature-long.h"
#include "base/rng.h"
#include "support.h"

enum { SR = 22050, N = SR * 11 + 123 };

/* Tones that come and go over noise, with clicks: something for every feature. */
static float *
make_signal(void)
{
  float *samples = g_new(float, N);
  MgRng rng = mg_rng_new(5);
  for (size_t i = 0; i < N; i++) {
    double t = (double)i / SR, swell = 0.5 + 0.5 * sin(2 * G_PI * 0.3 * t);
    samples[i] = (float)(0.3 * swell * sin(2 * G_PI * (220 + 30 * floor(t)) * t) + 0.1 * sin(2 * G_PI * 1760 * t) +
                         0.02 * (mg_rng_uniform(&rng) - 0.5));
    if (i % (SR / 2) < 40)
      samples[i] += 0.5f;
  }
  return samples;
}

static void
test_feature(gconstpointer data)
{
  const MgFeature *feature = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(MgParams) params = mg_feature_params(feature);
  g_autofree float *samples = make_signal();
  g_autoptr(MgMatrix) whole = mg_feature_compute(feature, samples, N, SR, params, &error);
  g_assert_no_error(error);
  g_autoptr(MgSpool) signal = mg_spool_new(1, MG_SPOOL_MEMORY);
  g_assert_true(mg_spool_append(signal, samples, N, N, NULL));
  g_autoptr(MgLongSignal) long_signal = mg_long_signal_new(signal, SR, 2.5);
  g_autoptr(MgSpool) spool = mg_long_signal_feature(long_signal, feature, params, &error);
  g_assert_no_error(error);
  g_autoptr(MgMatrix) parts = mg_spool_matrix(spool, 0, mg_spool_cols(spool), NULL);
  g_assert_cmpuint(parts->rows, ==, whole->rows);
  g_assert_cmpuint(parts->cols, ==, whole->cols);
  double difference = test_relative_error(parts->data, whole->data, whole->rows * whole->cols);
  g_test_message("%s: %g", feature->name, difference);
  g_assert_cmpfloat(difference, <, 1e-4);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (const MgFeature *const *feature = mg_features(); *feature; feature++) {
    g_autofree char *path = g_strdup_printf("/feature-long/%s", (*feature)->name);
    g_test_add_data_func(path, *feature, test_feature);
  }
  return g_test_run();
}

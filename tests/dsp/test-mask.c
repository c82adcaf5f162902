/* Regions of time and frequency, kept or muted. */
#include "dsp/feature.h"
#include "dsp/mask.h"
#include "tests-dsp.h"

#define SR 8000
#define N (2 * SR)

static float samples[N];

/* 500 Hz and 2000 Hz all the time. */
static void
make_signal(void)
{
  for (int i = 0; i < N; i++)
    samples[i] = (float)(0.4 * sin(2 * G_PI * 500 * i / SR) + 0.2 * sin(2 * G_PI * 2000 * i / SR));
}

/* The amplitude of a tone in [from, to) s. */
static double
amplitude(const float *sound, double hz, double from, double to)
{
  double real = 0, imaginary = 0;
  int first = (int)(from * SR), last = (int)(to * SR);
  for (int i = first; i < last; i++) {
    real += sound[i] * cos(2 * G_PI * hz * i / SR);
    imaginary += sound[i] * sin(2 * G_PI * hz * i / SR);
  }
  return 2 * hypot(real, imaginary) / (last - first);
}

static MgParams *
make_params(void)
{
  static const MgParamTable *const tables[] = {&mg_stft_params, NULL};
  MgParams *params = mg_params_new(tables);
  test_set(params, "n_fft=512 hop_length=128");
  return params;
}

static float *
apply(MgMaskMode mode)
{
  static const MgRegion upper_middle[] = {{0.5, 1.1, 1500, 2500}, {0.9, 1.5, 1800, 2200}};
  g_autoptr(MgParams) params = make_params();
  g_autoptr(MgMask) mask = mg_mask_new(upper_middle, G_N_ELEMENTS(upper_middle), mode, params);
  return mg_mask_apply(mask, samples, N, SR, 0, NULL);
}

static void
test_keep(void)
{
  g_autofree float *kept = apply(MG_MASK_KEEP);
  g_assert_cmpfloat_with_epsilon(amplitude(kept, 2000, 0.6, 1.4), 0.2, 0.002);
  g_assert_cmpfloat(amplitude(kept, 500, 0.6, 1.4), <, 0.001);
  g_assert_cmpfloat(amplitude(kept, 2000, 0, 0.4), <, 0.001);
}

static void
test_mute(void)
{
  g_autofree float *left = apply(MG_MASK_MUTE), *kept = apply(MG_MASK_KEEP);
  g_assert_cmpfloat(amplitude(left, 2000, 0.6, 1.4), <, 0.002);
  g_assert_cmpfloat_with_epsilon(amplitude(left, 500, 0.6, 1.4), 0.4, 0.002);
  g_assert_cmpfloat_with_epsilon(amplitude(left, 2000, 0, 0.4), 0.2, 0.002);
  for (int i = 0; i < N; i++) /* the two are the whole */
    g_assert_cmpfloat_with_epsilon(left[i] + kept[i], samples[i], 1e-5);
}

/* A stretch of a longer sound: regions count from the sound's start. */
static void
test_first_time(void)
{
  static const MgRegion early = {0, 0.5, 0, SR};
  g_autoptr(MgParams) params = make_params();
  g_autoptr(MgMask) mask = mg_mask_new(&early, 1, MG_MASK_KEEP, params);
  g_autofree float *sound = mg_mask_apply(mask, samples, N, SR, 10, NULL);
  g_assert_cmpfloat(amplitude(sound, 500, 0, 2), <, 1e-6);
}

static void
test_equal(void)
{
  static const MgRegion one = {0, 1, 100, 200}, other = {0, 1, 100, 300};
  g_autoptr(MgParams) params = make_params();
  g_autoptr(MgMask) a = mg_mask_new(&one, 1, MG_MASK_KEEP, params), b = mg_mask_new(&one, 1, MG_MASK_KEEP, params);
  g_autoptr(MgMask) c = mg_mask_new(&other, 1, MG_MASK_KEEP, params), d = mg_mask_new(&one, 1, MG_MASK_MUTE, params);
  g_autoptr(MgMask) none = mg_mask_new(NULL, 0, MG_MASK_KEEP, params);
  g_assert_true(mg_mask_equal(a, b));
  g_assert_false(mg_mask_equal(a, c));
  g_assert_false(mg_mask_equal(a, d));
  g_assert_false(mg_mask_equal(a, none));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  make_signal();
  g_test_add_func("/mask/keep", test_keep);
  g_test_add_func("/mask/mute", test_mute);
  g_test_add_func("/mask/first-time", test_first_time);
  g_test_add_func("/mask/equal", test_equal);
  return g_test_run();
}

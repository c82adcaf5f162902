#include "dsp/fft.h"
#include "base/rng.h"
#include "support.h"

/* The sum that defines the transform. */
static void
sum_up(const float *samples, size_t n, size_t k, double *re, double *im)
{
  *re = *im = 0;
  for (size_t i = 0; i < n; i++) {
    double angle = 2 * G_PI * (double)(i * k % n) / n;
    *re += samples[i] * cos(angle);
    *im -= samples[i] * sin(angle);
  }
}

/* Lengths that are even, odd, twice an odd number, and prime. */
static void
test_lengths(void)
{
  static const size_t lengths[] = {2, 3, 4, 6, 16, 17, 18, 100, 1022, 1023, 1024};
  for (size_t l = 0; l < G_N_ELEMENTS(lengths); l++) {
    size_t n = lengths[l];
    g_autoptr(MgFft) fft = mg_fft_new(n);
    g_autofree float *samples = g_new(float, n), *power = g_new(float, n / 2 + 1);
    MgRng rng = mg_rng_new(n);
    for (size_t i = 0; i < n; i++)
      mg_fft_input(fft)[i] = samples[i] = mg_rng_between(&rng, -1, 1);
    const float *re, *im;
    mg_fft_forward(fft, &re, &im);
    for (size_t k = 0; k < n / 2 + 1; k++) {
      double expected_re, expected_im;
      sum_up(samples, n, k, &expected_re, &expected_im);
      g_assert_cmpfloat_with_epsilon(re[k], expected_re, 1e-6 * n);
      g_assert_cmpfloat_with_epsilon(im[k], expected_im, 1e-6 * n);
    }
    for (size_t i = 0; i < n; i++)
      mg_fft_input(fft)[i] = samples[i];
    mg_fft_power(fft, power);
    for (size_t k = 0; k < n / 2 + 1; k++)
      g_assert_cmpfloat(power[k], ==, re[k] * re[k] + im[k] * im[k]);
  }
}

/* There and back again. */
static void
test_inverse(void)
{
  static const size_t lengths[] = {2, 3, 4, 6, 16, 17, 18, 100, 1022, 1023, 1024};
  for (size_t l = 0; l < G_N_ELEMENTS(lengths); l++) {
    size_t n = lengths[l];
    g_autoptr(MgFft) fft = mg_fft_new(n);
    g_autoptr(MgInverseFft) inverse = mg_inverse_fft_new(n);
    g_autofree float *samples = g_new(float, n);
    MgRng rng = mg_rng_new(n);
    for (size_t i = 0; i < n; i++)
      mg_fft_input(fft)[i] = samples[i] = mg_rng_between(&rng, -1, 1);
    const float *re, *im;
    mg_fft_forward(fft, &re, &im);
    const float *back = mg_inverse_fft(inverse, re, im);
    for (size_t i = 0; i < n; i++)
      g_assert_cmpfloat_with_epsilon(back[i], samples[i], 1e-6);
  }
}

/* numpy.fft.irfft leaves out the imaginary parts that a real signal cannot have. */
static void
test_inverse_of_unreal(void)
{
  const float re[] = {1, 2, 3}, im[] = {4, 5, 6};
  const float even[] = {2, -3, 0, 2}, odd[] = {2.2f, -3.83640444f, 1.03057193f, -1.18335834f, 2.78919084f};
  g_autoptr(MgInverseFft) four = mg_inverse_fft_new(4);
  const float *ours = mg_inverse_fft(four, re, im);
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon(ours[i], even[i], 1e-6);
  g_autoptr(MgInverseFft) five = mg_inverse_fft_new(5);
  ours = mg_inverse_fft(five, re, im);
  for (int i = 0; i < 5; i++)
    g_assert_cmpfloat_with_epsilon(ours[i], odd[i], 1e-6);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/dsp/fft/lengths", test_lengths);
  g_test_add_func("/dsp/fft/inverse", test_inverse);
  g_test_add_func("/dsp/fft/inverse-of-unreal", test_inverse_of_unreal);
  return g_test_run();
}

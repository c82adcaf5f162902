#include "dsp/halve.h"
#include "dsp/resample.h"
#include "support.h"

static float *
tone(size_t n, double cycles_per_sample)
{
  float *samples = g_new(float, n);
  for (size_t i = 0; i < n; i++)
    samples[i] = 0.5f * (float)sin(2 * G_PI * cycles_per_sample * i);
  return samples;
}

static void
test_length(void)
{
  static const struct {
    size_t n;
    int from, to;
    size_t expected; /* ceil(n * to / from) */
  } cases[] = {{1, 44100, 22050, 1},      {44101, 44100, 22050, 22051}, {48000, 48000, 44100, 44100},
               {1000, 8000, 44100, 5513}, {7, 44100, 8000, 2},          {100, 22050, 22050, 100}};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree float *samples = tone(cases[i].n, 0.01);
    size_t n;
    g_autofree float *out = mg_resample(samples, cases[i].n, cases[i].from, cases[i].to, &n, NULL);
    g_assert_nonnull(out);
    g_assert_cmpuint(n, ==, cases[i].expected);
  }
}

/* Fed in uneven pieces, the stream gives what the whole signal gives at once. */
static void
test_streaming(void)
{
  enum { N = 100003 };
  g_autofree float *samples = tone(N, 440.0 / 48000);
  size_t n;
  g_autofree float *whole = mg_resample(samples, N, 48000, 22050, &n, NULL);
  g_autoptr(MgResampler) resampler = mg_resampler_new(48000, 22050, NULL);
  g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(float));
  size_t at = 0;
  for (size_t piece = 1; at < N; piece = piece * 3 + 1) {
    size_t count = MIN(piece, N - at);
    g_assert_true(mg_resampler_push(resampler, samples + at, count, out, NULL));
    at += count;
  }
  g_assert_true(mg_resampler_push(resampler, NULL, 0, out, NULL));
  g_assert_cmpuint(out->len, ==, n);
  g_assert_cmpfloat(test_relative_error((float *)out->data, whole, n), <, 1e-6);
}

/* A tone stays a tone of the same pitch and size, but at the ends where the filter reaches beyond the signal.
 */
static void
test_tone(void)
{
  enum { N = 96000 };
  g_autofree float *samples = tone(N, 1000.0 / 48000);
  size_t n;
  g_autofree float *out = mg_resample(samples, N, 48000, 44100, &n, NULL);
  for (size_t i = 1000; i < n - 1000; i++)
    g_assert_cmpfloat_with_epsilon(out[i], 0.5 * sin(2 * G_PI * 1000 * i / 44100), 2e-5);
}

/* Half the rate by blocks is what the stream gives, also where the signal is shorter than the filter. */
static void
test_halve(void)
{
  static const size_t lengths[] = {1, 2, 3, 100, 1249, 2048, 3297, 50001};
  g_autoptr(MgHalver) halver = mg_halver_new();
  for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
    size_t n = lengths[i];
    g_autofree float *samples = tone(n, 0.031), *half = g_new(float, (n + 1) / 2);
    for (size_t k = 0; k < n; k += 77)
      samples[k] = 1;
    g_autoptr(MgResampler) resampler = mg_resampler_new(2, 1, NULL);
    g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(float));
    mg_resampler_push(resampler, samples, n, out, NULL);
    mg_resampler_push(resampler, NULL, 0, out, NULL);
    mg_halve(halver, samples, n, half);
    g_assert_cmpuint(out->len, ==, (n + 1) / 2);
    for (guint k = 0; k < out->len; k++)
      g_assert_cmpfloat_with_epsilon(half[k], g_array_index(out, float, k), 2e-6);
  }
}

static void
test_bad_rate(void)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_resampler_new(0, 22050, &error));
  g_assert_nonnull(error);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/dsp/resample/length", test_length);
  g_test_add_func("/dsp/resample/streaming", test_streaming);
  g_test_add_func("/dsp/resample/tone", test_tone);
  g_test_add_func("/dsp/resample/halve", test_halve);
  g_test_add_func("/dsp/resample/bad-rate", test_bad_rate);
  return g_test_run();
}

#include "dsp/halve.h"
#include "dsp/fft.h"
#include "dsp/pad.h"
#include "dsp/resample.h"
#include "dsp/vector.h"

enum {
  BLOCK = 2048,             /* samples in a transform */
  REACH = MG_HALVE_REACH,   /* beyond it the filter is below 1e-7 */
  GIVEN = BLOCK / 2 - REACH /* samples that a block gives */
};

/* The symmetric filter, its middle at 0, from what comes out for an impulse: an even place tells its even values, an
 * odd one its odd values. */
static void
measure_filter(float *filter)
{
  enum { LENGTH = 8 * REACH, MIDDLE = LENGTH / 2 };
  for (int odd = 0; odd < 2; odd++) {
    float impulse[LENGTH] = {0};
    impulse[MIDDLE + odd] = 1;
    g_autoptr(MgResampler) resampler = mg_resampler_new(2, 1, NULL);
    g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(float));
    mg_resampler_push(resampler, impulse, LENGTH, out, NULL);
    mg_resampler_push(resampler, NULL, 0, out, NULL);
    for (int at = odd; at <= REACH; at += 2)
      filter[at] = g_array_index(out, float, (MIDDLE + odd + at) / 2);
  }
}

/* The filter's spectrum, which is real, divided by the length of the inverse: (BLOCK / 2 + 1). Halving the rate adds
 * two halves of the spectrum and divides by 2. */
static const float *
filter_spectrum(void)
{
  static gsize made;
  static float spectrum[BLOCK / 2 + 1];
  if (g_once_init_enter(&made)) {
    float filter[REACH + 1];
    const float *real, *imaginary;
    g_autoptr(MgFft) fft = mg_fft_new(BLOCK);
    float *input = mg_fft_input(fft);
    measure_filter(filter);
    for (int at = 0; at < BLOCK; at++)
      input[at] = at <= REACH ? filter[at] : at >= BLOCK - REACH ? filter[BLOCK - at] : 0;
    mg_fft_forward(fft, &real, &imaginary);
    for (int k = 0; k <= BLOCK / 2; k++)
      spectrum[k] = real[k] / BLOCK;
    g_once_init_leave(&made, 1);
  }
  return spectrum;
}

struct MgHalver {
  MgComplexFft *forward, *back;
  const float *spectrum;
  float room[2][BLOCK];
};

MgHalver *
mg_halver_new(void)
{
  MgHalver *halver = g_new(MgHalver, 1);
  halver->spectrum = filter_spectrum();
  halver->forward = mg_complex_fft_new(BLOCK, FALSE);
  halver->back = mg_complex_fft_new(BLOCK / 2, TRUE);
  return halver;
}

void
mg_halver_free(MgHalver *halver)
{
  if (!halver)
    return;
  mg_complex_fft_free(halver->forward);
  mg_complex_fft_free(halver->back);
  g_free(halver);
}

/* At half the rate, what was at k + BLOCK / 2 lies at k. */
MG_VECTOR static void
fold(const float *restrict spectrum, const float *restrict z, float *restrict half)
{
  const float *restrict upper = z + BLOCK;
  for (int k = 0; k < BLOCK / 2; k++) {
    half[2 * k] = spectrum[k] * z[2 * k] + spectrum[BLOCK / 2 - k] * upper[2 * k];
    half[2 * k + 1] = spectrum[k] * z[2 * k + 1] + spectrum[BLOCK / 2 - k] * upper[2 * k + 1];
  }
}

/* The samples of a block of results, with what the filter reaches beside them. */
static const float *
block_samples(const float *samples, size_t n, size_t first, float *room)
{
  gint64 start = 2 * (gint64)first - REACH;
  if (start >= 0 && (size_t)start + BLOCK <= n)
    return samples + start;
  mg_pad_load(MG_PAD_CONSTANT, samples, (gint64)n, start, BLOCK, room);
  return room;
}

/* A block's real or imaginary parts. */
MG_VECTOR static void
store(const float *restrict z, size_t count, float *restrict out)
{
  for (size_t i = 0; i < count; i++)
    out[i] = z[2 * i];
}

/* Two blocks at once: the filter is real, so real and imaginary part do not mix. */
void
mg_halve(MgHalver *halver, const float *samples, size_t n, float *out)
{
  size_t n_out = (n + 1) / 2;
  for (size_t first = 0; first < n_out; first += 2 * GIVEN) {
    size_t second = first + GIVEN;
    mg_complex_fft_load(halver->forward, block_samples(samples, n, first, halver->room[0]),
                        block_samples(samples, n, second, halver->room[1]));
    fold(halver->spectrum, mg_complex_fft(halver->forward), mg_complex_fft_input(halver->back));
    const float *half = mg_complex_fft(halver->back) + REACH;
    store(half, MIN(GIVEN, n_out - first), out + first);
    if (second < n_out)
      store(half + 1, MIN(GIVEN, n_out - second), out + second);
  }
}

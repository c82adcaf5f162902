#include "dsp/slice.h"
#include "dsp/fft.h"
#include "dsp/window.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SILENCE 1e-20 /* of power: -200 dB */
#define STANDS_OUT 3.0
#define LOWEST 80.0

/* Sum of the window: what a bin at a sine of amplitude 1 has is half of it. */
static double
fill_window(float *window, size_t n_fft)
{
  double sum = 0;
  mg_window_fill("hann", window, n_fft);
  for (size_t i = 0; i < n_fft; i++)
    sum += window[i];
  return sum;
}

static void
mean_power(const float *samples, size_t n, size_t n_fft, size_t bins, float *db)
{
  g_autoptr(MgFft) fft = mg_fft_new(n_fft);
  g_autofree float *window = g_new(float, n_fft), *power = g_new(float, bins);
  g_autofree double *total = g_new0(double, bins);
  double sum = fill_window(window, n_fft);
  size_t hop = n_fft / 2, frames = n > n_fft ? (n - n_fft) / hop + 1 : 1;
  for (size_t frame = 0; frame < frames; frame++) {
    float *input = mg_fft_input(fft);
    for (size_t i = 0; i < n_fft; i++)
      input[i] = frame * hop + i < n ? samples[frame * hop + i] * window[i] : 0;
    mg_fft_power(fft, power);
    for (size_t bin = 0; bin < bins; bin++)
      total[bin] += power[bin];
  }
  for (size_t bin = 0; bin < bins; bin++)
    db[bin] = (float)(10 * log10(MAX(total[bin] / (double)frames * 4 / (sum * sum), SILENCE)));
}

/* How far a peak rises above the higher of the two valleys beside it. */
static double
prominence(const MgSlice *slice, size_t bin)
{
  float left = slice->db[bin], right = slice->db[bin];
  for (size_t i = bin; i > 0 && slice->db[i - 1] <= slice->db[bin]; i--)
    left = MIN(left, slice->db[i - 1]);
  for (size_t i = bin + 1; i < slice->bins && slice->db[i] <= slice->db[bin]; i++)
    right = MIN(right, slice->db[i]);
  return slice->db[bin] - MAX(left, right);
}

static MgPeak
interpolate(const MgSlice *slice, size_t bin)
{
  double a = slice->db[bin - 1], b = slice->db[bin], c = slice->db[bin + 1], bend = a - 2 * b + c;
  double shift = bend < 0 ? CLAMP((a - c) / (2 * bend), -0.5, 0.5) : 0;
  return (MgPeak){((double)bin + shift) * slice->bin_hz, b - (a - c) * shift / 4};
}

static int
by_level(const void *a, const void *b)
{
  double first = ((const MgPeak *)a)->db, second = ((const MgPeak *)b)->db;
  return (first < second) - (first > second);
}

static void
find_peaks(MgSlice *slice, size_t most)
{
  g_autoptr(GArray) peaks = g_array_new(FALSE, FALSE, sizeof(MgPeak));
  float loudest = -INFINITY;
  for (size_t bin = 1; bin + 1 < slice->bins; bin++)
    loudest = MAX(loudest, slice->db[bin]);
  for (size_t bin = 1; bin + 1 < slice->bins; bin++) {
    gboolean top = slice->db[bin] > slice->db[bin - 1] && slice->db[bin] >= slice->db[bin + 1];
    if (!top || slice->db[bin] < loudest - LOWEST || slice->db[bin] < -180 || prominence(slice, bin) < STANDS_OUT)
      continue;
    MgPeak peak = interpolate(slice, bin);
    g_array_append_val(peaks, peak);
  }
  slice->n_peaks = MIN(peaks->len, most);
  if (peaks->len > 0)
    qsort(peaks->data, peaks->len, sizeof(MgPeak), by_level);
  slice->peaks = g_memdup2(peaks->data, slice->n_peaks * sizeof(MgPeak));
}

MgSlice *
mg_slice_new(const float *samples, size_t n, int sr, size_t n_fft, size_t most)
{
  if (n_fft < 4)
    return NULL;
  MgSlice *slice = g_new0(MgSlice, 1);
  slice->n_fft = n_fft;
  slice->bins = n_fft / 2 + 1;
  slice->bin_hz = (double)sr / (double)n_fft;
  slice->db = g_new(float, slice->bins);
  mean_power(samples, n, n_fft, slice->bins, slice->db);
  find_peaks(slice, most);
  return slice;
}

void
mg_slice_free(MgSlice *slice)
{
  if (!slice)
    return;
  g_free(slice->db);
  g_free(slice->peaks);
  g_free(slice);
}

#include "dsp/wavelet.h"
#include "dsp/fft.h"
#include "dsp/window.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bandwidth that belongs to neighbours' distance: the same at all bins, since these are evenly spaced in octaves. */
static double
relative_bandwidth(int bins_per_octave)
{
  double ratio = exp2(2.0 / bins_per_octave);
  return (ratio - 1) / (ratio + 1);
}

/* Equivalent noise bandwidth in bins, as librosa's table of them (window of 1000 values where that has no entry). */
static double
window_bandwidth(const char *name)
{
  static const struct {
    const char *name;
    double bandwidth;
  } known[] = {
      {"hann", 1.50018310546875}, {"hamming", 1.3629455320350348}, {"blackman", 1.7269681554262326}, {"rect", 1}};
  for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
    if (g_str_equal(known[i].name, name))
      return known[i].bandwidth;
  float window[1000];
  double sum = 0, squares = 0;
  mg_window_fill(name, window, 1000);
  for (int i = 0; i < 1000; i++) {
    sum += window[i];
    squares += (double)window[i] * window[i];
  }
  return 1000 * squares / (sum * sum);
}

double
mg_wavelet_length(const MgWaveletSpec *spec, double hz)
{
  return spec->filter_scale / relative_bandwidth(spec->bins_per_octave) * spec->sr / hz;
}

double
mg_wavelet_cutoff(const MgWaveletSpec *spec, double hz)
{
  double q = spec->filter_scale / relative_bandwidth(spec->bins_per_octave);
  return hz * (1 + 0.5 * window_bandwidth(spec->window) / q);
}

static double
norm_of_window(const float *window, size_t n, MgNorm norm)
{
  double sum = 0, largest = 0;
  for (size_t i = 0; i < n; i++) {
    sum += norm == MG_NORM_2 ? (double)window[i] * window[i] : fabs((double)window[i]);
    largest = MAX(largest, fabs((double)window[i]));
  }
  return norm == MG_NORM_NONE ? 1 : norm == MG_NORM_INF ? largest : norm == MG_NORM_2 ? sqrt(sum) : sum;
}

/* The windowed oscillation, in the middle of n_fft samples. */
static void
fill_filter(const MgWaveletSpec *spec, double hz, double gain, size_t n_fft, float *real, float *imaginary)
{
  double length = mg_wavelet_length(spec, hz), first = floor(-length / 2);
  size_t n = (size_t)MAX(1, floor(length / 2) - first), at = (n_fft - n) / 2;
  g_autofree float *window = g_new(float, n);
  mg_window_fill(spec->window, window, n);
  double scale = gain * length / n_fft / norm_of_window(window, n, spec->norm);
  memset(real, 0, n_fft * sizeof *real);
  memset(imaginary, 0, n_fft * sizeof *imaginary);
  for (size_t i = 0; i < n; i++) {
    double phase = (first + (double)i) * 2 * G_PI * hz / spec->sr;
    real[at + i] = (float)(scale * window[i] * cos(phase));
    imaginary[at + i] = (float)(scale * window[i] * sin(phase));
  }
}

/* The non-negative frequencies of a complex signal, whose buffers they replace: X = A + iB from its two parts. */
static void
transform(MgFft *fft, size_t n_fft, float *real, float *imaginary)
{
  const float *re, *im;
  size_t bins = n_fft / 2 + 1;
  g_autofree float *b_real = g_new(float, bins), *b_imaginary = g_new(float, bins);
  memcpy(mg_fft_input(fft), imaginary, n_fft * sizeof *imaginary);
  mg_fft_forward(fft, &re, &im);
  memcpy(b_real, re, bins * sizeof *re);
  memcpy(b_imaginary, im, bins * sizeof *im);
  memcpy(mg_fft_input(fft), real, n_fft * sizeof *real);
  mg_fft_forward(fft, &re, &im);
  for (size_t k = 0; k < bins; k++) {
    real[k] = re[k] - b_imaginary[k];
    imaginary[k] = im[k] + b_real[k];
  }
}

static int
compare_floats(const void *a, const void *b)
{
  float left = *(const float *)a, right = *(const float *)b;
  return (left > right) - (left < right);
}

/* The smallest magnitude that stays: what lies below adds up to less than `sparsity` of the sum. */
static float
least_kept(const float *magnitudes, size_t n, double sparsity)
{
  g_autofree float *sorted = g_memdup2(magnitudes, n * sizeof *magnitudes);
  qsort(sorted, n, sizeof *sorted, compare_floats);
  double sum = 0, below = 0;
  for (size_t i = 0; i < n; i++)
    sum += sorted[i];
  for (size_t i = 0; i < n; i++) {
    below += sorted[i];
    if (below >= sparsity * sum)
      return sorted[i];
  }
  return sorted[n - 1];
}

typedef struct {
  guint32 bin;
  float real, imaginary;
} Entry;

static void
add_row(GArray *entries, const float *real, const float *imaginary, size_t bins, double sparsity)
{
  g_autofree float *magnitudes = g_new(float, bins);
  for (size_t k = 0; k < bins; k++)
    magnitudes[k] = hypotf(real[k], imaginary[k]);
  float least = least_kept(magnitudes, bins, sparsity);
  for (size_t k = 0; k < bins; k++) {
    Entry entry = {(guint32)k, real[k], imaginary[k]};
    if (magnitudes[k] >= least && magnitudes[k] > 0)
      g_array_append_val(entries, entry);
  }
}

static void
take_entries(MgWavelets *wavelets, const GArray *entries)
{
  wavelets->bin = g_new(guint32, entries->len);
  wavelets->real = g_new(float, entries->len);
  wavelets->imaginary = g_new(float, entries->len);
  wavelets->first = entries->len ? G_MAXSIZE : 0;
  for (guint i = 0; i < entries->len; i++) {
    const Entry *entry = &g_array_index(entries, Entry, i);
    wavelets->first = MIN(wavelets->first, entry->bin);
    wavelets->end = MAX(wavelets->end, (size_t)entry->bin + 1);
    wavelets->real[i] = entry->real;
    wavelets->imaginary[i] = entry->imaginary;
  }
  for (guint i = 0; i < entries->len; i++)
    wavelets->bin[i] = g_array_index(entries, Entry, i).bin - (guint32)wavelets->first;
}

MgWavelets *
mg_wavelets_new(const MgWaveletSpec *spec, const double *hz, const double *gain, size_t rows)
{
  size_t n_fft = 2;
  while ((double)n_fft < mg_wavelet_length(spec, hz[0]))
    n_fft *= 2;
  MgWavelets *wavelets = g_new0(MgWavelets, 1);
  wavelets->rows = rows;
  wavelets->n_fft = n_fft;
  wavelets->start = g_new0(size_t, rows + 1);
  g_autofree float *real = g_new(float, n_fft), *imaginary = g_new(float, n_fft);
  g_autoptr(MgFft) fft = mg_fft_new(n_fft);
  g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(Entry));
  for (size_t row = 0; row < rows; row++) {
    fill_filter(spec, hz[row], gain[row], n_fft, real, imaginary);
    transform(fft, n_fft, real, imaginary);
    add_row(entries, real, imaginary, n_fft / 2 + 1, spec->sparsity);
    wavelets->start[row + 1] = entries->len;
  }
  take_entries(wavelets, entries);
  return wavelets;
}

void
mg_wavelets_free(MgWavelets *wavelets)
{
  if (!wavelets)
    return;
  g_free(wavelets->start);
  g_free(wavelets->bin);
  g_free(wavelets->real);
  g_free(wavelets->imaginary);
  g_free(wavelets);
}

#include "dsp/window.h"
#include <math.h>

/* Modified Bessel function of the first kind, order 0: its power series (Abramowitz and Stegun 9.6.12). */
static double
bessel_i0(double x)
{
  double sum = 1, term = 1;
  for (int k = 1; term > sum * 1e-17; k++) {
    term *= x / (2 * k) * (x / (2 * k));
    sum += term;
  }
  return sum;
}

/* The windows as functions of the phase, which runs from 0 to 1 over one period. */
static double
hann(double phase)
{
  return 0.5 - 0.5 * cos(2 * G_PI * phase);
}

static double
hamming(double phase)
{
  return 0.54 - 0.46 * cos(2 * G_PI * phase);
}

static double
blackman(double phase)
{
  return 0.42 - 0.5 * cos(2 * G_PI * phase) + 0.08 * cos(4 * G_PI * phase);
}

static double
kaiser(double phase)
{
  static const double beta = 14;
  double x = 2 * phase - 1;
  return bessel_i0(beta * sqrt(1 - x * x)) / bessel_i0(beta);
}

static double
rect(double phase)
{
  return 1;
}

static const struct {
  const char *name;
  double (*value)(double phase);
} windows[] = {{"hann", hann}, {"hamming", hamming}, {"blackman", blackman}, {"kaiser", kaiser}, {"rect", rect}};

gboolean
mg_window_fill_double(const char *name, double *window, size_t n)
{
  for (size_t w = 0; w < G_N_ELEMENTS(windows); w++) {
    if (!g_str_equal(windows[w].name, name))
      continue;
    for (size_t i = 0; i < n; i++)
      window[i] = n == 1 ? 1 : windows[w].value((double)i / n);
    return TRUE;
  }
  return FALSE;
}

gboolean
mg_window_fill(const char *name, float *window, size_t n)
{
  g_autofree double *values = g_new(double, n);
  if (!mg_window_fill_double(name, values, n))
    return FALSE;
  for (size_t i = 0; i < n; i++)
    window[i] = (float)values[i];
  return TRUE;
}

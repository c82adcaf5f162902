#include "dsp/autocorrelation.h"
#include "dsp/fft.h"
#include <string.h>

struct MgAutocorrelation {
  MgFft *forward;
  MgInverseFft *inverse;
  size_t n, length;
  float *power, *zeros; /* (length / 2 + 1) */
};

/* The least even number of at least n that has no prime factor above 5. */
static size_t
fast_length(size_t n)
{
  for (n += n % 2;; n += 2) {
    size_t rest = n;
    for (size_t prime = 2; prime <= 5; prime += prime == 2 ? 1 : 2)
      while (rest % prime == 0)
        rest /= prime;
    if (rest == 1)
      return n;
  }
}

MgAutocorrelation *
mg_autocorrelation_new(size_t n, size_t n_lags)
{
  MgAutocorrelation *autocorrelation = g_new0(MgAutocorrelation, 1);
  size_t length = fast_length(n + n_lags - 1);
  autocorrelation->n = n;
  autocorrelation->length = length;
  autocorrelation->forward = mg_fft_new(length);
  autocorrelation->inverse = mg_inverse_fft_new(length);
  autocorrelation->power = g_new(float, length / 2 + 1);
  autocorrelation->zeros = g_new0(float, length / 2 + 1);
  return autocorrelation;
}

void
mg_autocorrelation_free(MgAutocorrelation *autocorrelation)
{
  if (!autocorrelation)
    return;
  mg_fft_free(autocorrelation->forward);
  mg_inverse_fft_free(autocorrelation->inverse);
  g_free(autocorrelation->power);
  g_free(autocorrelation->zeros);
  g_free(autocorrelation);
}

float *
mg_autocorrelation_input(MgAutocorrelation *autocorrelation)
{
  return mg_fft_input(autocorrelation->forward);
}

const float *
mg_autocorrelation_run(MgAutocorrelation *autocorrelation)
{
  size_t n = autocorrelation->n;
  float *input = mg_fft_input(autocorrelation->forward);
  memset(input + n, 0, (autocorrelation->length - n) * sizeof *input);
  mg_fft_power(autocorrelation->forward, autocorrelation->power);
  return mg_inverse_fft(autocorrelation->inverse, autocorrelation->power, autocorrelation->zeros);
}

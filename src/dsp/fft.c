#include "dsp/fft.h"
#include <fftw3.h>

struct MgFft {
  fftwf_plan plan;
  float *input;
  fftwf_complex *output;
  size_t n;
};

static GMutex planner_lock; /* FFTW's planner is not thread-safe, its transforms are */

MgFft *
mg_fft_new(size_t n)
{
  MgFft *fft = g_new0(MgFft, 1);
  fft->n = n;
  fft->input = fftwf_alloc_real(n);
  fft->output = fftwf_alloc_complex(n / 2 + 1);
  g_mutex_lock(&planner_lock);
  fft->plan = fftwf_plan_dft_r2c_1d((int)n, fft->input, fft->output, FFTW_ESTIMATE | FFTW_DESTROY_INPUT);
  g_mutex_unlock(&planner_lock);
  return fft;
}

void
mg_fft_free(MgFft *fft)
{
  if (!fft)
    return;
  g_mutex_lock(&planner_lock);
  fftwf_destroy_plan(fft->plan);
  g_mutex_unlock(&planner_lock);
  fftwf_free(fft->input);
  fftwf_free(fft->output);
  g_free(fft);
}

float *
mg_fft_input(MgFft *fft)
{
  return fft->input;
}

const float *
mg_fft_forward(MgFft *fft)
{
  fftwf_execute(fft->plan);
  return (const float *)fft->output;
}

void
mg_fft_power(MgFft *fft, float *restrict power)
{
  const float *restrict x = mg_fft_forward(fft);
  for (size_t k = 0; k < fft->n / 2 + 1; k++)
    power[k] = x[2 * k] * x[2 * k] + x[2 * k + 1] * x[2 * k + 1];
}

#include "dsp/precise-fft.h"
#include "dsp/vector.h"
#include <fftw3.h>
#include <math.h>

/* An even length goes through a complex transform of half of it, as in fft.c. */
struct MgPreciseFft {
  fftw_plan plan;
  double *input;
  fftw_complex *output;  /* (n / 2 + 1) */
  double *cosine, *sine; /* of 2 pi k / n, (n / 4 + 1); NULL where n is odd */
  size_t n;
};

static GMutex planner_lock; /* FFTW's planner is not thread-safe, its transforms are */

static void
make_turns(MgPreciseFft *fft)
{
  size_t quarter = fft->n / 4 + 1;
  fft->cosine = fftw_alloc_real(quarter);
  fft->sine = fftw_alloc_real(quarter);
  for (size_t k = 0; k < quarter; k++) {
    fft->cosine[k] = cos(2 * G_PI * k / fft->n);
    fft->sine[k] = sin(2 * G_PI * k / fft->n);
  }
}

MgPreciseFft *
mg_precise_fft_new(size_t n)
{
  MgPreciseFft *fft = g_new0(MgPreciseFft, 1);
  fft->n = n;
  fft->input = fftw_alloc_real(n);
  fft->output = fftw_alloc_complex(n / 2 + 1);
  if (n % 2 == 0)
    make_turns(fft);
  g_mutex_lock(&planner_lock);
  if (n % 2 != 0)
    fft->plan = fftw_plan_dft_r2c_1d((int)n, fft->input, fft->output, FFTW_ESTIMATE | FFTW_DESTROY_INPUT);
  else
    fft->plan = fftw_plan_dft_1d((int)n / 2, (fftw_complex *)fft->input, fft->output, FFTW_FORWARD,
                                 FFTW_ESTIMATE | FFTW_DESTROY_INPUT);
  g_mutex_unlock(&planner_lock);
  return fft;
}

void
mg_precise_fft_free(MgPreciseFft *fft)
{
  if (!fft)
    return;
  g_mutex_lock(&planner_lock);
  fftw_destroy_plan(fft->plan);
  g_mutex_unlock(&planner_lock);
  fftw_free(fft->input);
  fftw_free(fft->output);
  fftw_free(fft->cosine);
  fftw_free(fft->sine);
  g_free(fft);
}

double *
mg_precise_fft_input(MgPreciseFft *fft)
{
  return fft->input;
}

static inline float
power_of(double real, double imaginary)
{
  float re = (float)real, im = (float)imaginary;
  return re * re + im * im;
}

/* fft.c's untangle(), with Z as (re, im) pairs. */
MG_VECTOR static void
untangle(const double *restrict z, const double *restrict cosine, const double *restrict sine, size_t h,
         float *restrict low, float *restrict high)
{
  for (size_t k = 0; k <= h / 2; k++) {
    double a_re = z[2 * k], a_im = z[2 * k + 1], b_re = z[2 * (h - k)], b_im = z[2 * (h - k) + 1];
    double even_re = 0.5 * (a_re + b_re), even_im = 0.5 * (a_im - b_im);
    double odd_re = 0.5 * (a_im + b_im), odd_im = 0.5 * (b_re - a_re);
    double turned_re = cosine[k] * odd_re + sine[k] * odd_im, turned_im = cosine[k] * odd_im - sine[k] * odd_re;
    low[k] = power_of(even_re + turned_re, even_im + turned_im);
    high[-(gssize)k] = power_of(even_re - turned_re, turned_im - even_im);
  }
}

void
mg_precise_fft_power(MgPreciseFft *fft, float *power)
{
  size_t h = fft->n / 2;
  fftw_execute(fft->plan);
  if (fft->cosine) {
    fft->output[h][0] = fft->output[0][0];
    fft->output[h][1] = fft->output[0][1];
    untangle((const double *)fft->output, fft->cosine, fft->sine, h, power, power + h);
    return;
  }
  for (size_t k = 0; k < h + 1; k++)
    power[k] = power_of(fft->output[k][0], fft->output[k][1]);
}

#include "dsp/precise-fft.h"
#include "dsp/vector.h"
#include <fftw3.h>
#include <math.h>

/* An even length goes through a complex transform of half of it, as in fft.c. */
struct MgPreciseFft {
  fftw_plan plan;
  double *input;
  fftw_complex *output;               /* (n / 2 + 1) */
  double *cosine, *sine;              /* of 2 pi k / n, (n / 4 + 1); NULL where n is odd */
  double *half_real, *half_imaginary; /* as fft.c's, in the memory of `input` */
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
  size_t half = (n / 2 + 1 + 7) / 8 * 8; /* both halves begin with a cache line */
  fft->input = fftw_alloc_real(2 * half);
  fft->half_real = fft->input;
  fft->half_imaginary = fft->input + half;
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

MG_VECTOR static void
separate(const fftw_complex *output, size_t n, double *restrict real, double *restrict imaginary)
{
  const double *restrict values = (const double *)output;
  for (size_t k = 0; k < n; k++) {
    real[k] = values[2 * k];
    imaginary[k] = values[2 * k + 1];
  }
}

/* fft.c's untangle_power(); values stay doubles, as backward stores of others would keep the loop scalar. */
MG_VECTOR static void
untangle(const double *restrict zr, const double *restrict zi, const double *restrict cosine,
         const double *restrict sine, size_t h, double *restrict low, double *restrict high)
{
  for (size_t k = 0; k <= h / 2; k++) {
    double even_re = 0.5 * (zr[k] + zr[h - k]), even_im = 0.5 * (zi[k] - zi[h - k]);
    double odd_re = 0.5 * (zi[k] + zi[h - k]), odd_im = 0.5 * (zr[h - k] - zr[k]);
    double turned_re = cosine[k] * odd_re + sine[k] * odd_im, turned_im = cosine[k] * odd_im - sine[k] * odd_re;
    double low_re = even_re + turned_re, low_im = even_im + turned_im;
    double high_re = even_re - turned_re, high_im = turned_im - even_im;
    low[k] = low_re * low_re + low_im * low_im;
    high[-(gssize)k] = high_re * high_re + high_im * high_im;
  }
}

MG_VECTOR static void
round_off(const double *restrict values, size_t n, float *restrict rounded)
{
  for (size_t i = 0; i < n; i++)
    rounded[i] = (float)values[i];
}

void
mg_precise_fft_power(MgPreciseFft *fft, float *power)
{
  size_t h = fft->n / 2;
  fftw_execute(fft->plan);
  if (fft->cosine) {
    fft->output[h][0] = fft->output[0][0];
    fft->output[h][1] = fft->output[0][1];
    double *result = (double *)fft->output; /* used up by then */
    separate(fft->output, h + 1, fft->half_real, fft->half_imaginary);
    untangle(fft->half_real, fft->half_imaginary, fft->cosine, fft->sine, h, result, result + h);
    round_off(result, h + 1, power);
    return;
  }
  for (size_t k = 0; k < h + 1; k++)
    power[k] = (float)(fft->output[k][0] * fft->output[k][0] + fft->output[k][1] * fft->output[k][1]);
}

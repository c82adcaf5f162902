#include "dsp/fft.h"
#include "dsp/vector.h"
#include <fftw3.h>
#include <math.h>

/* An even length n goes through a complex transform of n / 2, whose output is untangled here: FFTW's own real
 * transforms, where they are estimated, take three times as long (2048: 2.4 us against 0.8). */
struct MgFft {
  fftwf_plan plan;
  float *input;
  fftwf_complex *output; /* the complex transform, its first value again at the end */
  size_t n;
  float *cosine, *sine;    /* of 2 pi k / n; NULL where n is odd or less than a vector's eight pairs of values */
  float *real, *imaginary; /* X, (n / 2 + 1) */
};

static GMutex planner_lock; /* FFTW's planner is not thread-safe, its transforms are */

static fftwf_plan
make_plan(MgFft *fft)
{
  if (!fft->cosine)
    return fftwf_plan_dft_r2c_1d((int)fft->n, fft->input, fft->output, FFTW_ESTIMATE | FFTW_DESTROY_INPUT);
  return fftwf_plan_dft_1d((int)fft->n / 2, (fftwf_complex *)fft->input, fft->output, FFTW_FORWARD,
                           FFTW_ESTIMATE | FFTW_DESTROY_INPUT);
}

/* Of 2 pi k / n for k up to n / 4 and to the end of its vector. */
static void
make_turns(size_t n, float **cosine, float **sine)
{
  size_t count = n / 4 / MG_EIGHT * MG_EIGHT + MG_EIGHT;
  *cosine = fftwf_alloc_real(count);
  *sine = fftwf_alloc_real(count);
  for (size_t k = 0; k < count; k++) {
    (*cosine)[k] = (float)cos(2 * G_PI * k / n);
    (*sine)[k] = (float)sin(2 * G_PI * k / n);
  }
}

MgFft *
mg_fft_new(size_t n)
{
  MgFft *fft = g_new0(MgFft, 1);
  fft->n = n;
  fft->input = g_aligned_alloc(n, sizeof(float), 64);
  fft->output = g_aligned_alloc(n / 2 + 1, sizeof(fftwf_complex), 64);
  fft->real = fftwf_alloc_real(n / 2 + 1);
  fft->imaginary = fftwf_alloc_real(n / 2 + 1);
  if (n % 2 == 0 && n >= 2 * MG_EIGHT)
    make_turns(n, &fft->cosine, &fft->sine);
  g_mutex_lock(&planner_lock);
  fft->plan = make_plan(fft);
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
  g_aligned_free(fft->input);
  g_aligned_free(fft->output);
  fftwf_free(fft->real);
  fftwf_free(fft->imaginary);
  fftwf_free(fft->cosine);
  fftwf_free(fft->sine);
  g_free(fft);
}

float *
mg_fft_input(MgFft *fft)
{
  return fft->input;
}

MG_VECTOR static void
separate(const fftwf_complex *output, size_t n, float *restrict real, float *restrict imaginary)
{
  const float *restrict values = (const float *)output;
  for (size_t k = 0; k < n; k++) {
    real[k] = values[2 * k];
    imaginary[k] = values[2 * k + 1];
  }
}

/* Twice X[k] … X[k + 7] and X[h - k - 7] … X[h - k], these in descending order. */
typedef struct {
  MgEight low_re, low_im, high_re, high_im;
} Untangled;

/* Z is the transform of the even samples + i times that of the odd ones. With h = n / 2, the even ones' is
 * E[k] = (Z[k] + conj Z[h - k]) / 2, the odd ones' O[k] = (Z[k] - conj Z[h - k]) / 2i; X[k] = E[k] + w^k O[k] and
 * X[h - k] = conj(E[k] - w^k O[k]), where w = exp(-2 pi i / n). Only k up to h / 2 is needed. */
G_ALWAYS_INLINE static inline void
untangle(const MgFft *fft, size_t k, Untangled *x)
{
  const float *low = (const float *)(fft->output + k), *high = (const float *)(fft->output + fft->n / 2 - k - 7);
  MgEight a = *(const MgEight *)low, b = *(const MgEight *)(low + MG_EIGHT);
  MgEight c = *(const MgEight *)high, d = *(const MgEight *)(high + MG_EIGHT);
  MgEight re = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
  MgEight im = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
  MgEight mirror_re = __builtin_shufflevector(c, d, 14, 12, 10, 8, 6, 4, 2, 0);
  MgEight mirror_im = __builtin_shufflevector(c, d, 15, 13, 11, 9, 7, 5, 3, 1);
  MgEight cosine = *(const MgEight *)(fft->cosine + k), sine = *(const MgEight *)(fft->sine + k);
  MgEight even_re = re + mirror_re, even_im = im - mirror_im, odd_re = im + mirror_im, odd_im = mirror_re - re;
  MgEight turned_re = cosine * odd_re + sine * odd_im, turned_im = cosine * odd_im - sine * odd_re;
  *x = (Untangled){even_re + turned_re, even_im + turned_im, even_re - turned_re, turned_im - even_im};
}

/* Values of untangle(), scaled, from to_low on and down from to_high on. */
G_ALWAYS_INLINE static inline void
store(const MgEight *low, const MgEight *high, float scale, float *to_low, float *to_high)
{
  MgEight scaled = scale * *high;
  *(MgEight *)to_low = scale * *low;
  *(MgEight *)(to_high - 7) = __builtin_shufflevector(scaled, scaled, 7, 6, 5, 4, 3, 2, 1, 0);
}

MG_VECTOR static void
untangle_all(const MgFft *fft, float *restrict real, float *restrict imaginary)
{
  for (size_t k = 0, h = fft->n / 2; k <= h / 2; k += MG_EIGHT) {
    Untangled x;
    untangle(fft, k, &x);
    store(&x.low_re, &x.high_re, 0.5f, real + k, real + h - k);
    store(&x.low_im, &x.high_im, 0.5f, imaginary + k, imaginary + h - k);
  }
}

/* |X|^2 without X in between. */
MG_VECTOR static void
untangle_power(const MgFft *fft, float *restrict power)
{
  for (size_t k = 0, h = fft->n / 2; k <= h / 2; k += MG_EIGHT) {
    Untangled x;
    untangle(fft, k, &x);
    MgEight low = x.low_re * x.low_re + x.low_im * x.low_im, high = x.high_re * x.high_re + x.high_im * x.high_im;
    store(&low, &high, 0.25f, power + k, power + h - k);
  }
}

static void
transform(MgFft *fft)
{
  size_t h = fft->n / 2;
  fftwf_execute(fft->plan);
  if (fft->cosine)
    memcpy(fft->output[h], fft->output[0], sizeof fft->output[0]);
}

void
mg_fft_forward(MgFft *fft, const float **real, const float **imaginary)
{
  transform(fft);
  if (fft->cosine)
    untangle_all(fft, fft->real, fft->imaginary);
  else
    separate(fft->output, fft->n / 2 + 1, fft->real, fft->imaginary);
  *real = fft->real;
  *imaginary = fft->imaginary;
}

void
mg_fft_power(MgFft *fft, float *restrict power)
{
  transform(fft);
  if (fft->cosine) {
    untangle_power(fft, power);
    return;
  }
  for (size_t k = 0; k < fft->n / 2 + 1; k++)
    power[k] = fft->output[k][0] * fft->output[k][0] + fft->output[k][1] * fft->output[k][1];
}

/* The same detour as forwards. */
struct MgInverseFft {
  fftwf_plan plan;
  fftwf_complex *input; /* (n / 2 + 1) */
  float *output;        /* (n) */
  size_t n;
  float *cosine, *sine; /* NULL where n is odd */
};

MgInverseFft *
mg_inverse_fft_new(size_t n)
{
  MgInverseFft *fft = g_new0(MgInverseFft, 1);
  fft->n = n;
  fft->input = fftwf_alloc_complex(n / 2 + 1);
  fft->output = fftwf_alloc_real(n);
  if (n % 2 == 0)
    make_turns(n, &fft->cosine, &fft->sine);
  g_mutex_lock(&planner_lock);
  if (n % 2 != 0)
    fft->plan = fftwf_plan_dft_c2r_1d((int)n, fft->input, fft->output, FFTW_ESTIMATE | FFTW_DESTROY_INPUT);
  else
    fft->plan = fftwf_plan_dft_1d((int)n / 2, fft->input, (fftwf_complex *)fft->output, FFTW_BACKWARD,
                                  FFTW_ESTIMATE | FFTW_DESTROY_INPUT);
  g_mutex_unlock(&planner_lock);
  return fft;
}

void
mg_inverse_fft_free(MgInverseFft *fft)
{
  if (!fft)
    return;
  g_mutex_lock(&planner_lock);
  fftwf_destroy_plan(fft->plan);
  g_mutex_unlock(&planner_lock);
  fftwf_free(fft->input);
  fftwf_free(fft->output);
  fftwf_free(fft->cosine);
  fftwf_free(fft->sine);
  g_free(fft);
}

/* untangle() read backwards: E[k] = (X[k] + conj X[h - k]) / 2, O[k] = w^-k (X[k] - conj X[h - k]) / 2, and
 * Z[k] = E[k] + i O[k], Z[h - k] = conj E[k] + i conj O[k]. */
MG_VECTOR static void
tangle(const MgInverseFft *fft, const float *restrict re, const float *restrict im, float *restrict z)
{
  size_t h = fft->n / 2;
  float scale = 0.5f / h;
  for (size_t k = 1; k <= h / 2; k++) {
    float even_re = re[k] + re[h - k], even_im = im[k] - im[h - k];
    float turned_re = re[k] - re[h - k], turned_im = im[k] + im[h - k];
    float odd_re = fft->cosine[k] * turned_re - fft->sine[k] * turned_im;
    float odd_im = fft->cosine[k] * turned_im + fft->sine[k] * turned_re;
    z[2 * k] = scale * (even_re - odd_im);
    z[2 * k + 1] = scale * (even_im + odd_re);
    z[2 * (h - k)] = scale * (even_re + odd_im);
    z[2 * (h - k) + 1] = scale * (odd_re - even_im);
  }
  z[0] = scale * (re[0] + re[h]);
  z[1] = scale * (re[0] - re[h]);
}

float *
mg_inverse_fft(MgInverseFft *fft, const float *real, const float *imaginary)
{
  float *z = (float *)fft->input;
  if (fft->cosine) {
    tangle(fft, real, imaginary, z);
  } else {
    float scale = 1.0f / fft->n;
    for (size_t k = 0; k < fft->n / 2 + 1; k++) {
      z[2 * k] = scale * real[k];
      z[2 * k + 1] = k == 0 ? 0 : scale * imaginary[k];
    }
  }
  fftwf_execute(fft->plan);
  return fft->output;
}

struct MgComplexFft {
  fftwf_plan plan;
  fftwf_complex *input, *output; /* (n) */
  size_t n;
};

MgComplexFft *
mg_complex_fft_new(size_t n, gboolean inverse)
{
  MgComplexFft *fft = g_new0(MgComplexFft, 1);
  fft->n = n;
  fft->input = fftwf_alloc_complex(n);
  fft->output = fftwf_alloc_complex(n);
  g_mutex_lock(&planner_lock);
  fft->plan = fftwf_plan_dft_1d((int)n, fft->input, fft->output, inverse ? FFTW_BACKWARD : FFTW_FORWARD,
                                FFTW_ESTIMATE | FFTW_DESTROY_INPUT);
  g_mutex_unlock(&planner_lock);
  return fft;
}

void
mg_complex_fft_free(MgComplexFft *fft)
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
mg_complex_fft_input(MgComplexFft *fft)
{
  return (float *)fft->input;
}

const float *
mg_complex_fft(MgComplexFft *fft)
{
  fftwf_execute(fft->plan);
  return (const float *)fft->output;
}

MG_VECTOR void
mg_complex_fft_load(MgComplexFft *fft, const float *restrict a, const float *restrict b)
{
  float *restrict input = (float *)fft->input;
  size_t i = 0;
  for (; i + MG_EIGHT <= fft->n; i += MG_EIGHT) {
    MgEight re = *(const MgEight *)(a + i), im = *(const MgEight *)(b + i);
    *(MgEight *)(input + 2 * i) = __builtin_shufflevector(re, im, 0, 8, 1, 9, 2, 10, 3, 11);
    *(MgEight *)(input + 2 * i + MG_EIGHT) = __builtin_shufflevector(re, im, 4, 12, 5, 13, 6, 14, 7, 15);
  }
  for (; i < fft->n; i++) {
    input[2 * i] = a[i];
    input[2 * i + 1] = b[i];
  }
}

/* Real Fourier transforms by FFTW, single precision. A plan with its own buffers is used by one thread at a
 * time; plans may be made and freed on any thread. They are estimated, not measured: the same length always
 * gives the same numbers. */
#pragma once
#include <glib.h>

typedef struct MgFft MgFft;

MgFft *mg_fft_new(size_t n);
void mg_fft_free(MgFft *fft);    /* accepts NULL */
float *mg_fft_input(MgFft *fft); /* n values, to be filled before each transform (which may overwrite them) */
/* |X|^2 of the input into power[n / 2 + 1]. */
void mg_fft_power(MgFft *fft, float *power);
/* X of the input: n / 2 + 1 real and as many imaginary parts, valid until the next transform. */
void mg_fft_forward(MgFft *fft, const float **real, const float **imaginary);

/* The way back: n samples from n / 2 + 1 bins, scaled as numpy.fft.irfft. */
typedef struct MgInverseFft MgInverseFft;

MgInverseFft *mg_inverse_fft_new(size_t n);
void mg_inverse_fft_free(MgInverseFft *fft); /* accepts NULL */
/* The n samples, valid until the next transform. The imaginary parts of bin 0 and, where n is even, of the last bin
 * count as 0. */
float *mg_inverse_fft(MgInverseFft *fft, const float *real, const float *imaginary);

/* Complex transforms; values are pairs of real and imaginary part. Two real signals a and b go through as a + ib: with
 * the transform Z, that of a is (Z[k] + conj Z[n - k]) / 2, that of b (Z[k] - conj Z[n - k]) / 2i. */
typedef struct MgComplexFft MgComplexFft;

MgComplexFft *mg_complex_fft_new(size_t n, gboolean inverse);
void mg_complex_fft_free(MgComplexFft *fft);    /* accepts NULL */
float *mg_complex_fft_input(MgComplexFft *fft); /* 2 n values, to be filled before each transform */
/* 2 n values, valid until the next transform; the inverse is not divided by n. */
const float *mg_complex_fft(MgComplexFft *fft);
/* Fills the input with a + ib; n values each. */
void mg_complex_fft_load(MgComplexFft *fft, const float *a, const float *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgFft, mg_fft_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgInverseFft, mg_inverse_fft_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgComplexFft, mg_complex_fft_free)

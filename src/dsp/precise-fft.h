/* The power spectrum by a transform in double precision, rounded as librosa's: for what hangs on bins that are a
 * hundred million times smaller than the largest, where the noise of single precision shows (flatness, valleys). */
#pragma once
#include <glib.h>

typedef struct MgPreciseFft MgPreciseFft; /* used by one thread at a time */

MgPreciseFft *mg_precise_fft_new(size_t n);
void mg_precise_fft_free(MgPreciseFft *fft);     /* accepts NULL */
double *mg_precise_fft_input(MgPreciseFft *fft); /* n values, to be filled before each transform */
/* |X|^2 of the input into power[n / 2 + 1]. */
void mg_precise_fft_power(MgPreciseFft *fft, float *power);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgPreciseFft, mg_precise_fft_free)

/* Autocorrelation by Fourier transforms, librosa.autocorrelate. One thread at a time. */
#pragma once
#include <glib.h>

typedef struct MgAutocorrelation MgAutocorrelation;

/* Of n values, at lags below n_lags. */
MgAutocorrelation *mg_autocorrelation_new(size_t n, size_t n_lags);
void mg_autocorrelation_free(MgAutocorrelation *autocorrelation);    /* accepts NULL */
float *mg_autocorrelation_input(MgAutocorrelation *autocorrelation); /* n values, to be filled each time */
/* Sums of products of the input and itself `lag` values later; valid until the next call. */
const float *mg_autocorrelation_run(MgAutocorrelation *autocorrelation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgAutocorrelation, mg_autocorrelation_free)

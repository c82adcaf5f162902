/* Window functions, periodic (fftbins=True), as scipy.signal.get_window. */
#pragma once
#include <glib.h>

#define MG_WINDOW_CHOICES "hann|hamming|blackman|kaiser|rect"

/* Fills window[n]; FALSE where `name` is none of MG_WINDOW_CHOICES. kaiser has beta 14. */
gboolean mg_window_fill(const char *name, float *window, size_t n);
gboolean mg_window_fill_double(const char *name, double *window, size_t n);

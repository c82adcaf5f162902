/* Samples that can be computed with. */
#pragma once
#include <glib.h>

/* TRUE where all are finite and their squares and sums stay in the range of a float. */
gboolean mg_samples_usable(const float *samples, size_t n);
/* A copy with 0 in place of what is not finite; MG_ERROR_DATA where a sample is too large. g_free() it. */
float *mg_samples_repair(const float *samples, size_t n, GError **error);

/* Norms of columns, as librosa.util.normalize with its defaults. */
#pragma once
#include <glib.h>

#define MG_NORM_CHOICES "inf|1|2|none"

typedef enum { MG_NORM_INF, MG_NORM_1, MG_NORM_2, MG_NORM_NONE } MgNorm; /* in the order of MG_NORM_CHOICES */

MgNorm mg_norm_of(const char *choice);
/* Divides n values, `stride` apart, by their norm; leaves them where it is below the smallest normal float. */
void mg_normalize(float *values, size_t n, size_t stride, MgNorm norm);

/* How a feature changes over time, librosa.feature.delta. */
#pragma once
#include "base/matrix.h"

/* (rows, cols): each row's derivative of the given order (1 or 2), taken from the polynomial of that degree that fits
 * `width` (odd) neighbours best (Savitzky and Golay, 1964); the first and last width / 2 columns take that of the first
 * and last `width` (mode "interp"). MG_ERROR_DATA where there are fewer columns than width. */
MgMatrix *mg_delta(const MgMatrix *values, size_t width, int order, GError **error);

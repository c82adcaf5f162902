/* The spectrum of a place of a file, computed on a thread. */
#pragma once
#include "dsp/slice.h"
#include <gio/gio.h>

#define MG_SLICE_LONGEST 30.0 /* s: of a longer stretch the beginning counts */

/* Of [start, end) s, or where that is empty of n_fft samples around `start`; at the file's own rate, of the mean of its
 * channels. */
void mg_slice_async(const char *path, double start, double end, size_t n_fft, size_t most_peaks,
                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
MgSlice *mg_slice_finish(GAsyncResult *result, GError **error);

/* Min/max pyramid of a waveform: level 0 has one pair for every MG_PEAKS_BASE samples, each further level one
 * for two pairs below. Grows while a file is read or a recording runs; one thread appends, others read under
 * the same lock that the owner uses. */
#pragma once
#include <glib.h>

#define MG_PEAKS_BASE 256

typedef struct MgPeaks MgPeaks;

MgPeaks *mg_peaks_new(int channels);
void mg_peaks_append(MgPeaks *peaks, const float *interleaved, gint64 frames);
gint64 mg_peaks_frames(const MgPeaks *peaks); /* samples a channel so far */
int mg_peaks_channels(const MgPeaks *peaks);
/* Fills low[i], high[i] and rms[i] (may be NULL) for the n columns that divide samples [start, end) of
 * `channel` (-1: over all channels). Columns beyond the end get low > high. Works from the level that fits;
 * never misses a peak. */
void mg_peaks_read(const MgPeaks *peaks, int channel, double start, double end, size_t n, float *low, float *high,
                   float *rms);
void mg_peaks_free(MgPeaks *peaks); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgPeaks, mg_peaks_free)

/* Order statistics of many columns at once: comparators that do not depend on the values work on whole rows, so that
 * the columns are a processor's lanes. */
#pragma once
#include <glib.h>

/* Brings the smallest to the largest of `rows` values of each column into rows first … last; the other rows hold
 * anything. Batcher's odd-even merging (Knuth, The Art of Computer Programming, 5.2.2 M) without the comparators that
 * those rows do not depend on. */
typedef struct MgSortNetwork MgSortNetwork;

MgSortNetwork *mg_sort_network_new(size_t rows, size_t first, size_t last);
void mg_sort_network_free(MgSortNetwork *network); /* accepts NULL */
/* In place, on (rows, lanes) `values`. */
void mg_sort_network_run(const MgSortNetwork *network, float *values, size_t lanes);

/* The running median along rows, as scipy.ndimage.median_filter with a size of 1 in the other direction. Neighbouring
 * outputs share most of their windows: what eight of them share is sorted once, the rest is merged in halves. One
 * thread at a time. */
typedef struct MgRunningMedian MgRunningMedian;

enum { MG_MEDIAN_LANES = 96 }; /* columns at a time, at most */

MgRunningMedian *mg_running_median_new(size_t kernel_size);
void mg_running_median_free(MgRunningMedian *median); /* accepts NULL */
/* Rows of input that `count` rows of output take: the window of output i begins at input i. */
size_t mg_running_median_inputs(const MgRunningMedian *median, size_t count);
void mg_running_median_run(MgRunningMedian *median, const float *const *inputs, size_t count, float *const *outputs,
                           size_t lanes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSortNetwork, mg_sort_network_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgRunningMedian, mg_running_median_free)

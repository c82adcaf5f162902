#include "dsp/sort-network.h"
#include "dsp/vector.h"
#include <string.h>

typedef struct {
  guint32 low, high;
} Comparator;

struct MgSortNetwork {
  Comparator *comparators;
  size_t n;
};

static GArray *
all_comparators(size_t rows)
{
  GArray *list = g_array_new(FALSE, FALSE, sizeof(Comparator));
  size_t top = 1;
  while (2 * top < rows)
    top *= 2;
  for (size_t p = rows > 1 ? top : 0; p > 0; p /= 2)
    for (size_t q = top, r = 0, d = p;; d = q - p, q /= 2, r = p) {
      for (size_t i = 0; i + d < rows; i++)
        if ((i & p) == r)
          g_array_append_val(list, ((Comparator){(guint32)i, (guint32)(i + d)}));
      if (q == p)
        break;
    }
  return list;
}

MgSortNetwork *
mg_sort_network_new(size_t rows, size_t first, size_t last)
{
  g_autoptr(GArray) list = all_comparators(rows);
  g_autofree gboolean *needed = g_new0(gboolean, rows);
  for (size_t i = first; i <= last; i++)
    needed[i] = TRUE;
  size_t kept = list->len;
  for (size_t i = list->len; i-- > 0;) {
    Comparator c = g_array_index(list, Comparator, i);
    if (needed[c.low] || needed[c.high]) {
      needed[c.low] = needed[c.high] = TRUE;
      g_array_index(list, Comparator, --kept) = c;
    }
  }
  MgSortNetwork *network = g_new0(MgSortNetwork, 1);
  network->n = list->len - kept;
  network->comparators = g_memdup2((Comparator *)list->data + kept, network->n * sizeof(Comparator));
  return network;
}

void
mg_sort_network_free(MgSortNetwork *network)
{
  if (!network)
    return;
  g_free(network->comparators);
  g_free(network);
}

MG_VECTOR static void
compare_rows(const Comparator *comparators, size_t n, float *values, size_t lanes)
{
  for (size_t i = 0; i < n; i++) {
    float *restrict low = values + comparators[i].low * lanes, *restrict high = values + comparators[i].high * lanes;
    for (size_t lane = 0; lane < lanes; lane++) {
      float a = low[lane], b = high[lane];
      low[lane] = a < b ? a : b;
      high[lane] = a < b ? b : a;
    }
  }
}

void
mg_sort_network_run(const MgSortNetwork *network, float *values, size_t lanes)
{
  compare_rows(network->comparators, network->n, values, lanes);
}

enum { MOST = 8 }; /* outputs that share a sorted core */

struct MgRunningMedian {
  size_t kernel_size, group;
  MgSortNetwork *core;                        /* of the kernel_size - group + 1 rows that a group shares */
  MgSortNetwork *extra[MOST];                 /* of 1, 2, 4 rows, by their number */
  float *values;                              /* the core's rows */
  float ranks[MOST][MOST * MG_MEDIAN_LANES];  /* by a part's number of outputs: the ranks that they still need */
  float extras[MOST][MOST * MG_MEDIAN_LANES]; /* rows that join the core, sorted */
};

MgRunningMedian *
mg_running_median_new(size_t kernel_size)
{
  MgRunningMedian *median = g_new0(MgRunningMedian, 1);
  size_t rank = kernel_size / 2, group = MOST;
  while (group > 1 && (group > rank + 1 || kernel_size - group < rank || group > kernel_size))
    group /= 2;
  median->kernel_size = kernel_size;
  median->group = group;
  median->core = mg_sort_network_new(kernel_size - group + 1, rank - (group - 1), rank);
  for (size_t n = 1; n < MOST; n *= 2)
    median->extra[n] = mg_sort_network_new(n, 0, n - 1);
  median->values = g_new(float, (kernel_size - group + 1) * MG_MEDIAN_LANES);
  return median;
}

void
mg_running_median_free(MgRunningMedian *median)
{
  if (!median)
    return;
  mg_sort_network_free(median->core);
  for (size_t n = 0; n < MOST; n++)
    mg_sort_network_free(median->extra[n]);
  g_free(median->values);
  g_free(median);
}

size_t
mg_running_median_inputs(const MgRunningMedian *median, size_t count)
{
  return (count + median->group - 1) / median->group * median->group + median->kernel_size - 1;
}

static void
gather(const float *const *rows, size_t n, float *values, size_t lanes)
{
  for (size_t i = 0; i < n; i++)
    memcpy(values + i * lanes, rows[i], lanes * sizeof *values);
}

/* The k-th smallest of two sorted lists A and B together is the least max(A[k - j], B[j - 1]) over j. `ranks` has 2 n
 * consecutive ranks of A, of which the upper n are wanted for A and the n rows of B. */
MG_VECTOR static void
merge(const float *ranks, const float *extras, size_t n, float *merged, size_t lanes)
{
  for (size_t k = 0; k < n; k++) {
    float *restrict out = merged + k * lanes;
    memcpy(out, ranks + (n + k) * lanes, lanes * sizeof *out);
    for (size_t j = 1; j <= n; j++) {
      const float *restrict a = ranks + (n + k - j) * lanes, *restrict b = extras + (j - 1) * lanes;
      for (size_t lane = 0; lane < lanes; lane++) {
        float larger = a[lane] > b[lane] ? a[lane] : b[lane];
        out[lane] = out[lane] < larger ? out[lane] : larger;
      }
    }
  }
}

/* `ranks` has the n ranks up to the median's of what n windows share; they begin at rows[0] … rows[n - 1]. */
static void
divide(MgRunningMedian *median, size_t n, const float *ranks, const float *const *rows, float *const *outputs,
       size_t count, size_t lanes)
{
  if (n == 1) {
    memcpy(outputs[0], ranks, lanes * sizeof *ranks);
    return;
  }
  size_t half = n / 2;
  float *part = median->ranks[half], *extras = median->extras[half];
  for (size_t side = 0; side < 2 && side * half < count; side++) {
    gather(side ? rows + median->kernel_size : rows + half - 1, half, extras, lanes);
    mg_sort_network_run(median->extra[half], extras, lanes);
    merge(ranks, extras, half, part, lanes);
    divide(median, half, part, rows + side * half, outputs + side * half, count - side * half, lanes);
  }
}

void
mg_running_median_run(MgRunningMedian *median, const float *const *inputs, size_t count, float *const *outputs,
                      size_t lanes)
{
  size_t group = median->group, rank = median->kernel_size / 2;
  for (size_t first = 0; first < count; first += group) {
    const float *const *rows = inputs + first;
    gather(rows + group - 1, median->kernel_size - group + 1, median->values, lanes);
    mg_sort_network_run(median->core, median->values, lanes);
    divide(median, group, median->values + (rank + 1 - group) * lanes, rows, outputs + first, count - first, lanes);
  }
}

#include "dsp/statistics.h"
#include <float.h>
#include <math.h>
#include <string.h>

const char *const mg_statistic_names[] = {"mean", "std", "skew", "kurtosis", "median", "min", "max", NULL};

/* Moves the k smallest values before position k, where the next larger one is put (Hoare's selection). */
static float
select_smallest(float *values, size_t n, size_t k)
{
  gssize low = 0, high = (gssize)n - 1;
  while (low < high) {
    float pivot = values[low + (high - low) / 2];
    gssize i = low, j = high;
    while (i <= j) {
      while (values[i] < pivot)
        i++;
      while (values[j] > pivot)
        j--;
      if (i > j)
        break;
      float swapped = values[i];
      values[i++] = values[j];
      values[j--] = swapped;
    }
    if ((gssize)k <= j)
      high = j;
    else if ((gssize)k >= i)
      low = i;
    else
      break;
  }
  return values[k];
}

static double
median(float *values, size_t n)
{
  double upper = select_smallest(values, n, n / 2);
  if (n % 2 != 0)
    return upper;
  float lower = values[0];
  for (size_t i = 1; i < n / 2; i++)
    lower = MAX(lower, values[i]);
  return (lower + upper) / 2;
}

static double
mean(const float *values, size_t n)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += values[i];
  return sum / n;
}

/* Adds the shares of n of `all` values. */
static void
central_moments(const float *values, size_t n, size_t all, double centre, double moment[5])
{
  double sum[5] = {0};
  for (size_t i = 0; i < n; i++) {
    double d = values[i] - centre, square = d * d;
    sum[2] += square;
    sum[3] += square * d;
    sum[4] += square * square;
  }
  for (int m = 2; m < 5; m++)
    moment[m] += sum[m] / (double)all;
}

/* From the mean in result and the moments around it. */
static void
fill_moments(const double moment[5], double result[MG_N_STATISTICS])
{
  double limit = DBL_EPSILON * result[MG_STATISTIC_MEAN];
  gboolean constant = moment[2] <= limit * limit; /* scipy's test */
  result[MG_STATISTIC_STD] = sqrt(moment[2]);
  result[MG_STATISTIC_SKEW] = constant ? 0 : moment[3] / pow(moment[2], 1.5);
  result[MG_STATISTIC_KURTOSIS] = constant ? -3 : moment[4] / (moment[2] * moment[2]) - 3;
}

void
mg_statistics(float *values, size_t n, double result[MG_N_STATISTICS])
{
  double moment[5] = {0};
  result[MG_STATISTIC_MEAN] = mean(values, n);
  central_moments(values, n, n, result[MG_STATISTIC_MEAN], moment);
  fill_moments(moment, result);
  result[MG_STATISTIC_MEDIAN] = median(values, n);
  result[MG_STATISTIC_MIN] = result[MG_STATISTIC_MAX] = values[0];
  for (size_t i = 1; i < n; i++) {
    result[MG_STATISTIC_MIN] = MIN(result[MG_STATISTIC_MIN], values[i]);
    result[MG_STATISTIC_MAX] = MAX(result[MG_STATISTIC_MAX], values[i]);
  }
}

/* More values than are held */

enum { HELD = 1 << 22, BLOCK = 1 << 16, HALVES = 1 << 16 };

/* Whole numbers in the order of the values. */
static guint32
key_of(float value)
{
  guint32 bits;
  memcpy(&bits, &value, sizeof bits);
  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

static float
value_of(guint32 key)
{
  guint32 bits = key & 0x80000000u ? key & 0x7fffffffu : ~key;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* What is gathered in passes over the values: counts of the upper halves of their keys, then of the lower halves of
 * those that share the upper half of each of the two middle values. */
typedef struct {
  double sum, moment[5], mean;
  float smallest, largest;
  size_t n;
  size_t *upper, *lower[2];
  guint32 middle[2]; /* upper halves, later whole keys, of the values of ranks (n - 1) / 2 and n / 2 */
  size_t rank[2];    /* within them */
} Passes;

static void
first_pass(Passes *passes, const float *values, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    passes->sum += values[i];
    passes->smallest = MIN(passes->smallest, values[i]);
    passes->largest = MAX(passes->largest, values[i]);
    passes->upper[key_of(values[i]) >> 16]++;
  }
}

static void
second_pass(Passes *passes, const float *values, size_t n)
{
  central_moments(values, n, passes->n, passes->mean, passes->moment);
  for (size_t i = 0; i < n; i++)
    for (int m = 0; m < 2; m++)
      if (key_of(values[i]) >> 16 == passes->middle[m])
        passes->lower[m][key_of(values[i]) & 0xffff]++;
}

/* The place of rank *rank, which becomes the rank within that place. */
static guint32
find_rank(const size_t *counts, size_t *rank)
{
  guint32 at = 0;
  for (; *rank >= counts[at]; at++)
    *rank -= counts[at];
  return at;
}

static gboolean
pass_over(const MgSpool *spool, size_t first, size_t last, Passes *passes,
          void (*pass)(Passes *passes, const float *values, size_t n), GError **error)
{
  g_autofree float *block = g_new(float, BLOCK);
  size_t cols = mg_spool_cols(spool);
  for (size_t row = first; row < last; row++)
    for (size_t at = 0; at < cols; at += BLOCK) {
      size_t n = MIN(BLOCK, cols - at);
      if (!mg_spool_read(spool, row, at, n, block, error))
        return FALSE;
      pass(passes, block, n);
    }
  return TRUE;
}

static gboolean
work_passes(const MgSpool *spool, size_t first, size_t last, Passes *passes, GError **error)
{
  if (!pass_over(spool, first, last, passes, first_pass, error))
    return FALSE;
  passes->mean = passes->sum / (double)passes->n;
  for (int m = 0; m < 2; m++) {
    passes->rank[m] = (passes->n - 1 + (size_t)m) / 2;
    passes->middle[m] = find_rank(passes->upper, &passes->rank[m]);
  }
  if (!pass_over(spool, first, last, passes, second_pass, error))
    return FALSE;
  for (int m = 0; m < 2; m++)
    passes->middle[m] = passes->middle[m] << 16 | find_rank(passes->lower[m], &passes->rank[m]);
  return TRUE;
}

static gboolean
stream_statistics(const MgSpool *spool, size_t first, size_t last, double result[MG_N_STATISTICS], GError **error)
{
  g_autofree size_t *counts = g_new0(size_t, 3 * HALVES);
  Passes passes = {.smallest = INFINITY,
                   .largest = -INFINITY,
                   .n = (last - first) * mg_spool_cols(spool),
                   .upper = counts,
                   .lower = {counts + HALVES, counts + 2 * HALVES}};
  if (!work_passes(spool, first, last, &passes, error))
    return FALSE;
  result[MG_STATISTIC_MEAN] = passes.mean;
  fill_moments(passes.moment, result);
  result[MG_STATISTIC_MEDIAN] = ((double)value_of(passes.middle[0]) + value_of(passes.middle[1])) / 2;
  result[MG_STATISTIC_MIN] = passes.smallest;
  result[MG_STATISTIC_MAX] = passes.largest;
  return TRUE;
}

gboolean
mg_spool_statistics(const MgSpool *spool, size_t first, size_t last, double result[MG_N_STATISTICS], GError **error)
{
  size_t cols = mg_spool_cols(spool), n = (last - first) * cols;
  if (n > HELD)
    return stream_statistics(spool, first, last, result, error);
  g_autofree float *values = g_new(float, n);
  for (size_t row = first; row < last; row++)
    if (!mg_spool_read(spool, row, 0, cols, values + (row - first) * cols, error))
      return FALSE;
  mg_statistics(values, n, result);
  return TRUE;
}

MgMatrix *
mg_matrix_statistics(const MgMatrix *matrix, GError **error)
{
  g_autoptr(MgMatrix) table = mg_matrix_new(MG_N_STATISTICS, matrix->rows, error);
  if (!table)
    return NULL;
  g_autofree float *values = g_new(float, matrix->cols);
  for (size_t row = 0; row < matrix->rows; row++) {
    double result[MG_N_STATISTICS];
    memcpy(values, mg_matrix_row(matrix, row), matrix->cols * sizeof *values);
    mg_statistics(values, matrix->cols, result);
    for (size_t s = 0; s < MG_N_STATISTICS; s++)
      mg_matrix_row(table, s)[row] = (float)result[s];
  }
  return g_steal_pointer(&table);
}

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

static void
central_moments(const float *values, size_t n, double centre, double moment[5])
{
  memset(moment, 0, 5 * sizeof *moment);
  for (size_t i = 0; i < n; i++) {
    double d = values[i] - centre, square = d * d;
    moment[2] += square / n;
    moment[3] += square * d / n;
    moment[4] += square * square / n;
  }
}

void
mg_statistics(float *values, size_t n, double result[MG_N_STATISTICS])
{
  double moment[5], centre = mean(values, n);
  central_moments(values, n, centre, moment);
  gboolean constant = moment[2] <= (DBL_EPSILON * centre) * (DBL_EPSILON * centre); /* scipy's test */
  result[MG_STATISTIC_MEAN] = centre;
  result[MG_STATISTIC_STD] = sqrt(moment[2]);
  result[MG_STATISTIC_SKEW] = constant ? 0 : moment[3] / pow(moment[2], 1.5);
  result[MG_STATISTIC_KURTOSIS] = constant ? -3 : moment[4] / (moment[2] * moment[2]) - 3;
  result[MG_STATISTIC_MEDIAN] = median(values, n);
  result[MG_STATISTIC_MIN] = result[MG_STATISTIC_MAX] = values[0];
  for (size_t i = 1; i < n; i++) {
    result[MG_STATISTIC_MIN] = MIN(result[MG_STATISTIC_MIN], values[i]);
    result[MG_STATISTIC_MAX] = MAX(result[MG_STATISTIC_MAX], values[i]);
  }
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

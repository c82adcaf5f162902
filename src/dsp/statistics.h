/* Statistics that turn a feature's frames into the columns of a table: numpy's and scipy.stats's definitions, in the
 * order of FMA's tables (Defferrard et al., 2017). */
#pragma once
#include "base/matrix.h"
#include "base/spool.h"

typedef enum {
  MG_STATISTIC_MEAN,
  MG_STATISTIC_STD,      /* of the population (ddof 0) */
  MG_STATISTIC_SKEW,     /* m3 / m2^1.5, biased; 0 where all values are equal */
  MG_STATISTIC_KURTOSIS, /* Fisher's, m4 / m2^2 - 3, biased; -3 where all values are equal */
  MG_STATISTIC_MEDIAN,
  MG_STATISTIC_MIN,
  MG_STATISTIC_MAX,
  MG_N_STATISTICS
} MgStatistic;

/* "mean", "std" …; MG_N_STATISTICS of them, then NULL. */
extern const char *const mg_statistic_names[];

/* All of them from n values, at least one; moments are summed in double precision. The order of `values` changes. */
void mg_statistics(float *values, size_t n, double result[MG_N_STATISTICS]);
/* Those of rows first … last - 1 taken together, in several passes where they are too many to hold. */
gboolean mg_spool_statistics(const MgSpool *spool, size_t first, size_t last, double result[MG_N_STATISTICS],
                             GError **error);
/* (MG_N_STATISTICS, rows): those of each row over its columns. */
MgMatrix *mg_matrix_statistics(const MgMatrix *matrix, GError **error);

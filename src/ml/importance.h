/* What a classifier's answers owe to each feature. */
#pragma once
#include "ml/classifier.h"

/* Rows that the classifier has not learned from. */
typedef struct {
  const MgMatrix *x; /* (rows, features), scaled as in the lesson */
  const int *y;
  int repeats;
  guint64 seed;
  int threads; /* at least 1 */
  MgProgress *progress;
} MgImportanceTask;

/* Permutation importance (Breiman, 2001; sklearn.inspection.permutation_importance with scoring="f1_macro"): by how
 * much the macro F1 falls when a feature's values are dealt out to the rows anew. drops[features * repeats], the
 * repeats of a feature side by side; below 0 where it rose. The same task gives the same drops on any number of
 * threads. FALSE with MG_ERROR_CANCELLED. */
gboolean mg_permutation_importance(const MgClassifier *classifier, const MgImportanceTask *task, double *drops,
                                   GError **error);

/* Mean and deviation (of the population) of n numbers; NaN where there are none. */
void mg_mean_deviation(const double *values, size_t n, double *mean, double *deviation);

/* Principal components, as sklearn.decomposition.PCA. */
#pragma once
#include "base/matrix.h"

/* (rows, k): the rows of x less their mean, along the k directions of most variance. A component's sign is such that
 * the largest of its weights in absolute value is positive. k is at most features and 16. */
MgMatrix *mg_pca(const MgMatrix *x, size_t k, guint64 seed);

/* Nearest rows by Euclidean distance, exactly: a product of matrices gives the distances of a block of rows to all. */
#pragma once
#include "base/matrix.h"

/* For each of `rows` rows of `queries` (rows, features) the k nearest rows of `x`, nearest first (of equally near ones
 * the earlier): index[row * k + i] and distance[row * k + i]. k is at most x->rows; where `self` is set, the queries
 * are x's own rows and a row is not its own neighbour (k at most x->rows - 1). Runs on `threads` threads (at least 1).
 */
void mg_neighbours_find(const MgMatrix *x, const float *queries, size_t rows, gboolean self, size_t k, int threads,
                        guint32 *index, float *distance);

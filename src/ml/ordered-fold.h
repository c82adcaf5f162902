/* Ordered boosting (Prokhorenkova et al., 2018, "CatBoost: unbiased boosting with categorical features"): scores of
 * rows by trees whose leaves have not seen these rows. */
#pragma once
#include "base/rng.h"
#include <glib.h>

/* Leaves learn from the body, the first rows of a permutation, and are judged by the tail, as many rows behind them. */
typedef struct {
  size_t body, tail; /* where each ends */
  float *scores;     /* (tail, classes) */
  float *gradient;   /* (tail, classes): of the log-likelihood by the scores */
} MgSegment;

/* The first row that judges: in a segment of one piece the tail is the body once more. */
static inline size_t
mg_segment_tail(const MgSegment *segment)
{
  return segment->body < segment->tail ? segment->body : 0;
}

typedef struct {
  size_t rows;
  int classes;
  guint32 *order; /* [rows]: a permutation of them */
  guint n;
  MgSegment *segments; /* each twice as long as the one before */
} MgOrderedFold;

/* A fold of `rows` in random order; with rng NULL one segment of all rows in their order, whose body is its tail. All
 * scores are 0; y[rows] are the classes. */
MgOrderedFold *mg_ordered_fold_new(size_t rows, const int *y, int classes, MgRng *rng);
void mg_ordered_fold_free(MgOrderedFold *fold); /* accepts NULL */
/* Adds a tree: leaf[rows] says which of `leaves` each row is in. A leaf steps by learning_rate times the sum of its
 * body's gradients over that of their curvatures and l2. The last segment's steps go to `steps` (leaves, classes) where
 * that is not NULL. */
void mg_ordered_fold_add(MgOrderedFold *fold, const int *y, const guint16 *leaf, guint leaves, double learning_rate,
                         double l2, float *steps);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgOrderedFold, mg_ordered_fold_free)

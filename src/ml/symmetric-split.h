/* The next cut of a symmetric tree: one border of one feature that parts every leaf. */
#pragma once
#include "ml/columns.h"
#include "ml/ordered-fold.h"

/* Rows of a fold put together leaf by leaf, with their gradients, for the features to be tried on. */
typedef struct MgSplitSearch MgSplitSearch;

typedef struct {
  double score; /* cosine between the tails' gradients and what their leaves say, times the gradients' length */
  guint32 code; /* rows of codes up to it stay, the others go to the leaf's other half */
} MgSplit;

/* Room for the folds of that many rows and classes, leaves and threads. */
MgSplitSearch *mg_split_search_new(const MgColumns *columns, int classes, guint leaves, int threads, double l2);
void mg_split_search_free(MgSplitSearch *search); /* accepts NULL */
/* The best border of every feature: splits[features]; the score is -infinity where a feature has no border. Rows count
 * with their weight. */
void mg_split_search_run(MgSplitSearch *search, const MgOrderedFold *fold, const float *weight, const guint16 *leaf,
                         guint leaves, MgSplit *splits);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSplitSearch, mg_split_search_free)

/* Grows decision trees, best cut first found exactly: every border between neighbouring values is tried. */
#pragma once
#include "base/rng.h"
#include "ml/columns.h"
#include "ml/trees.h"

typedef struct {
  double gain; /* what the cut is worth: impurity of the node less its children's, times their weights */
  size_t left; /* rows to the left */
} MgCut;

/* What makes a cut good and what a leaf says. */
typedef struct {
  /* The sums of a node, kept for its cuts; FALSE where it needs no cut. */
  gboolean (*enter)(gpointer data, const guint32 *rows, size_t n);
  /* Puts the best cut of the node's rows into `cut` where it is better. A key is a row's code, shifted by 32, and the
   * row; they are sorted. A cut parts different codes and leaves at least `least` rows on both sides. */
  void (*scan)(gpointer data, const guint64 *keys, size_t n, size_t least, MgCut *cut);
  /* Appends a leaf's values where there are not yet such, and returns their row. */
  guint32 (*leaf)(gpointer data, const guint32 *rows, size_t n, GArray *values);
} MgCriterion;

typedef struct MgTreeBuilder MgTreeBuilder;

typedef struct {
  int max_depth; /* 0: without end */
  size_t max_features, min_samples_leaf;
} MgTreeLimits;

/* Holds the room that growing needs; for one thread at a time. The columns have to outlive it. */
MgTreeBuilder *mg_tree_builder_new(const MgColumns *columns, MgTreeLimits limits);
void mg_tree_builder_free(MgTreeBuilder *builder); /* accepts NULL */
/* Adds a tree on `rows`, whose order changes; at least one. importance[features] grows by the gains of the cuts. At
 * each node max_features features are drawn, and more where those are constant; of equal cuts the first drawn counts,
 * so that chance decides, as in scikit-learn. */
void mg_tree_builder_grow(MgTreeBuilder *builder, const MgCriterion *criterion, gpointer data, guint32 *rows, size_t n,
                          MgRng *rng, MgTrees *trees, double *importance);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgTreeBuilder, mg_tree_builder_free)

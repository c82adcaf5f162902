/* Decision trees that are ready: what forests and boosted trees keep, answer with and save. */
#pragma once
#include "nn/tensor.h"

typedef struct {
  gint32 feature;  /* below 0: a leaf */
  float threshold; /* rows whose value is not larger go to the left */
  guint32 next;    /* left child, counted from the tree's root, the right one behind it; a leaf's row of `values` */
} MgTreeNode;

typedef struct {
  int width;      /* values a leaf */
  GArray *nodes;  /* MgTreeNode, a tree behind the other, each from its root on */
  GArray *roots;  /* guint32: where each tree begins */
  GArray *values; /* float: (leaves, width) */
} MgTrees;

MgTrees *mg_trees_new(int width);
void mg_trees_free(MgTrees *trees); /* accepts NULL */
/* Takes over the trees of `other`. Its leaves below `shared` are those of `trees`, which has them too. */
void mg_trees_join(MgTrees *trees, MgTrees *other, guint32 shared);
/* A new tree begins; returns its root's place among the nodes. */
guint32 mg_trees_begin(MgTrees *trees);

static inline guint
mg_trees_count(const MgTrees *trees)
{
  return trees->roots->len;
}

static inline const MgTreeNode *
mg_trees_root(const MgTrees *trees, guint tree)
{
  return &g_array_index(trees->nodes, MgTreeNode, g_array_index(trees->roots, guint32, tree));
}

/* The values of the leaf that a row of features comes to. */
static inline const float *
mg_trees_leaf(const MgTrees *trees, const MgTreeNode *root, const float *x)
{
  const MgTreeNode *node = root;
  while (node->feature >= 0)
    node = root + node->next + (x[node->feature] > node->threshold);
  return &g_array_index(trees->values, float, (size_t)node->next * trees->width);
}

/* As tensors "nodes", "roots" and "values"; load() returns NULL with MG_ERROR_FORMAT where a node leads astray. */
void mg_trees_save(const MgTrees *trees, GPtrArray *tensors);
MgTrees *mg_trees_load(const GPtrArray *tensors, int width, size_t features, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgTrees, mg_trees_free)

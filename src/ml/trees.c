#include "ml/trees.h"
#include "base/error.h"
#include "ml/classifier.h"
#include <glib/gi18n-lib.h>

MgTrees *
mg_trees_new(int width)
{
  MgTrees *trees = g_new(MgTrees, 1);
  *trees = (MgTrees){width, g_array_new(FALSE, FALSE, sizeof(MgTreeNode)), g_array_new(FALSE, FALSE, sizeof(guint32)),
                     g_array_new(FALSE, FALSE, sizeof(float))};
  return trees;
}

void
mg_trees_free(MgTrees *trees)
{
  if (!trees)
    return;
  g_array_unref(trees->nodes);
  g_array_unref(trees->roots);
  g_array_unref(trees->values);
  g_free(trees);
}

guint32
mg_trees_begin(MgTrees *trees)
{
  g_array_append_val(trees->roots, trees->nodes->len);
  return trees->nodes->len;
}

void
mg_trees_join(MgTrees *trees, MgTrees *other, guint32 shared)
{
  guint32 nodes = trees->nodes->len, leaves = trees->values->len / trees->width - shared;
  for (guint i = 0; i < other->roots->len; i++) {
    guint32 root = g_array_index(other->roots, guint32, i) + nodes;
    g_array_append_val(trees->roots, root);
  }
  for (guint i = 0; i < other->nodes->len; i++) {
    MgTreeNode *node = &g_array_index(other->nodes, MgTreeNode, i);
    if (node->feature < 0 && node->next >= shared)
      node->next += leaves;
  }
  g_array_append_vals(trees->nodes, other->nodes->data, other->nodes->len);
  g_array_append_vals(trees->values, &g_array_index(other->values, float, shared * trees->width),
                      other->values->len - shared * trees->width);
  mg_trees_free(other);
}

/* Files */

/* A tensor holds whole numbers up to 2^24: larger ones are kept in two parts. */
enum { PART = 1 << 16, NODE_FIELDS = 4 };

static void
store_whole(float *fields, guint32 value)
{
  fields[0] = value / PART;
  fields[1] = value % PART;
}

static guint32
whole_of(const float *fields)
{
  gboolean fine = fields[0] >= 0 && fields[0] < PART && fields[1] >= 0 && fields[1] < PART;
  return fine ? (guint32)fields[0] * PART + (guint32)fields[1] : G_MAXUINT32;
}

void
mg_trees_save(const MgTrees *trees, GPtrArray *tensors)
{
  guint nodes = trees->nodes->len, roots = trees->roots->len;
  g_autofree float *fields = g_new(float, (size_t)nodes *NODE_FIELDS), *begins = g_new(float, 2 * (size_t)roots);
  for (guint i = 0; i < nodes; i++) {
    const MgTreeNode *node = &g_array_index(trees->nodes, MgTreeNode, i);
    fields[(size_t)i * NODE_FIELDS] = (float)node->feature;
    fields[(size_t)i * NODE_FIELDS + 1] = node->threshold;
    store_whole(fields + (size_t)i * NODE_FIELDS + 2, node->next);
  }
  for (guint i = 0; i < roots; i++)
    store_whole(begins + 2 * (size_t)i, g_array_index(trees->roots, guint32, i));
  mg_classifier_store(tensors, "nodes", fields, (int)nodes, NODE_FIELDS);
  mg_classifier_store(tensors, "roots", begins, (int)roots, 2);
  mg_classifier_store(tensors, "values", (const float *)trees->values->data, (int)trees->values->len / trees->width,
                      trees->width);
}

/* Children stand behind their parent, so that every way ends. */
static gboolean
check_tree(const MgTrees *trees, guint32 begin, guint32 end, size_t features)
{
  for (guint32 i = begin; i < end; i++) {
    const MgTreeNode *node = &g_array_index(trees->nodes, MgTreeNode, i);
    if (node->feature < 0
            ? node->next >= trees->values->len / trees->width
            : (size_t)node->feature >= features || node->next <= i - begin || node->next >= end - begin - 1)
      return FALSE;
  }
  return end > begin;
}

static gboolean
check_trees(const MgTrees *trees, size_t features)
{
  for (guint i = 0; i < trees->roots->len; i++) {
    guint32 begin = g_array_index(trees->roots, guint32, i),
            end = i + 1 < trees->roots->len ? g_array_index(trees->roots, guint32, i + 1) : trees->nodes->len;
    if (begin >= end || end > trees->nodes->len || !check_tree(trees, begin, end, features))
      return FALSE;
  }
  return trees->roots->len > 0;
}

MgTrees *
mg_trees_load(const GPtrArray *tensors, int width, size_t features, GError **error)
{
  const MgTensor *nodes = mg_classifier_stored(tensors, "nodes", -1, NODE_FIELDS, error);
  const MgTensor *roots = nodes ? mg_classifier_stored(tensors, "roots", -1, 2, error) : NULL;
  const MgTensor *values = roots ? mg_classifier_stored(tensors, "values", -1, width, error) : NULL;
  if (!values)
    return NULL;
  g_autoptr(MgTrees) trees = mg_trees_new(width);
  for (int i = 0; i < nodes->shape[0]; i++) {
    const float *fields = nodes->data + (size_t)i * NODE_FIELDS;
    gboolean inner = fields[0] >= 0 && fields[0] < G_MAXINT32;
    MgTreeNode node = {inner ? (gint32)fields[0] : -1, fields[1], whole_of(fields + 2)};
    g_array_append_val(trees->nodes, node);
  }
  for (int i = 0; i < roots->shape[0]; i++) {
    guint32 root = whole_of(roots->data + 2 * (size_t)i);
    g_array_append_val(trees->roots, root);
  }
  g_array_append_vals(trees->values, values->data, (guint)values->n);
  if (check_trees(trees, features))
    return g_steal_pointer(&trees);
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
              _("a tree's node leads out of the tree; every way was expected to end"));
  return NULL;
}

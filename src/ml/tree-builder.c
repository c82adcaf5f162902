#include "ml/tree-builder.h"
#include <math.h>
#include <string.h>

typedef struct {
  guint32 node; /* from the tree's root on */
  size_t begin, n;
  int depth;
} Open;

struct MgTreeBuilder {
  const MgColumns *columns;
  MgTreeLimits limits;
  guint64 *keys, *spare; /* [rows] */
  guint32 *begins;       /* [2 * rows + few] */
  guint32 *features;     /* [features], in any order */
  guint32 *right;        /* [rows] */
  GArray *open;          /* nodes that wait */
};

enum { FEW = 24 };

MgTreeBuilder *
mg_tree_builder_new(const MgColumns *columns, MgTreeLimits limits)
{
  MgTreeBuilder *builder = g_new(MgTreeBuilder, 1);
  *builder = (MgTreeBuilder){.columns = columns,
                             .limits = limits,
                             .keys = g_new(guint64, columns->rows),
                             .spare = g_new(guint64, columns->rows),
                             .begins = g_new(guint32, 2 * columns->rows + 2),
                             .features = g_new(guint32, columns->features),
                             .right = g_new(guint32, columns->rows),
                             .open = g_array_new(FALSE, FALSE, sizeof(Open))};
  return builder;
}

void
mg_tree_builder_free(MgTreeBuilder *builder)
{
  if (!builder)
    return;
  g_free(builder->keys);
  g_free(builder->spare);
  g_free(builder->begins);
  g_free(builder->features);
  g_free(builder->right);
  g_array_unref(builder->open);
  g_free(builder);
}

static void
sort_few(guint64 *keys, size_t n)
{
  for (size_t i = 1; i < n; i++) {
    guint64 key = keys[i];
    size_t j = i;
    for (; j > 0 && keys[j - 1] > key; j--)
      keys[j] = keys[j - 1];
    keys[j] = key;
  }
}

/* One pass, for codes that lie close: those of the keys are in [low, low + range). */
static void
sort_close(MgTreeBuilder *builder, size_t n, guint32 low, guint32 range)
{
  guint64 *keys = builder->keys, *sorted = builder->spare;
  guint32 *begin = builder->begins;
  memset(begin, 0, (range + 1) * sizeof *begin);
  for (size_t i = 0; i < n; i++)
    begin[(guint32)(keys[i] >> 32) - low + 1]++;
  for (guint32 code = 1; code < range; code++)
    begin[code] += begin[code - 1];
  for (size_t i = 0; i < n; i++)
    sorted[begin[(guint32)(keys[i] >> 32) - low]++] = keys[i];
  builder->keys = sorted;
  builder->spare = keys;
}

/* The node's rows in the order of a feature; FALSE where it is the same for all. */
static gboolean
sort_rows(MgTreeBuilder *builder, size_t feature, const guint32 *rows, size_t n)
{
  const guint16 *codes = builder->columns->codes + feature * builder->columns->rows;
  guint64 *keys = builder->keys;
  guint32 low = codes[rows[0]], high = low;
  for (size_t i = 0; i < n; i++) {
    guint32 code = codes[rows[i]];
    low = MIN(low, code);
    high = MAX(high, code);
    keys[i] = (guint64)code << 32 | rows[i];
  }
  if (low == high)
    return FALSE;
  if (n <= FEW)
    sort_few(keys, n);
  else if (high - low < 2 * n)
    sort_close(builder, n, low, high - low + 1);
  else
    mg_sort_keys(keys, builder->spare, n, 32, 16);
  return TRUE;
}

typedef struct {
  double gain;
  size_t feature;
  guint32 left, right; /* codes at both sides of the cut */
} Best;

static Best
find_cut(MgTreeBuilder *builder, const MgCriterion *criterion, gpointer data, const guint32 *rows, size_t n, MgRng *rng)
{
  Best best = {.gain = -INFINITY};
  size_t features = builder->columns->features, most = builder->limits.max_features, constant = 0;
  for (size_t drawn = 0; drawn < features && (drawn < most || drawn <= constant); drawn++) {
    size_t other = drawn + mg_rng_below(rng, (guint32)(features - drawn));
    guint32 feature = builder->features[other];
    builder->features[other] = builder->features[drawn];
    builder->features[drawn] = feature;
    if (!sort_rows(builder, feature, rows, n)) {
      constant++;
      continue;
    }
    MgCut cut = {.gain = best.gain};
    criterion->scan(data, builder->keys, n, builder->limits.min_samples_leaf, &cut);
    if (cut.left)
      best = (Best){cut.gain, feature, (guint32)(builder->keys[cut.left - 1] >> 32),
                    (guint32)(builder->keys[cut.left] >> 32)};
  }
  return best;
}

/* Rows to the left come first; returns how many they are. Both sides keep their order. */
static size_t
part_rows(MgTreeBuilder *builder, const Best *best, guint32 *rows, size_t n)
{
  const guint16 *codes = builder->columns->codes + best->feature * builder->columns->rows;
  size_t left = 0, right = 0;
  for (size_t i = 0; i < n; i++) {
    guint32 row = rows[i];
    gboolean goes_left = codes[row] <= best->left;
    rows[left] = row;
    builder->right[right] = row;
    left += goes_left;
    right += !goes_left;
  }
  memcpy(rows + left, builder->right, right * sizeof *rows);
  return left;
}

static guint32
add_nodes(MgTrees *trees, guint32 root, guint n)
{
  g_array_set_size(trees->nodes, trees->nodes->len + n);
  return trees->nodes->len - n - root;
}

void
mg_tree_builder_grow(MgTreeBuilder *builder, const MgCriterion *criterion, gpointer data, guint32 *rows, size_t n,
                     MgRng *rng, MgTrees *trees, double *importance)
{
  const MgTreeLimits *limits = &builder->limits;
  guint32 root = mg_trees_begin(trees);
  for (size_t feature = 0; feature < builder->columns->features; feature++)
    builder->features[feature] = (guint32)feature;
  Open first = {add_nodes(trees, root, 1), 0, n, 0};
  g_array_append_val(builder->open, first);
  while (builder->open->len > 0) {
    Open open = g_array_index(builder->open, Open, builder->open->len - 1);
    g_array_set_size(builder->open, builder->open->len - 1);
    Best best = {.gain = -INFINITY};
    guint32 *inside = rows + open.begin;
    if ((!limits->max_depth || open.depth < limits->max_depth) && open.n >= 2 * limits->min_samples_leaf &&
        criterion->enter(data, inside, open.n))
      best = find_cut(builder, criterion, data, inside, open.n, rng);
    MgTreeNode node = {.feature = -1};
    if (isinf(best.gain)) {
      node.next = criterion->leaf(data, inside, open.n, trees->values);
    } else {
      size_t left = part_rows(builder, &best, inside, open.n);
      node = (MgTreeNode){(gint32)best.feature,
                          mg_columns_threshold(builder->columns, best.feature, best.left, best.right),
                          add_nodes(trees, root, 2)};
      importance[best.feature] += MAX(best.gain, 0);
      Open children[] = {{node.next + 1, open.begin + left, open.n - left, open.depth + 1},
                         {node.next, open.begin, left, open.depth + 1}};
      g_array_append_vals(builder->open, children, 2);
    }
    g_array_index(trees->nodes, MgTreeNode, root + open.node) = node;
  }
}

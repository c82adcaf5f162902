#include "nn/network-graph.h"
#include <string.h>

typedef struct {
  const MgNetwork *network;
  int *uses;      /* of each layer's output */
  int first, end; /* the layers of this list */
  int depth;      /* of blocks in it */
  size_t skip;    /* how much of the names only tells the way to this list */
  int *box;       /* of the layers first … end - 1: the number of their box */
  GPtrArray *graph;
} Builder;

char *
mg_shape_text(MgShape shape)
{
  if (shape.height == 1 && shape.width == 1)
    return g_strdup_printf("%d", shape.channels);
  return g_strdup_printf("%d × %d × %d", shape.channels, shape.height, shape.width);
}

static GPtrArray *build(const MgNetwork *network, int *uses, int first, int end, int depth, size_t skip);

static void
add_sources(Builder *builder, MgGraphNode *node, int layer)
{
  MgLayerInfo info = mg_network_layer(builder->network, layer);
  for (int k = 0; k < info.n_inputs; k++) {
    int source = info.from[k] < builder->first ? -1 : builder->box[info.from[k] - builder->first];
    gboolean known = source == (int)builder->graph->len; /* within the box */
    for (guint i = 0; i < node->from->len; i++)
      known |= g_array_index(node->from, int, i) == source;
    if (!known)
      g_array_append_val(node->from, source);
  }
}

static void
set_shape(MgGraphNode *node, MgShape shape)
{
  g_free(node->shape);
  node->shape = mg_shape_text(shape);
}

static void
append_detail(MgGraphNode *node, const char *type)
{
  char *longer = g_strconcat(node->detail, " + ", type, NULL);
  g_free(node->detail);
  node->detail = longer;
}

/* Normalisation and activations belong to the box of the only layer that they follow. */
static gboolean
joins_box(const Builder *builder, int layer)
{
  static const char *const types[] = {"batchnorm", "layernorm", "relu",    "leaky-relu", "gelu",
                                      "sigmoid",   "tanh",      "dropout", NULL};
  MgLayerInfo info = mg_network_layer(builder->network, layer);
  if (builder->graph->len == 0 || info.from[0] != layer - 1 || layer == builder->first)
    return FALSE;
  const MgGraphNode *last = builder->graph->pdata[builder->graph->len - 1];
  return g_strv_contains(types, info.type) && builder->uses[layer - 1] == 1 && !last->inner && last->repeats == 1;
}

static void
add_layer(Builder *builder, int layer)
{
  MgLayerInfo info = mg_network_layer(builder->network, layer);
  MgGraphNode *node;
  if (joins_box(builder, layer)) {
    node = builder->graph->pdata[builder->graph->len - 1];
    append_detail(node, info.type);
  } else {
    node = mg_graph_node_new();
    node->name = g_strdup(info.name + builder->skip);
    node->detail = g_strdup(info.type);
    add_sources(builder, node, layer);
    g_ptr_array_add(builder->graph, node);
  }
  node->parameters += info.parameters;
  set_shape(node, info.output);
  builder->box[layer - builder->first] = builder->graph->len - 1;
}

/* Where the first of a block's repeats ends, and how much of its names is the way to it. */
static int
end_of_first(const MgNetwork *network, const MgBlockInfo *use, size_t *skip)
{
  g_autofree char *prefix = g_strdup_printf("%s.0.", use->name);
  int end = use->first;
  while (end < use->end && g_str_has_prefix(mg_network_layer(network, end).name, prefix))
    end++;
  *skip = strlen(prefix) - (end > use->first ? 0 : strlen("0."));
  return end > use->first ? end : use->end;
}

/* A box of what is inside: "conv2d + batchnorm + relu" where that is one box itself, else the block's name. */
static void
describe(MgGraphNode *node, GPtrArray *inner, const char *block, gboolean open)
{
  const MgGraphNode *only = inner->len == 1 ? inner->pdata[0] : NULL;
  node->detail = g_strdup(only ? only->detail : block);
  if (open && !only)
    node->inner = inner;
  else
    g_ptr_array_unref(inner);
}

static void
add_block(Builder *builder, const MgBlockInfo *use)
{
  MgGraphNode *node = mg_graph_node_new();
  size_t skip;
  int end = end_of_first(builder->network, use, &skip);
  GPtrArray *inner = build(builder->network, builder->uses, use->first, end, use->depth + 1, skip);
  node->name = g_strdup(use->name + builder->skip);
  node->repeats = use->repeats;
  describe(node, inner, use->block, use->depth == 0);
  for (int layer = use->first; layer < use->end; layer++) {
    builder->box[layer - builder->first] = builder->graph->len;
    node->parameters += mg_network_layer(builder->network, layer).parameters;
  }
  for (int layer = use->first; layer < use->end; layer++)
    add_sources(builder, node, layer);
  set_shape(node, mg_network_layer(builder->network, use->end - 1).output);
  g_ptr_array_add(builder->graph, node);
}

/* The block that begins at the layer, at the depth of the list. */
static gboolean
find_block(const Builder *builder, int layer, MgBlockInfo *use)
{
  for (size_t i = 0; i < mg_network_n_blocks(builder->network); i++) {
    *use = mg_network_block(builder->network, i);
    if (use->depth == builder->depth && use->first == layer && use->end > layer)
      return TRUE;
  }
  return FALSE;
}

static GPtrArray *
build(const MgNetwork *network, int *uses, int first, int end, int depth, size_t skip)
{
  g_autofree int *box = g_new0(int, end - first);
  Builder builder = {network, uses, first, end, depth, skip, box, mg_graph_new()};
  MgBlockInfo use;
  for (int layer = first; layer < end;)
    if (find_block(&builder, layer, &use)) {
      add_block(&builder, &use);
      layer = use.end;
    } else
      add_layer(&builder, layer++);
  return builder.graph;
}

GPtrArray *
mg_network_graph(const MgNetwork *network)
{
  int n = mg_network_n_layers(network);
  g_autofree int *uses = g_new0(int, n);
  for (int i = 0; i < n; i++) {
    MgLayerInfo info = mg_network_layer(network, i);
    for (int k = 0; k < info.n_inputs; k++)
      if (info.from[k] >= 0)
        uses[info.from[k]]++;
  }
  return build(network, uses, 0, n, 0, 0);
}

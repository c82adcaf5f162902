#include "base/graph.h"

MgGraphNode *
mg_graph_node_new(void)
{
  MgGraphNode *node = g_new0(MgGraphNode, 1);
  node->from = g_array_new(FALSE, FALSE, sizeof(int));
  node->repeats = 1;
  return node;
}

void
mg_graph_node_free(MgGraphNode *node)
{
  if (!node)
    return;
  g_free(node->name);
  g_free(node->detail);
  g_free(node->shape);
  g_array_unref(node->from);
  g_clear_pointer(&node->inner, g_ptr_array_unref);
  g_free(node);
}

GPtrArray *
mg_graph_new(void)
{
  return g_ptr_array_new_with_free_func((GDestroyNotify)mg_graph_node_free);
}

gint64
mg_graph_parameters(const GPtrArray *graph)
{
  gint64 sum = 0;
  for (guint i = 0; i < graph->len; i++)
    sum += ((const MgGraphNode *)graph->pdata[i])->parameters;
  return sum;
}

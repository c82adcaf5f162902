#include "base/graph.h"
#include <string.h>

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

char *
mg_graph_number(gint64 number)
{
  g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, number);
  GString *text = g_string_new(NULL);
  for (size_t i = 0, n = strlen(digits); i < n; i++)
    g_string_append_printf(text, "%s%c", i > 0 && (n - i) % 3 == 0 ? "," : "", digits[i]);
  return g_string_free(text, FALSE);
}

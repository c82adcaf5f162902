#include "nn/fusion.h"

extern const MgFusion mg_fusion_conv_pool;

/* Longer fusions stand before shorter ones that they begin with. */
static const MgFusion *const fusions[] = {
    &mg_fusion_conv_pool,
    NULL,
};

static gboolean
matches(const MgFusion *fusion, const GPtrArray *layers, const int *next, int first, MgStep *step)
{
  *step = (MgStep){.fusion = fusion};
  for (int at = first; fusion->types[step->n]; at = next[at]) {
    MgLayer *layer = at < 0 ? NULL : layers->pdata[at];
    if (!layer || !g_str_equal(fusion->types[step->n], layer->class->type))
      return FALSE;
    if (layer->frozen != ((MgLayer *)layers->pdata[first])->frozen)
      return FALSE;
    step->layers[step->n++] = layer;
    step->last = at;
  }
  return fusion->take(step);
}

/* What the first layer takes, then what each other one takes besides its forerunner. */
static void
collect_inputs(MgStep *step, const GPtrArray *layers)
{
  g_autoptr(GArray) from = g_array_new(FALSE, FALSE, sizeof(int));
  for (int i = 0; i < step->n; i++)
    for (int k = 0; k < step->layers[i]->n_inputs; k++) {
      int source = step->layers[i]->from[k];
      if (i == 0 || source < 0 || layers->pdata[source] != step->layers[i - 1])
        g_array_append_val(from, source);
    }
  step->n_inputs = from->len;
  step->from = (int *)g_array_free(g_steal_pointer(&from), FALSE);
}

MgStep
mg_fusion_apply(const GPtrArray *layers, const int *next, int first, gboolean fused)
{
  MgStep step;
  size_t i = 0;
  while (fusions[i] && !(fused && matches(fusions[i], layers, next, first, &step)))
    i++;
  if (!fusions[i]) {
    MgLayer *layer = layers->pdata[first];
    step = (MgStep){.layers = {layer}, .n = 1, .last = first, .cache_size = layer->cache_size};
    step.workspace = layer->workspace;
  }
  collect_inputs(&step, layers);
  return step;
}

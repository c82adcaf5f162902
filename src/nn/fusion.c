#include "nn/fusion.h"

extern const MgFusion mg_fusion_convolution, mg_fusion_pointwise, mg_fusion_average, mg_fusion_concat;

/* Longer fusions stand before shorter ones that they begin with. */
static const MgFusion *const fusions[] = {
    &mg_fusion_convolution, &mg_fusion_pointwise, &mg_fusion_average, &mg_fusion_concat, NULL,
};

static int
input_from(const MgLayer *layer, int source)
{
  int k = 0;
  while (k < layer->n_inputs && layer->from[k] != source)
    k++;
  return k;
}

static gboolean
feeds_blocked(const MgLayer *layer, const gboolean *blocked)
{
  for (int k = 0; k < layer->n_inputs; k++)
    if (layer->from[k] < 0 || !blocked[layer->from[k]])
      return FALSE;
  return TRUE;
}

static gboolean
matches(const MgFusion *fusion, const GPtrArray *layers, const int *next, const gboolean *blocked, int first,
        MgStep *step)
{
  *step = (MgStep){.fusion = fusion, .fed_blocked = feeds_blocked(layers->pdata[first], blocked)};
  int at = first;
  for (int i = 0; fusion->types[i]; i++) {
    gboolean optional = fusion->types[i][0] == '?';
    MgLayer *layer = at < 0 ? NULL : layers->pdata[at];
    if (!layer || !g_str_equal(fusion->types[i] + optional, layer->class->type)) {
      if (optional)
        continue;
      return FALSE;
    }
    if (layer->frozen != ((MgLayer *)layers->pdata[first])->frozen) {
      if (optional)
        break;
      return FALSE;
    }
    step->enters[step->n] = step->n > 0 ? input_from(layer, step->numbers[step->n - 1]) : 0;
    step->numbers[step->n] = at;
    step->layers[step->n++] = layer;
    at = next[at];
  }
  return step->n > 0 && fusion->take(step);
}

static void
single_layer(MgStep *step, MgLayer *layer, int number)
{
  *step = (MgStep){.layers = {layer}, .n = 1, .numbers = {number}};
  step->cache_size = layer->cache_size;
  step->workspace = layer->workspace;
  step->output_size = mg_shape_size(layer->output);
}

/* What the first layer takes, then what each other one takes besides its forerunner. */
static void
collect_inputs(MgStep *step)
{
  g_autoptr(GArray) from = g_array_new(FALSE, FALSE, sizeof(int));
  for (int i = 0; i < step->n; i++)
    for (int k = 0; k < step->layers[i]->n_inputs; k++)
      if (i == 0 || k != step->enters[i])
        g_array_append_val(from, step->layers[i]->from[k]);
  step->n_inputs = from->len;
  step->from = (int *)g_array_free(g_steal_pointer(&from), FALSE);
}

MgStep
mg_fusion_apply(const GPtrArray *layers, const int *next, const gboolean *blocked, int first, gboolean fused)
{
  MgStep step;
  size_t i = 0;
  while (fusions[i] && !(fused && matches(fusions[i], layers, next, blocked, first, &step)))
    i++;
  if (!fusions[i])
    single_layer(&step, layers->pdata[first], first);
  for (int l = 0; l < step.n; l++)
    step.flops += step.layers[l]->flops;
  collect_inputs(&step);
  return step;
}

void
mg_step_clear(MgStep *step)
{
  if (step->fusion && step->fusion->clear)
    step->fusion->clear(step);
  g_free(step->from);
}

#include "nn/fusion.h"

extern const MgFusion mg_fusion_conv_pool;

static const MgFusion *const fusions[] = {
    &mg_fusion_conv_pool,
    NULL,
};

static size_t
matching(const MgFusion *fusion, MgLayer **layers, size_t n)
{
  size_t i = 0;
  while (fusion->types[i]) {
    if (i >= n || !g_str_equal(fusion->types[i], layers[i]->class->type))
      return 0;
    i++;
  }
  return i;
}

/* Longer fusions stand before shorter ones. */
gboolean
mg_fusion_apply(MgStep *step, MgLayer **layers, size_t n)
{
  for (size_t i = 0; fusions[i]; i++) {
    *step = (MgStep){.fusion = fusions[i], .layers = layers, .n = matching(fusions[i], layers, n)};
    if (step->n > 0 && fusions[i]->take(step))
      return TRUE;
  }
  return FALSE;
}

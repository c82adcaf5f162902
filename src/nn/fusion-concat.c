/* Channels one after another in the blocked layout, where each input fills its blocks. */
#include "nn/blocked.h"
#include "nn/fusion.h"
#include "nn/kernels.h"
#include <string.h>

static gboolean
take(MgStep *step)
{
  const MgLayer *layer = step->layers[0];
  const MgKernels *kernels = mg_compute_kernels();
  if (!kernels || layer->from[0] < 0)
    return FALSE;
  for (int k = 0; k < layer->n_inputs; k++)
    if (layer->inputs[k].channels % kernels->lanes != 0)
      return FALSE;
  step->takes_blocked = step->gives_blocked = step->fed_blocked;
  step->output_size = mg_shape_size(layer->output);
  return step->fed_blocked;
}

/* Full blocks lie as whole channels do: the layer's own loops serve. */
static void
forward(MgStep *step, const MgPass *pass, const float *const *x, float *y)
{
  step->layers[0]->class->forward(step->layers[0], pass, x, y);
}

static void
backward(MgStep *step, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  step->layers[0]->class->backward(step->layers[0], pass, x, y, dy, dx);
}

const MgFusion mg_fusion_concat = {
    .types = {"concat", NULL},
    .take = take,
    .forward = forward,
    .backward = backward,
    .spares_x = TRUE,
    .spares_y = TRUE,
};

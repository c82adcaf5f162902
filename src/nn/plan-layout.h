/* Where a plan's buffers lie in its memory: two that are never needed at the same time share a place. */
#pragma once
#include "nn/fusion.h"

/* Places are in floats a segment, to be multiplied by the batch; all are multiples of 64 bytes. */
typedef struct {
  int n; /* steps */
  size_t *output, *cache;
  size_t *gradient; /* of the outputs; not of the last */
  size_t **share;   /* by step and input: where a further share of a gradient is made before it is added; G_MAXSIZE for
                     * the first share, which is written straight to its place */
  size_t floats;    /* in all */
} MgLayout;

/* For a training step (forward and backward) or for inference, where the network's input is `input_size` floats a
 * segment. `keep`: every output stays. */
MgLayout *mg_layout_new(const MgStep *steps, int n, size_t input_size, gboolean training, gboolean keep);
void mg_layout_free(MgLayout *layout); /* accepts NULL */

static inline gboolean
mg_step_spares_x(const MgStep *step)
{
  return step->fusion ? step->fusion->spares_x : step->layers[0]->class->spares_x;
}

static inline gboolean
mg_step_spares_y(const MgStep *step)
{
  return step->fusion ? step->fusion->spares_y : step->layers[0]->class->spares_y;
}

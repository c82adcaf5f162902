/* Steps between layers that work in different layouts. */
#include "nn/blocked.h"
#include "nn/fusion.h"
#include "nn/kernels.h"

static void
block(const MgPass *pass, MgShape shape, const float *x, float *y)
{
  mg_block(mg_compute_kernels(), pass->batch, pass->threads, shape.channels, (size_t)shape.height * shape.width, x, y);
}

static void
unblock(const MgPass *pass, MgShape shape, const float *x, float *y)
{
  mg_unblock(mg_compute_kernels(), pass->batch, pass->threads, shape.channels, (size_t)shape.height * shape.width, x,
             y);
}

static void
forward(MgStep *step, const MgPass *pass, const float *const *x, float *y)
{
  const MgShape *shape = step->state;
  (step->gives_blocked ? block : unblock)(pass, *shape, x[0], y);
}

static void
backward(MgStep *step, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  const MgShape *shape = step->state;
  if (dx[0])
    (step->gives_blocked ? unblock : block)(pass, *shape, dy, dx[0]);
}

static void
clear(MgStep *step)
{
  g_free(step->state);
}

static const MgFusion convert = {
    .forward = forward,
    .backward = backward,
    .clear = clear,
    .spares_x = TRUE,
    .spares_y = TRUE,
};

MgStep
mg_fusion_convert(MgShape shape, gboolean blocked, int from)
{
  MgStep step = {.fusion = &convert, .n_inputs = 1, .from = g_new(int, 1), .state = g_new(MgShape, 1)};
  int lanes = mg_compute_kernels()->lanes;
  step.from[0] = from;
  *(MgShape *)step.state = shape;
  step.takes_blocked = !blocked;
  step.gives_blocked = blocked;
  step.output_size = blocked ? mg_blocked_size(shape, lanes) : mg_shape_size(shape);
  step.flops = mg_shape_size(shape);
  return step;
}

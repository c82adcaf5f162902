/* Normalisation, addition, relu and pooling that do not follow a convolution, where their input is in the blocked
 * layout. */
#include "nn/blocked.h"
#include "nn/stage.h"

static gboolean
take(MgStep *step)
{
  if (!step->fed_blocked)
    return FALSE;
  MgStage *stage = g_new0(MgStage, 1);
  mg_stage_init(stage, step, 0, step->layers[0]->input, NULL);
  if (step->n == 0) {
    mg_stage_clear(stage);
    g_free(stage);
    return FALSE;
  }
  step->state = stage;
  step->takes_blocked = step->gives_blocked = TRUE;
  step->output_size = mg_blocked_size(mg_stage_output(stage), stage->kernels->lanes);
  step->cache_size = (mg_stage_cache(stage) + 63) & ~(size_t)63;
  step->workspace = mg_stage_workspace(stage);
  return TRUE;
}

static void
clear(MgStep *step)
{
  mg_stage_clear(step->state);
  g_free(step->state);
}

static void
forward(MgStep *step, const MgPass *pass, const float *const *x, float *y)
{
  MgStage *stage = step->state;
  const float *residual = stage->adds ? x[1] : NULL;
  if (pass->training) {
    mg_stage_forward(stage, pass, step->cache, x[0], residual, y);
    return;
  }
  mg_stage_prepare(stage);
  mg_stage_infer(stage, pass->batch, pass->threads, x[0], residual, y);
}

static void
backward(MgStep *step, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  MgStage *stage = step->state;
  mg_stage_backward(stage, pass, step->cache, x[0], y, dy, dx[0], stage->adds ? dx[1] : NULL);
}

const MgFusion mg_fusion_pointwise = {
    .types = {"?batchnorm", "?add", "?relu", "?maxpool", NULL},
    .take = take,
    .forward = forward,
    .backward = backward,
    .clear = clear,
};

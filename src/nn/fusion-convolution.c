/* Convolution with what follows it up to pooling, in the blocked layout. While training, of all these layers' outputs
 * only the convolution's and the last one's are in memory, and the gradient of the convolution's output takes its
 * place; without training normalisation is part of the weights. */
#include "nn/blocked.h"
#include "nn/layer-conv2d.h"
#include "nn/stage.h"
#include <string.h>

typedef struct {
  MgBlocked conv;
  const MgTensor *weight;
  MgStage stage;
  size_t z_size; /* floats a segment */
  float *packed; /* weights of passes without training */
  MgBlockedWay packed_way;
} Convolution;

static size_t
rounded(size_t floats)
{
  return (floats + 15) & ~(size_t)15;
}

/* Of the weights as they are laid out for any pass. */
static size_t
packed_size(const MgBlocked *conv)
{
  gboolean winograd = mg_blocked_prefers_winograd(conv, G_MAXINT16, TRUE);
  return MAX(mg_blocked_packed_size(conv, MG_DIRECT), winograd ? mg_blocked_packed_size(conv, MG_WINOGRAD) : 0);
}

static void
set_sizes(MgStep *step, const Convolution *self)
{
  const MgStage *stage = &self->stage;
  step->takes_blocked = !self->conv.stem;
  step->gives_blocked = TRUE;
  step->output_size = mg_blocked_size(mg_stage_output(stage), stage->kernels->lanes);
  step->cache_size = (rounded(self->z_size) * sizeof(float) + mg_stage_cache(stage) + 63) & ~(size_t)63;
  step->workspace = MAX(mg_blocked_workspace(&self->conv), mg_stage_workspace(stage));
  step->kept = packed_size(&self->conv);
  step->shared =
      rounded(mg_blocked_shared(&self->conv)) + MAX(packed_size(&self->conv), stage->pool ? self->z_size : 0);
}

static gboolean
take(MgStep *step)
{
  const MgConv2d *layer = (const MgConv2d *)step->layers[0];
  MgBlocked conv;
  if (!mg_blocked_convolution(&layer->conv, mg_compute_kernels(), &conv))
    return FALSE;
  Convolution *self = g_new0(Convolution, 1);
  self->conv = conv;
  self->weight = layer->weight;
  mg_stage_init(&self->stage, step, 1, layer->base.output, layer->bias);
  if (conv.stem && self->stage.adds) { /* its input and the residual would come in different layouts */
    step->n = self->stage.norm ? 2 : 1;
    mg_stage_clear(&self->stage);
    mg_stage_init(&self->stage, step, 1, layer->base.output, layer->bias);
  }
  self->z_size = mg_blocked_size(layer->base.output, conv.kernels->lanes);
  step->state = self;
  set_sizes(step, self);
  return TRUE;
}

static void
clear(MgStep *step)
{
  Convolution *self = step->state;
  mg_stage_clear(&self->stage);
  mg_buffer_free(self->packed);
  g_free(self);
}

static MgBlockedPass
blocked_pass(const MgPass *pass)
{
  return (MgBlockedPass){pass->batch, pass->threads, pass->shared, pass->workspace, pass->workspace_size};
}

/* Behind the scratch memory of the convolution. */
static float *
further(const Convolution *self, const MgPass *pass)
{
  return pass->shared + rounded(mg_blocked_shared(&self->conv));
}

static float *
z_of(const MgStep *step)
{
  return step->cache;
}

static void *
stage_cache(const MgStep *step, const MgPass *pass)
{
  const Convolution *self = step->state;
  return (float *)step->cache + pass->batch * rounded(self->z_size);
}

static MgBlockedWeights
learned_weights(const Convolution *self, const MgPass *pass)
{
  return (MgBlockedWeights){.plain = self->weight->data, .room = further(self, pass)};
}

static MgBlockedWay
way_of_training(const MgBlocked *conv, const MgPass *pass)
{
  if (!mg_blocked_prefers_winograd(conv, pass->batch, FALSE))
    return MG_DIRECT;
  return pass->half ? MG_WINOGRAD_HALF : MG_WINOGRAD;
}

static MgBlockedWay
way_of_inference(const MgBlocked *conv, int batch)
{
  return mg_blocked_prefers_winograd(conv, batch, TRUE) ? MG_WINOGRAD : MG_DIRECT;
}

static void
train(MgStep *step, const MgPass *pass, const float *const *x, float *y)
{
  Convolution *self = step->state;
  const MgBlocked *conv = &self->conv;
  const MgBlockedPass blocked = blocked_pass(pass);
  const MgEpilogue as_is = {0};
  const MgBlockedWeights weights = learned_weights(self, pass);
  mg_blocked_convolve(conv, &blocked, way_of_training(conv, pass), x[0], &weights, &as_is, z_of(step));
  mg_stage_forward(&self->stage, pass, stage_cache(step, pass), z_of(step), self->stage.adds ? x[1] : NULL, y);
}

/* Weights with the normalisation in them, unless pooling does that. */
static void
prepare(Convolution *self, const MgPass *pass, MgBlockedWay way)
{
  if (pass->prepared && self->packed && self->packed_way == way)
    return;
  if (!self->packed)
    self->packed = mg_buffer_new(packed_size(&self->conv) * sizeof(float));
  mg_stage_prepare(&self->stage);
  mg_blocked_pack(&self->conv, pass->threads, self->weight->data, self->stage.pool ? NULL : self->stage.scale, FALSE,
                  way, self->packed);
  self->packed_way = way;
}

/* Pooling is done a segment at a time, while the convolution's output is in the cache. */
static void
infer_pooled(MgStep *step, const MgPass *pass, const float *x, float *y)
{
  Convolution *self = step->state;
  const MgConvolution *shape = &self->conv.shape;
  int lanes = self->conv.kernels->lanes;
  size_t input =
      (size_t)shape->height * shape->width * (self->conv.stem ? shape->in_channels : self->conv.in_blocks * lanes);
  MgBlockedWay way = way_of_inference(&self->conv, 1);
  MgBlockedPass one = blocked_pass(pass);
  const MgEpilogue as_is = {0};
  prepare(self, pass, way);
  const MgBlockedWeights weights = {.packed = self->packed};
  one.batch = 1;
  for (int n = 0; n < pass->batch; n++) {
    mg_blocked_convolve(&self->conv, &one, way, x + n * input, &weights, &as_is, further(self, pass));
    mg_stage_infer(&self->stage, 1, pass->threads, further(self, pass), NULL, y + n * step->output_size);
  }
}

static void
infer(MgStep *step, const MgPass *pass, const float *const *x, float *y)
{
  Convolution *self = step->state;
  const MgBlockedPass blocked = blocked_pass(pass);
  MgBlockedWay way = way_of_inference(&self->conv, pass->batch);
  prepare(self, pass, way);
  const MgBlockedWeights weights = {.packed = self->packed};
  const MgEpilogue epilogue = {self->stage.shift, self->stage.adds ? x[1] : NULL, self->stage.relu};
  mg_blocked_convolve(&self->conv, &blocked, way, x[0], &weights, &epilogue, y);
}

static void
forward(MgStep *step, const MgPass *pass, const float *const *x, float *y)
{
  const Convolution *self = step->state;
  if (pass->training)
    train(step, pass, x, y);
  else if (self->stage.pool)
    infer_pooled(step, pass, x[0], y);
  else
    infer(step, pass, x, y);
}

static void
backward(MgStep *step, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  Convolution *self = step->state;
  const MgBlocked *conv = &self->conv;
  const MgBlockedPass blocked = blocked_pass(pass);
  MgBlockedWay way = way_of_training(conv, pass);
  float *z = z_of(step);
  mg_stage_backward(&self->stage, pass, stage_cache(step, pass), z, y, dy, z, self->stage.adds ? dx[1] : NULL);
  if (!pass->traced)
    mg_blocked_convolve_weights(conv, &blocked, way, x[0], z, self->weight->gradient);
  if (!dx[0])
    return;
  const MgBlockedWeights weights = learned_weights(self, pass);
  mg_blocked_convolve_data(conv, &blocked, way, z, &weights, FALSE, dx[0]);
}

const MgFusion mg_fusion_convolution = {
    .types = {"conv2d", "?batchnorm", "?add", "?relu", "?maxpool", NULL},
    .take = take,
    .forward = forward,
    .backward = backward,
    .clear = clear,
};

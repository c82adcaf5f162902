#include "nn/plan.h"
#include "nn/fusion.h"
#include <string.h>

struct MgPlan {
  MgStep *steps;
  size_t n;
  int outputs_for, caches_for, workspace_for; /* batch, batch and threads that the buffers are made for */
  size_t workspace_size;                      /* floats a thread */
  float *workspace;
  float *gradients[2]; /* of the steps' outputs, in turn */
  const float *x;      /* of the last forward pass */
  MgPass pass;
};

static void
single_layer(MgStep *step, MgLayer **layers)
{
  *step = (MgStep){.layers = layers, .n = 1, .cache_size = layers[0]->cache_size, .workspace = layers[0]->workspace};
}

MgPlan *
mg_plan_new(const GPtrArray *layers, gboolean fused)
{
  MgPlan *plan = g_new0(MgPlan, 1);
  plan->steps = g_new0(MgStep, layers->len);
  MgLayer **all = (MgLayer **)layers->pdata;
  for (size_t i = 0; i < layers->len; i += plan->steps[plan->n++].n) {
    MgStep *step = &plan->steps[plan->n];
    if (!fused || !mg_fusion_apply(step, all + i, layers->len - i))
      single_layer(step, all + i);
    plan->workspace_size = MAX(plan->workspace_size, (step->workspace + 15) & ~(size_t)15);
  }
  return plan;
}

void
mg_plan_free(MgPlan *plan)
{
  if (!plan)
    return;
  for (size_t i = 0; i < plan->n; i++) {
    mg_buffer_free(plan->steps[i].output);
    mg_buffer_free(plan->steps[i].cache);
  }
  mg_buffer_free(plan->gradients[0]);
  mg_buffer_free(plan->gradients[1]);
  mg_buffer_free(plan->workspace);
  g_free(plan->steps);
  g_free(plan);
}

static MgLayer *
last_layer(const MgStep *step)
{
  return step->layers[step->n - 1];
}

static size_t
output_size(const MgStep *step)
{
  return mg_shape_size(last_layer(step)->output);
}

static void
renew(gpointer buffer, size_t bytes)
{
  void **place = buffer;
  mg_buffer_free(*place);
  *place = mg_buffer_new(bytes);
}

static void
reserve_outputs(MgPlan *plan, int batch)
{
  for (size_t i = 0; i < plan->n; i++)
    renew(&plan->steps[i].output, batch * output_size(&plan->steps[i]) * sizeof(float));
  plan->outputs_for = batch;
}

static void
reserve_caches(MgPlan *plan, int batch)
{
  size_t largest[2] = {0, 0};
  for (size_t i = 0; i < plan->n; i++) {
    renew(&plan->steps[i].cache, batch * plan->steps[i].cache_size);
    if (i + 1 < plan->n)
      largest[i % 2] = MAX(largest[i % 2], output_size(&plan->steps[i]));
  }
  for (int i = 0; i < 2; i++)
    renew(&plan->gradients[i], batch * largest[i] * sizeof(float));
  plan->caches_for = batch;
}

static void
reserve(MgPlan *plan, int batch, int threads, gboolean training)
{
  if (batch > plan->outputs_for)
    reserve_outputs(plan, batch);
  if (training && batch > plan->caches_for)
    reserve_caches(plan, batch);
  if (threads > plan->workspace_for) {
    renew(&plan->workspace, threads * plan->workspace_size * sizeof(float));
    plan->workspace_for = threads;
  }
}

/* Handing work to another thread costs some microseconds: what is shorter stays on one. */
static MgPass
pass_for(const MgStep *step, const MgPass *pass)
{
  const double worth_a_thread = 100e3;
  double flops = 0;
  for (size_t i = 0; i < step->n; i++)
    flops += step->layers[i]->flops * pass->batch;
  MgPass own = *pass;
  own.threads = flops > pass->threads * worth_a_thread ? pass->threads : 1;
  return own;
}

static void
step_forward(MgStep *step, const MgPass *pass, const float *x)
{
  if (step->fusion) {
    step->fusion->forward(step, pass, x, step->output);
    return;
  }
  step->layers[0]->cache = step->cache;
  step->layers[0]->class->forward(step->layers[0], pass, x, step->output);
}

static void
step_backward(MgStep *step, const MgPass *pass, const float *x, const float *dy, float *dx)
{
  if (step->fusion)
    step->fusion->backward(step, pass, x, step->output, dy, dx);
  else
    step->layers[0]->class->backward(step->layers[0], pass, x, step->output, dy, dx);
}

const float *
mg_plan_forward(MgPlan *plan, const float *x, int batch, int threads, gboolean training, MgRng *rng)
{
  reserve(plan, batch, threads, training);
  plan->pass = (MgPass){.batch = batch,
                        .threads = threads,
                        .training = training,
                        .rng = rng,
                        .workspace = plan->workspace,
                        .workspace_size = plan->workspace_size};
  plan->x = x;
  for (size_t i = 0; i < plan->n; i++) {
    MgPass pass = pass_for(&plan->steps[i], &plan->pass);
    step_forward(&plan->steps[i], &pass, x);
    x = plan->steps[i].output;
  }
  return x;
}

void
mg_plan_backward(MgPlan *plan, const float *dlogits, float *dx)
{
  const float *dy = dlogits;
  for (size_t i = plan->n; i-- > 0;) {
    const float *x = i > 0 ? plan->steps[i - 1].output : plan->x;
    float *target = i > 0 ? plan->gradients[(i - 1) % 2] : dx;
    MgPass pass = pass_for(&plan->steps[i], &plan->pass);
    step_backward(&plan->steps[i], &pass, x, dy, target);
    dy = target;
  }
}

const float *
mg_plan_output(const MgPlan *plan, size_t i)
{
  size_t layers = 0;
  for (size_t s = 0; s < plan->n; s++) {
    layers += plan->steps[s].n;
    if (layers == i + 1)
      return plan->steps[s].output;
  }
  return NULL;
}

#include "nn/plan.h"
#include "nn/plan-layout.h"
#include <string.h>

struct MgPlan {
  MgStep *steps;
  int n;
  gboolean keep;
  MgLayout *layouts[2]; /* for inference and training, made when first used */
  size_t input_size;
  size_t workspace_size, shared_size; /* floats, of each thread and of all together */
  float *memory, *workspace, *shared;
  size_t memory_floats;
  int workspace_for; /* threads */
  gboolean half, spread;
  MgSharing sharing;
  gboolean prepared; /* no weights have changed since the last pass without training */
  /* of the last forward pass */
  const MgLayout *layout;
  const float *x;
  MgPass pass;
};

static int *
count_uses(const GPtrArray *layers)
{
  int *uses = g_new0(int, layers->len);
  for (guint i = 0; i < layers->len; i++) {
    const MgLayer *layer = layers->pdata[i];
    for (int k = 0; k < layer->n_inputs; k++)
      if (layer->from[k] >= 0)
        uses[layer->from[k]]++;
  }
  return uses;
}

/* For each layer the number of the only one that it feeds; -1 where it feeds several or none. */
static int *
find_next(const GPtrArray *layers)
{
  g_autofree int *uses = count_uses(layers);
  int *next = g_new(int, layers->len);
  for (guint i = 0; i < layers->len; i++)
    next[i] = -1;
  for (guint i = 0; i < layers->len; i++) {
    const MgLayer *layer = layers->pdata[i];
    for (int k = 0; k < layer->n_inputs; k++)
      if (layer->from[k] >= 0 && uses[layer->from[k]] == 1)
        next[layer->from[k]] = i;
  }
  return next;
}

/* The way from one layer to the next is closed where the next one is already part of a step. */
static void
close_ways(const MgStep *step, const GPtrArray *layers, int *next)
{
  for (guint i = 0; i < layers->len; i++)
    for (int s = 0; s < step->n; s++)
      if (next[i] >= 0 && layers->pdata[next[i]] == step->layers[s])
        next[i] = -1;
}

/* Steps by the number of their last layer: a step without layers where there is none. */
static MgStep *
make_steps(const GPtrArray *layers, gboolean fused)
{
  g_autofree int *next = find_next(layers);
  g_autoptr(GHashTable) taken = g_hash_table_new(NULL, NULL);
  g_autofree gboolean *blocked = g_new0(gboolean, layers->len);
  MgStep *steps = g_new0(MgStep, layers->len);
  for (guint i = 0; i < layers->len; i++) {
    if (g_hash_table_contains(taken, layers->pdata[i]))
      continue;
    MgStep step = mg_fusion_apply(layers, next, blocked, i, fused);
    int last = step.numbers[step.n - 1];
    blocked[last] = step.gives_blocked;
    for (int s = 0; s < step.n; s++)
      g_hash_table_add(taken, step.layers[s]);
    if (step.n > 1)
      close_ways(&step, layers, next);
    steps[last] = step;
  }
  return steps;
}

typedef struct {
  GArray *steps;     /* MgStep */
  int *number;       /* of the step that ends with a layer; -1 before the first: the network's input */
  int *converted;    /* of the step that has its output in the other layout, likewise; 0: there is none yet */
  MgShape *shape;    /* of its output, likewise */
  gboolean *blocked; /* likewise */
} Packer;

/* The number of the step that has what `layer` gives, in the wanted layout. */
static int
find_source(Packer *packer, int layer, gboolean blocked)
{
  if (packer->blocked[layer] == blocked)
    return packer->number[layer];
  if (!packer->converted[layer]) {
    MgStep step = mg_fusion_convert(packer->shape[layer], blocked, packer->number[layer]);
    packer->converted[layer] = packer->steps->len;
    g_array_append_val(packer->steps, step);
  }
  return packer->converted[layer];
}

/* Leaves out the empty steps and puts those between that change layouts; from then on inputs are numbers of steps. */
static GArray *
pack_steps(MgStep *steps, const GPtrArray *layers)
{
  int n = layers->len;
  g_autofree int *number = g_new0(int, n + 1), *converted = g_new0(int, n + 1);
  g_autofree MgShape *shape = g_new0(MgShape, n + 1);
  g_autofree gboolean *blocked = g_new0(gboolean, n + 1);
  Packer packer = {g_array_new(FALSE, FALSE, sizeof(MgStep)), number + 1, converted + 1, shape + 1, blocked + 1};
  packer.number[-1] = -1;
  packer.shape[-1] = ((MgLayer *)layers->pdata[0])->input;
  for (int i = 0; i < n; i++) {
    if (steps[i].n == 0)
      continue;
    for (int k = 0; k < steps[i].n_inputs; k++)
      steps[i].from[k] = find_source(&packer, steps[i].from[k], steps[i].takes_blocked);
    packer.number[i] = packer.steps->len;
    packer.shape[i] = ((MgLayer *)layers->pdata[i])->output;
    packer.blocked[i] = steps[i].gives_blocked;
    g_array_append_val(packer.steps, steps[i]);
  }
  find_source(&packer, n - 1, FALSE);
  return packer.steps;
}

MgPlan *
mg_plan_new(const GPtrArray *layers, gboolean fused)
{
  MgPlan *plan = g_new0(MgPlan, 1);
  plan->keep = !fused;
  plan->input_size = mg_shape_size(((MgLayer *)layers->pdata[0])->input);
  g_autofree MgStep *steps = make_steps(layers, fused);
  GArray *packed = pack_steps(steps, layers);
  plan->n = packed->len;
  plan->steps = (MgStep *)g_array_free(packed, FALSE);
  for (int i = 0; i < plan->n; i++) {
    plan->workspace_size = MAX(plan->workspace_size, (plan->steps[i].workspace + 15) & ~(size_t)15);
    plan->shared_size = MAX(plan->shared_size, plan->steps[i].shared);
  }
  return plan;
}

void
mg_plan_free(MgPlan *plan)
{
  if (!plan)
    return;
  for (int i = 0; i < plan->n; i++)
    mg_step_clear(&plan->steps[i]);
  g_free(plan->steps);
  mg_layout_free(plan->layouts[0]);
  mg_layout_free(plan->layouts[1]);
  mg_buffer_free(plan->memory);
  mg_buffer_free(plan->workspace);
  mg_buffer_free(plan->shared);
  g_free(plan);
}

void
mg_plan_forget_weights(MgPlan *plan)
{
  plan->prepared = FALSE;
}

void
mg_plan_set_half(MgPlan *plan, gboolean half)
{
  plan->half = half;
}

void
mg_plan_set_spread(MgPlan *plan, gboolean spread)
{
  plan->spread = spread;
}

/* Threads wait for each other now and then, for some microseconds where each has a processor, for milliseconds where
 * another program uses one: a pass that has little to compute is over sooner on fewer of them. */
int
mg_plan_threads(const MgPlan *plan, int batch, int most)
{
  const double worth_a_thread = 30e6;
  double flops = 0;
  for (int i = 0; i < plan->n; i++)
    flops += plan->steps[i].flops * batch;
  return plan->spread ? most : (int)MIN(1 + flops / worth_a_thread, most);
}

void
mg_plan_set_sharing(MgPlan *plan, const MgSharing *sharing)
{
  plan->sharing = *sharing;
}

static const MgLayout *
layout_of(MgPlan *plan, gboolean training)
{
  MgLayout **layout = &plan->layouts[training ? 1 : 0];
  if (!*layout)
    *layout = mg_layout_new(plan->steps, plan->n, plan->input_size, training, plan->keep);
  return *layout;
}

size_t
mg_plan_memory(MgPlan *plan, int batch, int most, gboolean training)
{
  int threads = mg_plan_threads(plan, batch, most);
  size_t kept = 0;
  for (int i = 0; i < plan->n; i++)
    kept += plan->steps[i].kept;
  return (layout_of(plan, training)->floats * batch + plan->workspace_size * threads + plan->shared_size + kept) *
         sizeof(float);
}

static void
reserve(MgPlan *plan, int batch, int threads)
{
  size_t floats = plan->layout->floats * batch;
  if (floats > plan->memory_floats) {
    mg_buffer_free(plan->memory);
    plan->memory = mg_buffer_new(floats * sizeof(float));
    plan->memory_floats = floats;
  }
  if (!plan->shared)
    plan->shared = mg_buffer_new(plan->shared_size * sizeof(float));
  if (threads > plan->workspace_for) {
    mg_buffer_free(plan->workspace);
    plan->workspace = mg_buffer_new(threads * plan->workspace_size * sizeof(float));
    plan->workspace_for = threads;
  }
}

static float *
at(const MgPlan *plan, size_t place)
{
  return plan->memory + place * plan->pass.batch;
}

static const float *
value_of(const MgPlan *plan, int step)
{
  return step < 0 ? plan->x : at(plan, plan->layout->output[step]);
}

/* All layers of a step are, or none; a step without layers is as the one before it. */
static gboolean
is_frozen(const MgPlan *plan, int i)
{
  const MgStep *step = &plan->steps[i];
  if (step->n > 0)
    return step->layers[0]->frozen;
  return step->from[0] >= 0 && is_frozen(plan, step->from[0]);
}

/* Handing work to another thread costs some microseconds: what is shorter stays on one. */
static MgPass
pass_for(const MgPlan *plan, int i)
{
  const double worth_a_thread = 100e3;
  const MgPass *pass = &plan->pass;
  MgPass own = *pass;
  own.threads = plan->steps[i].flops * pass->batch > pass->threads * worth_a_thread ? pass->threads : 1;
  own.training = pass->training && !is_frozen(plan, i);
  return own;
}

static void
set_cache(MgPlan *plan, int i)
{
  MgStep *step = &plan->steps[i];
  step->cache = plan->pass.training && step->cache_size ? at(plan, plan->layout->cache[i]) : NULL;
  if (!step->fusion)
    step->layers[0]->cache = step->cache;
}

static void
step_forward(MgPlan *plan, int i)
{
  MgStep *step = &plan->steps[i];
  MgPass pass = pass_for(plan, i);
  g_autofree const float **x = g_new(const float *, step->n_inputs);
  for (int k = 0; k < step->n_inputs; k++)
    x[k] = value_of(plan, step->from[k]);
  float *y = at(plan, plan->layout->output[i]);
  set_cache(plan, i);
  if (step->fusion)
    step->fusion->forward(step, &pass, x, y);
  else
    step->layers[0]->class->forward(step->layers[0], &pass, x, y);
}

static const float *
run_forward(MgPlan *plan, const float *x, MgPass pass)
{
  plan->layout = layout_of(plan, pass.training);
  pass.threads = mg_plan_threads(plan, pass.batch, pass.threads);
  reserve(plan, pass.batch, pass.threads);
  pass.workspace = plan->workspace;
  pass.workspace_size = plan->workspace_size;
  pass.shared = plan->shared;
  pass.prepared = plan->prepared;
  plan->pass = pass;
  plan->x = x;
  for (int i = 0; i < plan->n; i++)
    step_forward(plan, i);
  plan->prepared = !pass.training;
  return value_of(plan, plan->n - 1);
}

const float *
mg_plan_forward(MgPlan *plan, const float *x, int batch, int most, gboolean training, MgRng *rng)
{
  MgPass pass = {.batch = batch, .threads = most, .training = training, .rng = rng, .half = plan->half};
  pass.ranks = training ? plan->sharing.ranks : NULL;
  pass.first = training ? plan->sharing.first : 0;
  return run_forward(plan, x, pass);
}

const float *
mg_plan_trace(MgPlan *plan, const float *x, int batch, int most)
{
  return run_forward(plan, x, (MgPass){.batch = batch, .threads = most, .training = TRUE, .traced = TRUE});
}

/* NULL where nobody needs it. */
static float *
gradient_of(const MgPlan *plan, int step, float *dx)
{
  if (step >= 0 && is_frozen(plan, step))
    return NULL;
  return step < 0 ? dx : at(plan, plan->layout->gradient[step]);
}

static void
add_share(float *sum, const float *share, size_t n, int threads)
{
#pragma omp parallel for simd schedule(static) num_threads(threads)
  for (size_t i = 0; i < n; i++)
    sum[i] += share[i];
}

static void
add_shares(MgPlan *plan, int i, float *const *made, float *dx)
{
  const MgStep *step = &plan->steps[i];
  for (int k = 0; k < step->n_inputs; k++) {
    float *whole = gradient_of(plan, step->from[k], dx);
    if (!made[k] || made[k] == whole)
      continue;
    size_t size = step->from[k] < 0 ? plan->input_size : plan->steps[step->from[k]].output_size;
    add_share(whole, made[k], size * plan->pass.batch, plan->pass.threads);
  }
}

static void
step_backward(MgPlan *plan, int i, const float *dy, float *dx)
{
  MgStep *step = &plan->steps[i];
  MgPass pass = pass_for(plan, i);
  g_autofree const float **x = g_new(const float *, step->n_inputs);
  g_autofree float **made = g_new(float *, step->n_inputs);
  for (int k = 0; k < step->n_inputs; k++) {
    size_t share = plan->layout->share[i][k];
    float *whole = gradient_of(plan, step->from[k], dx);
    x[k] = mg_step_spares_x(step) ? NULL : value_of(plan, step->from[k]);
    made[k] = whole && share != G_MAXSIZE ? at(plan, share) : whole;
  }
  const float *y = mg_step_spares_y(step) ? NULL : at(plan, plan->layout->output[i]);
  set_cache(plan, i);
  if (step->fusion)
    step->fusion->backward(step, &pass, x, y, dy, made);
  else
    step->layers[0]->class->backward(step->layers[0], &pass, x, y, dy, made);
  add_shares(plan, i, made, dx);
}

static void
tell_learned(const MgPlan *plan, const MgStep *step)
{
  if (!plan->sharing.learned || plan->pass.traced)
    return;
  for (int l = 0; l < step->n; l++)
    for (guint i = 0; i < step->layers[l]->tensors->len; i++) {
      MgTensor *tensor = step->layers[l]->tensors->pdata[i];
      if (tensor->gradient)
        plan->sharing.learned(tensor, plan->sharing.data);
    }
}

void
mg_plan_backward(MgPlan *plan, const float *dlogits, float *dx)
{
  for (int i = plan->n; i-- > 0 && !is_frozen(plan, i);) {
    step_backward(plan, i, i == plan->n - 1 ? dlogits : gradient_of(plan, i, dx), dx);
    tell_learned(plan, &plan->steps[i]);
  }
}

const float *
mg_plan_output(const MgPlan *plan, size_t i)
{
  return plan->keep && plan->layout && i < (size_t)plan->n ? value_of(plan, i) : NULL;
}

const float *
mg_plan_output_gradient(const MgPlan *plan, size_t i)
{
  return plan->keep && plan->layout && i + 1 < (size_t)plan->n ? at(plan, plan->layout->gradient[i]) : NULL;
}

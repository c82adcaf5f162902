#include "nn/optimizer.h"
#include "nn/optimizer-class.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>

extern const MgOptimizerClass mg_optimizer_adam, mg_optimizer_adamw, mg_optimizer_sgd;

static const MgOptimizerClass *const classes[] = {&mg_optimizer_adam, &mg_optimizer_adamw, &mg_optimizer_sgd};

static const MgParamSpec specs[] = {
    {.name = "optimizer",
     .type = MG_PARAM_CHOICE,
     .default_value = "adam",
     .choices = "adam|adamw|sgd",
     .help = N_("How gradients move the weights")},
    {.name = "learning_rate",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.005",
     .min = 1e-8,
     .max = 100,
     .help = N_("Largest size of a step")},
    {.name = "weight_decay",
     .type = MG_PARAM_FLOAT,
     .default_value = "0",
     .min = 0,
     .max = 1,
     .help = N_("Pull of the weights towards 0; biases and batch norm are free of it")},
    {.name = "clip_norm",
     .type = MG_PARAM_FLOAT,
     .default_value = "0",
     .min = 0,
     .max = 1e6,
     .help = N_("Largest length of all gradients together, longer ones are shortened; 0 leaves them")},
    {.name = "momentum",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.9",
     .min = 0,
     .max = 0.9999,
     .help = N_("sgd: share of the last step that goes on")},
    {.name = "nesterov",
     .type = MG_PARAM_BOOL,
     .default_value = "false",
     .help = N_("sgd: takes the gradient ahead of the step that goes on")},
    {.name = "beta1",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.9",
     .min = 0,
     .max = 0.9999,
     .help = N_("adam, adamw: memory of the gradient")},
    {.name = "beta2",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.999",
     .min = 0,
     .max = 0.999999,
     .help = N_("adam, adamw: memory of the gradient's square")},
    {.name = "eps",
     .type = MG_PARAM_FLOAT,
     .default_value = "1e-08",
     .min = 1e-12,
     .max = 1,
     .help = N_("adam, adamw: added to the divisor")},
};
const MgParamTable mg_optimizer_params = MG_PARAM_TABLE("optimizer", N_("Optimizer"), specs);

struct MgOptimizer {
  const MgOptimizerClass *class;
  GPtrArray *tensors; /* MgTensor * that learn, owned by the network */
  GPtrArray *state;   /* MgTensor *: the step count, then the arrays of each tensor in turn */
  double clip_norm;   /* 0: none */
  MgUpdate update;
};

static const MgOptimizerClass *
find_class(const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS(classes); i++)
    if (g_str_equal(classes[i]->name, name))
      return classes[i];
  return NULL;
}

static void
add_tensor(MgOptimizer *optimizer, MgTensor *tensor)
{
  g_ptr_array_add(optimizer->tensors, tensor);
  for (size_t s = 0; optimizer->class->state[s]; s++) {
    g_autofree char *owner = g_strdup_printf("%s.%s", optimizer->class->name, optimizer->class->state[s]);
    g_ptr_array_add(optimizer->state, mg_tensor_new(owner, tensor->name, FALSE, tensor->dimensions, tensor->shape));
  }
}

MgOptimizer *
mg_optimizer_new(const MgParams *params, const GPtrArray *tensors, GError **error)
{
  const char *name = mg_params_text(params, "optimizer");
  const MgOptimizerClass *class = find_class(name);
  if (!class) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("optimizer: there is no “%s”"), name);
    return NULL;
  }
  MgOptimizer *optimizer = g_new0(MgOptimizer, 1);
  optimizer->class = class;
  optimizer->tensors = g_ptr_array_new();
  optimizer->state = g_ptr_array_new_with_free_func((GDestroyNotify)mg_tensor_free);
  optimizer->clip_norm = mg_params_float(params, "clip_norm");
  optimizer->update = (MgUpdate){.weight_decay = mg_params_float(params, "weight_decay"),
                                 .nesterov = mg_params_bool(params, "nesterov"),
                                 .momentum = mg_params_float(params, "momentum"),
                                 .beta1 = mg_params_float(params, "beta1"),
                                 .beta2 = mg_params_float(params, "beta2"),
                                 .eps = mg_params_float(params, "eps"),
                                 .threads = 1};
  g_ptr_array_add(optimizer->state, mg_tensor_new(class->name, "step", FALSE, 1, (int[]){1}));
  for (guint i = 0; i < tensors->len; i++)
    if (((MgTensor *)tensors->pdata[i])->gradient)
      add_tensor(optimizer, tensors->pdata[i]);
  return optimizer;
}

void
mg_optimizer_set_threads(MgOptimizer *optimizer, int threads)
{
  optimizer->update.threads = MAX(threads, 1);
}

gboolean
mg_optimizer_clips(const MgOptimizer *optimizer)
{
  return optimizer->clip_norm > 0;
}

float
mg_optimizer_clip_factor(const MgOptimizer *optimizer, double length)
{
  double factor = optimizer->clip_norm / (length + 1e-6);
  return factor < 1 ? (float)factor : 1;
}

static void
clip(const MgOptimizer *optimizer)
{
  double squares = 0;
  for (guint i = 0; i < optimizer->tensors->len; i++) {
    const MgTensor *tensor = optimizer->tensors->pdata[i];
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t k = 0; k < tensor->n; k++)
      sum += (double)tensor->gradient[k] * tensor->gradient[k];
    squares += sum;
  }
  float factor = mg_optimizer_clip_factor(optimizer, sqrt(squares));
  for (guint i = 0; factor < 1 && i < optimizer->tensors->len; i++) {
    const MgTensor *tensor = optimizer->tensors->pdata[i];
    for (size_t k = 0; k < tensor->n; k++)
      tensor->gradient[k] *= factor;
  }
}

void
mg_optimizer_begin(MgOptimizer *optimizer, double learning_rate)
{
  float *steps = ((MgTensor *)optimizer->state->pdata[0])->data; /* exact up to 2^24, far beyond where it matters */
  *steps += 1;
  optimizer->update.learning_rate = learning_rate;
  optimizer->update.step = *steps;
}

void
mg_optimizer_move(const MgOptimizer *optimizer, guint tensor, size_t first, size_t n, const float *gradient)
{
  const MgTensor *moved = optimizer->tensors->pdata[tensor];
  float *kept[G_N_ELEMENTS(optimizer->class->state)] = {NULL};
  guint arrays = g_strv_length((char **)optimizer->class->state);
  for (guint s = 0; s < arrays; s++)
    kept[s] = ((MgTensor *)optimizer->state->pdata[1 + tensor * arrays + s])->data + first;
  MgUpdate update = optimizer->update;
  if (!moved->decays)
    update.weight_decay = 0;
  optimizer->class->update(&update, n, moved->data + first, gradient, kept);
}

void
mg_optimizer_step(MgOptimizer *optimizer, double learning_rate)
{
  mg_optimizer_begin(optimizer, learning_rate);
  if (mg_optimizer_clips(optimizer))
    clip(optimizer);
  for (guint i = 0; i < optimizer->tensors->len; i++) {
    const MgTensor *tensor = optimizer->tensors->pdata[i];
    mg_optimizer_move(optimizer, i, 0, tensor->n, tensor->gradient);
  }
}

const GPtrArray *
mg_optimizer_state(MgOptimizer *optimizer)
{
  return optimizer->state;
}

void
mg_optimizer_free(MgOptimizer *optimizer)
{
  if (!optimizer)
    return;
  g_ptr_array_unref(optimizer->tensors);
  g_ptr_array_unref(optimizer->state);
  g_free(optimizer);
}

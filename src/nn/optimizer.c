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
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "optimizer: there is no “%s”", name);
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

/* torch.nn.utils.clip_grad_norm_. A length that is not a number leaves the gradients: the loss will tell. */
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
  double factor = optimizer->clip_norm / (sqrt(squares) + 1e-6);
  if (!(factor < 1))
    return;
  for (guint i = 0; i < optimizer->tensors->len; i++) {
    const MgTensor *tensor = optimizer->tensors->pdata[i];
    for (size_t k = 0; k < tensor->n; k++)
      tensor->gradient[k] *= (float)factor;
  }
}

void
mg_optimizer_step(MgOptimizer *optimizer, double learning_rate)
{
  MgTensor **state = (MgTensor **)optimizer->state->pdata;
  float *steps = state[0]->data; /* exact up to 2^24 steps, far beyond where the corrections are 1 */
  *steps += 1;
  if (optimizer->clip_norm > 0)
    clip(optimizer);
  size_t arrays = g_strv_length((char **)optimizer->class->state);
  for (guint i = 0; i < optimizer->tensors->len; i++) {
    MgTensor *tensor = optimizer->tensors->pdata[i];
    float *kept[G_N_ELEMENTS(optimizer->class->state)] = {NULL};
    for (size_t s = 0; s < arrays; s++)
      kept[s] = state[1 + i * arrays + s]->data;
    MgUpdate update = optimizer->update;
    update.learning_rate = learning_rate;
    update.step = *steps;
    if (!tensor->decays)
      update.weight_decay = 0;
    optimizer->class->update(&update, tensor->n, tensor->data, tensor->gradient, kept);
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

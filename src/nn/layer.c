#include "nn/layer.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <string.h>

extern const MgLayerClass mg_layer_conv2d, mg_layer_batchnorm, mg_layer_layernorm, mg_layer_relu, mg_layer_leaky_relu,
    mg_layer_gelu, mg_layer_sigmoid, mg_layer_tanh, mg_layer_maxpool, mg_layer_avgpool, mg_layer_global_average_pool,
    mg_layer_global_max_pool, mg_layer_mean_over_time, mg_layer_max_over_time, mg_layer_dropout, mg_layer_linear,
    mg_layer_add, mg_layer_concat, mg_layer_lstm, mg_layer_gru, mg_layer_flatten, mg_layer_transpose,
    mg_layer_rows_to_channels;

const char mg_layer_required[] = N_("must be given");

/* A new layer is its file and its line here. */
static const MgLayerClass *const classes[] = {
    &mg_layer_conv2d,
    &mg_layer_batchnorm,
    &mg_layer_layernorm,
    &mg_layer_relu,
    &mg_layer_leaky_relu,
    &mg_layer_gelu,
    &mg_layer_sigmoid,
    &mg_layer_tanh,
    &mg_layer_maxpool,
    &mg_layer_avgpool,
    &mg_layer_global_average_pool,
    &mg_layer_global_max_pool,
    &mg_layer_mean_over_time,
    &mg_layer_max_over_time,
    &mg_layer_dropout,
    &mg_layer_linear,
    &mg_layer_add,
    &mg_layer_concat,
    &mg_layer_lstm,
    &mg_layer_gru,
    &mg_layer_flatten,
    &mg_layer_transpose,
    &mg_layer_rows_to_channels,
    NULL,
};

const MgLayerClass *const *
mg_layer_classes(void)
{
  return classes;
}

const MgLayerClass *
mg_layer_class(const char *type)
{
  for (size_t i = 0; classes[i]; i++)
    if (g_str_equal(classes[i]->type, type))
      return classes[i];
  return NULL;
}

static gboolean
takes(const MgLayerClass *class, int n_inputs, GError **error)
{
  if (n_inputs == 1 || (n_inputs > 1 && class->joins))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
              class->joins ? _("inputs: %d were given; expected at least one")
                           : _("inputs: %d were given; expected one"),
              n_inputs);
  return FALSE;
}

MgLayer *
mg_layer_new(const MgLayerClass *class, const char *name, int n_inputs, const int *from, const MgShape *inputs,
             const MgParams *params, GError **error)
{
  if (!takes(class, n_inputs, error))
    return NULL;
  g_autoptr(MgLayer) layer = g_malloc0(class->size);
  layer->class = class;
  layer->name = g_strdup(name);
  layer->n_inputs = n_inputs;
  layer->from = g_memdup2(from, n_inputs * sizeof *from);
  layer->inputs = g_memdup2(inputs, n_inputs * sizeof *inputs);
  layer->input = layer->output = inputs[0];
  layer->params = params ? mg_params_copy(params) : NULL;
  layer->tensors = g_ptr_array_new_with_free_func((GDestroyNotify)mg_tensor_free);
  return class->shape(layer, params, error) ? g_steal_pointer(&layer) : NULL;
}

gint64
mg_layer_weights(const MgLayer *layer)
{
  return layer->class->weights ? layer->class->weights(layer) : 0;
}

void
mg_layer_create(MgLayer *layer, MgRng *rng)
{
  if (layer->class->create)
    layer->class->create(layer, rng);
}

void
mg_layer_free(MgLayer *layer)
{
  if (!layer)
    return;
  if (layer->class->clear)
    layer->class->clear(layer);
  g_clear_pointer(&layer->tensors, g_ptr_array_unref);
  mg_params_free(layer->params);
  g_free(layer->from);
  g_free(layer->inputs);
  g_free(layer->name);
  g_free(layer);
}

MgTensor *
mg_layer_add_uniform(MgLayer *layer, const char *name, int dimensions, const int *shape, float bound, MgRng *rng)
{
  MgTensor *tensor = mg_tensor_new(layer->name, name, TRUE, dimensions, shape);
  for (size_t i = 0; i < tensor->n; i++)
    tensor->data[i] = mg_rng_between(rng, -bound, bound);
  tensor->decays = dimensions > 1;
  g_ptr_array_add(layer->tensors, tensor);
  return tensor;
}

MgTensor *
mg_layer_add_filled(MgLayer *layer, const char *name, gboolean trainable, int n, float value)
{
  MgTensor *tensor = mg_tensor_new(layer->name, name, trainable, 1, &n);
  for (size_t i = 0; i < tensor->n; i++)
    tensor->data[i] = value;
  g_ptr_array_add(layer->tensors, tensor);
  return tensor;
}

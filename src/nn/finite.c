#include "nn/finite.h"
#include <math.h>
#include <string.h>

static gboolean
all_finite(const float *values, size_t n)
{
  size_t bad = 0;
  for (size_t i = 0; i < n; i++)
    bad += !isfinite(values[i]);
  return bad == 0;
}

static const char *
layer_of(const MgNetwork *network, const char *tensor)
{
  for (size_t i = 0; i < mg_network_n_layers(network); i++) {
    const char *layer = mg_network_layer(network, i).name;
    size_t length = strlen(layer);
    if (strncmp(tensor, layer, length) == 0 && tensor[length] == '.' && !strchr(tensor + length + 1, '.'))
      return layer;
  }
  return tensor;
}

const char *
mg_network_bad_layer(const MgNetwork *network)
{
  const GPtrArray *tensors = mg_network_tensors(network);
  for (guint i = 0; i < tensors->len; i++) {
    const MgTensor *tensor = tensors->pdata[i];
    if (!all_finite(tensor->data, tensor->n))
      return layer_of(network, tensor->name);
  }
  return NULL;
}

const char *
mg_network_non_finite(MgNetwork *network, const float *x, int n, gboolean training, MgRng *rng, const char **what)
{
  const char *found = mg_network_bad_layer(network);
  *what = "weights";
  if (found)
    return found;
  *what = "input";
  if (!all_finite(x, n * mg_shape_size(mg_network_input(network))))
    return "";
  mg_network_keep(network, TRUE);
  mg_network_forward(network, x, n, training, rng);
  *what = "output";
  for (size_t i = 0; !found && i < mg_network_n_layers(network); i++) {
    MgLayerInfo layer = mg_network_layer(network, i);
    const float *output = mg_network_activation(network, i);
    if (output && !all_finite(output, n * mg_shape_size(layer.output)))
      found = layer.name;
  }
  mg_network_keep(network, FALSE);
  return found;
}

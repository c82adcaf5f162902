#include "train/explain.h"
#include "base/error.h"
#include "nn/layer.h"
#include <glib/gi18n-lib.h>
#include <string.h>

void
mg_feature_maps_free(MgFeatureMaps *maps)
{
  if (!maps)
    return;
  g_clear_pointer(&maps->maps, g_ptr_array_unref);
  g_free(maps->layer);
  g_free(maps);
}

/* NULL: the first convolution. */
static gboolean
find_layer(const MgNetwork *network, const char *name, size_t *found, GError **error)
{
  for (*found = 0; !name && *found < mg_network_n_layers(network); (*found)++)
    if (g_str_equal(mg_network_layer(network, *found).type, "conv2d"))
      return TRUE;
  return mg_network_find_layer(network, name ? name : "conv2d", found, error);
}

/* `channels` pictures of the given size, one after another in `values`. */
static MgFeatureMaps *
copy_maps(const char *layer, const float *values, size_t channels, size_t rows, size_t cols, GError **error)
{
  g_autoptr(MgFeatureMaps) maps = g_new0(MgFeatureMaps, 1);
  maps->maps = g_ptr_array_new_with_free_func((GDestroyNotify)mg_matrix_free);
  maps->layer = g_strdup(layer);
  for (size_t c = 0; c < channels; c++) {
    MgMatrix *map = mg_matrix_new(rows, cols, error);
    if (!map)
      return NULL;
    memcpy(map->data, values + c * rows * cols, rows * cols * sizeof(float));
    g_ptr_array_add(maps->maps, map);
  }
  return g_steal_pointer(&maps);
}

MgFeatureMaps *
mg_feature_maps(const MgSeen *seen, const char *layer, GError **error)
{
  return mg_feature_maps_of(seen->model->network, seen->x->data, layer, error);
}

MgFeatureMaps *
mg_feature_maps_of(MgNetwork *network, const float *x, const char *layer, GError **error)
{
  size_t number;
  if (!find_layer(network, layer, &number, error))
    return NULL;
  mg_network_keep(network, TRUE);
  mg_network_forward(network, x, 1, FALSE, NULL);
  mg_network_keep(network, FALSE);
  MgLayerInfo info = mg_network_layer(network, number);
  return copy_maps(info.name, mg_network_activation(network, number), info.output.channels, info.output.height,
                   info.output.width, error);
}

MgFeatureMaps *
mg_feature_filters(const MgModel *model, const char *layer, GError **error)
{
  size_t number;
  if (!find_layer(model->network, layer, &number, error))
    return NULL;
  const MgLayer *found = mg_network_layers(model->network)->pdata[number];
  if (!g_str_equal(found->class->type, "conv2d")) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("layer “%s” is of type %s: expected a convolution (conv2d)"),
                found->name, found->class->type);
    return NULL;
  }
  const MgTensor *weight = found->tensors->pdata[0]; /* (out, in, kernel_height, kernel_width) */
  return copy_maps(found->name, weight->data, weight->shape[0], (size_t)weight->shape[1] * weight->shape[2],
                   weight->shape[3], error);
}

MgMatrix *
mg_feature_maps_stack(const MgFeatureMaps *maps, GError **error)
{
  const MgMatrix *first = maps->maps->pdata[0];
  MgMatrix *stack = mg_matrix_new(maps->maps->len * first->rows, first->cols, error);
  for (guint i = 0; stack && i < maps->maps->len; i++) {
    const MgMatrix *map = maps->maps->pdata[i];
    memcpy(mg_matrix_row(stack, i * first->rows), map->data, first->rows * first->cols * sizeof(float));
  }
  return stack;
}

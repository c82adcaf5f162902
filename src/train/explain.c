#include "train/explain.h"
#include "train/file-segments.h"
#include "base/error.h"
#include "nn/loss.h"
#include <string.h>

void
mg_feature_maps_free(MgFeatureMaps *maps)
{
  if (!maps)
    return;
  mg_matrix_free(maps->input);
  mg_matrix_free(maps->as_seen);
  g_clear_pointer(&maps->maps, g_ptr_array_unref);
  g_free(maps->layer);
  g_free(maps->probabilities);
  g_free(maps);
}

static gboolean
find_layer(const MgNetwork *network, const char *name, size_t *found, GError **error)
{
  g_autoptr(GString) names = g_string_new(NULL);
  for (size_t i = 0; i < mg_network_n_layers(network); i++) {
    MgLayerInfo layer = mg_network_layer(network, i);
    *found = i;
    if (name ? g_str_equal(layer.name, name) : g_str_equal(layer.type, "conv2d"))
      return TRUE;
    g_string_append_printf(names, "%s%s", i ? ", " : "", layer.name);
  }
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "the network has no layer “%s”; its layers are %s",
              name ? name : "conv2d", names->str);
  return FALSE;
}

static gboolean
compute_picture(MgModel *model, const char *file, double start, double end, int part, MgMatrix **picture,
                GError **error)
{
  g_autoptr(MgFileSegments) segments = mg_file_segments_open(file, start, end, model->front_end, error);
  if (!segments)
    return FALSE;
  size_t n = mg_file_segments_n(segments);
  if (part < 1 || (size_t)part > n) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "%s: there is no part %d; expected 1 to %zu", file, part, n);
    return FALSE;
  }
  MgShape shape = mg_network_input(model->network);
  *picture = mg_matrix_new(shape.height, shape.width, error);
  return *picture && mg_file_segments_picture(segments, part - 1, (*picture)->data, error);
}

static gboolean
copy_maps(MgFeatureMaps *maps, const float *activation, MgShape shape, GError **error)
{
  size_t size = (size_t)shape.height * shape.width;
  for (int c = 0; c < shape.channels; c++) {
    MgMatrix *map = mg_matrix_new(shape.height, shape.width, error);
    if (!map)
      return FALSE;
    memcpy(map->data, activation + c * size, size * sizeof(float));
    g_ptr_array_add(maps->maps, map);
  }
  return TRUE;
}

MgFeatureMaps *
mg_feature_maps(MgModel *model, const char *file, double track_start, double track_end, int part, const char *layer,
                GError **error)
{
  g_autoptr(MgFeatureMaps) maps = g_new0(MgFeatureMaps, 1);
  maps->maps = g_ptr_array_new_with_free_func((GDestroyNotify)mg_matrix_free);
  size_t number;
  if (!find_layer(model->network, layer, &number, error) ||
      !compute_picture(model, file, track_start, track_end, part, &maps->input, error))
    return NULL;
  maps->as_seen = mg_matrix_copy(maps->input);
  mg_model_normalise(model, maps->input->data, maps->input->rows * maps->input->cols, maps->as_seen->data);
  mg_network_keep(model->network, TRUE);
  const float *logits = mg_network_forward(model->network, maps->as_seen->data, 1, FALSE, NULL);
  maps->probabilities = g_new(float, model->labels->len);
  mg_softmax(logits, 1, (int)model->labels->len, maps->probabilities);
  MgLayerInfo info = mg_network_layer(model->network, number);
  maps->layer = g_strdup(info.name);
  gboolean good = copy_maps(maps, mg_network_activation(model->network, number), info.output, error);
  mg_network_keep(model->network, FALSE);
  return good ? g_steal_pointer(&maps) : NULL;
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

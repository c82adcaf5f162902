/* An ONNX file as a description and tensors. */
#include "nn/onnx-patterns.h"
#include "nn/onnx-job.h"
#include "nn/onnx.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <string.h>

struct MgOnnx {
  char *path, *description;
  MgShape input;
  int classes;
  GHashTable *tensors, *metadata;
};

void
mg_onnx_free(MgOnnx *onnx)
{
  if (!onnx)
    return;
  g_clear_pointer(&onnx->tensors, g_hash_table_unref);
  g_clear_pointer(&onnx->metadata, g_hash_table_unref);
  g_free(onnx->description);
  g_free(onnx->path);
  g_free(onnx);
}

const char *
mg_onnx_description(const MgOnnx *onnx)
{
  return onnx->description;
}

MgShape
mg_onnx_input(const MgOnnx *onnx)
{
  return onnx->input;
}

int
mg_onnx_classes(const MgOnnx *onnx)
{
  return onnx->classes;
}

GHashTable *
mg_onnx_metadata(const MgOnnx *onnx)
{
  return onnx->metadata;
}

gboolean
mg_onnx_fill(const MgOnnx *onnx, MgNetwork *network, GError **error)
{
  const GPtrArray *tensors = mg_network_tensors(network);
  for (guint i = 0; i < tensors->len; i++) {
    MgTensor *tensor = tensors->pdata[i];
    const GArray *values = g_hash_table_lookup(onnx->tensors, tensor->name);
    if (!values || values->len != tensor->n) {
      g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: %u values for “%s”; expected %zu"), onnx->path,
                  values ? values->len : 0, tensor->name, tensor->n);
      return FALSE;
    }
    memcpy(tensor->data, values->data, tensor->n * sizeof *tensor->data);
  }
  return TRUE;
}

static MgOnnxImport
start(const char *path)
{
  return (MgOnnxImport){
      .path = path,
      .constants = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, mg_onnx_constant_free),
      .values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
      .tensors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref),
      .names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
      .taken = g_hash_table_new(NULL, NULL),
      .layers = json_array(),
      .ended = g_array_new(FALSE, TRUE, sizeof(gboolean)),
  };
}

static void
end(MgOnnxImport *import)
{
  g_hash_table_unref(import->constants);
  g_hash_table_unref(import->values);
  g_hash_table_unref(import->tensors);
  g_hash_table_unref(import->names);
  g_hash_table_unref(import->taken);
  g_array_unref(import->ended);
  json_decref(import->layers);
}

static gboolean
keep_constant(MgOnnxImport *import, const char *name, const Onnx__TensorProto *tensor, GError **error)
{
  MgOnnxConstant *constant = mg_onnx_constant(tensor, import->path, error);
  if (constant)
    g_hash_table_replace(import->constants, g_strdup(name ? name : ""), constant);
  return constant != NULL;
}

/* Those beside the nodes, and those that nodes are: PyTorch writes numbers so. */
static gboolean
read_constants(MgOnnxImport *import, const Onnx__GraphProto *graph, GError **error)
{
  for (size_t i = 0; i < graph->n_initializer; i++)
    if (!keep_constant(import, graph->initializer[i]->name, graph->initializer[i], error))
      return FALSE;
  for (size_t i = 0; i < graph->n_node; i++) {
    const Onnx__NodeProto *node = graph->node[i];
    const Onnx__AttributeProto *value = mg_job_attribute(&(MgOnnxJob){.node = node}, "value");
    if (g_strcmp0(node->op_type, "Constant") != 0 || !value || !value->t || node->n_output != 1)
      continue;
    if (!keep_constant(import, node->output[0], value->t, error))
      return FALSE;
    g_hash_table_add(import->taken, (gpointer)node);
  }
  return TRUE;
}

/* The one input that is no constant: (1 or any, C, H, W). */
static gboolean
read_input(MgOnnxImport *import, const Onnx__GraphProto *graph, MgShape *shape, GError **error)
{
  const Onnx__ValueInfoProto *input = NULL;
  size_t n = 0;
  for (size_t i = 0; i < graph->n_input; i++)
    if (graph->input[i]->name && !g_hash_table_contains(import->constants, graph->input[i]->name)) {
      input = graph->input[i];
      n++;
    }
  int *sizes[] = {NULL, &shape->channels, &shape->height, &shape->width};
  gboolean good = n == 1 && input->type && input->type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE &&
                  input->type->tensor_type->shape && input->type->tensor_type->shape->n_dim == G_N_ELEMENTS(sizes);
  for (size_t i = 1; good && i < G_N_ELEMENTS(sizes); i++) {
    const Onnx__TensorShapeProto__Dimension *size = input->type->tensor_type->shape->dim[i];
    good = size->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE && size->dim_value >= 1 &&
           size->dim_value <= 1 << 20;
    *sizes[i] = good ? (int)size->dim_value : 0;
  }
  if (!good) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
                _("%s: %zu inputs; expected one, a picture of (N, channels, height, width) whose last three sizes are "
                  "known and at most 2^20"),
                import->path, n);
    return FALSE;
  }
  MgOnnxValue value = {.form = MG_ONNX_PICTURE, .layer = -1, .shape = *shape, .scale = 1};
  g_hash_table_insert(import->values, g_strdup(input->name), g_memdup2(&value, sizeof value));
  return TRUE;
}

/* The last layer gives the graph's output. */
static gboolean
read_output(MgOnnxImport *import, const Onnx__GraphProto *graph, int *classes, GError **error)
{
  const char *name = graph->n_output == 1 ? graph->output[0]->name : NULL;
  const MgOnnxValue *value = name ? g_hash_table_lookup(import->values, name) : NULL;
  int layers = json_array_size(import->layers);
  if (value && value->layer == layers - 1 && layers > 0 && mg_shape_size(value->shape) <= 1 << 20) {
    *classes = mg_shape_size(value->shape);
    return TRUE;
  }
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: %zu outputs; expected one, which the last node gives"),
              import->path, graph->n_output);
  return FALSE;
}

static gboolean
read_graph(MgOnnxImport *import, const Onnx__GraphProto *graph, MgOnnx *onnx, GError **error)
{
  if (!read_constants(import, graph, error) || !read_input(import, graph, &onnx->input, error))
    return FALSE;
  for (size_t i = 0; i < graph->n_node; i++) {
    gboolean good = TRUE;
    if (!g_hash_table_contains(import->taken, graph->node[i]) &&
        !mg_onnx_import_pattern(import, graph, i, &good, error))
      good = mg_onnx_import_node(import, graph->node[i], error);
    if (!good)
      return FALSE;
  }
  return read_output(import, graph, &onnx->classes, error);
}

static char *
describe(const MgOnnxImport *import, const Onnx__GraphProto *graph)
{
  g_autofree char *name = g_strdup(graph->name && *graph->name ? graph->name : "imported");
  g_strcanon(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.", '_');
  json_t *root = json_pack("{s:s, s:O}", "name", name, "layers", import->layers);
  char *text = json_dumps(root, JSON_INDENT(1)), *copy = g_strdup(text);
  free(text);
  json_decref(root);
  return copy;
}

static void
take_metadata(MgOnnx *onnx, const Onnx__ModelProto *model)
{
  for (size_t i = 0; i < model->n_metadata_props; i++) {
    const Onnx__StringStringEntryProto *entry = model->metadata_props[i];
    if (entry->key && entry->value && g_utf8_validate(entry->key, -1, NULL) && g_utf8_validate(entry->value, -1, NULL))
      g_hash_table_replace(onnx->metadata, g_strdup(entry->key), g_strdup(entry->value));
  }
}

MgOnnx *
mg_onnx_load(const char *path, GError **error)
{
  Onnx__ModelProto *model = mg_onnx_read(path, error);
  if (!model)
    return NULL;
  g_autoptr(MgOnnx) onnx = g_new0(MgOnnx, 1);
  onnx->path = g_strdup(path);
  onnx->metadata = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  MgOnnxImport import = start(onnx->path);
  gboolean good = read_graph(&import, model->graph, onnx, error);
  if (good) {
    onnx->description = describe(&import, model->graph);
    onnx->tensors = g_hash_table_ref(import.tensors);
    take_metadata(onnx, model);
  }
  end(&import);
  onnx__model_proto__free_unpacked(model, NULL);
  return good ? g_steal_pointer(&onnx) : NULL;
}

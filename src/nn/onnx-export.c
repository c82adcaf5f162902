/* The network as an ONNX graph. A layer type is one function and one line in the table at the end; a value is a picture
 * (1, C, H, W) or, after a linear layer, a vector (1, n). */
#include "nn/layer-recurrent.h"
#include "nn/onnx-build.h"
#include "nn/onnx.h"
#include "base/error.h"
#include "base/file.h"
#include "config.h"
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  MgOnnxBuilder *builder;
  const MgLayer *layer;
  const char *const *x; /* the inputs, all of them pictures unless the layer takes vectors too */
} Job;

typedef struct {
  const char *type;
  const char *(*write)(const Job *job); /* its value */
  gboolean vectors;                     /* takes vectors as they are */
  gboolean gives_vector;                /* otherwise the same as its input, pictures where that was changed */
} Writer;

static const MgTensor *
tensor_at(const Job *job, guint i)
{
  return i < job->layer->tensors->len ? job->layer->tensors->pdata[i] : NULL;
}

static void
write_window(const Job *job)
{
  const MgParams *params = job->layer->params;
  gint64 kernel = mg_params_int(params, "kernel_size"), height = mg_params_int_or(params, "kernel_height", kernel);
  gint64 width = mg_params_int_or(params, "kernel_width", kernel);
  gboolean of_kernel = mg_params_is_auto(params, "stride");
  gint64 stride = mg_params_int_or(params, "stride", 0), padding = mg_params_int(params, "padding");
  gint64 down = mg_params_int_or(params, "stride_height", of_kernel ? height : stride);
  gint64 right = mg_params_int_or(params, "stride_width", of_kernel ? width : stride);
  gint64 above = mg_params_int_or(params, "padding_height", padding);
  gint64 left = mg_params_int_or(params, "padding_width", padding);
  mg_onnx_attribute_ints(job->builder, "kernel_shape", 2, (gint64[]){height, width});
  mg_onnx_attribute_ints(job->builder, "strides", 2, (gint64[]){down, right});
  mg_onnx_attribute_ints(job->builder, "pads", 4, (gint64[]){above, left, above, left});
}

static const char *
write_conv2d(const Job *job)
{
  const MgTensor *bias = tensor_at(job, 1);
  const char *weight = mg_onnx_tensor(job->builder, tensor_at(job, 0));
  const char *inputs[] = {job->x[0], weight, bias ? mg_onnx_tensor(job->builder, bias) : NULL, NULL};
  const char *y = mg_onnx_node(job->builder, "Conv", inputs);
  write_window(job);
  mg_onnx_attribute_int(job->builder, "group", mg_params_int(job->layer->params, "groups"));
  return y;
}

static const char *
write_pool(const Job *job, const char *type)
{
  const char *y = mg_onnx_unary(job->builder, type, job->x[0]);
  write_window(job);
  mg_onnx_attribute_int(job->builder, "ceil_mode", mg_params_bool(job->layer->params, "ceil_mode"));
  return y;
}

static const char *
write_maxpool(const Job *job)
{
  return write_pool(job, "MaxPool");
}

static const char *
write_avgpool(const Job *job)
{
  const char *y = write_pool(job, "AveragePool");
  mg_onnx_attribute_int(job->builder, "count_include_pad", mg_params_bool(job->layer->params, "count_include_pad"));
  return y;
}

static const MgTensor *
tensor_called(const Job *job, const char *name)
{
  for (guint i = 0; i < job->layer->tensors->len; i++)
    if (g_str_equal(tensor_at(job, i)->name + strlen(job->layer->name) + 1, name))
      return tensor_at(job, i);
  return NULL;
}

/* The factor and the constant, or what stands for one that the layer does not learn. */
static const char *
tensor_or(const Job *job, const char *name, float otherwise)
{
  const MgTensor *tensor = tensor_called(job, name);
  if (tensor)
    return mg_onnx_tensor(job->builder, tensor);
  gint64 n = job->layer->input.channels;
  g_autofree float *values = g_new(float, n);
  for (gint64 i = 0; i < n; i++)
    values[i] = otherwise;
  return mg_onnx_floats(job->builder, mg_onnx_text(job->builder, "%s.%s", job->layer->name, name), 1, &n, values);
}

static const char *
write_batchnorm(const Job *job)
{
  const char *inputs[] = {job->x[0],
                          tensor_or(job, "weight", 1),
                          tensor_or(job, "bias", 0),
                          tensor_or(job, "running_mean", 0),
                          tensor_or(job, "running_var", 1),
                          NULL};
  const char *y = mg_onnx_node(job->builder, "BatchNormalization", inputs);
  mg_onnx_attribute_float(job->builder, "epsilon", mg_params_float(job->layer->params, "eps"));
  return y;
}

static const char *
write_relu(const Job *job)
{
  return mg_onnx_unary(job->builder, "Relu", job->x[0]);
}

static const char *
write_sigmoid(const Job *job)
{
  return mg_onnx_unary(job->builder, "Sigmoid", job->x[0]);
}

static const char *
write_tanh(const Job *job)
{
  return mg_onnx_unary(job->builder, "Tanh", job->x[0]);
}

static const char *
write_leaky_relu(const Job *job)
{
  const char *y = mg_onnx_unary(job->builder, "LeakyRelu", job->x[0]);
  mg_onnx_attribute_float(job->builder, "alpha", mg_params_float(job->layer->params, "negative_slope"));
  return y;
}

/* x / 2 · (1 + erf(x / √2)) */
static const char *
write_gelu(const Job *job)
{
  MgOnnxBuilder *b = job->builder;
  const char *erf = mg_onnx_unary(b, "Erf", mg_onnx_scalar(b, "Div", job->x[0], (float)G_SQRT2));
  return mg_onnx_scalar(b, "Mul", mg_onnx_binary(b, "Mul", job->x[0], mg_onnx_scalar(b, "Add", erf, 1)), 0.5f);
}

/* Nothing is dropped outside of training; the rate is there for whoever goes on with it. */
static const char *
write_dropout(const Job *job)
{
  const char *y = mg_onnx_unary(job->builder, "Dropout", job->x[0]);
  mg_onnx_attribute_float(job->builder, "ratio", mg_params_float(job->layer->params, "p"));
  return y;
}

static const char *
write_global_average_pool(const Job *job)
{
  return mg_onnx_unary(job->builder, "GlobalAveragePool", job->x[0]);
}

static const char *
write_global_max_pool(const Job *job)
{
  return mg_onnx_unary(job->builder, "GlobalMaxPool", job->x[0]);
}

static const char *
reduce(const Job *job, const char *type, const char *x, int n, const gint64 *axes)
{
  const char *y = mg_onnx_unary(job->builder, type, x);
  mg_onnx_attribute_ints(job->builder, "axes", n, axes);
  mg_onnx_attribute_int(job->builder, "keepdims", 1);
  return y;
}

static const char *
write_mean_over_time(const Job *job)
{
  return reduce(job, "ReduceMean", job->x[0], 1, (gint64[]){3});
}

static const char *
write_max_over_time(const Job *job)
{
  return reduce(job, "ReduceMax", job->x[0], 1, (gint64[]){3});
}

/* Operator set 17 has it as one; 11, which more programs read, does not. */
static const char *
write_layernorm(const Job *job)
{
  MgOnnxBuilder *b = job->builder;
  MgShape in = job->layer->input;
  const char *over = mg_params_text(job->layer->params, "over");
  int n = g_str_equal(over, "all") ? 3 : g_str_equal(over, "features") ? 2 : 1;
  const gint64 axes[] = {1, 2, 3}, shape[] = {in.channels, n > 1 ? in.height : 1, n > 2 ? in.width : 1};
  const char *centred = mg_onnx_binary(b, "Sub", job->x[0], reduce(job, "ReduceMean", job->x[0], n, axes));
  const char *variance = reduce(job, "ReduceMean", mg_onnx_binary(b, "Mul", centred, centred), n, axes);
  const char *deviation =
      mg_onnx_unary(b, "Sqrt", mg_onnx_scalar(b, "Add", variance, mg_params_float(job->layer->params, "eps")));
  const MgTensor *weight = tensor_at(job, 0), *bias = tensor_at(job, 1);
  const char *y = mg_onnx_binary(b, "Div", centred, deviation);
  y = mg_onnx_binary(b, "Mul", y, mg_onnx_floats(b, weight->name, 3, shape, weight->data));
  return mg_onnx_binary(b, "Add", y, mg_onnx_floats(b, bias->name, 3, shape, bias->data));
}

static const char *
flatten(const Job *job, const char *x)
{
  const char *y = mg_onnx_unary(job->builder, "Flatten", x);
  mg_onnx_attribute_int(job->builder, "axis", 1);
  return y;
}

static const char *
write_flatten(const Job *job)
{
  const char *x = job->x[0];
  if (mg_params_bool(job->layer->params, "channels_last"))
    x = mg_onnx_transpose(job->builder, x, 4, (gint64[]){0, 2, 3, 1});
  return flatten(job, x);
}

static const char *
write_linear(const Job *job)
{
  const MgTensor *bias = tensor_at(job, 1);
  const char *x = flatten(job, job->x[0]), *weight = mg_onnx_tensor(job->builder, tensor_at(job, 0));
  const char *inputs[] = {x, weight, bias ? mg_onnx_tensor(job->builder, bias) : NULL, NULL};
  const char *y = mg_onnx_node(job->builder, "Gemm", inputs);
  mg_onnx_attribute_int(job->builder, "transB", 1);
  return y;
}

static const char *
write_add(const Job *job)
{
  float scale = mg_params_float(job->layer->params, "scale");
  const char *sum = job->x[0];
  for (int k = 1; k < job->layer->n_inputs; k++) {
    const char *more = scale == 1 ? job->x[k] : mg_onnx_scalar(job->builder, "Mul", job->x[k], scale);
    sum = mg_onnx_binary(job->builder, "Add", sum, more);
  }
  return sum;
}

static const char *
write_concat(const Job *job)
{
  g_autofree const char **inputs = g_new0(const char *, job->layer->n_inputs + 1);
  memcpy(inputs, job->x, job->layer->n_inputs * sizeof *inputs);
  const char *y = mg_onnx_node(job->builder, "Concat", inputs);
  mg_onnx_attribute_int(job->builder, "axis", 1);
  return y;
}

static const char *
write_transpose(const Job *job)
{
  return mg_onnx_transpose(job->builder, job->x[0], 4, (gint64[]){0, 1, 3, 2});
}

static const char *
write_rows_to_channels(const Job *job)
{
  MgShape out = job->layer->output;
  return mg_onnx_reshape(job->builder, job->x[0], 4, (gint64[]){-1, out.channels, 1, out.width});
}

/* Blocks of rows in ONNX's order: LSTM i, o, f, c and GRU z, r, n, where PyTorch has i, f, c, o and r, z, n. */
static const char *
ordered(const Job *job, const char *name, int layer, int columns, const char *const *kinds, int n_kinds)
{
  const MgRecurrentLayer *self = (const MgRecurrentLayer *)job->layer;
  static const int orders[][4] = {{0, 3, 1, 2}, {1, 0, 2}};
  const int *order = orders[self->cell == &mg_cell_gru];
  size_t block = (size_t)self->hidden * columns, rows = (size_t)n_kinds * self->cell->gates * self->hidden;
  g_autofree float *values = g_new(float, self->directions *rows *columns);
  float *to = values;
  for (int d = 0; d < self->directions; d++)
    for (int k = 0; k < n_kinds; k++) {
      g_autofree char *called = g_strdup_printf("%s_l%d%s", kinds[k], layer, d ? "_reverse" : "");
      const float *from = tensor_called(job, called)->data;
      for (int g = 0; g < self->cell->gates; g++, to += block)
        memcpy(to, from + order[g] * block, block * sizeof *to);
    }
  const gint64 shape[] = {self->directions, rows, columns};
  return mg_onnx_floats(job->builder, mg_onnx_text(job->builder, "%s.%s%d", self->base.name, name, layer),
                        columns > 1 ? 3 : 2, shape, values);
}

/* x (T, 1, features) -> (T, directions, 1, hidden) */
/* Nothing before the first step. The standard lets it be left out; OpenCV wants it for GRU. */
static const char *
zero_state(const Job *job, int layer)
{
  const MgRecurrentLayer *self = (const MgRecurrentLayer *)job->layer;
  const gint64 shape[] = {self->directions, 1, self->hidden};
  g_autofree float *zeros = g_new0(float, self->directions * self->hidden);
  return mg_onnx_floats(job->builder, mg_onnx_text(job->builder, "%s.H%d", self->base.name, layer), 3, shape, zeros);
}

static const char *
write_recurrence(const Job *job, int layer, const char *x)
{
  const MgRecurrentLayer *self = (const MgRecurrentLayer *)job->layer;
  static const char *const weights[] = {"weight_ih"}, *const recurrent[] = {"weight_hh"};
  static const char *const biases[] = {"bias_ih", "bias_hh"};
  int features = layer == 0 ? self->features : self->directions * self->hidden;
  const char *inputs[] = {x,
                          ordered(job, "W", layer, features, weights, 1),
                          ordered(job, "R", layer, self->hidden, recurrent, 1),
                          ordered(job, "B", layer, 1, biases, 2),
                          NULL,
                          NULL,
                          NULL};
  gboolean gru = self->cell == &mg_cell_gru;
  if (gru) {
    inputs[4] = ""; /* the lengths of the sequences: all of them whole */
    inputs[5] = zero_state(job, layer);
  }
  const char *y = mg_onnx_node(job->builder, gru ? "GRU" : "LSTM", inputs);
  mg_onnx_attribute_int(job->builder, "hidden_size", self->hidden);
  mg_onnx_attribute_text(job->builder, "direction", self->directions == 2 ? "bidirectional" : "forward");
  if (gru)
    mg_onnx_attribute_int(job->builder, "linear_before_reset", 1);
  return y;
}

/* What a direction ends with: the last step, or the first one of the way back. */
static const char *
last_steps(const Job *job, const char *sequence)
{
  const MgRecurrentLayer *self = (const MgRecurrentLayer *)job->layer;
  const char *ends[3] = {NULL};
  for (int d = 0; d < self->directions; d++) {
    gint64 step = d == 0 ? self->steps - 1 : 0, first = d * self->hidden, end = first + self->hidden;
    const char *inputs[] = {sequence, mg_onnx_ints(job->builder, 2, (gint64[]){first, step}),
                            mg_onnx_ints(job->builder, 2, (gint64[]){end, step + 1}),
                            mg_onnx_ints(job->builder, 2, (gint64[]){1, 2}), NULL};
    ends[d] = mg_onnx_node(job->builder, "Slice", inputs);
  }
  if (self->directions == 1)
    return ends[0];
  const char *y = mg_onnx_node(job->builder, "Concat", ends);
  mg_onnx_attribute_int(job->builder, "axis", 1);
  return y;
}

static const char *
write_recurrent(const Job *job)
{
  const MgRecurrentLayer *self = (const MgRecurrentLayer *)job->layer;
  MgOnnxBuilder *b = job->builder;
  gint64 width = self->directions * self->hidden;
  const char *x = mg_onnx_reshape(b, job->x[0], 3, (gint64[]){-1, self->features, self->steps});
  x = mg_onnx_transpose(b, x, 3, (gint64[]){2, 0, 1});
  for (int l = 0; l < self->layers; l++) {
    x = mg_onnx_transpose(b, write_recurrence(job, l, x), 4, (gint64[]){0, 2, 1, 3});
    x = mg_onnx_reshape(b, x, 3, (gint64[]){self->steps, -1, width});
  }
  x = mg_onnx_transpose(b, x, 3, (gint64[]){1, 2, 0});
  x = mg_recurrent_takes_last(self) ? last_steps(job, x) : x;
  x = mg_onnx_reshape(b, x, 4, (gint64[]){-1, width, 1, mg_recurrent_takes_last(self) ? 1 : self->steps});
  return mg_recurrent_takes_mean(self) ? reduce(job, "ReduceMean", x, 1, (gint64[]){3}) : x;
}

/* One line a layer. */
static const Writer writers[] = {
    {"conv2d", write_conv2d, FALSE, FALSE},
    {"batchnorm", write_batchnorm, FALSE, FALSE},
    {"layernorm", write_layernorm, FALSE, FALSE},
    {"relu", write_relu, TRUE, FALSE},
    {"leaky-relu", write_leaky_relu, TRUE, FALSE},
    {"gelu", write_gelu, TRUE, FALSE},
    {"sigmoid", write_sigmoid, TRUE, FALSE},
    {"tanh", write_tanh, TRUE, FALSE},
    {"maxpool", write_maxpool, FALSE, FALSE},
    {"avgpool", write_avgpool, FALSE, FALSE},
    {"global-average-pool", write_global_average_pool, FALSE, FALSE},
    {"global-max-pool", write_global_max_pool, FALSE, FALSE},
    {"mean-over-time", write_mean_over_time, FALSE, FALSE},
    {"max-over-time", write_max_over_time, FALSE, FALSE},
    {"dropout", write_dropout, TRUE, FALSE},
    {"flatten", write_flatten, FALSE, TRUE},
    {"linear", write_linear, TRUE, TRUE},
    {"add", write_add, FALSE, FALSE},
    {"concat", write_concat, FALSE, FALSE},
    {"transpose", write_transpose, FALSE, FALSE},
    {"rows-to-channels", write_rows_to_channels, FALSE, FALSE},
    {"lstm", write_recurrent, FALSE, FALSE},
    {"gru", write_recurrent, FALSE, FALSE},
};

static const Writer *
find_writer(const char *type)
{
  for (size_t i = 0; i < G_N_ELEMENTS(writers); i++)
    if (g_str_equal(writers[i].type, type))
      return &writers[i];
  return NULL;
}

typedef struct {
  const char *name;
  gboolean vector;
} Value;

/* Writes the layer from the values before it; values[0] is the network's input. */
static gboolean
write_layer(MgOnnxBuilder *builder, const MgLayer *layer, const char *path, Value *values, Value *out, GError **error)
{
  const Writer *writer = find_writer(layer->class->type);
  if (!writer) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: layer %s: ONNX has nothing for the type “%s”"), path,
                layer->name, layer->class->type);
    return FALSE;
  }
  g_autofree const char **x = g_new(const char *, layer->n_inputs);
  gboolean vector = FALSE;
  for (int i = 0; i < layer->n_inputs; i++) {
    const Value *value = &values[layer->from[i] + 1];
    const gint64 picture[] = {-1, layer->inputs[i].channels, layer->inputs[i].height, layer->inputs[i].width};
    vector = value->vector && writer->vectors;
    x[i] = value->vector && !vector ? mg_onnx_reshape(builder, value->name, 4, picture) : value->name;
  }
  Job job = {builder, layer, x};
  *out = (Value){writer->write(&job), vector || writer->gives_vector};
  return TRUE;
}

static Onnx__ValueInfoProto *
describe_value(MgOnnxBuilder *builder, const char *name, int n, const gint64 *sizes)
{
  Onnx__ValueInfoProto *info = mg_onnx_memory(builder, sizeof *info);
  Onnx__TypeProto *type = mg_onnx_memory(builder, sizeof *type);
  Onnx__TypeProto__Tensor *tensor = mg_onnx_memory(builder, sizeof *tensor);
  Onnx__TensorShapeProto *shape = mg_onnx_memory(builder, sizeof *shape);
  onnx__value_info_proto__init(info);
  onnx__type_proto__init(type);
  onnx__type_proto__tensor__init(tensor);
  onnx__tensor_shape_proto__init(shape);
  shape->n_dim = n;
  shape->dim = mg_onnx_memory(builder, n * sizeof *shape->dim);
  for (int i = 0; i < n; i++) {
    shape->dim[i] = mg_onnx_memory(builder, sizeof **shape->dim);
    onnx__tensor_shape_proto__dimension__init(shape->dim[i]);
    shape->dim[i]->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
    shape->dim[i]->dim_value = sizes[i];
  }
  tensor->has_elem_type = TRUE;
  tensor->elem_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
  tensor->shape = shape;
  type->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
  type->tensor_type = tensor;
  info->name = mg_onnx_text(builder, "%s", name);
  info->type = type;
  return info;
}

/* Inputs and output of the graph are named for people. */
static const char input_name[] = "picture", output_name[] = "logits";

static Onnx__GraphProto *
make_graph(MgOnnxBuilder *builder, const MgNetwork *network)
{
  Onnx__GraphProto *graph = mg_onnx_memory(builder, sizeof *graph);
  onnx__graph_proto__init(graph);
  MgShape in = mg_network_input(network);
  const gint64 picture[] = {1, in.channels, in.height, in.width}, logits[] = {1, mg_network_classes(network)};
  graph->name = mg_onnx_text(builder, "%s", mg_network_name(network));
  graph->node = (Onnx__NodeProto **)builder->nodes->pdata;
  graph->n_node = builder->nodes->len;
  graph->initializer = (Onnx__TensorProto **)builder->initializers->pdata;
  graph->n_initializer = builder->initializers->len;
  graph->n_input = graph->n_output = 1;
  graph->input = mg_onnx_memory(builder, sizeof *graph->input);
  graph->output = mg_onnx_memory(builder, sizeof *graph->output);
  graph->input[0] = describe_value(builder, input_name, 4, picture);
  graph->output[0] = describe_value(builder, output_name, 2, logits);
  return graph;
}

static void
set_metadata(MgOnnxBuilder *builder, Onnx__ModelProto *model, GHashTable *metadata)
{
  g_autoptr(GList) keys = metadata ? g_list_sort(g_hash_table_get_keys(metadata), (GCompareFunc)strcmp) : NULL;
  model->metadata_props = mg_onnx_memory(builder, g_list_length(keys) * sizeof *model->metadata_props);
  for (const GList *l = keys; l; l = l->next) {
    Onnx__StringStringEntryProto *entry = mg_onnx_memory(builder, sizeof *entry);
    onnx__string_string_entry_proto__init(entry);
    entry->key = mg_onnx_text(builder, "%s", (const char *)l->data);
    entry->value = mg_onnx_text(builder, "%s", (const char *)g_hash_table_lookup(metadata, l->data));
    model->metadata_props[model->n_metadata_props++] = entry;
  }
}

static gboolean
write_model(MgOnnxBuilder *builder, const MgNetwork *network, GHashTable *metadata, const char *path, GError **error)
{
  Onnx__ModelProto model = ONNX__MODEL_PROTO__INIT;
  Onnx__OperatorSetIdProto operators = ONNX__OPERATOR_SET_ID_PROTO__INIT, *sets[] = {&operators};
  operators.domain = mg_onnx_text(builder, "%s", "");
  operators.has_version = TRUE;
  operators.version = 11;
  model.has_ir_version = TRUE;
  model.ir_version = 6; /* that of operator set 11 */
  model.producer_name = mg_onnx_text(builder, "%s", "melograph");
  model.producer_version = mg_onnx_text(builder, "%s", MG_VERSION);
  model.n_opset_import = 1;
  model.opset_import = sets;
  model.graph = make_graph(builder, network);
  set_metadata(builder, &model, metadata);
  size_t size = onnx__model_proto__get_packed_size(&model);
  g_autofree guint8 *bytes = g_malloc(size);
  onnx__model_proto__pack(&model, bytes);
  return mg_file_write(path, bytes, size, error);
}

gboolean
mg_onnx_save(const char *path, const MgNetwork *network, GHashTable *metadata, GError **error)
{
  g_autoptr(MgOnnxBuilder) builder = mg_onnx_builder_new();
  const GPtrArray *layers = mg_network_layers(network);
  g_autofree Value *values = g_new0(Value, layers->len + 1);
  values[0].name = input_name;
  for (guint i = 0; i < layers->len; i++)
    if (!write_layer(builder, layers->pdata[i], path, values, &values[i + 1], error))
      return FALSE;
  Job job = {.builder = builder};
  Value *last = &values[layers->len];
  if (!last->vector)
    last->name = flatten(&job, last->name);
  Onnx__NodeProto *node = builder->nodes->pdata[builder->nodes->len - 1];
  node->output[0] = mg_onnx_text(builder, "%s", output_name);
  return write_model(builder, network, metadata, path, error);
}

#include "nn/onnx-build.h"
#include <stdarg.h>
#include <string.h>

MgOnnxBuilder *
mg_onnx_builder_new(void)
{
  MgOnnxBuilder *builder = g_new0(MgOnnxBuilder, 1);
  builder->memory = g_ptr_array_new_with_free_func(g_free);
  builder->nodes = g_ptr_array_new();
  builder->initializers = g_ptr_array_new();
  return builder;
}

void
mg_onnx_builder_free(MgOnnxBuilder *builder)
{
  if (!builder)
    return;
  g_ptr_array_unref(builder->nodes);
  g_ptr_array_unref(builder->initializers);
  g_ptr_array_unref(builder->memory);
  g_free(builder);
}

gpointer
mg_onnx_memory(MgOnnxBuilder *builder, size_t bytes)
{
  gpointer memory = g_malloc0(MAX(bytes, 1));
  g_ptr_array_add(builder->memory, memory);
  return memory;
}

char *
mg_onnx_text(MgOnnxBuilder *builder, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_ptr_array_add(builder->memory, text);
  return text;
}

static gpointer
copy(MgOnnxBuilder *builder, gconstpointer from, size_t bytes)
{
  return memcpy(mg_onnx_memory(builder, bytes), from, bytes);
}

const char *
mg_onnx_node(MgOnnxBuilder *builder, const char *type, const char *const *inputs)
{
  Onnx__NodeProto *node = mg_onnx_memory(builder, sizeof *node);
  onnx__node_proto__init(node);
  node->op_type = mg_onnx_text(builder, "%s", type);
  node->name = mg_onnx_text(builder, "%s_%u", type, builder->nodes->len);
  while (inputs[node->n_input])
    node->n_input++;
  node->input = copy(builder, inputs, node->n_input * sizeof *inputs);
  node->output = mg_onnx_memory(builder, sizeof *node->output);
  node->output[0] = mg_onnx_text(builder, "value_%d", ++builder->values);
  node->n_output = 1;
  g_ptr_array_add(builder->nodes, node);
  return node->output[0];
}

static Onnx__AttributeProto *
add_attribute(MgOnnxBuilder *builder, const char *name, Onnx__AttributeProto__AttributeType type)
{
  enum { most = 8 };
  Onnx__NodeProto *node = builder->nodes->pdata[builder->nodes->len - 1];
  Onnx__AttributeProto *attribute = mg_onnx_memory(builder, sizeof *attribute);
  onnx__attribute_proto__init(attribute);
  attribute->name = mg_onnx_text(builder, "%s", name);
  attribute->has_type = TRUE;
  attribute->type = type;
  if (!node->attribute)
    node->attribute = mg_onnx_memory(builder, most * sizeof *node->attribute);
  g_assert(node->n_attribute < most);
  node->attribute[node->n_attribute++] = attribute;
  return attribute;
}

void
mg_onnx_attribute_int(MgOnnxBuilder *builder, const char *name, gint64 value)
{
  Onnx__AttributeProto *attribute = add_attribute(builder, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
  attribute->has_i = TRUE;
  attribute->i = value;
}

void
mg_onnx_attribute_float(MgOnnxBuilder *builder, const char *name, float value)
{
  Onnx__AttributeProto *attribute = add_attribute(builder, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);
  attribute->has_f = TRUE;
  attribute->f = value;
}

void
mg_onnx_attribute_text(MgOnnxBuilder *builder, const char *name, const char *value)
{
  Onnx__AttributeProto *attribute = add_attribute(builder, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);
  attribute->has_s = TRUE;
  attribute->s.len = strlen(value);
  attribute->s.data = copy(builder, value, strlen(value));
}

void
mg_onnx_attribute_ints(MgOnnxBuilder *builder, const char *name, int n, const gint64 *values)
{
  Onnx__AttributeProto *attribute = add_attribute(builder, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);
  attribute->n_ints = n;
  attribute->ints = copy(builder, values, n * sizeof *values);
}

static const char *
add_constant(MgOnnxBuilder *builder, const char *name, Onnx__TensorProto__DataType type, int dimensions,
             const gint64 *shape, size_t bytes, gconstpointer values)
{
  Onnx__TensorProto *tensor = mg_onnx_memory(builder, sizeof *tensor);
  onnx__tensor_proto__init(tensor);
  tensor->name = mg_onnx_text(builder, "%s", name);
  tensor->n_dims = dimensions;
  tensor->dims = copy(builder, shape, dimensions * sizeof *shape);
  tensor->has_data_type = TRUE;
  tensor->data_type = type;
  for (int i = 0; i < dimensions; i++)
    bytes *= shape[i];
  tensor->has_raw_data = TRUE; /* little-endian, as all machines that this program runs on */
  tensor->raw_data = (ProtobufCBinaryData){bytes, copy(builder, values, bytes)};
  g_ptr_array_add(builder->initializers, tensor);
  return tensor->name;
}

const char *
mg_onnx_floats(MgOnnxBuilder *builder, const char *name, int dimensions, const gint64 *shape, const float *values)
{
  return add_constant(builder, name, ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, dimensions, shape, sizeof *values, values);
}

const char *
mg_onnx_ints(MgOnnxBuilder *builder, int n, const gint64 *values)
{
  gint64 shape = n;
  const char *name = mg_onnx_text(builder, "constant_%d", ++builder->values);
  return add_constant(builder, name, ONNX__TENSOR_PROTO__DATA_TYPE__INT64, 1, &shape, sizeof *values, values);
}

const char *
mg_onnx_tensor(MgOnnxBuilder *builder, const MgTensor *tensor)
{
  gint64 shape[G_N_ELEMENTS(tensor->shape)];
  for (int i = 0; i < tensor->dimensions; i++)
    shape[i] = tensor->shape[i];
  return mg_onnx_floats(builder, tensor->name, tensor->dimensions, shape, tensor->data);
}

const char *
mg_onnx_unary(MgOnnxBuilder *builder, const char *type, const char *x)
{
  return mg_onnx_node(builder, type, (const char *[]){x, NULL});
}

const char *
mg_onnx_binary(MgOnnxBuilder *builder, const char *type, const char *a, const char *b)
{
  return mg_onnx_node(builder, type, (const char *[]){a, b, NULL});
}

const char *
mg_onnx_scalar(MgOnnxBuilder *builder, const char *type, const char *a, float b)
{
  gint64 shape = 1;
  const char *name = mg_onnx_text(builder, "constant_%d", ++builder->values);
  return mg_onnx_binary(builder, type, a, mg_onnx_floats(builder, name, 1, &shape, &b));
}

const char *
mg_onnx_transpose(MgOnnxBuilder *builder, const char *x, int n, const gint64 *order)
{
  const char *y = mg_onnx_unary(builder, "Transpose", x);
  mg_onnx_attribute_ints(builder, "perm", n, order);
  return y;
}

const char *
mg_onnx_reshape(MgOnnxBuilder *builder, const char *x, int n, const gint64 *shape)
{
  return mg_onnx_binary(builder, "Reshape", x, mg_onnx_ints(builder, n, shape));
}

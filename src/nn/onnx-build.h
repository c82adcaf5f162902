/* Putting an ONNX model together. Everything belongs to the builder and goes with it. */
#pragma once
#include "nn/tensor.h"
#include "onnx.pb-c.h"

typedef struct {
  GPtrArray *memory; /* all that is freed at the end */
  GPtrArray *nodes, *initializers;
  int values; /* names made so far */
} MgOnnxBuilder;

MgOnnxBuilder *mg_onnx_builder_new(void);
void mg_onnx_builder_free(MgOnnxBuilder *builder); /* accepts NULL */
/* Zeroed memory, and texts, that live as long as the builder. */
gpointer mg_onnx_memory(MgOnnxBuilder *builder, size_t bytes);
char *mg_onnx_text(MgOnnxBuilder *builder, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A node with one output, whose name comes out; `inputs` ends with NULL. The last node made takes the attributes. */
const char *mg_onnx_node(MgOnnxBuilder *builder, const char *type, const char *const *inputs);
void mg_onnx_attribute_int(MgOnnxBuilder *builder, const char *name, gint64 value);
void mg_onnx_attribute_float(MgOnnxBuilder *builder, const char *name, float value);
void mg_onnx_attribute_text(MgOnnxBuilder *builder, const char *name, const char *value);
void mg_onnx_attribute_ints(MgOnnxBuilder *builder, const char *name, int n, const gint64 *values);
/* Constants; the values are copied. Their names come out. */
const char *mg_onnx_floats(MgOnnxBuilder *builder, const char *name, int dimensions, const gint64 *shape,
                           const float *values);
const char *mg_onnx_ints(MgOnnxBuilder *builder, int n, const gint64 *values);
const char *mg_onnx_tensor(MgOnnxBuilder *builder, const MgTensor *tensor);

/* Usual nodes. */
const char *mg_onnx_unary(MgOnnxBuilder *builder, const char *type, const char *x);
const char *mg_onnx_binary(MgOnnxBuilder *builder, const char *type, const char *a, const char *b);
const char *mg_onnx_scalar(MgOnnxBuilder *builder, const char *type, const char *a, float b);
const char *mg_onnx_transpose(MgOnnxBuilder *builder, const char *x, int n, const gint64 *order);
const char *mg_onnx_reshape(MgOnnxBuilder *builder, const char *x, int n, const gint64 *shape);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgOnnxBuilder, mg_onnx_builder_free)

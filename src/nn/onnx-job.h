/* One node of an ONNX graph that is read: its attributes and inputs, and the layer that it becomes. */
#pragma once
#include "nn/onnx-import.h"

typedef struct {
  MgOnnxImport *import;
  const Onnx__NodeProto *node;
  GError **error;
} MgOnnxJob;

/* Sets the error, with file and node before the message; FALSE. */
gboolean mg_job_fail(const MgOnnxJob *job, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* NULL, or `otherwise`, where the node has none of that name. */
const Onnx__AttributeProto *mg_job_attribute(const MgOnnxJob *job, const char *name);
gint64 mg_job_attribute_int(const MgOnnxJob *job, const char *name, gint64 otherwise);
double mg_job_attribute_float(const MgOnnxJob *job, const char *name, double otherwise);
gboolean mg_job_attribute_is(const MgOnnxJob *job, const char *name, const char *text, gboolean otherwise);

/* NULL where it is left out. */
const char *mg_job_input_name(const MgOnnxJob *job, size_t i);
/* NULL where the input is none. */
const MgOnnxConstant *mg_job_constant(const MgOnnxJob *job, size_t i);
/* What an earlier node made; NULL, with the error, where there is none. */
const MgOnnxValue *mg_job_value(const MgOnnxJob *job, size_t i);
/* The same of one form, multiplied by nothing. */
const MgOnnxValue *mg_job_value_of(const MgOnnxJob *job, size_t i, MgOnnxForm form, const char *expected);
const MgOnnxValue *mg_job_picture(const MgOnnxJob *job, size_t i);

/* The node gives this. */
gboolean mg_job_give(const MgOnnxJob *job, MgOnnxValue made);
/* Adds a layer whose keys are "name=value" texts, which it frees, and finds its output's shape. `name` may be NULL. The
 * layer's number comes out, -1 with the error. */
int mg_job_add_layer(const MgOnnxJob *job, const char *type, const char *name, int n, const MgOnnxValue *const *inputs,
                     MgShape *shape, ...) G_GNUC_NULL_TERMINATED;
/* The node gives what the layer does; FALSE for layer -1. */
gboolean mg_job_give_layer(const MgOnnxJob *job, int layer, MgOnnxForm form, MgShape shape);
/* The node is a layer without keys, of a picture. */
gboolean mg_job_give_plain(const MgOnnxJob *job, const char *type, MgOnnxForm form);
/* "layer.tensor" has these values. */
void mg_job_keep_tensor(const MgOnnxJob *job, int layer, const char *tensor, const float *values, size_t n);
/* "conv1" of the weight "conv1.weight", else the node's name, or NULL. g_free() it. */
char *mg_job_name_from_weight(const MgOnnxJob *job, size_t i);
gboolean mg_onnx_ints_are(const Onnx__AttributeProto *found, size_t n, const gint64 *expected);
/* Of numbers, with `dimensions` sizes. */
gboolean mg_onnx_has_shape(const MgOnnxConstant *values, int dimensions, gint64 a, gint64 b, gint64 c);
char *mg_onnx_number_key(const char *name, double number);

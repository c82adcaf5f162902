/* ONNX's operators as layers: one function and one line in the table at the end each. */
#include "nn/onnx-operators.h"
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

static gboolean
read_window(const MgOnnxJob *job, const gint64 *otherwise, char *keys[6])
{
  static const gint64 ones[] = {1, 1};
  const Onnx__AttributeProto *kernel = mg_job_attribute(job, "kernel_shape"),
                             *strides = mg_job_attribute(job, "strides");
  const Onnx__AttributeProto *pads = mg_job_attribute(job, "pads"), *dilations = mg_job_attribute(job, "dilations");
  const gint64 *size = kernel ? kernel->ints : otherwise;
  if ((kernel && kernel->n_ints != 2) || !size || (strides && strides->n_ints != 2))
    return mg_job_fail(job, _("expected a window over height and width"));
  if (pads && (pads->n_ints != 4 || pads->ints[0] != pads->ints[2] || pads->ints[1] != pads->ints[3]))
    return mg_job_fail(job, _("expected the same padding on both sides"));
  if ((dilations && !mg_onnx_ints_are(dilations, 2, ones)) || !mg_job_attribute_is(job, "auto_pad", "NOTSET", TRUE))
    return mg_job_fail(job, _("expected dilations of 1 and no auto_pad"));
  keys[0] = g_strdup_printf("kernel_height=%" G_GINT64_FORMAT, size[0]);
  keys[1] = g_strdup_printf("kernel_width=%" G_GINT64_FORMAT, size[1]);
  keys[2] = g_strdup_printf("stride_height=%" G_GINT64_FORMAT, strides ? strides->ints[0] : 1);
  keys[3] = g_strdup_printf("stride_width=%" G_GINT64_FORMAT, strides ? strides->ints[1] : 1);
  keys[4] = g_strdup_printf("padding_height=%" G_GINT64_FORMAT, pads ? pads->ints[0] : 0);
  keys[5] = g_strdup_printf("padding_width=%" G_GINT64_FORMAT, pads ? pads->ints[1] : 0);
  return TRUE;
}

static gboolean
import_conv(const MgOnnxJob *job)
{
  const MgOnnxValue *x = mg_job_picture(job, 0);
  const MgOnnxConstant *weight = mg_job_constant(job, 1), *bias = mg_job_constant(job, 2);
  char *keys[6];
  MgShape shape;
  if (!x)
    return FALSE;
  gint64 groups = mg_job_attribute_int(job, "group", 1);
  if (!weight || !weight->floats || weight->dimensions != 4 || groups < 1 ||
      weight->shape[1] * groups != x->shape.channels ||
      (mg_job_input_name(job, 2) && !mg_onnx_has_shape(bias, 1, weight->shape[0], 0, 0)))
    return mg_job_fail(job, _("expected a constant weight for %d channels, and a bias for each it gives"),
                       x->shape.channels);
  const Onnx__AttributeProto *kernel = mg_job_attribute(job, "kernel_shape");
  if (kernel && !mg_onnx_ints_are(kernel, 2, weight->shape + 2))
    return mg_job_fail(job, _("kernel_shape is not that of the weight"));
  if (!read_window(job, weight->shape + 2, keys))
    return FALSE;
  g_autofree char *name = mg_job_name_from_weight(job, 1);
  int layer = mg_job_add_layer(job, "conv2d", name, 1, &x, &shape,
                               g_strdup_printf("out_channels=%" G_GINT64_FORMAT, weight->shape[0]), keys[0], keys[1],
                               keys[2], keys[3], keys[4], keys[5], g_strdup_printf("groups=%" G_GINT64_FORMAT, groups),
                               g_strdup_printf("bias=%s", bias ? "true" : "false"), NULL);
  if (layer < 0)
    return FALSE;
  mg_job_keep_tensor(job, layer, "weight", weight->floats, weight->n);
  if (bias)
    mg_job_keep_tensor(job, layer, "bias", bias->floats, bias->n);
  return mg_job_give_layer(job, layer, MG_ONNX_PICTURE, shape);
}

static gboolean
import_batchnorm(const MgOnnxJob *job)
{
  static const char *const names[] = {"weight", "bias", "running_mean", "running_var"};
  const MgOnnxValue *x = mg_job_picture(job, 0);
  MgShape shape;
  if (!x)
    return FALSE;
  for (int i = 0; i < 4; i++)
    if (!mg_onnx_has_shape(mg_job_constant(job, i + 1), 1, x->shape.channels, 0, 0))
      return mg_job_fail(job, _("expected four constants of %d values"), x->shape.channels);
  g_autofree char *name = mg_job_name_from_weight(job, 1);
  int layer = mg_job_add_layer(job, "batchnorm", name, 1, &x, &shape,
                               mg_onnx_number_key("eps", mg_job_attribute_float(job, "epsilon", 1e-5)), NULL);
  for (int i = 0; layer >= 0 && i < 4; i++)
    mg_job_keep_tensor(job, layer, names[i], mg_job_constant(job, i + 1)->floats, x->shape.channels);
  return mg_job_give_layer(job, layer, MG_ONNX_PICTURE, shape);
}

gboolean
mg_onnx_import_pointwise(const MgOnnxJob *job, const char *type, char *key)
{
  const MgOnnxValue *x = mg_job_value(job, 0);
  MgShape shape;
  if (!x || x->scale != 1 || x->form == MG_ONNX_ENDS) {
    g_free(key);
    return x ? mg_job_fail(job, _("expected a value as it is")) : FALSE;
  }
  int layer = mg_job_add_layer(job, type, NULL, 1, &x, &shape, key, NULL);
  MgOnnxValue made = *x;
  made.layer = layer;
  return layer >= 0 && mg_job_give(job, made);
}

static gboolean
import_relu(const MgOnnxJob *job)
{
  return mg_onnx_import_pointwise(job, "relu", NULL);
}

static gboolean
import_sigmoid(const MgOnnxJob *job)
{
  return mg_onnx_import_pointwise(job, "sigmoid", NULL);
}

static gboolean
import_tanh(const MgOnnxJob *job)
{
  return mg_onnx_import_pointwise(job, "tanh", NULL);
}

static gboolean
import_leaky_relu(const MgOnnxJob *job)
{
  return mg_onnx_import_pointwise(job, "leaky-relu",
                                  mg_onnx_number_key("negative_slope", mg_job_attribute_float(job, "alpha", 0.01)));
}

static gboolean
import_dropout(const MgOnnxJob *job)
{
  return mg_onnx_import_pointwise(job, "dropout",
                                  mg_onnx_number_key("p", CLAMP(mg_job_attribute_float(job, "ratio", 0.5), 0, 0.99)));
}

static gboolean
import_identity(const MgOnnxJob *job)
{
  const MgOnnxValue *x = mg_job_value(job, 0);
  return x && mg_job_give(job, *x);
}

static gboolean
import_pool(const MgOnnxJob *job, const char *type, char *key)
{
  const MgOnnxValue *x = mg_job_picture(job, 0);
  char *keys[6];
  MgShape shape;
  if (!x || !read_window(job, NULL, keys)) {
    g_free(key);
    return FALSE;
  }
  int layer = mg_job_add_layer(
      job, type, NULL, 1, &x, &shape, keys[0], keys[1], keys[2], keys[3], keys[4], keys[5],
      g_strdup_printf("ceil_mode=%s", mg_job_attribute_int(job, "ceil_mode", 0) ? "true" : "false"), key, NULL);
  return mg_job_give_layer(job, layer, MG_ONNX_PICTURE, shape);
}

static gboolean
import_max_pool(const MgOnnxJob *job)
{
  return import_pool(job, "maxpool", NULL);
}

static gboolean
import_average_pool(const MgOnnxJob *job)
{
  gboolean counts = mg_job_attribute_int(job, "count_include_pad", 0) != 0;
  return import_pool(job, "avgpool", g_strdup_printf("count_include_pad=%s", counts ? "true" : "false"));
}

static gboolean
import_global_average(const MgOnnxJob *job)
{
  return mg_job_give_plain(job, "global-average-pool", MG_ONNX_PICTURE);
}

static gboolean
import_global_max(const MgOnnxJob *job)
{
  return mg_job_give_plain(job, "global-max-pool", MG_ONNX_PICTURE);
}

/* Over the width, or height and width. */
static gboolean
import_reduce(const MgOnnxJob *job, const char *over_time, const char *over_all)
{
  const Onnx__AttributeProto *axes = mg_job_attribute(job, "axes");
  gboolean kept = mg_job_attribute_int(job, "keepdims", 1) != 0;
  if (kept && (mg_onnx_ints_are(axes, 1, (gint64[]){3}) || mg_onnx_ints_are(axes, 1, (gint64[]){-1})))
    return mg_job_give_plain(job, over_time, MG_ONNX_PICTURE);
  if (mg_onnx_ints_are(axes, 2, (gint64[]){2, 3}) || mg_onnx_ints_are(axes, 2, (gint64[]){-2, -1}))
    return mg_job_give_plain(job, over_all, kept ? MG_ONNX_PICTURE : MG_ONNX_VECTOR);
  return mg_job_fail(job, _("expected the axis 3, or 2 and 3"));
}

static gboolean
import_reduce_mean(const MgOnnxJob *job)
{
  return import_reduce(job, "mean-over-time", "global-average-pool");
}

static gboolean
import_reduce_max(const MgOnnxJob *job)
{
  return import_reduce(job, "max-over-time", "global-max-pool");
}

static gboolean
import_gemm(const MgOnnxJob *job)
{
  const MgOnnxValue *x = mg_job_value_of(job, 0, MG_ONNX_VECTOR, N_("expected a vector (N, n)"));
  const MgOnnxConstant *weight = mg_job_constant(job, 1), *bias = mg_job_constant(job, 2);
  MgShape shape;
  if (!x)
    return FALSE;
  gboolean turned = mg_job_attribute_int(job, "transB", 0) != 0;
  gint64 in = mg_shape_size(x->shape), out = weight && weight->dimensions == 2 ? weight->shape[!turned] : 0;
  if (out < 1 || !mg_onnx_has_shape(weight, 2, turned ? out : in, turned ? in : out, 0) ||
      (mg_job_input_name(job, 2) && !mg_onnx_has_shape(bias, 1, out, 0, 0)) || mg_job_attribute_int(job, "transA", 0) ||
      mg_job_attribute_float(job, "alpha", 1) != 1 || mg_job_attribute_float(job, "beta", 1) != 1)
    return mg_job_fail(job, _("expected a constant matrix for %" PRId64 " values, and a bias for each it gives"), in);
  g_autofree char *name = mg_job_name_from_weight(job, 1);
  int layer =
      mg_job_add_layer(job, "linear", name, 1, &x, &shape, g_strdup_printf("out_features=%" G_GINT64_FORMAT, out),
                       g_strdup_printf("bias=%s", bias ? "true" : "false"), NULL);
  if (layer < 0)
    return FALSE;
  g_autofree float *rows = g_new(float, weight->n);
  for (gint64 o = 0; o < out; o++)
    for (gint64 i = 0; i < in; i++)
      rows[o * in + i] = weight->floats[turned ? o * in + i : i * out + o];
  mg_job_keep_tensor(job, layer, "weight", rows, weight->n);
  if (bias)
    mg_job_keep_tensor(job, layer, "bias", bias->floats, bias->n);
  return mg_job_give_layer(job, layer, MG_ONNX_VECTOR, shape);
}

/* By one number: part of an addition. */
static gboolean
import_mul(const MgOnnxJob *job)
{
  const MgOnnxValue *x = mg_job_value(job, 0);
  const MgOnnxConstant *factor = mg_job_constant(job, 1);
  if (!x)
    return FALSE;
  if (!factor || !factor->floats || factor->n != 1)
    return mg_job_fail(job, _("expected a product with one constant number"));
  MgOnnxValue made = *x;
  made.scale *= factor->floats[0];
  return mg_job_give(job, made);
}

static gboolean
import_add(const MgOnnxJob *job)
{
  const MgOnnxValue *inputs[] = {mg_job_value(job, 0), inputs[0] ? mg_job_value(job, 1) : NULL};
  MgShape shape;
  if (!inputs[1])
    return FALSE;
  if (inputs[0]->scale != 1 && inputs[1]->scale == 1) {
    const MgOnnxValue *first = inputs[0];
    inputs[0] = inputs[1];
    inputs[1] = first;
  }
  if (inputs[0]->form != inputs[1]->form || inputs[0]->form > MG_ONNX_SEQUENCE || inputs[0]->scale != 1 ||
      job->node->n_input != 2)
    return mg_job_fail(job, _("expected two values of one kind, of which one may be multiplied by a number"));
  int layer =
      mg_job_add_layer(job, "add", NULL, 2, inputs, &shape, mg_onnx_number_key("scale", inputs[1]->scale), NULL);
  return mg_job_give_layer(job, layer, inputs[0]->form, shape);
}

static gboolean
import_concat(const MgOnnxJob *job)
{
  size_t n = job->node->n_input;
  g_autofree const MgOnnxValue **inputs = g_new0(const MgOnnxValue *, n + 1);
  MgShape shape;
  gboolean pictures = TRUE, ends = n == 2;
  for (size_t i = 0; i < n; i++) {
    if (!(inputs[i] = mg_job_value(job, i)))
      return FALSE;
    pictures = pictures && inputs[i]->form == MG_ONNX_PICTURE && inputs[i]->scale == 1;
    ends = ends && inputs[i]->form == MG_ONNX_ENDS && inputs[i]->end == (int)i && inputs[i]->layer == inputs[0]->layer;
  }
  if (n < 1 || n > 256 || mg_job_attribute_int(job, "axis", -1) != 1 || (!pictures && !ends))
    return mg_job_fail(job, _("expected 1 to 256 pictures, joined along axis 1"));
  if (ends)
    return mg_onnx_take_ends(job, inputs[0]);
  return mg_job_give_layer(job, mg_job_add_layer(job, "concat", NULL, (int)n, inputs, &shape, NULL), MG_ONNX_PICTURE,
                           shape);
}

/* One line an operator. */
static const struct {
  const char *type;
  gboolean (*import)(const MgOnnxJob *job);
} operators[] = {
    {"Add", import_add},
    {"AveragePool", import_average_pool},
    {"BatchNormalization", import_batchnorm},
    {"Concat", import_concat},
    {"Conv", import_conv},
    {"Dropout", import_dropout},
    {"Flatten", mg_onnx_import_flatten},
    {"GRU", mg_onnx_import_gru},
    {"Gemm", import_gemm},
    {"GlobalAveragePool", import_global_average},
    {"GlobalMaxPool", import_global_max},
    {"Identity", import_identity},
    {"LSTM", mg_onnx_import_lstm},
    {"LeakyRelu", import_leaky_relu},
    {"MaxPool", import_max_pool},
    {"Mul", import_mul},
    {"ReduceMax", import_reduce_max},
    {"ReduceMean", import_reduce_mean},
    {"Relu", import_relu},
    {"Reshape", mg_onnx_import_reshape},
    {"Sigmoid", import_sigmoid},
    {"Slice", mg_onnx_import_slice},
    {"Tanh", import_tanh},
    {"Transpose", mg_onnx_import_transpose},
};

gboolean
mg_onnx_import_node(MgOnnxImport *import, const Onnx__NodeProto *node, GError **error)
{
  MgOnnxJob job = {import, node, error};
  g_autoptr(GString) known = g_string_new(NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(operators); i++) {
    if (node->op_type && g_str_equal(operators[i].type, node->op_type))
      return operators[i].import(&job);
    g_string_append_printf(known, "%s%s", i ? ", " : "", operators[i].type);
  }
  return mg_job_fail(&job, _("an operator that is not known; expected one of %s"), known->str);
}

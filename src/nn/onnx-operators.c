/* ONNX's operators as layers: one function and one line in the table at the end each. */
#include "nn/onnx-job.h"
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
    return mg_job_fail(job, "expected a window over height and width");
  if (pads && (pads->n_ints != 4 || pads->ints[0] != pads->ints[2] || pads->ints[1] != pads->ints[3]))
    return mg_job_fail(job, "expected the same padding on both sides");
  if ((dilations && !mg_onnx_ints_are(dilations, 2, ones)) || !mg_job_attribute_is(job, "auto_pad", "NOTSET", TRUE))
    return mg_job_fail(job, "expected dilations of 1 and no auto_pad");
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
    return mg_job_fail(job, "expected a constant weight for %d channels, and a bias for each it gives",
                       x->shape.channels);
  const Onnx__AttributeProto *kernel = mg_job_attribute(job, "kernel_shape");
  if (kernel && !mg_onnx_ints_are(kernel, 2, weight->shape + 2))
    return mg_job_fail(job, "kernel_shape is not that of the weight");
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
      return mg_job_fail(job, "expected four constants of %d values", x->shape.channels);
  g_autofree char *name = mg_job_name_from_weight(job, 1);
  int layer = mg_job_add_layer(job, "batchnorm", name, 1, &x, &shape,
                               mg_onnx_number_key("eps", mg_job_attribute_float(job, "epsilon", 1e-5)), NULL);
  for (int i = 0; layer >= 0 && i < 4; i++)
    mg_job_keep_tensor(job, layer, names[i], mg_job_constant(job, i + 1)->floats, x->shape.channels);
  return mg_job_give_layer(job, layer, MG_ONNX_PICTURE, shape);
}

/* Value by value: whatever the form. */
static gboolean
import_pointwise(const MgOnnxJob *job, const char *type, char *key)
{
  const MgOnnxValue *x = mg_job_value(job, 0);
  MgShape shape;
  if (!x || x->scale != 1 || x->form == MG_ONNX_ENDS) {
    g_free(key);
    return x ? mg_job_fail(job, "expected a value as it is") : FALSE;
  }
  int layer = mg_job_add_layer(job, type, NULL, 1, &x, &shape, key, NULL);
  MgOnnxValue made = *x;
  made.layer = layer;
  return layer >= 0 && mg_job_give(job, made);
}

static gboolean
import_relu(const MgOnnxJob *job)
{
  return import_pointwise(job, "relu", NULL);
}

static gboolean
import_sigmoid(const MgOnnxJob *job)
{
  return import_pointwise(job, "sigmoid", NULL);
}

static gboolean
import_tanh(const MgOnnxJob *job)
{
  return import_pointwise(job, "tanh", NULL);
}

static gboolean
import_leaky_relu(const MgOnnxJob *job)
{
  return import_pointwise(job, "leaky-relu",
                          mg_onnx_number_key("negative_slope", mg_job_attribute_float(job, "alpha", 0.01)));
}

static gboolean
import_dropout(const MgOnnxJob *job)
{
  return import_pointwise(job, "dropout",
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
import_plain(const MgOnnxJob *job, const char *type, MgOnnxForm form)
{
  const MgOnnxValue *x = mg_job_picture(job, 0);
  MgShape shape;
  return x && mg_job_give_layer(job, mg_job_add_layer(job, type, NULL, 1, &x, &shape, NULL), form, shape);
}

static gboolean
import_global_average(const MgOnnxJob *job)
{
  return import_plain(job, "global-average-pool", MG_ONNX_PICTURE);
}

static gboolean
import_global_max(const MgOnnxJob *job)
{
  return import_plain(job, "global-max-pool", MG_ONNX_PICTURE);
}

/* Over the width, or height and width. */
static gboolean
import_reduce(const MgOnnxJob *job, const char *over_time, const char *over_all)
{
  const Onnx__AttributeProto *axes = mg_job_attribute(job, "axes");
  gboolean kept = mg_job_attribute_int(job, "keepdims", 1) != 0;
  if (kept && (mg_onnx_ints_are(axes, 1, (gint64[]){3}) || mg_onnx_ints_are(axes, 1, (gint64[]){-1})))
    return import_plain(job, over_time, MG_ONNX_PICTURE);
  if (mg_onnx_ints_are(axes, 2, (gint64[]){2, 3}) || mg_onnx_ints_are(axes, 2, (gint64[]){-2, -1}))
    return import_plain(job, over_all, kept ? MG_ONNX_PICTURE : MG_ONNX_VECTOR);
  return mg_job_fail(job, "expected the axis 3, or 2 and 3");
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
make_vector(const MgOnnxJob *job, const MgOnnxValue *x)
{
  MgShape shape;
  if (x->form == MG_ONNX_VECTOR)
    return mg_job_give(job, *x);
  char *key = x->form == MG_ONNX_CHANNELS_LAST ? g_strdup("channels_last=true") : NULL;
  return mg_job_give_layer(job, mg_job_add_layer(job, "flatten", NULL, 1, &x, &shape, key, NULL), MG_ONNX_VECTOR,
                           shape);
}

static gboolean
import_flatten(const MgOnnxJob *job)
{
  const MgOnnxValue *x = mg_job_value(job, 0);
  if (!x)
    return FALSE;
  if (mg_job_attribute_int(job, "axis", 1) != 1 || x->scale != 1 || x->form > MG_ONNX_SEQUENCE)
    return mg_job_fail(job, "expected a picture or vector, flattened from its axis 1 on");
  return make_vector(job, x);
}

/* The wanted sizes but the batch's, with what 0 and -1 stand for; FALSE where they do not fit. */
static gboolean
resolve(const MgOnnxConstant *wanted, const gint64 *old, int n_old, guint64 values, gint64 *sizes)
{
  int unknown = -1;
  guint64 known = 1;
  for (int i = 0; i < wanted->dimensions && i < 1; i++)
    if (wanted->n < 2 || wanted->n > 4)
      return FALSE;
  for (size_t i = 1; i < wanted->n; i++) {
    sizes[i - 1] = wanted->ints[i] == 0 && (int)i < n_old ? old[i] : wanted->ints[i];
    if (sizes[i - 1] == -1 && unknown < 0)
      unknown = (int)i - 1;
    else if (sizes[i - 1] < 1 || sizes[i - 1] > 1 << 28 ||
             __builtin_mul_overflow(known, (guint64)sizes[i - 1], &known) || known > (guint64)1 << 28)
      return FALSE;
  }
  if (unknown >= 0)
    sizes[unknown] = values / known;
  return unknown >= 0 ? known * (guint64)sizes[unknown] == values : known == values;
}

/* (T, N, directions, hidden) -> (T, N, directions · hidden) */
static gboolean
join_directions(const MgOnnxJob *job, const MgOnnxValue *x, const MgOnnxConstant *wanted)
{
  MgOnnxValue made = *x;
  made.form = MG_ONNX_STEPS;
  gint64 width = x->shape.channels;
  if (wanted->n != 3 || (wanted->ints[2] != width && wanted->ints[2] != -1) ||
      (wanted->ints[0] != x->shape.width && wanted->ints[0] > 0))
    return mg_job_fail(job, "expected the directions side by side: (steps, N, %" G_GINT64_FORMAT ")", width);
  return mg_job_give(job, made);
}

/* A picture with other sizes: as it was, or each row a channel. */
static gboolean
make_picture(const MgOnnxJob *job, const MgOnnxValue *x, const gint64 *sizes)
{
  MgShape shape = x->shape;
  if (sizes[0] == shape.channels && sizes[1] == shape.height && sizes[2] == shape.width) {
    MgOnnxValue made = *x;
    made.form = MG_ONNX_PICTURE;
    return mg_job_give(job, made);
  }
  if (sizes[0] == (gint64)shape.channels * shape.height && sizes[1] == 1 && sizes[2] == shape.width)
    return mg_job_give_layer(job, mg_job_add_layer(job, "rows-to-channels", NULL, 1, &x, &shape, NULL), MG_ONNX_PICTURE,
                             shape);
  return mg_job_fail(job, "makes another picture of the same values; expected each row as a channel, or a vector");
}

static gboolean
import_reshape(const MgOnnxJob *job)
{
  const MgOnnxValue *x = mg_job_value(job, 0);
  const MgOnnxConstant *wanted = mg_job_constant(job, 1);
  gint64 sizes[3];
  if (!x)
    return FALSE;
  if (!wanted || !wanted->ints || wanted->dimensions != 1 || wanted->n > 4 || x->scale != 1)
    return mg_job_fail(job, "expected a constant shape of at most 4 sizes");
  if (x->form == MG_ONNX_DIRECTED)
    return join_directions(job, x, wanted);
  const gint64 old[] = {1, x->shape.channels, x->shape.height, x->shape.width};
  gboolean plain =
      x->form == MG_ONNX_PICTURE || x->form == MG_ONNX_VECTOR || x->form == MG_ONNX_SEQUENCE || x->form == MG_ONNX_ENDS;
  if (!plain || !resolve(wanted, old, x->form == MG_ONNX_PICTURE ? 4 : 1, mg_shape_size(x->shape), sizes))
    return mg_job_fail(job, "expected a shape (N, …) of the same %zu values", mg_shape_size(x->shape));
  if (wanted->n == 2)
    return make_vector(job, x);
  if (wanted->n == 4)
    return make_picture(job, x, sizes);
  MgOnnxValue made = *x;
  made.form = MG_ONNX_SEQUENCE;
  if (sizes[0] != (gint64)x->shape.channels * x->shape.height || sizes[1] != x->shape.width)
    return mg_job_fail(job, "expected a sequence: each row a feature");
  return mg_job_give(job, made);
}

static const struct {
  MgOnnxForm from;
  size_t n;
  gint64 order[4];
  MgOnnxForm to;
} turns[] = {
    {MG_ONNX_PICTURE, 4, {0, 2, 3, 1}, MG_ONNX_CHANNELS_LAST},
    {MG_ONNX_CHANNELS_LAST, 4, {0, 3, 1, 2}, MG_ONNX_PICTURE},
    {MG_ONNX_SEQUENCE, 3, {2, 0, 1}, MG_ONNX_STEPS},
    {MG_ONNX_STEPS, 3, {1, 2, 0}, MG_ONNX_SEQUENCE},
    {MG_ONNX_BY_DIRECTION, 4, {0, 2, 1, 3}, MG_ONNX_DIRECTED},
};

static gboolean
import_transpose(const MgOnnxJob *job)
{
  const MgOnnxValue *x = mg_job_value(job, 0);
  const Onnx__AttributeProto *order = mg_job_attribute(job, "perm");
  if (!x)
    return FALSE;
  for (size_t i = 0; i < G_N_ELEMENTS(turns); i++)
    if (turns[i].from == x->form && mg_onnx_ints_are(order, turns[i].n, turns[i].order)) {
      MgOnnxValue made = *x;
      made.form = turns[i].to;
      return mg_job_give(job, made);
    }
  if (mg_onnx_ints_are(order, 4, (gint64[]){0, 1, 3, 2}))
    return import_plain(job, "transpose", MG_ONNX_PICTURE);
  return mg_job_fail(job, "an order of axes that no layer of this program has");
}

static gboolean
import_gemm(const MgOnnxJob *job)
{
  const MgOnnxValue *x = mg_job_value_of(job, 0, MG_ONNX_VECTOR, "a vector (N, n)");
  const MgOnnxConstant *weight = mg_job_constant(job, 1), *bias = mg_job_constant(job, 2);
  MgShape shape;
  if (!x)
    return FALSE;
  gboolean turned = mg_job_attribute_int(job, "transB", 0) != 0;
  gint64 in = mg_shape_size(x->shape), out = weight && weight->dimensions == 2 ? weight->shape[!turned] : 0;
  if (out < 1 || !mg_onnx_has_shape(weight, 2, turned ? out : in, turned ? in : out, 0) ||
      (mg_job_input_name(job, 2) && !mg_onnx_has_shape(bias, 1, out, 0, 0)) || mg_job_attribute_int(job, "transA", 0) ||
      mg_job_attribute_float(job, "alpha", 1) != 1 || mg_job_attribute_float(job, "beta", 1) != 1)
    return mg_job_fail(job, "expected a constant matrix for %" G_GINT64_FORMAT " values, and a bias for each it gives",
                       in);
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
    return mg_job_fail(job, "expected a product with one constant number");
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
    return mg_job_fail(job, "expected two values of one kind, of which one may be multiplied by a number");
  int layer =
      mg_job_add_layer(job, "add", NULL, 2, inputs, &shape, mg_onnx_number_key("scale", inputs[1]->scale), NULL);
  return mg_job_give_layer(job, layer, inputs[0]->form, shape);
}

/* lstm or gru whose last steps are all that is taken. */
static gboolean
take_ends(const MgOnnxJob *job, const MgOnnxValue *end)
{
  json_t *layer = json_array_get(job->import->layers, end->layer);
  json_object_set_new(layer, "output", json_string("last"));
  g_array_index(job->import->ended, gboolean, end->layer) = TRUE;
  MgShape shape = {end->shape.channels, 1, 1};
  return mg_job_give(job, (MgOnnxValue){.form = MG_ONNX_PICTURE, .layer = end->layer, .shape = shape, .scale = 1});
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
    return mg_job_fail(job, "expected 1 to 256 pictures, joined along axis 1");
  if (ends)
    return take_ends(job, inputs[0]);
  return mg_job_give_layer(job, mg_job_add_layer(job, "concat", NULL, (int)n, inputs, &shape, NULL), MG_ONNX_PICTURE,
                           shape);
}

/* Our order of the gates' blocks from ONNX's: LSTM i, o, f, c, GRU z, r, n. */
static void
keep_gates(const MgOnnxJob *job, int layer, const char *tensor, const float *values, int direction, gboolean gru,
           size_t hidden, size_t columns)
{
  static const int orders[][4] = {{0, 2, 3, 1}, {1, 0, 2}};
  int gates = gru ? 3 : 4;
  size_t block = hidden * columns;
  g_autofree float *rows = g_new(float, gates *block);
  for (int g = 0; g < gates; g++)
    memcpy(rows + g * block, values + orders[gru][g] * block, block * sizeof *rows);
  g_autofree char *name = g_strdup_printf("%s_l0%s", tensor, direction ? "_reverse" : "");
  mg_job_keep_tensor(job, layer, name, rows, gates * block);
}

static gboolean
all_zero(const MgOnnxConstant *values)
{
  for (size_t i = 0; values && values->floats && i < values->n; i++)
    if (values->floats[i] != 0)
      return FALSE;
  return values && values->floats;
}

static gboolean
import_recurrent(const MgOnnxJob *job, gboolean gru)
{
  const MgOnnxValue *x = mg_job_value_of(job, 0, MG_ONNX_STEPS, "a sequence (steps, N, features)");
  const MgOnnxConstant *w = mg_job_constant(job, 1), *r = mg_job_constant(job, 2), *b = mg_job_constant(job, 3);
  MgShape shape;
  if (!x)
    return FALSE;
  int directions = mg_job_attribute_is(job, "direction", "bidirectional", FALSE) ? 2 : 1, gates = gru ? 3 : 4;
  gint64 hidden = mg_job_attribute_int(job, "hidden_size", 0), features = (gint64)x->shape.channels * x->shape.height;
  if (hidden < 1 || hidden > 1 << 16 || !mg_onnx_has_shape(w, 3, directions, gates * hidden, features) ||
      !mg_onnx_has_shape(r, 3, directions, gates * hidden, hidden) ||
      !mg_onnx_has_shape(b, 2, directions, 2 * gates * hidden, 0))
    return mg_job_fail(job, "expected constant weights and biases for %" G_GINT64_FORMAT " features", features);
  gboolean usual = directions == 2 || mg_job_attribute_is(job, "direction", "forward", TRUE);
  for (size_t i = 4; i < job->node->n_input; i++)
    usual = usual && (!mg_job_input_name(job, i) || all_zero(mg_job_constant(job, i)));
  if (!usual || mg_job_attribute(job, "activations") || mg_job_attribute(job, "clip") ||
      mg_job_attribute_int(job, "input_forget", 0) || mg_job_attribute_int(job, "layout", 0) ||
      (gru && !mg_job_attribute_int(job, "linear_before_reset", 0)))
    return mg_job_fail(job, "expected PyTorch's form: usual functions, no lengths, nothing before the first step");
  g_autofree char *name = mg_job_name_from_weight(job, 1);
  int layer = mg_job_add_layer(job, gru ? "gru" : "lstm", name, 1, &x, &shape,
                               g_strdup_printf("hidden_size=%" G_GINT64_FORMAT, hidden),
                               g_strdup_printf("bidirectional=%s", directions == 2 ? "true" : "false"), NULL);
  for (int d = 0; layer >= 0 && d < directions; d++) {
    size_t rows = gates * hidden;
    keep_gates(job, layer, "weight_ih", w->floats + d * rows * features, d, gru, hidden, features);
    keep_gates(job, layer, "weight_hh", r->floats + d * rows * hidden, d, gru, hidden, hidden);
    keep_gates(job, layer, "bias_ih", b->floats + d * 2 * rows, d, gru, hidden, 1);
    keep_gates(job, layer, "bias_hh", b->floats + d * 2 * rows + rows, d, gru, hidden, 1);
  }
  return layer >= 0 && mg_job_give(job, (MgOnnxValue){.form = MG_ONNX_BY_DIRECTION,
                                                      .layer = layer,
                                                      .shape = shape,
                                                      .scale = 1,
                                                      .directions = directions});
}

static gboolean
import_lstm(const MgOnnxJob *job)
{
  return import_recurrent(job, FALSE);
}

static gboolean
import_gru(const MgOnnxJob *job)
{
  return import_recurrent(job, TRUE);
}

/* The last step of a direction: [hidden values of it, one step] of the axes 1 and 2 of a sequence. */
static gboolean
import_slice(const MgOnnxJob *job)
{
  const MgOnnxValue *x = mg_job_value_of(job, 0, MG_ONNX_SEQUENCE, "a sequence (N, features, steps)");
  if (!x)
    return FALSE;
  static const gint64 axes_wanted[] = {1, 2};
  const MgOnnxConstant *starts = mg_job_constant(job, 1), *ends = mg_job_constant(job, 2),
                       *axes = mg_job_constant(job, 3);
  gint64 steps = x->shape.width, hidden = x->directions ? x->shape.channels / x->directions : 0;
  if (x->directions > 0 && starts && starts->ints && starts->n == 2 && ends && ends->ints && ends->n == 2 && axes &&
      axes->ints && axes->n == 2 && memcmp(axes->ints, axes_wanted, sizeof axes_wanted) == 0)
    for (int d = 0; d < x->directions; d++) {
      gint64 step = d == 0 ? steps - 1 : 0;
      if (starts->ints[0] != d * hidden || ends->ints[0] != (d + 1) * hidden || starts->ints[1] != step ||
          ends->ints[1] != step + 1)
        continue;
      MgOnnxValue made = *x;
      made.form = MG_ONNX_ENDS;
      made.end = d;
      return x->directions == 1 ? take_ends(job, &made) : mg_job_give(job, made);
    }
  return mg_job_fail(job, "expected the last step of a direction of lstm or gru");
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
    {"Flatten", import_flatten},
    {"GRU", import_gru},
    {"Gemm", import_gemm},
    {"GlobalAveragePool", import_global_average},
    {"GlobalMaxPool", import_global_max},
    {"Identity", import_identity},
    {"LSTM", import_lstm},
    {"LeakyRelu", import_leaky_relu},
    {"MaxPool", import_max_pool},
    {"Mul", import_mul},
    {"ReduceMax", import_reduce_max},
    {"ReduceMean", import_reduce_mean},
    {"Relu", import_relu},
    {"Reshape", import_reshape},
    {"Sigmoid", import_sigmoid},
    {"Slice", import_slice},
    {"Tanh", import_tanh},
    {"Transpose", import_transpose},
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
  return mg_job_fail(&job, "an operator that is not known; expected one of %s", known->str);
}

#include "nn/onnx-read.h"
#include "base/error.h"
#include "base/file.h"
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static const size_t most_bytes = (size_t)1 << 30;
static const guint64 most_values = (guint64)1 << 28; /* of one tensor */
static const size_t most_fields = 1 << 20;           /* unpacking makes much more of a field than its two bytes */

/* What unpacking goes into; it has no limit of its own to how deep that may be, so everything that contains itself is
 * refused before. */
typedef enum { MODEL, GRAPH, NODE, ATTRIBUTE, TENSOR, VALUE, TYPE, N_MESSAGES, REFUSED } Message;

static const struct {
  Message in;
  guint32 field;
  Message holds;
  const char *what;
} fields[] = {
    {MODEL, 7, GRAPH, NULL},
    {MODEL, 20, REFUSED, N_("holds training, which this program does not know")},
    {MODEL, 25, REFUSED, N_("holds functions, which this program does not know")},
    {GRAPH, 1, NODE, NULL},
    {GRAPH, 5, TENSOR, NULL},
    {GRAPH, 11, VALUE, NULL},
    {GRAPH, 12, VALUE, NULL},
    {GRAPH, 13, VALUE, NULL},
    {GRAPH, 14, REFUSED, N_("holds quantisation, which this program does not know")},
    {GRAPH, 15, REFUSED, N_("holds sparse tensors, which this program does not know")},
    {NODE, 5, ATTRIBUTE, NULL},
    {ATTRIBUTE, 5, TENSOR, NULL},
    {ATTRIBUTE, 6, REFUSED, N_("holds graphs within nodes, which this program does not know")},
    {ATTRIBUTE, 10, TENSOR, NULL},
    {ATTRIBUTE, 11, REFUSED, N_("holds graphs within nodes, which this program does not know")},
    {ATTRIBUTE, 14, REFUSED, N_("holds types as attributes, which this program does not know")},
    {ATTRIBUTE, 15, REFUSED, N_("holds types as attributes, which this program does not know")},
    {ATTRIBUTE, 22, REFUSED, N_("holds sparse tensors, which this program does not know")},
    {ATTRIBUTE, 23, REFUSED, N_("holds sparse tensors, which this program does not know")},
    {TENSOR, 6, REFUSED, N_("holds tensors of texts, which this program does not know")},
    {TENSOR, 13, REFUSED, N_("holds tensors outside of the file, which this program does not know")},
    {VALUE, 2, TYPE, NULL},
    {TYPE, 4, REFUSED, N_("holds sequences, which this program does not know")},
    {TYPE, 5, REFUSED, N_("holds maps, which this program does not know")},
    {TYPE, 8, REFUSED, N_("holds sparse tensors, which this program does not know")},
    {TYPE, 9, REFUSED, N_("holds optional values, which this program does not know")},
};

typedef struct {
  const char *path;
  size_t fields;
} Check;

static gboolean fail(const char *path, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

static gboolean
fail(const char *path, GError **error, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = mg_one_line(g_strdup_vprintf(format, arguments));
  va_end(arguments);
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s: %s", path, message);
  return FALSE;
}

static gboolean
read_varint(const guint8 **at, const guint8 *end, guint64 *value)
{
  *value = 0;
  for (int shift = 0; shift < 70 && *at < end; shift += 7) {
    guint8 byte = *(*at)++;
    *value |= shift < 64 ? (guint64)(byte & 127) << shift : 0;
    if (!(byte & 128))
      return TRUE;
  }
  return FALSE;
}

/* The next field's number and kind, and how many bytes follow that are its own. */
static gboolean
next_field(const guint8 **at, const guint8 *end, guint64 *key, guint64 *length)
{
  static const guint64 fixed[] = {0, 8, 0, 0, 0, 4};
  guint64 skipped;
  if (!read_varint(at, end, key) || (*key & 7) > 5 || (*key & 7) == 3 || (*key & 7) == 4)
    return FALSE;
  *length = fixed[*key & 7];
  if ((*key & 7) == 0 && !read_varint(at, end, &skipped))
    return FALSE;
  if ((*key & 7) == 2 && !read_varint(at, end, length))
    return FALSE;
  return *length <= (guint64)(end - *at);
}

static gboolean
check_message(Check *check, Message message, const guint8 *at, const guint8 *end, GError **error)
{
  while (at < end) {
    guint64 key, length;
    if (!next_field(&at, end, &key, &length))
      return fail(check->path, error, _("not an ONNX file, or cut short: a field goes beyond what holds it"));
    if (++check->fields > most_fields)
      return fail(check->path, error, _("more than %zu parts; expected a network of layers"), most_fields);
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
      if (fields[i].in != message || fields[i].field != key >> 3)
        continue;
      if (fields[i].holds == REFUSED)
        return fail(check->path, error, "%s", _(fields[i].what));
      if ((key & 7) == 2 && !check_message(check, fields[i].holds, at, at + length, error))
        return FALSE;
    }
    at += length;
  }
  return TRUE;
}

Onnx__ModelProto *
mg_onnx_read(const char *path, GError **error)
{
  size_t length;
  g_autofree char *bytes = mg_file_read(path, most_bytes, &length, error);
  Check check = {path, 0};
  if (!bytes || !check_message(&check, MODEL, (guint8 *)bytes, (guint8 *)bytes + length, error))
    return NULL;
  Onnx__ModelProto *model = onnx__model_proto__unpack(NULL, length, (guint8 *)bytes);
  if (model && model->graph)
    return model;
  fail(path, error, model ? _("an ONNX file without a graph") : _("not an ONNX file"));
  if (model)
    onnx__model_proto__free_unpacked(model, NULL);
  return NULL;
}

void
mg_onnx_constant_free(gpointer data)
{
  MgOnnxConstant *constant = data;
  if (!constant)
    return;
  g_free(constant->floats);
  g_free(constant->ints);
  g_free(constant);
}

static gboolean
read_shape(MgOnnxConstant *constant, const Onnx__TensorProto *tensor)
{
  guint64 n = 1;
  constant->dimensions = (int)MIN(tensor->n_dims, 1 << 10);
  if (tensor->n_dims > G_N_ELEMENTS(constant->shape))
    return FALSE;
  for (size_t i = 0; i < tensor->n_dims; i++) {
    constant->shape[i] = tensor->dims[i];
    if (tensor->dims[i] < 0 || __builtin_mul_overflow(n, (guint64)tensor->dims[i], &n) || n > most_values)
      return FALSE;
  }
  constant->n = n;
  return TRUE;
}

/* The values from where the file has them: raw, or one by one. */
static gpointer
copy_values(const Onnx__TensorProto *tensor, size_t n, size_t size, size_t n_list, gconstpointer list)
{
  gconstpointer from = tensor->has_raw_data ? tensor->raw_data.data : list;
  size_t bytes = tensor->has_raw_data ? tensor->raw_data.len : n_list * size;
  if (bytes != n * size)
    return NULL;
  gpointer values = g_malloc(MAX(bytes, 1));
  if (bytes)
    memcpy(values, from, bytes);
  return values;
}

MgOnnxConstant *
mg_onnx_constant(const Onnx__TensorProto *tensor, const char *path, GError **error)
{
  MgOnnxConstant *constant = g_new0(MgOnnxConstant, 1);
  g_autofree char *name = g_strndup(tensor->name ? tensor->name : "", 64);
  gboolean good = TRUE;
  if (!read_shape(constant, tensor))
    good =
        fail(path, error, _("tensor “%s”: expected at most 4 sizes with %" PRIu64 " values in all"), name, most_values);
  else if (tensor->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT)
    constant->floats = copy_values(tensor, constant->n, sizeof(float), tensor->n_float_data, tensor->float_data);
  else if (tensor->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__INT64)
    constant->ints = copy_values(tensor, constant->n, sizeof(gint64), tensor->n_int64_data, tensor->int64_data);
  else
    good = fail(path, error, _("tensor “%s”: type %d; expected float or int64"), name, tensor->data_type);
  if (good && !constant->floats && !constant->ints)
    good = fail(path, error, _("tensor “%s”: its shape needs %zu values, and the file has another number"), name,
                constant->n);
  for (size_t i = 0; good && constant->floats && i < constant->n; i++)
    if (!isfinite(constant->floats[i]))
      good = fail(path, error, _("tensor “%s” holds values that are not finite numbers"), name);
  if (good)
    return constant;
  mg_onnx_constant_free(constant);
  return NULL;
}

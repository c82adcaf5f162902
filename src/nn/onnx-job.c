#include "nn/onnx-job.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

static const int most_layers = 4096;

gboolean
mg_job_fail(const MgOnnxJob *job, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = mg_one_line(g_strdup_vprintf(format, arguments));
  va_end(arguments);
  g_autofree char *name = g_strndup(job->node->name ? job->node->name : "", 64);
  g_autofree char *type = g_strndup(job->node->op_type ? job->node->op_type : "", 64);
  g_set_error(job->error, MG_ERROR, MG_ERROR_FORMAT, _("%s: node “%s” (%s): %s"), job->import->path, mg_one_line(name),
              mg_one_line(type), message);
  return FALSE;
}

/* Attributes */

const Onnx__AttributeProto *
mg_job_attribute(const MgOnnxJob *job, const char *name)
{
  for (size_t i = 0; i < job->node->n_attribute; i++)
    if (job->node->attribute[i]->name && g_str_equal(job->node->attribute[i]->name, name))
      return job->node->attribute[i];
  return NULL;
}

gint64
mg_job_attribute_int(const MgOnnxJob *job, const char *name, gint64 otherwise)
{
  const Onnx__AttributeProto *found = mg_job_attribute(job, name);
  return found && found->has_i ? found->i : otherwise;
}

double
mg_job_attribute_float(const MgOnnxJob *job, const char *name, double otherwise)
{
  const Onnx__AttributeProto *found = mg_job_attribute(job, name);
  return found && found->has_f ? found->f : otherwise;
}

gboolean
mg_job_attribute_is(const MgOnnxJob *job, const char *name, const char *text, gboolean otherwise)
{
  const Onnx__AttributeProto *found = mg_job_attribute(job, name);
  if (!found || !found->has_s)
    return otherwise;
  return found->s.len == strlen(text) && memcmp(found->s.data, text, found->s.len) == 0;
}

gboolean
mg_onnx_ints_are(const Onnx__AttributeProto *found, size_t n, const gint64 *expected)
{
  return found && found->n_ints == n && memcmp(found->ints, expected, n * sizeof *expected) == 0;
}

/* Inputs */

const char *
mg_job_input_name(const MgOnnxJob *job, size_t i)
{
  return i < job->node->n_input && job->node->input[i] && *job->node->input[i] ? job->node->input[i] : NULL;
}

const MgOnnxConstant *
mg_job_constant(const MgOnnxJob *job, size_t i)
{
  const char *name = mg_job_input_name(job, i);
  return name ? g_hash_table_lookup(job->import->constants, name) : NULL;
}

gboolean
mg_onnx_has_shape(const MgOnnxConstant *values, int dimensions, gint64 a, gint64 b, gint64 c)
{
  const gint64 shape[] = {a, b, c};
  return values && values->floats && values->dimensions == dimensions &&
         memcmp(values->shape, shape, dimensions * sizeof *shape) == 0;
}

/* A value that an earlier node made. */
const MgOnnxValue *
mg_job_value(const MgOnnxJob *job, size_t i)
{
  const char *name = mg_job_input_name(job, i);
  const MgOnnxValue *found = name ? g_hash_table_lookup(job->import->values, name) : NULL;
  g_autofree char *shown = g_strndup(name ? name : "", 64);
  if (!found)
    mg_job_fail(job, _("input “%s” comes from no node before it: nodes have to stand in their order, without cycles"),
                shown);
  else if (found->layer >= 0 && found->form != MG_ONNX_ENDS &&
           g_array_index(job->import->ended, gboolean, found->layer) && found->shape.width != 1)
    mg_job_fail(job, _("input “%s”: a sequence of which another node takes the last step alone"), shown);
  else
    return found;
  return NULL;
}

const MgOnnxValue *
mg_job_value_of(const MgOnnxJob *job, size_t i, MgOnnxForm form, const char *expected)
{
  const MgOnnxValue *found = mg_job_value(job, i);
  if (found && (found->form != form || found->scale != 1)) {
    mg_job_fail(job, "%s", _(expected));
    return NULL;
  }
  return found;
}

const MgOnnxValue *
mg_job_picture(const MgOnnxJob *job, size_t i)
{
  return mg_job_value_of(job, i, MG_ONNX_PICTURE, N_("expected a picture (N, C, H, W)"));
}

/* Output */

gboolean
mg_job_give(const MgOnnxJob *job, MgOnnxValue made)
{
  const char *name = job->node->n_output > 0 ? job->node->output[0] : NULL;
  if (!name || !*name)
    return mg_job_fail(job, _("has no output"));
  if (g_hash_table_contains(job->import->values, name))
    return mg_job_fail(job, _("its output is another node's too"));
  g_hash_table_insert(job->import->values, g_strdup(name), g_memdup2(&made, sizeof made));
  return TRUE;
}

static char *
layer_name(const MgOnnxImport *import, int layer)
{
  return layer < 0 ? g_strdup("input")
                   : g_strdup(json_string_value(json_object_get(json_array_get(import->layers, layer), "name")));
}

/* `wanted`, or type and number, as a name that is free. */
static char *
free_name(const MgOnnxImport *import, const char *wanted, const char *type)
{
  g_autofree char *name = wanted ? g_strndup(wanted, 48) : NULL;
  if (name)
    g_strcanon(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.", '_');
  if (!name || !*name || g_hash_table_contains(import->names, name) || g_str_equal(name, "input")) {
    g_free(name);
    name = g_strdup_printf("%s%zu", type, json_array_size(import->layers) + 1);
  }
  while (g_hash_table_contains(import->names, name)) {
    char *longer = g_strdup_printf("%s_", name);
    g_free(name);
    name = longer;
  }
  g_hash_table_add(import->names, g_strdup(name));
  return g_steal_pointer(&name);
}

static json_t *
key_value(const char *text)
{
  gint64 number;
  if (g_ascii_string_to_signed(text, 10, -(1 << 30), 1 << 30, &number, NULL))
    return json_integer(number);
  return g_str_equal(text, "true") || g_str_equal(text, "false") ? json_boolean(g_str_equal(text, "true"))
                                                                 : json_string(text);
}

/* A layer's shape, by the layer itself; `keys` are "name=value" texts, NULL-terminated. */
static gboolean
find_shape(const MgOnnxJob *job, const char *type, char **keys, int n, const MgOnnxValue *const *inputs, MgShape *shape)
{
  const MgLayerClass *class = mg_layer_class(type);
  const MgParamTable *tables[] = {class->params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  g_autoptr(GError) cause = NULL;
  g_autofree int *from = g_new0(int, n);
  g_autofree MgShape *shapes = g_new(MgShape, n);
  for (int i = 0; i < n; i++)
    shapes[i] = inputs[i]->shape;
  for (; *keys && !cause; keys++)
    mg_params_assign(params, *keys, &cause);
  g_autoptr(MgLayer) layer = cause ? NULL : mg_layer_new(class, type, n, from, shapes, params, &cause);
  if (!layer)
    return mg_job_fail(job, "%s", cause->message);
  *shape = layer->output;
  return TRUE;
}

/* Adds a layer; `name` may be NULL. The layer's number comes out, -1 with an error. */
int
mg_job_add_layer(const MgOnnxJob *job, const char *type, const char *name, int n, const MgOnnxValue *const *inputs,
                 MgShape *shape, ...)
{
  g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
  va_list arguments;
  va_start(arguments, shape);
  for (char *key = va_arg(arguments, char *); key; key = va_arg(arguments, char *))
    g_ptr_array_add(keys, key);
  va_end(arguments);
  g_ptr_array_add(keys, NULL);
  if ((int)json_array_size(job->import->layers) >= most_layers) {
    mg_job_fail(job, _("more than %d layers"), most_layers);
    return -1;
  }
  if (!find_shape(job, type, (char **)keys->pdata, n, inputs, shape))
    return -1;
  g_autofree char *called = free_name(job->import, name, type);
  json_t *layer = json_pack("{s:s, s:s, s:[]}", "type", type, "name", called, "inputs");
  for (int i = 0; i < n; i++) {
    g_autofree char *from = layer_name(job->import, inputs[i]->layer);
    json_array_append_new(json_object_get(layer, "inputs"), json_string(from));
  }
  for (char **key = (char **)keys->pdata; *key; key++) {
    char *equals = strchr(*key, '=');
    *equals = 0;
    json_object_set_new(layer, *key, key_value(equals + 1));
  }
  json_array_append_new(job->import->layers, layer);
  gboolean ended = FALSE;
  g_array_append_val(job->import->ended, ended);
  return (int)json_array_size(job->import->layers) - 1;
}

char *
mg_onnx_number_key(const char *name, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup_printf("%s=%s", name, g_ascii_dtostr(text, sizeof text, number));
}

/* A layer of one input that gives what has the form `form`. */
gboolean
mg_job_give_layer(const MgOnnxJob *job, int layer, MgOnnxForm form, MgShape shape)
{
  return layer >= 0 && mg_job_give(job, (MgOnnxValue){.form = form, .layer = layer, .shape = shape, .scale = 1});
}

gboolean
mg_job_give_plain(const MgOnnxJob *job, const char *type, MgOnnxForm form)
{
  const MgOnnxValue *x = mg_job_picture(job, 0);
  MgShape shape;
  return x && mg_job_give_layer(job, mg_job_add_layer(job, type, NULL, 1, &x, &shape, NULL), form, shape);
}

void
mg_job_keep_tensor(const MgOnnxJob *job, int layer, const char *tensor, const float *values, size_t n)
{
  g_autofree char *name = layer_name(job->import, layer);
  GArray *array = g_array_sized_new(FALSE, FALSE, sizeof(float), n);
  g_array_append_vals(array, values, n);
  g_hash_table_replace(job->import->tensors, g_strdup_printf("%s.%s", name, tensor), array);
}

/* "conv1" of the weight "conv1.weight"; else the node's name. */
char *
mg_job_name_from_weight(const MgOnnxJob *job, size_t i)
{
  const char *weight = mg_job_input_name(job, i), *dot = weight ? strrchr(weight, '.') : NULL;
  if (dot && dot > weight)
    return g_strndup(weight, dot - weight);
  return g_strdup(job->node->name && *job->node->name ? job->node->name : NULL);
}

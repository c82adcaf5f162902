/* One layer of a description: {"type": "conv2d", "name": "conv1", "inputs": ["pool1"], "out_channels": 32, …}. */
#include "nn/description-parser.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

static const guint most_layers = 4096;
static const gint64 most_weights = 1 << 27; /* 512 MB */
static const size_t most_values = 1 << 26;  /* of one layer's output for one segment: 256 MB */

/* The text of a scalar as the parameters take it; NULL for an array, object or null. */
static char *
scalar_text(const json_t *value, const MgParamSpec *spec, int classes)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  if (json_is_integer(value))
    return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
  if (json_is_real(value))
    return g_strdup(g_ascii_dtostr(number, sizeof number, json_real_value(value)));
  if (json_is_boolean(value))
    return g_strdup(json_is_true(value) ? "true" : "false");
  if (json_is_string(value) && spec->type == MG_PARAM_INT && g_str_equal(json_string_value(value), "classes"))
    return g_strdup_printf("%d", classes);
  return json_is_string(value) ? g_strdup(json_string_value(value)) : NULL;
}

static char *
known_keys(const MgParamTable *table)
{
  GString *keys = g_string_new("type, name, inputs");
  for (size_t i = 0; table && i < table->n; i++)
    g_string_append_printf(keys, ", %s", table->specs[i].name);
  return g_string_free(keys, FALSE);
}

static gboolean
set_key(MgParams *params, const MgLayerClass *class, const char *key, const json_t *value, int classes,
        const char *where, GError **error)
{
  const MgParamSpec *spec = mg_params_spec(params, key);
  if (!spec) {
    g_autofree char *keys = known_keys(class->params), *shown = g_strndup(key, 64);
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s (%s): no key is called “%s”; expected %s"), where, class->type,
                shown, keys);
    return FALSE;
  }
  g_autofree char *text = scalar_text(value, spec, classes);
  g_autoptr(GError) cause = NULL;
  if (text && mg_params_set(params, key, text, &cause))
    return TRUE;
  if (cause)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s (%s): %s", where, class->type, cause->message);
  else
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s (%s): %s: a list, object or null where one value was expected"),
                where, class->type, key);
  return FALSE;
}

static gboolean
nothing_missing(const MgParams *params, const MgLayerClass *class, const char *where, GError **error)
{
  for (size_t i = 0; class->params && i < class->params->n; i++) {
    const MgParamSpec *spec = &class->params->specs[i];
    if (spec->automatic != mg_layer_required || !mg_params_is_auto(params, spec->name))
      continue;
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s (%s): the key “%s” is missing: %s"), where, class->type,
                spec->name, _(spec->help));
    return FALSE;
  }
  return TRUE;
}

static MgParams *
read_keys(const MgParser *parser, const MgScope *scope, const json_t *object, const MgLayerClass *class,
          const char *where, GError **error)
{
  const MgParamTable *tables[] = {class->params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  const char *key;
  json_t *given;
  json_object_foreach((json_t *)object, key, given)
  {
    if (g_str_equal(key, "type") || g_str_equal(key, "name") || g_str_equal(key, "inputs"))
      continue;
    const json_t *value = mg_parse_value(scope, given, where, key, error);
    if (!value || !set_key(params, class, key, value, parser->classes, where, error))
      return NULL;
  }
  return nothing_missing(params, class, where, error) ? g_steal_pointer(&params) : NULL;
}

static const MgLayerClass *
read_type(const MgScope *scope, const json_t *object, const char *where, GError **error)
{
  const json_t *given = json_object_get(object, "type");
  const json_t *value = given ? mg_parse_value(scope, given, where, "type", error) : NULL;
  if (given && !value)
    return NULL;
  const char *type = json_string_value(value);
  const MgLayerClass *class = type ? mg_layer_class(type) : NULL;
  if (class)
    return class;
  g_autoptr(GString) known = g_string_new(NULL);
  for (const MgLayerClass *const *c = mg_layer_classes(); *c; c++)
    g_string_append_printf(known, "%s%s", known->len ? ", " : "", (*c)->type);
  g_autofree char *shown = g_strndup(type ? type : "", 64);
  if (type)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: type “%s” is not known; expected one of %s"), where, shown,
                known->str);
  else
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: type “none” is not known; expected one of %s"), where,
                known->str);
  return NULL;
}

static gboolean
within_limits(MgParser *parser, const MgLayer *layer, const char *where, GError **error)
{
  parser->weights += mg_layer_weights(layer);
  if (mg_shape_size(layer->output) <= most_values && layer->workspace <= most_values &&
      parser->weights <= most_weights && parser->description->layers->len <= most_layers)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_LIMIT,
              _("%s (%s): larger than the program accepts: at most %u layers, %zu values a layer and %" PRId64
                " weights in all"),
              where, layer->class->type, most_layers, most_values, most_weights);
  return FALSE;
}

static MgLayer *
make_layer(const MgParser *parser, const MgScope *scope, const MgLayerClass *class, const char *name,
           const GArray *inputs, const MgParams *params, const char *where, GError **error)
{
  g_autofree MgShape *shapes = g_new(MgShape, inputs->len);
  for (guint i = 0; i < inputs->len; i++) {
    int value = g_array_index(inputs, int, i);
    shapes[i] = value < 0 ? parser->input : ((MgLayer *)parser->description->layers->pdata[value])->output;
  }
  g_autofree char *full = g_strconcat(scope->prefix, name, NULL);
  if (g_hash_table_contains(parser->taken, full)) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: the name is taken"), where);
    return NULL;
  }
  MgLayer *layer = mg_layer_new(class, full, inputs->len, (const int *)inputs->data, shapes, params, error);
  if (!layer)
    g_prefix_error(error, "%s (%s): ", where, class->type);
  return layer;
}

gboolean
mg_parse_layer(MgParser *parser, MgScope *scope, const json_t *object, size_t number, GError **error)
{
  g_autofree char *place = mg_parse_place(parser, scope, number);
  if (!json_is_object(object)) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: an object {\"type\": …} was expected"), place);
    return FALSE;
  }
  const MgLayerClass *class = read_type(scope, object, place, error);
  g_autofree char *name = class ? mg_parse_name(scope, object, class->type, number, place, error) : NULL;
  if (!name)
    return FALSE;
  g_autofree char *where = mg_parse_named(parser, scope, name);
  g_autoptr(GArray) inputs = mg_parse_inputs(scope, object, where, error);
  g_autoptr(MgParams) params = inputs ? read_keys(parser, scope, object, class, where, error) : NULL;
  MgLayer *layer = params ? make_layer(parser, scope, class, name, inputs, params, where, error) : NULL;
  if (!layer)
    return FALSE;
  scope->previous = parser->description->layers->len;
  g_ptr_array_add(parser->description->layers, layer);
  g_hash_table_add(parser->taken, layer->name);
  mg_parse_bind(scope, name, scope->previous);
  return within_limits(parser, layer, where, error);
}

#include "nn/description.h"
#include "base/error.h"
#include <jansson.h>
#include <string.h>

static const gint64 most_layers = 4096;
static const gint64 most_weights = 1 << 27; /* 512 MB */
static const size_t most_values = 1 << 26;  /* of one layer's output for one segment: 256 MB */

typedef struct {
  const char *origin;
  int classes;
} Context;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

void
mg_description_free(MgDescription *description)
{
  if (!description)
    return;
  g_free(description->name);
  g_free(description->title);
  g_clear_pointer(&description->layers, g_ptr_array_unref);
  g_free(description);
}

static gboolean
is_identifier(const char *text)
{
  size_t length = strlen(text);
  return length > 0 && length <= 64 &&
         strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") == length;
}

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
  GString *keys = g_string_new("type, name");
  for (size_t i = 0; table && i < table->n; i++)
    g_string_append_printf(keys, ", %s", table->specs[i].name);
  return g_string_free(keys, FALSE);
}

static gboolean
set_key(MgParams *params, const MgLayerClass *class, const char *key, const json_t *value, const Context *context,
        const char *where, GError **error)
{
  const MgParamSpec *spec = mg_params_spec(params, key);
  if (!spec) {
    g_autofree char *keys = known_keys(class->params), *shown = g_strndup(key, 64);
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s (%s): no key is called “%s”; expected %s", where, class->type,
                shown, keys);
    return FALSE;
  }
  g_autofree char *text = scalar_text(value, spec, context->classes);
  g_autoptr(GError) cause = NULL;
  if (text && mg_params_set(params, key, text, &cause))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s (%s): %s", where, class->type,
              cause ? cause->message : "a list, object or null where one value was expected");
  return FALSE;
}

static gboolean
nothing_missing(const MgParams *params, const MgLayerClass *class, const char *where, GError **error)
{
  for (size_t i = 0; class->params && i < class->params->n; i++) {
    const MgParamSpec *spec = &class->params->specs[i];
    if (spec->automatic != mg_layer_required || !mg_params_is_auto(params, spec->name))
      continue;
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s (%s): the key “%s” is missing: %s", where, class->type,
                spec->name, spec->help);
    return FALSE;
  }
  return TRUE;
}

static MgParams *
read_keys(const json_t *object, const MgLayerClass *class, const Context *context, const char *where, GError **error)
{
  const MgParamTable *tables[] = {class->params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)object, key, value)
  {
    if (g_str_equal(key, "type") || g_str_equal(key, "name"))
      continue;
    if (!set_key(params, class, key, value, context, where, error))
      return NULL;
  }
  return nothing_missing(params, class, where, error) ? g_steal_pointer(&params) : NULL;
}

static const MgLayerClass *
read_type(const json_t *object, const char *where, GError **error)
{
  const char *type = json_string_value(json_object_get(object, "type"));
  const MgLayerClass *class = type ? mg_layer_class(type) : NULL;
  if (class)
    return class;
  g_autoptr(GString) known = g_string_new(NULL);
  for (const MgLayerClass *const *c = mg_layer_classes(); *c; c++)
    g_string_append_printf(known, "%s%s", known->len ? ", " : "", (*c)->type);
  g_autofree char *shown = g_strndup(type ? type : "none", 64);
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s: type “%s” is not known; expected one of %s", where, shown,
              known->str);
  return NULL;
}

/* The name given, or the type and the layer's number. */
static char *
read_name(const json_t *object, const MgLayerClass *class, const GPtrArray *layers, const char *where, GError **error)
{
  const json_t *given = json_object_get(object, "name");
  g_autofree char *name =
      given ? g_strdup(json_string_value(given)) : g_strdup_printf("%s%u", class->type, layers->len + 1);
  if (!name || !is_identifier(name)) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
                "%s: a name of 1 to 64 letters, digits, “_”, “-” and “.” was expected", where);
    return NULL;
  }
  for (guint i = 0; i < layers->len; i++)
    if (g_str_equal(((MgLayer *)layers->pdata[i])->name, name)) {
      g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s: the name “%s” is taken by layer %u", where, name, i + 1);
      return NULL;
    }
  return g_steal_pointer(&name);
}

static gboolean
within_limits(const MgLayer *layer, gint64 *weights, const char *where, GError **error)
{
  *weights += mg_layer_weights(layer);
  if (mg_shape_size(layer->output) <= most_values && layer->workspace <= most_values && *weights <= most_weights)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_LIMIT,
              "%s (%s): larger than the program accepts: at most %zu values a layer and %" G_GINT64_FORMAT
              " weights in all",
              where, layer->class->type, most_values, most_weights);
  return FALSE;
}

static MgLayer *
read_layer(const json_t *object, MgShape input, const GPtrArray *layers, const Context *context, GError **error)
{
  g_autofree char *where = g_strdup_printf("%s: layer %u", context->origin, layers->len + 1);
  if (!json_is_object(object)) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s: an object {\"type\": …} was expected", where);
    return NULL;
  }
  const MgLayerClass *class = read_type(object, where, error);
  g_autofree char *name = class ? read_name(object, class, layers, where, error) : NULL;
  if (!name)
    return NULL;
  g_autofree char *named = g_strdup_printf("%s: layer %s", context->origin, name);
  g_autoptr(MgParams) params = read_keys(object, class, context, named, error);
  if (!params)
    return NULL;
  MgLayer *layer = mg_layer_new(class, name, input, params, error);
  if (!layer)
    g_prefix_error(error, "%s (%s): ", named, class->type);
  return layer;
}

static gboolean
read_layers(const json_t *list, MgShape input, GPtrArray *layers, const Context *context, GError **error)
{
  gint64 weights = 0;
  for (size_t i = 0; i < json_array_size(list); i++) {
    MgLayer *layer = read_layer(json_array_get(list, i), input, layers, context, error);
    if (!layer)
      return FALSE;
    g_ptr_array_add(layers, layer);
    g_autofree char *where = g_strdup_printf("%s: layer %s", context->origin, layer->name);
    if (!within_limits(layer, &weights, where, error))
      return FALSE;
    input = layer->output;
  }
  if (mg_shape_size(input) == (size_t)context->classes)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
              "%s: the last layer gives %d x %d x %d values; expected one a class: %d (\"out_features\": "
              "\"classes\")",
              context->origin, input.channels, input.height, input.width, context->classes);
  return FALSE;
}

static json_t *
load(const char *text, const char *origin, GError **error)
{
  json_error_t problem;
  g_autoptr(json_t) root = json_loads(text, JSON_REJECT_DUPLICATES, &problem);
  if (!root) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s: not JSON: line %d: %s", origin, problem.line, problem.text);
    return NULL;
  }
  const json_t *layers = json_object_get(root, "layers");
  size_t n = json_array_size(layers);
  if (json_is_string(json_object_get(root, "name")) && json_is_array(layers) && n >= 1 && n <= (size_t)most_layers)
    return g_steal_pointer(&root);
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
              "%s: not a network description: expected an object with a text “name” and a list “layers” of 1 to "
              "%" G_GINT64_FORMAT " layers",
              origin, most_layers);
  return NULL;
}

MgDescription *
mg_description_parse(const char *text, const char *origin, MgShape input, int classes, GError **error)
{
  if (input.channels < 1 || input.height < 1 || input.width < 1 || mg_shape_size(input) > most_values || classes < 1) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                "%s: an input of %d x %d x %d with %d classes; expected at least 1 of each, and at most %zu values",
                origin, input.channels, input.height, input.width, classes, most_values);
    return NULL;
  }
  g_autoptr(json_t) root = load(text, origin, error);
  if (!root)
    return NULL;
  g_autoptr(MgDescription) description = g_new0(MgDescription, 1);
  description->name = g_strdup(json_string_value(json_object_get(root, "name")));
  description->title = g_strdup(json_string_value(json_object_get(root, "title")));
  description->layers = g_ptr_array_new_with_free_func((GDestroyNotify)mg_layer_free);
  Context context = {origin, classes};
  if (!read_layers(json_object_get(root, "layers"), input, description->layers, &context, error))
    return NULL;
  return g_steal_pointer(&description);
}

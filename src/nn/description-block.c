/* Uses of blocks: {"block": "basic", "name": "layer2", "repeat": 2, "channels": 128, "first": {"stride": 2}}. */
#include "nn/description-parser.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static const int most_repeats = 256, deepest = 8;

/* A use's own keys; all others are the block's parameters. */
static const char *const own_keys[] = {"block", "name", "inputs", "repeat", "first", NULL};

static const json_t *
find_block(const MgParser *parser, const MgScope *scope, const json_t *object, const char *where, const char **name,
           GError **error)
{
  const json_t *given = mg_parse_value(scope, json_object_get(object, "block"), where, "block", error);
  if (!given)
    return NULL;
  *name = json_string_value(given);
  const json_t *block = *name ? json_object_get(parser->blocks, *name) : NULL;
  if (json_is_array(json_object_get(block, "layers")))
    return block;
  g_autofree char *shown = g_strndup(*name ? *name : _("not a text"), 64);
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
              _("%s: block “%s”: expected an object of “blocks” with a list “layers”"), where, shown);
  return NULL;
}

static gboolean
unknown_parameter(const json_t *parameters, const char *block, const char *key, const char *where, GError **error)
{
  g_autoptr(GString) known = g_string_new("block, name, inputs, repeat, first");
  g_autofree char *shown = g_strndup(key, 64);
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)parameters, name, value)
  {
    g_string_append_printf(known, ", %s", name);
  }
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s (block %s): no key is called “%s”; expected %s"), where, block,
              shown, known->str);
  return FALSE;
}

/* The keys of `from` that are parameters of the block go into `arguments`. */
static gboolean
take_arguments(const MgScope *scope, const json_t *parameters, const char *block, const json_t *from, gboolean own,
               json_t *arguments, const char *where, GError **error)
{
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)from, key, value)
  {
    if (own && g_strv_contains(own_keys, key))
      continue;
    if (!json_object_get(parameters, key))
      return unknown_parameter(parameters, block, key, where, error);
    const json_t *argument = mg_parse_value(scope, value, where, key, error);
    if (!argument)
      return FALSE;
    json_object_set(arguments, key, (json_t *)argument);
  }
  return TRUE;
}

static gboolean
nothing_missing(const json_t *arguments, const char *block, const char *where, GError **error)
{
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)arguments, key, value)
  {
    if (!json_is_null(value))
      continue;
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s (block %s): the key “%s” is missing"), where, block, key);
    return FALSE;
  }
  return TRUE;
}

static json_t *
collect_arguments(const MgScope *scope, const json_t *block, const char *name, const json_t *object, gboolean first,
                  const char *where, GError **error)
{
  const json_t *parameters = json_object_get(block, "parameters"), *others = json_object_get(object, "first");
  g_autoptr(json_t) arguments = parameters ? json_copy((json_t *)parameters) : json_object();
  if ((parameters && !json_is_object(parameters)) || (others && !json_is_object(others))) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s (block %s): “parameters” and “first” must be objects"), where,
                name);
    return NULL;
  }
  if (!take_arguments(scope, parameters, name, object, TRUE, arguments, where, error) ||
      (first && !take_arguments(scope, parameters, name, others, FALSE, arguments, where, error)) ||
      !nothing_missing(arguments, name, where, error))
    return NULL;
  return g_steal_pointer(&arguments);
}

static gboolean
expand(MgParser *parser, MgScope *outer, const json_t *block, const json_t *arguments, const char *prefix,
       GError **error)
{
  g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  MgScope scope = {.prefix = prefix,
                   .arguments = arguments,
                   .values = values,
                   .previous = outer->previous,
                   .depth = outer->depth + 1};
  mg_parse_bind(&scope, "input", outer->previous);
  gboolean good = mg_parse_list(parser, &scope, json_object_get(block, "layers"), error);
  outer->previous = scope.previous;
  return good;
}

/* 0 where there is no such key, and names get no numbers; -1 on an error. */
static int
read_repeats(const MgScope *scope, const json_t *object, const char *where, GError **error)
{
  const json_t *given = json_object_get(object, "repeat");
  const json_t *value = given ? mg_parse_value(scope, given, where, "repeat", error) : NULL;
  if (!given)
    return 0;
  if (json_is_integer(value) && json_integer_value(value) >= 1 && json_integer_value(value) <= most_repeats)
    return json_integer_value(value);
  if (value)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: repeat: expected a whole number from 1 to %d"), where,
                most_repeats);
  return -1;
}

static MgBlockUse *
record_use(MgParser *parser, const MgScope *scope, const char *name, const char *block, int repeats)
{
  MgBlockUse *use = g_new0(MgBlockUse, 1);
  *use = (MgBlockUse){.name = g_strconcat(scope->prefix, name, NULL),
                      .block = g_strdup(block),
                      .first = parser->description->layers->len,
                      .repeats = MAX(repeats, 1),
                      .depth = scope->depth};
  g_ptr_array_add(parser->description->blocks, use);
  return use;
}

static gboolean
expand_all(MgParser *parser, MgScope *scope, const json_t *object, const json_t *block, const char *block_name,
           const char *name, const char *where, GError **error)
{
  int repeats = read_repeats(scope, object, where, error);
  if (repeats < 0)
    return FALSE;
  MgBlockUse *use = record_use(parser, scope, name, block_name, repeats);
  for (int i = 0; i < MAX(repeats, 1); i++) {
    g_autofree char *prefix =
        repeats ? g_strdup_printf("%s%s.%d.", scope->prefix, name, i) : g_strdup_printf("%s%s.", scope->prefix, name);
    g_autoptr(json_t) arguments = collect_arguments(scope, block, block_name, object, i == 0, where, error);
    if (!arguments || !expand(parser, scope, block, arguments, prefix, error))
      return FALSE;
  }
  use->end = parser->description->layers->len;
  return TRUE;
}

gboolean
mg_parse_block_use(MgParser *parser, MgScope *scope, const json_t *object, size_t number, GError **error)
{
  g_autofree char *place = mg_parse_place(parser, scope, number);
  if (scope->depth >= deepest) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: blocks are nested deeper than %d; does one use itself?"),
                place, deepest);
    return FALSE;
  }
  const char *block_name = NULL;
  const json_t *block = find_block(parser, scope, object, place, &block_name, error);
  g_autofree char *name = block ? mg_parse_name(scope, object, block_name, number, place, error) : NULL;
  if (!name)
    return FALSE;
  g_autofree char *where = mg_parse_named(parser, scope, name);
  g_autoptr(GArray) inputs = mg_parse_inputs(scope, object, where, error);
  if (!inputs)
    return FALSE;
  if (inputs->len != 1) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s (block %s): inputs: %u were given; expected one"), where,
                block_name, inputs->len);
    return FALSE;
  }
  scope->previous = g_array_index(inputs, int, 0);
  if (!expand_all(parser, scope, object, block, block_name, name, where, error))
    return FALSE;
  mg_parse_bind(scope, name, scope->previous);
  return TRUE;
}

gboolean
mg_parse_list(MgParser *parser, MgScope *scope, const json_t *list, GError **error)
{
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *object = json_array_get(list, i);
    gboolean good = json_object_get(object, "block") ? mg_parse_block_use(parser, scope, object, i + 1, error)
                                                     : mg_parse_layer(parser, scope, object, i + 1, error);
    if (!good)
      return FALSE;
  }
  return TRUE;
}

/* Names in a description: what they may be, what they stand for. */
#include "nn/description-parser.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <string.h>

char *
mg_parse_place(const MgParser *parser, const MgScope *scope, size_t number)
{
  if (scope->depth == 0)
    return g_strdup_printf(_("%s: layer %zu"), parser->origin, number);
  return g_strdup_printf(_("%s: block %.*s: layer %zu"), parser->origin, (int)strlen(scope->prefix) - 1, scope->prefix,
                         number);
}

char *
mg_parse_named(const MgParser *parser, const MgScope *scope, const char *name)
{
  return g_strdup_printf(_("%s: layer %s%s"), parser->origin, scope->prefix, name);
}

const json_t *
mg_parse_value(const MgScope *scope, const json_t *value, const char *where, const char *key, GError **error)
{
  const char *text = json_string_value(value);
  if (!text || text[0] != '$')
    return value;
  const json_t *argument = scope->arguments ? json_object_get(scope->arguments, text + 1) : NULL;
  if (!argument) {
    g_autofree char *shown = g_strndup(text, 64);
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: %s: “%s” is not a parameter of what is around it"), where, key,
                shown);
  }
  return argument;
}

static gboolean
is_identifier(const char *text)
{
  size_t length = strlen(text);
  return length > 0 && length <= 64 &&
         strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") == length;
}

char *
mg_parse_name(const MgScope *scope, const json_t *object, const char *kind, size_t number, const char *where,
              GError **error)
{
  const json_t *given = json_object_get(object, "name");
  g_autofree char *name = given ? g_strdup(json_string_value(given)) : g_strdup_printf("%s%zu", kind, number);
  if (!name || !is_identifier(name)) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
                _("%s: a name of 1 to 64 letters, digits, “_”, “-” and “.” was expected"), where);
    return NULL;
  }
  if (!g_hash_table_contains(scope->values, name))
    return g_steal_pointer(&name);
  int by = GPOINTER_TO_INT(g_hash_table_lookup(scope->values, name)) - 2;
  if (by == mg_network_input_value)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: the name “%s” is taken by the input"), where, name);
  else
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: the name “%s” is taken by layer %d"), where, name, by + 1);
  return NULL;
}

static gboolean
add_input(const MgScope *scope, const json_t *name, GArray *inputs, const char *where, GError **error)
{
  const char *text = json_string_value(name);
  gpointer value = text ? g_hash_table_lookup(scope->values, text) : NULL;
  if (value) {
    int number = GPOINTER_TO_INT(value) - 2;
    g_array_append_val(inputs, number);
    return TRUE;
  }
  g_autofree char *shown = text ? g_strndup(text, 64) : g_strdup(_("not a text"));
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
              _("%s: inputs: “%s”; expected the name of a layer that stands before this one, or “input”"), where,
              shown);
  return FALSE;
}

GArray *
mg_parse_inputs(const MgScope *scope, const json_t *object, const char *where, GError **error)
{
  const size_t most = 256;
  g_autoptr(GArray) inputs = g_array_new(FALSE, FALSE, sizeof(int));
  const json_t *given = json_object_get(object, "inputs");
  if (!given) {
    g_array_append_val(inputs, scope->previous);
    return g_steal_pointer(&inputs);
  }
  if (json_is_string(given))
    return add_input(scope, given, inputs, where, error) ? g_steal_pointer(&inputs) : NULL;
  if (json_array_size(given) < 1 || json_array_size(given) > most) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: inputs: expected a list of 1 to %zu names"), where, most);
    return NULL;
  }
  for (size_t i = 0; i < json_array_size(given); i++)
    if (!add_input(scope, json_array_get(given, i), inputs, where, error))
      return NULL;
  return g_steal_pointer(&inputs);
}

void
mg_parse_bind(MgScope *scope, const char *name, int value)
{
  g_hash_table_insert(scope->values, g_strdup(name), GINT_TO_POINTER(value + 2));
}

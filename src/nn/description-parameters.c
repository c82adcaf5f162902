/* A network's own parameters: {"parameters": {"hidden": 128}, …}, of which its layers take "$hidden". */
#include "nn/description-parser.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *
known_names(const json_t *parameters)
{
  GString *names = g_string_new(NULL);
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)parameters, name, value)
  {
    g_string_append_printf(names, "%s%s", names->len ? ", " : "", name);
  }
  return g_string_free(names, FALSE);
}

static json_t *
read_number(const char *text, gboolean whole)
{
  char *end;
  double value = g_ascii_strtod(text, &end);
  if (end == text || *end || !isfinite(value) || (whole && (value != floor(value) || fabs(value) > 1e9)))
    return NULL;
  return whole ? json_integer((json_int_t)value) : json_real(value);
}

/* The text as a value of the kind of `old`; NULL where it is none. */
static json_t *
value_like(const json_t *old, const char *text, const char **kind)
{
  switch (json_typeof(old)) {
  case JSON_INTEGER:
    *kind = _("a whole number");
    return read_number(text, TRUE);
  case JSON_REAL:
    *kind = _("a number");
    return read_number(text, FALSE);
  case JSON_TRUE:
  case JSON_FALSE:
    *kind = _("true or false");
    return g_str_equal(text, "true") ? json_true() : g_str_equal(text, "false") ? json_false() : NULL;
  default:
    *kind = _("a text");
    return json_string(text);
  }
}

static gboolean
assign(json_t *parameters, const char *origin, const char *assignment, GError **error)
{
  g_auto(GStrv) parts = g_strsplit(assignment, "=", 2);
  const json_t *old = json_object_get(parameters, parts[0]);
  if (!old || !parts[1]) {
    g_autofree char *names = mg_one_line(known_names(parameters));
    if (*names)
      g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                  _("%s: there is no parameter “%s”; the network has %s, --help tells the rest"), origin, parts[0],
                  names);
    else
      g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                  _("%s: there is no parameter “%s”; the network has none of its own, --help tells the rest"), origin,
                  parts[0]);
    return FALSE;
  }
  const char *kind;
  json_t *value = value_like(old, parts[1], &kind);
  if (value)
    return json_object_set_new(parameters, parts[0], value) == 0;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: %s=%s: expected %s"), origin, parts[0], parts[1], kind);
  return FALSE;
}

char *
mg_description_with(const char *text, const char *origin, const char *assignments, GError **error)
{
  if (!*assignments)
    return g_strdup(text);
  g_auto(GStrv) list = g_strsplit(assignments, " ", -1);
  g_autoptr(json_t) root = mg_description_json(text, origin, error);
  if (!root)
    return NULL;
  json_t *parameters = json_object_get(root, "parameters");
  g_autoptr(json_t) none = json_object();
  for (char **assignment = list; *assignment; assignment++)
    if (**assignment && !assign(parameters ? parameters : none, origin, *assignment, error))
      return NULL;
  char *changed = json_dumps(root, JSON_INDENT(1)), *copy = g_strdup(changed);
  free(changed);
  return copy;
}

#include "ml/search-space-lines.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

static void
append_number(GString *line, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append(line, g_ascii_formatd(text, sizeof text, "%.10g", value));
}

char *
mg_space_line(const MgSpace *space, guint i)
{
  const MgSpaceParam *param = mg_space_param(space, i);
  if (param->values)
    return g_strjoinv(", ", param->values);
  g_autoptr(GString) line = g_string_new(NULL);
  append_number(line, param->low);
  g_string_append(line, "..");
  append_number(line, param->high);
  g_string_append(line, param->log ? " log" : "");
  g_string_append(line, param->integer ? " integer" : "");
  if (param->step > 0 && !(param->integer && param->step == 1)) {
    g_string_append(line, " step ");
    append_number(line, param->step);
  }
  return g_string_free(g_steal_pointer(&line), FALSE);
}

/* A number, true or false, or else a text. */
static json_t *
value_json(const char *text)
{
  char *end;
  double value = g_ascii_strtod(text, &end);
  if (*text && !*end)
    return value == (double)(json_int_t)value ? json_integer((json_int_t)value) : json_real(value);
  if (g_str_equal(text, "true") || g_str_equal(text, "false"))
    return json_boolean(*text == 't');
  return json_string(text);
}

/* "0.01..0.3 log integer step 2"; `dots` are those in it. */
static json_t *
range_json(const char *line, const char *dots)
{
  json_t *object = json_object();
  g_autofree char *low = g_strstrip(g_strndup(line, (size_t)(dots - line)));
  g_auto(GStrv) words = g_strsplit_set(dots + strlen(".."), " \t,", -1);
  const char *key = "high";
  json_object_set_new(object, "low", value_json(low));
  for (char **word = words; *word; word++) {
    if (!**word)
      continue;
    if (key)
      json_object_set_new(object, key, value_json(*word));
    else if (!g_str_equal(*word, "step"))
      json_object_set_new(object, *word, json_true());
    key = !key && g_str_equal(*word, "step") ? "step" : NULL;
  }
  return object;
}

static json_t *
values_json(const char *line)
{
  json_t *list = json_array();
  g_auto(GStrv) words = g_strsplit(line, ",", -1);
  for (char **word = words; *word; word++)
    json_array_append_new(list, value_json(g_strstrip(*word)));
  return json_pack("{s:o}", "values", list);
}

static void
add_condition(const MgSpace *space, const MgSpaceParam *param, json_t *object)
{
  if (param->depends < 0)
    return;
  const MgSpaceParam *on = mg_space_param(space, (guint)param->depends);
  json_t *list = json_array();
  for (guint k = 0; k < on->n_values; k++)
    if (param->when[k])
      json_array_append_new(list, value_json(on->values[k]));
  json_object_set_new(object, "when", json_pack("{s:o}", on->name, list));
}

char *
mg_space_with_lines(const MgSpace *space, const char *const *lines)
{
  g_autoptr(json_t) root = json_object();
  for (guint i = 0; i < space->params->len; i++) {
    const MgSpaceParam *param = mg_space_param(space, i);
    g_autofree char *line = lines[i] ? g_strdup(lines[i]) : mg_space_line(space, i);
    const char *dots = strstr(line, "..");
    json_t *object = dots ? range_json(line, dots) : values_json(line);
    add_condition(space, param, object);
    json_object_set_new(root, param->name, object);
  }
  char *text = json_dumps(root, JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(10));
  char *copy = g_strdup(text);
  free(text);
  return copy;
}

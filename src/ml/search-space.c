#include "ml/search-space.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

static void
free_param(gpointer data)
{
  MgSpaceParam *param = data;
  g_free(param->name);
  g_strfreev(param->values);
  g_free(param->when);
  g_free(param);
}

void
mg_space_free(MgSpace *space)
{
  if (!space)
    return;
  g_free(space->name);
  g_ptr_array_unref(space->params);
  g_free(space);
}

const MgSpaceParam *
mg_space_param(const MgSpace *space, guint i)
{
  return space->params->pdata[i];
}

int
mg_space_find(const MgSpace *space, const char *name)
{
  for (guint i = 0; i < space->params->len; i++)
    if (g_str_equal(mg_space_param(space, i)->name, name))
      return (int)i;
  return -1;
}

/* Reading */

static char *
number_text(double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  gboolean whole = floor(value) == value && fabs(value) < 1e15;
  return g_strdup(g_ascii_formatd(text, sizeof text, whole ? "%.0f" : "%.6g", value));
}

/* NULL where it is no plain value. */
static char *
value_text(const json_t *value)
{
  switch (json_typeof(value)) {
  case JSON_STRING:
    return g_strdup(json_string_value(value));
  case JSON_INTEGER:
    return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
  case JSON_REAL:
    return number_text(json_real_value(value));
  case JSON_TRUE:
    return g_strdup("true");
  case JSON_FALSE:
    return g_strdup("false");
  default:
    return NULL;
  }
}

static gboolean
refuse(const MgSpace *space, const char *name, const char *key, const json_t *value, const char *expected,
       GError **error)
{
  char *dump = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
  g_autofree char *said = g_strdup(dump ? dump : _("absent"));
  free(dump);
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: %s: “%s” is %.80s; expected %s"), space->name, name, key, said,
              expected);
  return FALSE;
}

static gboolean
read_values(const MgSpace *space, MgSpaceParam *param, const json_t *list, GError **error)
{
  if (!json_is_array(list) || json_array_size(list) == 0)
    return refuse(space, param->name, "values", list, _("a list of numbers or texts"), error);
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *value = json_array_get(list, i);
    g_autofree char *text = value_text(value);
    if (!text || g_ptr_array_find_with_equal_func(texts, text, g_str_equal, NULL))
      return refuse(space, param->name, "values", value, _("a number or a text, each once"), error);
    g_ptr_array_add(texts, g_steal_pointer(&text));
  }
  param->n_values = texts->len;
  g_ptr_array_add(texts, NULL);
  g_ptr_array_set_free_func(texts, NULL);
  param->values = g_memdup2(texts->pdata, texts->len * sizeof(char *));
  return TRUE;
}

static gboolean
read_number(const MgSpace *space, const char *name, const json_t *object, const char *key, double *value,
            GError **error)
{
  const json_t *number = json_object_get(object, key);
  *value = json_number_value(number);
  return (json_is_number(number) && isfinite(*value)) || refuse(space, name, key, number, _("a number"), error);
}

static gboolean
read_flag(const MgSpace *space, const char *name, const json_t *object, const char *key, gboolean *value,
          GError **error)
{
  const json_t *flag = json_object_get(object, key);
  *value = json_is_true(flag);
  return !flag || json_is_boolean(flag) || refuse(space, name, key, flag, _("true or false"), error);
}

static gboolean
check_range(const MgSpace *space, const MgSpaceParam *param, const json_t *object, GError **error)
{
  const json_t *low = json_object_get(object, "low"), *high = json_object_get(object, "high");
  const json_t *step = json_object_get(object, "step");
  if (param->high <= param->low)
    return refuse(space, param->name, "high", high, _("more than low"), error);
  if (param->log && param->low <= 0)
    return refuse(space, param->name, "low", low, _("more than 0 with “log”"), error);
  if (step && (param->step <= 0 || param->step > param->high - param->low))
    return refuse(space, param->name, "step", step, _("more than 0, at most high - low"), error);
  if (step && param->log)
    return refuse(space, param->name, "step", step, _("none with “log”"), error);
  if (param->integer && (floor(param->low) != param->low || floor(param->high) != param->high))
    return refuse(space, param->name, "low", low, _("whole ends with “integer”"), error);
  if (param->integer && floor(param->step) != param->step)
    return refuse(space, param->name, "step", step, _("a whole number with “integer”"), error);
  return TRUE;
}

static gboolean
read_range(const MgSpace *space, MgSpaceParam *param, const json_t *object, GError **error)
{
  if (!read_number(space, param->name, object, "low", &param->low, error) ||
      !read_number(space, param->name, object, "high", &param->high, error) ||
      !read_flag(space, param->name, object, "log", &param->log, error) ||
      !read_flag(space, param->name, object, "integer", &param->integer, error))
    return FALSE;
  if (json_object_get(object, "step") && !read_number(space, param->name, object, "step", &param->step, error))
    return FALSE;
  if (!check_range(space, param, object, error))
    return FALSE;
  if (param->integer && !param->log && param->step == 0)
    param->step = 1;
  return TRUE;
}

static gboolean
read_when(const MgSpace *space, MgSpaceParam *param, const json_t *when, GError **error)
{
  const char *name = json_object_size(when) == 1 ? json_object_iter_key(json_object_iter((json_t *)when)) : NULL;
  const json_t *list = name ? json_object_get(when, name) : NULL;
  param->depends = name ? mg_space_find(space, name) : -1;
  const MgSpaceParam *on = param->depends >= 0 ? mg_space_param(space, (guint)param->depends) : NULL;
  if (!on || !on->values || !json_is_array(list) || json_array_size(list) == 0)
    return refuse(space, param->name, "when", when,
                  _("{\"NAME\": [values]} of a parameter with values that stands above it"), error);
  param->when = g_new0(gboolean, on->n_values);
  for (size_t i = 0; i < json_array_size(list); i++) {
    g_autofree char *text = value_text(json_array_get(list, i));
    guint k = 0;
    while (text && k < on->n_values && !g_str_equal(on->values[k], text))
      k++;
    if (!text || k == on->n_values)
      return refuse(space, param->name, "when", json_array_get(list, i), _("a value of the parameter named there"),
                    error);
    param->when[k] = TRUE;
  }
  return TRUE;
}

static gboolean
check_keys(const MgSpace *space, const char *name, const json_t *object, GError **error)
{
  static const char *const of_values[] = {"values", "when", NULL};
  static const char *const of_range[] = {"low", "high", "log", "integer", "step", "when", NULL};
  const char *const *known = json_object_get(object, "values") ? of_values : of_range;
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)object, key, value)
  {
    if (!g_strv_contains(known, key))
      return refuse(space, name, key, value, _("values, or low and high with log, integer and step, and when"), error);
  }
  return TRUE;
}

static gboolean
read_param(MgSpace *space, const char *name, const json_t *value, GError **error)
{
  MgSpaceParam *param = g_new0(MgSpaceParam, 1);
  g_ptr_array_add(space->params, param);
  const char *point = strrchr(name, '.');
  param->name = g_strdup(name);
  param->parameter = param->name + (point ? point + 1 - name : 0);
  param->depends = -1;
  if (!*param->parameter || strpbrk(name, "=, \t\r\n\""))
    return refuse(space, name, "name", value, _("the name of a parameter"), error);
  if (!json_is_object(value)) {
    g_autoptr(json_t) list = json_pack("[O]", value);
    return read_values(space, param, list, error);
  }
  if (!check_keys(space, name, value, error))
    return FALSE;
  const json_t *values = json_object_get(value, "values"), *when = json_object_get(value, "when");
  return (values ? read_values(space, param, values, error) : read_range(space, param, value, error)) &&
         (!when || read_when(space, param, when, error));
}

MgSpace *
mg_space_parse(const char *text, const char *name, GError **error)
{
  json_error_t cause;
  g_autoptr(json_t) root = json_loads(text, JSON_REJECT_DUPLICATES, &cause);
  if (!json_is_object(root) || json_object_size(root) == 0) {
    g_autofree char *why =
        root ? g_strdup(_("no parameters")) : g_strdup_printf(_("line %d: %s"), cause.line, cause.text);
    g_set_error(
        error, MG_ERROR, MG_ERROR_FORMAT,
        _("%s: %s; a JSON object of parameters, {\"C\": {\"low\": 0.1, \"high\": 100, \"log\": true}}, was expected"),
        name, mg_one_line(why));
    return NULL;
  }
  g_autoptr(MgSpace) space = g_new0(MgSpace, 1);
  space->name = g_strdup(name);
  space->params = g_ptr_array_new_with_free_func(free_param);
  const char *key;
  json_t *value;
  json_object_foreach(root, key, value)
  {
    if (!read_param(space, key, value, error)) {
      mg_error_one_line(error); /* names and values may hold anything */
      return NULL;
    }
  }
  return g_steal_pointer(&space);
}

/* Values */

gboolean
mg_space_counts(const MgSpace *space, guint i, const double *values)
{
  const MgSpaceParam *param = mg_space_param(space, i);
  return param->depends < 0 || (!isnan(values[param->depends]) && param->when[(guint)values[param->depends]]);
}

char *
mg_space_text(const MgSpace *space, guint i, double value)
{
  const MgSpaceParam *param = mg_space_param(space, i);
  if (isnan(value))
    return g_strdup("");
  return param->values ? g_strdup(param->values[(guint)value]) : number_text(value);
}

char *
mg_space_describe(const MgSpace *space, const double *values)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < space->params->len; i++) {
    g_autofree char *value = mg_space_text(space, i, values[i]);
    if (*value)
      g_string_append_printf(text, "%s%s=%s", text->len ? " " : "", mg_space_param(space, i)->parameter, value);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Texts are rounded, which may lead beyond an end of the range. */
static gboolean
is_text_of(const char *text, double end)
{
  g_autofree char *said = number_text(end);
  return g_str_equal(said, text);
}

gboolean
mg_space_value(const MgSpace *space, guint i, const char *text, double *value)
{
  const MgSpaceParam *param = mg_space_param(space, i);
  *value = NAN;
  if (!*text && (param->depends >= 0 || !param->values))
    return param->depends >= 0;
  for (guint k = 0; k < param->n_values; k++)
    if (g_str_equal(param->values[k], text))
      *value = k;
  if (param->values)
    return !isnan(*value);
  char *end;
  *value = g_ascii_strtod(text, &end);
  if (*value < param->low && is_text_of(text, param->low))
    *value = param->low;
  if (*value > param->high && is_text_of(text, param->high))
    *value = param->high;
  return *end == 0 && *value >= param->low && *value <= param->high;
}

double
mg_space_scale(const MgSpaceParam *param, double value)
{
  return param->log ? log(value) : value;
}

void
mg_space_ends(const MgSpaceParam *param, double *low, double *high)
{
  double half = param->step > 0 ? param->step / 2 : param->integer ? 0.5 : 0;
  double last = param->step > 0 ? mg_space_step_value(param, mg_space_count(param) - 1) : param->high;
  *low = mg_space_scale(param, param->low - half);
  *high = mg_space_scale(param, last + half);
}

double
mg_space_nearest(const MgSpaceParam *param, double place)
{
  double value = param->log ? exp(place) : place;
  if (param->step > 0) {
    double k = floor((value - param->low) / param->step + 0.5);
    return mg_space_step_value(param, (guint64)CLAMP(k, 0, (double)mg_space_count(param) - 1));
  }
  value = CLAMP(param->integer ? floor(value + 0.5) : value, param->low, param->high);
  g_autofree char *text = number_text(value);
  return CLAMP(g_ascii_strtod(text, NULL), param->low, param->high);
}

guint64
mg_space_count(const MgSpaceParam *param)
{
  if (param->values)
    return param->n_values;
  if (param->step > 0)
    return (guint64)((param->high - param->low) / param->step * (1 + 1e-9)) + 1;
  return param->integer ? (guint64)(param->high - param->low) + 1 : 0;
}

double
mg_space_step_value(const MgSpaceParam *param, guint64 k)
{
  if (param->values)
    return (double)k;
  double value = param->low + (double)k * (param->step > 0 ? param->step : 1);
  g_autofree char *text = number_text(MIN(value, param->high));
  return g_ascii_strtod(text, NULL);
}

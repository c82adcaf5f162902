#include "base/param.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

struct MgParams {
  const MgParamTable **tables; /* NULL-terminated */
  GHashTable *values;          /* spec name (static) -> char * */
};

static char *
expectation(const MgParamSpec *spec)
{
  GString *text = g_string_new(NULL);
  gboolean limited = spec->min != 0 || spec->max != 0;
  if (spec->type == MG_PARAM_INT || spec->type == MG_PARAM_FLOAT)
    g_string_append(text, spec->type == MG_PARAM_INT ? _("a whole number") : _("a number"));
  if (limited && spec->type <= MG_PARAM_FLOAT)
    g_string_append_printf(text, _(" from %.16g to %.16g"), spec->min, spec->max);
  if (spec->type == MG_PARAM_BOOL)
    g_string_append(text, _("true or false"));
  if (spec->type == MG_PARAM_CHOICE || spec->type == MG_PARAM_LIST) {
    g_auto(GStrv) choices = g_strsplit(spec->choices, "|", -1);
    g_autofree char *list = g_strjoinv(", ", choices);
    g_string_append_printf(text, spec->type == MG_PARAM_LIST ? _("none, or some of %s, with commas") : _("one of %s"),
                           list);
  }
  if (spec->automatic)
    g_string_append_printf(text, _(", or auto (%s)"), _(spec->automatic));
  return g_string_free(text, FALSE);
}

static gboolean
is_choice(const char *choices, const char *text)
{
  g_auto(GStrv) list = g_strsplit(choices, "|", -1);
  return g_strv_contains((const char *const *)list, text);
}

static gboolean
parse_number(const MgParamSpec *spec, const char *text, double *value)
{
  char *end;
  *value = g_ascii_strtod(text, &end);
  if (end == text || *end || !isfinite(*value))
    return FALSE;
  if (spec->type == MG_PARAM_INT && (*value != floor(*value) || fabs(*value) > 0x1p53))
    return FALSE;
  return (spec->min == 0 && spec->max == 0) || (*value >= spec->min && *value <= spec->max);
}

static char *
number_text(const MgParamSpec *spec, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  if (spec->type == MG_PARAM_INT)
    return g_strdup_printf("%" G_GINT64_FORMAT, (gint64)value);
  g_ascii_formatd(text, sizeof text, "%.10g", value);
  return g_strdup(text);
}

/* The wanted choices in the order of all; NULL where one is not among them. */
static char *
canonical_list(const char *choices, const char *text)
{
  g_auto(GStrv) all = g_strsplit(choices, "|", -1), wanted = g_strsplit(text, ",", -1);
  g_autoptr(GString) list = g_string_new(NULL);
  if (g_str_equal(text, "none") || !*text)
    return g_strdup("none");
  for (char **name = wanted; *name; name++)
    if (!g_strv_contains((const char *const *)all, g_strstrip(*name)))
      return NULL;
  for (char **name = all; *name; name++)
    if (g_strv_contains((const char *const *)wanted, *name))
      g_string_append_printf(list, "%s%s", list->len ? "," : "", *name);
  return g_string_free(g_steal_pointer(&list), FALSE);
}

/* The value's canonical text, or NULL where the spec does not allow it. */
static char *
canonical(const MgParamSpec *spec, const char *text)
{
  double number;
  if (spec->automatic && g_str_equal(text, "auto"))
    return g_strdup(text);
  switch (spec->type) {
  case MG_PARAM_INT:
  case MG_PARAM_FLOAT:
    return parse_number(spec, text, &number) ? number_text(spec, number) : NULL;
  case MG_PARAM_BOOL:
    if (is_choice("true|yes|on|1", text))
      return g_strdup("true");
    return is_choice("false|no|off|0", text) ? g_strdup("false") : NULL;
  case MG_PARAM_CHOICE:
    return is_choice(spec->choices, text) ? g_strdup(text) : NULL;
  case MG_PARAM_TEXT:
    return strpbrk(text, "\r\n") ? NULL : g_strdup(text);
  case MG_PARAM_LIST:
    return canonical_list(spec->choices, text);
  }
  return NULL;
}

/* A default that its own spec refuses is a programming error. */
static char *
default_of(const MgParamSpec *spec)
{
  char *text = canonical(spec, spec->default_value);
  if (!text)
    g_error("the default of %s, “%s”, is none of its values", spec->name, spec->default_value);
  return text;
}

MgParams *
mg_params_new(const MgParamTable *const *tables)
{
  MgParams *params = g_new0(MgParams, 1);
  params->values = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  size_t n = 0;
  while (tables[n])
    n++;
  params->tables = g_memdup2(tables, (n + 1) * sizeof *tables);
  for (size_t t = 0; t < n; t++)
    for (size_t i = 0; i < tables[t]->n; i++) {
      const MgParamSpec *spec = &tables[t]->specs[i];
      if (!g_hash_table_contains(params->values, spec->name))
        g_hash_table_insert(params->values, (char *)spec->name, default_of(spec));
    }
  return params;
}

MgParams *
mg_params_copy(const MgParams *params)
{
  MgParams *copy = mg_params_new(params->tables);
  mg_params_take(copy, params);
  return copy;
}

void
mg_params_free(MgParams *params)
{
  if (!params)
    return;
  g_hash_table_unref(params->values);
  g_free(params->tables);
  g_free(params);
}

const MgParamTable *const *
mg_params_tables(const MgParams *params)
{
  return params->tables;
}

const MgParamSpec *
mg_params_spec(const MgParams *params, const char *name)
{
  for (size_t t = 0; params->tables[t]; t++)
    for (size_t i = 0; i < params->tables[t]->n; i++)
      if (g_str_equal(params->tables[t]->specs[i].name, name))
        return &params->tables[t]->specs[i];
  return NULL;
}

static char *
all_names(const MgParams *params)
{
  GString *names = g_string_new(NULL);
  for (size_t t = 0; params->tables[t]; t++)
    for (size_t i = 0; i < params->tables[t]->n; i++)
      g_string_append_printf(names, "%s%s", names->len ? ", " : "", params->tables[t]->specs[i].name);
  return g_string_free(names, FALSE);
}

gboolean
mg_params_set(MgParams *params, const char *name, const char *text, GError **error)
{
  const MgParamSpec *spec = mg_params_spec(params, name);
  if (!spec) {
    g_autofree char *names = all_names(params);
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("there is no parameter “%s” here; expected one of %s"), name, names);
    mg_error_one_line(error);
    return FALSE;
  }
  char *value = canonical(spec, text);
  if (!value) {
    g_autofree char *expected = expectation(spec);
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s=%s: expected %s"), name, text, expected);
    mg_error_one_line(error);
    return FALSE;
  }
  g_hash_table_insert(params->values, (char *)spec->name, value);
  return TRUE;
}

gboolean
mg_params_assign(MgParams *params, const char *assignment, GError **error)
{
  const char *equals = strchr(assignment, '=');
  if (!equals) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("“%s”: expected name=value"), assignment);
    mg_error_one_line(error);
    return FALSE;
  }
  g_autofree char *name = g_strndup(assignment, equals - assignment);
  return mg_params_set(params, name, equals + 1, error);
}

static void
set_or_stop(MgParams *params, const char *name, const char *text)
{
  g_autoptr(GError) error = NULL;
  if (!mg_params_set(params, name, text, &error))
    g_error("%s", error->message);
}

void
mg_params_set_int(MgParams *params, const char *name, gint64 value)
{
  char text[32];
  g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, value);
  set_or_stop(params, name, text);
}

void
mg_params_set_float(MgParams *params, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  set_or_stop(params, name, g_ascii_formatd(text, sizeof text, "%.10g", value));
}

const char *
mg_params_text(const MgParams *params, const char *name)
{
  const char *text = g_hash_table_lookup(params->values, name);
  if (!text)
    g_error("no parameter is called %s", name);
  return text;
}

gboolean
mg_params_has(const MgParams *params, const char *name)
{
  return g_hash_table_contains(params->values, name);
}

gboolean
mg_params_is_auto(const MgParams *params, const char *name)
{
  return g_str_equal(mg_params_text(params, name), "auto");
}

gboolean
mg_params_is_default(const MgParams *params, const char *name)
{
  g_autofree char *text = default_of(mg_params_spec(params, name));
  return g_str_equal(mg_params_text(params, name), text);
}

char **
mg_params_changed(const MgParams *params)
{
  g_autoptr(GStrvBuilder) changed = g_strv_builder_new();
  const MgParamTable *const *tables = mg_params_tables(params);
  for (size_t t = 0; tables[t]; t++)
    for (size_t i = 0; i < tables[t]->n; i++) {
      const char *name = tables[t]->specs[i].name;
      g_autofree char *assignment = g_strdup_printf("%s=%s", name, mg_params_text(params, name));
      if (!mg_params_is_default(params, name))
        g_strv_builder_add(changed, assignment);
    }
  return g_strv_builder_end(changed);
}

gint64
mg_params_int(const MgParams *params, const char *name)
{
  return mg_params_int_or(params, name, 0);
}

gint64
mg_params_int_or(const MgParams *params, const char *name, gint64 automatic)
{
  return mg_params_is_auto(params, name) ? automatic : g_ascii_strtoll(mg_params_text(params, name), NULL, 10);
}

double
mg_params_float(const MgParams *params, const char *name)
{
  return mg_params_float_or(params, name, 0);
}

double
mg_params_float_or(const MgParams *params, const char *name, double automatic)
{
  return mg_params_is_auto(params, name) ? automatic : g_ascii_strtod(mg_params_text(params, name), NULL);
}

gboolean
mg_params_bool(const MgParams *params, const char *name)
{
  return g_str_equal(mg_params_text(params, name), "true");
}

gboolean
mg_params_lists(const MgParams *params, const char *name, const char *choice)
{
  g_auto(GStrv) list = g_strsplit(mg_params_text(params, name), ",", -1);
  return g_strv_contains((const char *const *)list, choice);
}

gboolean
mg_params_table_counts(const MgParams *params, const MgParamTable *table)
{
  g_auto(GStrv) parts = g_strsplit(table->only_with ? table->only_with : "", "=", 2);
  return !table->only_with || mg_params_lists(params, parts[0], parts[1]);
}

void
mg_params_take(MgParams *params, const MgParams *from)
{
  GHashTableIter iter;
  gpointer name, value;
  g_hash_table_iter_init(&iter, from->values);
  while (g_hash_table_iter_next(&iter, &name, &value)) {
    const MgParamSpec *spec = mg_params_spec(params, name);
    char *text = spec ? canonical(spec, value) : NULL;
    if (text)
      g_hash_table_insert(params->values, (char *)spec->name, text);
  }
}

gboolean
mg_params_take_changed(MgParams *params, const MgParams *from, GError **error)
{
  for (const MgParamTable *const *table = mg_params_tables(params); *table; table++)
    for (size_t i = 0; i < (*table)->n; i++) {
      const char *name = (*table)->specs[i].name;
      if (mg_params_has(from, name) && !mg_params_is_default(from, name) &&
          !mg_params_set(params, name, mg_params_text(from, name), error))
        return FALSE;
    }
  return TRUE;
}

void
mg_params_take_tables(MgParams *params, const MgParams *from)
{
  GHashTableIter iter;
  gpointer name, value;
  g_hash_table_iter_init(&iter, from->values);
  while (g_hash_table_iter_next(&iter, &name, &value)) {
    const MgParamSpec *spec = mg_params_spec(params, name);
    if (spec && spec == mg_params_spec(from, name))
      g_hash_table_insert(params->values, (char *)spec->name, g_strdup(value));
  }
}

void
mg_params_to_key_file(const MgParams *params, GKeyFile *file)
{
  for (size_t t = 0; params->tables[t]; t++)
    for (size_t i = 0; i < params->tables[t]->n; i++) {
      const char *name = params->tables[t]->specs[i].name;
      g_key_file_set_string(file, params->tables[t]->name, name, mg_params_text(params, name));
    }
}

gboolean
mg_params_from_key_file(MgParams *params, GKeyFile *file, const char *path, GError **error)
{
  for (size_t t = 0; params->tables[t]; t++) {
    const char *group = params->tables[t]->name;
    g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, NULL);
    for (size_t i = 0; keys && keys[i]; i++) {
      g_autofree char *text = g_key_file_get_string(file, group, keys[i], NULL);
      g_autoptr(GError) cause = NULL;
      if (!text || !mg_params_set(params, keys[i], text, &cause)) {
        g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "%s: [%s] %s", path, group, cause ? cause->message : keys[i]);
        mg_error_one_line(error);
        return FALSE;
      }
    }
  }
  return TRUE;
}

char *
mg_params_key(const MgParams *params, const char *table)
{
  GString *key = g_string_new(NULL);
  for (size_t t = 0; params->tables[t]; t++) {
    if (table && !g_str_equal(params->tables[t]->name, table))
      continue;
    for (size_t i = 0; i < params->tables[t]->n; i++) {
      const char *name = params->tables[t]->specs[i].name;
      g_string_append_printf(key, "%s=%s;", name, mg_params_text(params, name));
    }
  }
  return g_string_free(key, FALSE);
}

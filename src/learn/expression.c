#include "learn/expression.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>

#define DEEPEST 40 /* brackets and signs inside of each other */

typedef struct {
  const char *text, *at;
  MgExpressionName name;
  gpointer data;
  int depth;
  GError **error;
} Reader;

static gboolean read_sum(Reader *reader, double *value);

static gboolean
fail(Reader *reader, const char *expected)
{
  g_set_error(reader->error, MG_ERROR, MG_ERROR_FORMAT, _("“%s”: expected %s at “%s”"), reader->text, expected,
              *reader->at ? reader->at : _("the end"));
  return FALSE;
}

static void
skip_spaces(Reader *reader)
{
  while (g_ascii_isspace(*reader->at))
    reader->at++;
}

static gboolean
read_name(Reader *reader, double *value)
{
  const char *start = reader->at;
  while (g_ascii_isalnum(*reader->at) || *reader->at == '_')
    reader->at++;
  g_autofree char *name = g_strndup(start, (gsize)(reader->at - start));
  if (reader->name && reader->name(name, reader->data, value))
    return TRUE;
  reader->at = start;
  return fail(reader, _("the name of a control or of a fact"));
}

static gboolean
read_factor(Reader *reader, double *value)
{
  skip_spaces(reader);
  if (++reader->depth > DEEPEST)
    return fail(reader, _("fewer brackets"));
  gboolean good;
  if (*reader->at == '-') {
    reader->at++;
    good = read_factor(reader, value);
    *value = -*value;
  } else if (*reader->at == '(') {
    reader->at++;
    good = read_sum(reader, value);
    skip_spaces(reader);
    if (good && *reader->at != ')')
      good = fail(reader, _("a closing bracket"));
    reader->at += good;
  } else if (g_ascii_isdigit(*reader->at) || *reader->at == '.') {
    char *end;
    *value = g_ascii_strtod(reader->at, &end);
    good = end > reader->at || fail(reader, _("a number"));
    reader->at = end;
  } else
    good = g_ascii_isalpha(*reader->at) ? read_name(reader, value) : fail(reader, _("a number or a name"));
  reader->depth--;
  return good;
}

static gboolean
read_product(Reader *reader, double *value)
{
  if (!read_factor(reader, value))
    return FALSE;
  for (skip_spaces(reader); *reader->at == '*' || *reader->at == '/'; skip_spaces(reader)) {
    char sign = *reader->at++;
    double other;
    if (!read_factor(reader, &other))
      return FALSE;
    *value = sign == '*' ? *value * other : *value / other;
  }
  return TRUE;
}

static gboolean
read_sum(Reader *reader, double *value)
{
  if (!read_product(reader, value))
    return FALSE;
  for (skip_spaces(reader); *reader->at == '+' || *reader->at == '-'; skip_spaces(reader)) {
    char sign = *reader->at++;
    double other;
    if (!read_product(reader, &other))
      return FALSE;
    *value = sign == '+' ? *value + other : *value - other;
  }
  return TRUE;
}

gboolean
mg_expression_value(const char *text, MgExpressionName name, gpointer data, double *value, GError **error)
{
  Reader reader = {text, text, name, data, 0, error};
  *value = 0;
  if (!read_sum(&reader, value))
    return FALSE;
  skip_spaces(&reader);
  if (*reader.at)
    return fail(&reader, _("nothing more"));
  if (isfinite(*value))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("“%s”: expected a finite value"), text);
  return FALSE;
}

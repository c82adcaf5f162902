#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include <string.h>

/* Reads one field at *at, leaves *at on the separator behind it; NULL where a quote is not closed. */
static char *
read_field(const char **at)
{
  const char *p = *at;
  if (*p != '"') {
    size_t length = strcspn(p, ",\r\n");
    *at = p + length;
    return g_strndup(p, length);
  }
  GString *field = g_string_new(NULL);
  for (p++; *p; p++) {
    if (*p == '"' && p[1] == '"')
      p++;
    else if (*p == '"')
      break;
    g_string_append_c(field, *p);
  }
  if (!*p) {
    g_string_free(field, TRUE);
    return NULL;
  }
  p++;
  *at = p + strcspn(p, ",\r\n");
  return g_string_free(field, FALSE);
}

static char **
read_record(const char **at, guint *fields)
{
  GPtrArray *record = g_ptr_array_new_with_free_func(g_free);
  for (;;) {
    char *field = read_field(at);
    if (!field) {
      g_ptr_array_unref(record);
      return NULL;
    }
    g_ptr_array_add(record, field);
    if (**at != ',')
      break;
    (*at)++;
  }
  *at += **at == '\r';
  *at += **at == '\n';
  *fields = record->len;
  g_ptr_array_add(record, NULL);
  return (char **)g_ptr_array_free(record, FALSE);
}

/* The number of the line that `at` is in, from 1. */
static guint
line_number(const char *text, const char *at)
{
  guint line = 1;
  for (; text < at; text++)
    line += *text == '\n' || (*text == '\r' && text[1] != '\n');
  return line;
}

static char **
read_record_or_fail(const char *text, const char **at, guint *fields, const char *name, GError **error)
{
  const char *start = *at;
  char **record = read_record(at, fields);
  if (!record)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s: a quote in line %u is never closed", name,
                line_number(text, start));
  return record;
}

MgCsv *
mg_csv_parse(const char *text, const char *name, GError **error)
{
  if (g_str_has_prefix(text, "\xef\xbb\xbf"))
    text += 3;
  if (!*text) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s: empty; a header row was expected", name);
    return NULL;
  }
  g_autoptr(MgCsv) csv = g_new0(MgCsv, 1);
  csv->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
  csv->columns = g_ptr_array_new_with_free_func(g_free);
  guint fields;
  const char *at = text;
  g_autofree char **header = read_record_or_fail(text, &at, &fields, name, error);
  if (!header)
    return NULL;
  for (guint i = 0; i < fields; i++)
    g_ptr_array_add(csv->columns, header[i]);
  while (*at) {
    if (*at == '\n' || *at == '\r') { /* a blank line */
      at++;
      continue;
    }
    const char *start = at;
    char **record = read_record_or_fail(text, &at, &fields, name, error);
    if (!record)
      return NULL;
    g_ptr_array_add(csv->rows, record);
    if (fields != csv->columns->len) {
      g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s: line %u has %u fields; the header has %u", name,
                  line_number(text, start), fields, csv->columns->len);
      return NULL;
    }
  }
  return g_steal_pointer(&csv);
}

MgCsv *
mg_csv_load(const char *path, GError **error)
{
  size_t length;
  g_autofree char *text = mg_file_read(path, (size_t)1 << 30, &length, error);
  if (!text)
    return NULL;
  if (!g_utf8_validate(text, length, NULL)) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s: not a UTF-8 text table", path);
    return NULL;
  }
  return mg_csv_parse(text, path, error);
}

void
mg_csv_free(MgCsv *csv)
{
  if (!csv)
    return;
  g_clear_pointer(&csv->columns, g_ptr_array_unref);
  g_clear_pointer(&csv->rows, g_ptr_array_unref);
  g_free(csv);
}

int
mg_csv_column(const MgCsv *csv, const char *name)
{
  for (guint i = 0; i < csv->columns->len; i++)
    if (g_str_equal(csv->columns->pdata[i], name))
      return (int)i;
  return -1;
}

const char *
mg_csv_get(const MgCsv *csv, size_t row, int column)
{
  return ((char **)csv->rows->pdata[row])[column];
}

void
mg_csv_append(GString *line, const char *field)
{
  if (line->len > 0)
    g_string_append_c(line, ',');
  if (*field && !strpbrk(field, ",\"\r\n")) {
    g_string_append(line, field);
    return;
  }
  g_string_append_c(line, '"');
  for (const char *p = field; *p; p++) {
    if (*p == '"')
      g_string_append_c(line, '"');
    g_string_append_c(line, *p);
  }
  g_string_append_c(line, '"');
}

void
mg_csv_append_number(GString *line, double value, int digits)
{
  char format[16], text[G_ASCII_DTOSTR_BUF_SIZE];
  g_snprintf(format, sizeof format, "%%.%dg", digits);
  mg_csv_append(line, g_ascii_formatd(text, sizeof text, format, value));
}

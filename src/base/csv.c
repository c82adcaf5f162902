#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include <glib/gi18n-lib.h>
#include <string.h>

struct MgCsvReader {
  const char *name, *at;
  guint line, next_line; /* of the record last read, of what comes behind it */
  guint columns;
  GPtrArray *fields; /* char *, into `buffer` */
  GString *buffer;   /* the fields one behind the other, each ending with 0 */
  GArray *starts;    /* gsize */
};

void
mg_csv_reader_free(MgCsvReader *reader)
{
  if (!reader)
    return;
  g_ptr_array_unref(reader->fields);
  g_string_free(reader->buffer, TRUE);
  g_array_unref(reader->starts);
  g_free(reader);
}

const GPtrArray *
mg_csv_reader_fields(const MgCsvReader *reader)
{
  return reader->fields;
}

guint
mg_csv_reader_line(const MgCsvReader *reader)
{
  return reader->line;
}

/* What a quote holds, which may go over lines. FALSE where it is not closed. */
static gboolean
read_quoted(MgCsvReader *reader)
{
  const char *p = reader->at + 1;
  for (; *p; p++) {
    if (*p == '"' && p[1] == '"')
      p++;
    else if (*p == '"')
      break;
    reader->next_line += *p == '\n' || (*p == '\r' && p[1] != '\n');
    g_string_append_c(reader->buffer, *p);
  }
  if (!*p)
    return FALSE;
  reader->at = p + 1 + strcspn(p + 1, ",\r\n");
  return TRUE;
}

/* Behind apostrophes, too: so that one more can always be taken off again. */
static gboolean
starts_formula(const char *field)
{
  field += strspn(field, "'");
  return *field && strchr("=+-@\t\r", *field);
}

/* Reads one field, stays on the separator behind it. */
static gboolean
read_field(MgCsvReader *reader)
{
  gsize start = reader->buffer->len;
  g_array_append_val(reader->starts, start);
  if (*reader->at == '"') {
    if (!read_quoted(reader))
      return FALSE;
  } else {
    size_t length = strcspn(reader->at, ",\r\n");
    g_string_append_len(reader->buffer, reader->at, (gssize)length);
    reader->at += length;
  }
  const char *field = reader->buffer->str + start;
  if (*field == '\'' && starts_formula(field + 1))
    g_string_erase(reader->buffer, (gssize)start, 1);
  g_string_append_c(reader->buffer, 0);
  return TRUE;
}

static void
pass_line_end(MgCsvReader *reader)
{
  reader->next_line += *reader->at == '\r' || *reader->at == '\n';
  reader->at += *reader->at == '\r';
  reader->at += *reader->at == '\n';
}

static gboolean
read_record(MgCsvReader *reader, GError **error)
{
  reader->line = reader->next_line;
  g_string_truncate(reader->buffer, 0);
  g_array_set_size(reader->starts, 0);
  for (;; reader->at++) {
    if (!read_field(reader)) {
      g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: a quote in line %u is never closed"), reader->name,
                  reader->line);
      return FALSE;
    }
    if (*reader->at != ',')
      break;
  }
  pass_line_end(reader);
  g_ptr_array_set_size(reader->fields, (gint)reader->starts->len);
  for (guint i = 0; i < reader->starts->len; i++)
    reader->fields->pdata[i] = reader->buffer->str + g_array_index(reader->starts, gsize, i);
  return TRUE;
}

MgCsvReader *
mg_csv_reader_new(const char *text, const char *name, GError **error)
{
  if (g_str_has_prefix(text, "\xef\xbb\xbf"))
    text += 3;
  if (!*text) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: empty; a header row was expected"), name);
    return NULL;
  }
  MgCsvReader *reader = g_new0(MgCsvReader, 1);
  *reader = (MgCsvReader){.name = name, .at = text, .next_line = 1};
  reader->fields = g_ptr_array_new();
  reader->buffer = g_string_new(NULL);
  reader->starts = g_array_new(FALSE, FALSE, sizeof(gsize));
  if (!read_record(reader, error))
    g_clear_pointer(&reader, mg_csv_reader_free);
  else
    reader->columns = reader->fields->len;
  return reader;
}

gboolean
mg_csv_reader_next(MgCsvReader *reader, GError **error)
{
  while (*reader->at == '\n' || *reader->at == '\r') /* blank lines */
    pass_line_end(reader);
  if (!*reader->at || !read_record(reader, error))
    return FALSE;
  if (reader->fields->len == reader->columns)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: line %u has %u fields; the header has %u"), reader->name,
              reader->line, reader->fields->len, reader->columns);
  return FALSE;
}

/* The fields as strings of their own, NULL behind the last. */
static char **
copy_fields(const MgCsvReader *reader)
{
  char **fields = g_new0(char *, reader->fields->len + 1);
  for (guint i = 0; i < reader->fields->len; i++)
    fields[i] = g_strdup(reader->fields->pdata[i]);
  return fields;
}

MgCsv *
mg_csv_parse(const char *text, const char *name, GError **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(MgCsvReader) reader = mg_csv_reader_new(text, name, error);
  if (!reader)
    return NULL;
  g_autoptr(MgCsv) csv = g_new0(MgCsv, 1);
  csv->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
  csv->columns = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < reader->columns; i++)
    g_ptr_array_add(csv->columns, g_strdup(reader->fields->pdata[i]));
  while (mg_csv_reader_next(reader, &cause))
    g_ptr_array_add(csv->rows, copy_fields(reader));
  if (!cause)
    return g_steal_pointer(&csv);
  g_propagate_error(error, g_steal_pointer(&cause));
  return NULL;
}

MgCsv *
mg_csv_load(const char *path, GError **error)
{
  size_t length;
  g_autofree char *text = mg_file_read(path, (size_t)1 << 30, &length, error);
  if (!text)
    return NULL;
  if (!g_utf8_validate(text, length, NULL)) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: not a UTF-8 text table"), path);
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

static void
append(GString *line, const char *field, const char *before)
{
  if (line->len > 0)
    g_string_append_c(line, ',');
  if (*field && !strpbrk(field, ",\"\r\n")) {
    g_string_append(line, before);
    g_string_append(line, field);
    return;
  }
  g_string_append_c(line, '"');
  g_string_append(line, before);
  for (const char *p = field; *p; p++) {
    if (*p == '"')
      g_string_append_c(line, '"');
    g_string_append_c(line, *p);
  }
  g_string_append_c(line, '"');
}

static gint formulas; /* atomic: tables are written by several threads */

void
mg_csv_set_formulas(gboolean wanted)
{
  g_atomic_int_set(&formulas, wanted);
}

void
mg_csv_append(GString *line, const char *field)
{
  gboolean guarded = *field == '\'' || !g_atomic_int_get(&formulas); /* an apostrophe of its own must stay */
  append(line, field, guarded && starts_formula(field) ? "'" : "");
}

void
mg_csv_append_path(GString *line, const char *path)
{
  g_autofree char *absolute = g_utf8_validate(path, -1, NULL) ? NULL : g_canonicalize_filename(path, NULL);
  g_autofree char *address = absolute ? g_filename_to_uri(absolute, NULL, NULL) : NULL;
  mg_csv_append(line, address ? address : path);
}

char *
mg_csv_path(const char *field)
{
  char *path = g_str_has_prefix(field, "file:///") ? g_filename_from_uri(field, NULL, NULL) : NULL;
  return path ? path : g_strdup(field);
}

void
mg_csv_append_number(GString *line, double value, int digits)
{
  char format[16], text[G_ASCII_DTOSTR_BUF_SIZE];
  g_snprintf(format, sizeof format, "%%.%dg", digits);
  append(line, g_ascii_formatd(text, sizeof text, format, value), "");
}

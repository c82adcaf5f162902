/* Comma-separated tables (RFC 4180) with a header row: quoted fields, either line ending, a byte order mark.
 *
 * A text that a spreadsheet would take for a formula, because it begins with = + - @ or a tab, is written with an
 * apostrophe before it, and read without. Numbers are written as they are. */
#pragma once
#include <glib.h>

/* Whether texts that begin so are written as they are from now on, for whoever asks for it; not so at first. */
void mg_csv_set_formulas(gboolean formulas);

/* Reads records one by one, so that a large table need not be held as text. */
typedef struct MgCsvReader MgCsvReader;

/* Refers to `text` (ending with 0), which has to stay; `name` is for messages. Reads the header. */
MgCsvReader *mg_csv_reader_new(const char *text, const char *name, GError **error);
void mg_csv_reader_free(MgCsvReader *reader); /* accepts NULL */
/* The fields of the header, then those of the record last read (char *); owned by the reader. */
const GPtrArray *mg_csv_reader_fields(const MgCsvReader *reader);
guint mg_csv_reader_line(const MgCsvReader *reader); /* where that record begins, from 1 */
/* FALSE at the end, and with an error (MG_ERROR_FORMAT) where the record has not as many fields as the header. Blank
 * lines are passed over. */
gboolean mg_csv_reader_next(MgCsvReader *reader, GError **error);

typedef struct {
  GPtrArray *columns; /* char *: the header */
  GPtrArray *rows;    /* char **: columns->len fields each, NULL after the last */
} MgCsv;

/* Every row must have as many fields as the header; MG_ERROR_FORMAT names the line where one does not. */
MgCsv *mg_csv_load(const char *path, GError **error);
/* `name` is for messages. */
MgCsv *mg_csv_parse(const char *text, const char *name, GError **error);
void mg_csv_free(MgCsv *csv);                          /* accepts NULL */
int mg_csv_column(const MgCsv *csv, const char *name); /* -1 where absent */
const char *mg_csv_get(const MgCsv *csv, size_t row, int column);

/* Appends a field, quoted where needed, after a comma unless the line is empty. */
void mg_csv_append(GString *line, const char *field);
/* The same of a file's path. A table is UTF-8, and names of files may be anything: those that are not UTF-8 become a
 * file:// address, which mg_csv_path() takes back to the path. g_free() what that gives. */
void mg_csv_append_path(GString *line, const char *path);
char *mg_csv_path(const char *field);
void mg_csv_append_number(GString *line, double value, int digits);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgCsv, mg_csv_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgCsvReader, mg_csv_reader_free)

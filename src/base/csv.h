/* Comma-separated tables (RFC 4180) with a header row: quoted fields, either line ending, a byte order mark. */
#pragma once
#include <glib.h>

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
void mg_csv_append_number(GString *line, double value, int digits);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgCsv, mg_csv_free)

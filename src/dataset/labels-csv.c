#include "dataset/labels.h"
#include "base/csv.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <string.h>

/* The columns start, end and label, or what others call them; low and high where there are bands. */
static const char *const names[][4] = {{"start", "begin", "onset", NULL},
                                       {"end", "stop", "offset", NULL},
                                       {"label", "text", "category", NULL},
                                       {"low", "low_hz", NULL},
                                       {"high", "high_hz", NULL}};
enum { START, END, TEXT, LOW, HIGH, N_FIELDS };

static gboolean
knows(const char *line)
{
  return strchr(line, ',') && strpbrk(line, "abcdefghijklmnopqrstuvwxyz");
}

static int
find_column(const GPtrArray *header, int field)
{
  for (int i = 0; names[field][i]; i++)
    for (guint column = 0; column < header->len; column++)
      if (g_ascii_strcasecmp(header->pdata[column], names[field][i]) == 0)
        return (int)column;
  return -1;
}

static gboolean
find_columns(const GPtrArray *header, const char *name, int columns[N_FIELDS], GError **error)
{
  for (int field = 0; field < N_FIELDS; field++) {
    columns[field] = find_column(header, field);
    if (columns[field] >= 0 || field > END)
      continue;
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: line 1 has no column “%s”"), name, names[field][0]);
    return FALSE;
  }
  return TRUE;
}

static const char *
field_of(const GPtrArray *fields, int column)
{
  return column >= 0 ? fields->pdata[column] : NULL;
}

static gboolean
parse(const char *text, const char *name, GPtrArray *labels, GError **error)
{
  g_autoptr(MgCsvReader) reader = mg_csv_reader_new(text, name, error);
  g_autoptr(GError) cause = NULL;
  int columns[N_FIELDS];
  if (!reader || !find_columns(mg_csv_reader_fields(reader), name, columns, error))
    return FALSE;
  while (mg_csv_reader_next(reader, &cause)) {
    const GPtrArray *fields = mg_csv_reader_fields(reader);
    const char *what = field_of(fields, columns[TEXT]);
    if (!mg_labels_add(labels, name, mg_csv_reader_line(reader), field_of(fields, columns[START]),
                       field_of(fields, columns[END]), field_of(fields, columns[LOW]), field_of(fields, columns[HIGH]),
                       what ? what : "", error))
      return FALSE;
  }
  if (!cause)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&cause));
  return FALSE;
}

static void
append_field(GString *line, double value, gboolean given)
{
  g_string_append_c(line, ',');
  if (given)
    mg_labels_append_number(line, value);
}

static void
write_labels(const GPtrArray *labels, GString *text)
{
  g_string_append(text, "start,end,low,high,label\n");
  for (guint i = 0; i < labels->len; i++) {
    const MgLabel *label = labels->pdata[i];
    gboolean band = label->high > label->low;
    g_autoptr(GString) line = g_string_new(NULL);
    mg_labels_append_number(line, label->start);
    append_field(line, label->end, TRUE);
    append_field(line, label->low, band);
    append_field(line, label->high, band);
    mg_csv_append(line, label->text);
    g_string_append_printf(text, "%s\n", line->str);
  }
}

const MgLabelFormat mg_labels_csv = {
    .name = "csv",
    .title = N_("CSV table"),
    .ending = ".csv",
    .knows = knows,
    .parse = parse,
    .write = write_labels,
};

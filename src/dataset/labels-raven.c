#include "dataset/labels.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <string.h>

/* A selection table: columns with tabs between under a header (Raven Pro User's Manual, "Selection tables"). A
 * selection has one line a view; those of waveforms have no frequencies. */

#define BEGIN "Begin Time (s)"
#define END "End Time (s)"
#define LOW "Low Freq (Hz)"
#define HIGH "High Freq (Hz)"

static const char *const text_columns[] = {"Annotation", "Label", "Species", "Comments", "Tags", NULL};

static gboolean
knows(const char *line)
{
  return strstr(line, BEGIN) && strchr(line, '\t');
}

static int
column_of(char **header, const char *name)
{
  for (int i = 0; header[i]; i++)
    if (g_ascii_strcasecmp(header[i], name) == 0)
      return i;
  return -1;
}

/* NULL where the row is too short, or there is no such column. */
static const char *
field_of(char **fields, int n, int column)
{
  return column >= 0 && column < n ? fields[column] : NULL;
}

/* A selection that a former line has already told, in another view. */
static gboolean
is_told(GHashTable *told, const char *selection)
{
  return selection && *selection && !g_hash_table_add(told, g_strdup(selection));
}

static gboolean
parse_row(char **header, char **fields, const char *name, guint line, GHashTable *told, GPtrArray *labels,
          GError **error)
{
  int n = (int)g_strv_length(fields), text = -1;
  for (int i = 0; text_columns[i] && text < 0; i++)
    text = column_of(header, text_columns[i]);
  const char *start = field_of(fields, n, column_of(header, BEGIN)), *end = field_of(fields, n, column_of(header, END));
  const char *what = field_of(fields, n, text);
  if (!start || !end) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: line %u has %d fields: expected a %s and an %s"), name, line,
                n, BEGIN, END);
    return FALSE;
  }
  if (is_told(told, field_of(fields, n, column_of(header, "Selection"))))
    return TRUE;
  return mg_labels_add(labels, name, line, start, end, field_of(fields, n, column_of(header, LOW)),
                       field_of(fields, n, column_of(header, HIGH)), what ? what : "", error);
}

static gboolean
is_of_waveform(char **header, char **fields)
{
  const char *view = field_of(fields, (int)g_strv_length(fields), column_of(header, "View"));
  return view && g_ascii_strncasecmp(view, "waveform", 8) == 0;
}

/* Waveforms come second, so that the views with frequencies tell first. */
static gboolean
parse(const char *text, const char *name, GPtrArray *labels, GError **error)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_auto(GStrv) header = g_strsplit(g_strchomp(lines[0]), "\t", -1);
  g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (int waveforms = 0; waveforms < 2; waveforms++)
    for (guint i = 1; lines[i]; i++) {
      g_auto(GStrv) fields = g_strsplit(g_strdelimit(lines[i], "\r", ' '), "\t", -1);
      gboolean blank = lines[i][strspn(lines[i], " \t")] == 0;
      if (!blank && is_of_waveform(header, fields) == waveforms &&
          !parse_row(header, fields, name, i + 1, told, labels, error))
        return FALSE;
    }
  for (guint i = 0; i < labels->len; i++)
    g_strchomp(((MgLabel *)labels->pdata[i])->text);
  return TRUE;
}

static void
write_labels(const GPtrArray *labels, GString *text)
{
  g_string_append(text, "Selection\tView\tChannel\t" BEGIN "\t" END "\t" LOW "\t" HIGH "\tAnnotation\n");
  for (guint i = 0; i < labels->len; i++) {
    const MgLabel *label = labels->pdata[i];
    gboolean band = label->high > label->low;
    const double values[] = {label->start, label->end, label->low, label->high};
    g_string_append_printf(text, "%u\t%s 1\t1", i + 1, band ? "Spectrogram" : "Waveform");
    for (int k = 0; k < 4; k++) {
      g_string_append_c(text, '\t');
      if (k < 2 || band)
        mg_labels_append_number(text, values[k]);
    }
    g_string_append_printf(text, "\t%s\n", label->text);
  }
}

const MgLabelFormat mg_labels_raven = {
    .name = "raven",
    .title = N_("Raven’s selection table"),
    .ending = ".selections.txt",
    .knows = knows,
    .parse = parse,
    .write = write_labels,
};

#include "dataset/labels.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <string.h>

/* "1.5<tab>2<tab>text", and for a band of frequencies a line "\<tab>low<tab>high" below (Audacity's manual, "Importing
 * and Exporting Labels"). */
static gboolean
knows(const char *line)
{
  const char *tab = strchr(line, '\t');
  return !*line || (tab && strchr("0123456789+-. ", *line) && strspn(line, "0123456789+-.eE ") == (size_t)(tab - line));
}

/* The band belongs to the label before. */
static gboolean
take_band(char **fields, const char *name, guint line, GPtrArray *labels, GError **error)
{
  MgLabel *last = labels->len ? labels->pdata[labels->len - 1] : NULL;
  g_autoptr(GPtrArray) one = mg_labels_new();
  if (!last || g_strv_length(fields) < 3) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: line %u: a band of frequencies without a label before it"),
                name, line);
    return FALSE;
  }
  if (!mg_labels_add(one, name, line, "0", "0", fields[1], fields[2], "", error))
    return FALSE;
  last->low = ((MgLabel *)one->pdata[0])->low;
  last->high = ((MgLabel *)one->pdata[0])->high;
  return TRUE;
}

static gboolean
parse(const char *text, const char *name, GPtrArray *labels, GError **error)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    g_strchomp(lines[i]);
    g_auto(GStrv) fields = g_strsplit(lines[i], "\t", 3);
    guint n = g_strv_length(fields);
    if (!*lines[i])
      continue;
    if (*lines[i] == '\\') {
      if (!take_band(fields, name, i + 1, labels, error))
        return FALSE;
      continue;
    }
    if (n < 2) {
      g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: line %u: expected start, end and text, with tabs between"),
                  name, i + 1);
      return FALSE;
    }
    if (!mg_labels_add(labels, name, i + 1, fields[0], fields[1], NULL, NULL, n > 2 ? fields[2] : "", error))
      return FALSE;
  }
  return TRUE;
}

static void
write_labels(const GPtrArray *labels, GString *text)
{
  for (guint i = 0; i < labels->len; i++) {
    const MgLabel *label = labels->pdata[i];
    mg_labels_append_number(text, label->start);
    g_string_append_c(text, '\t');
    mg_labels_append_number(text, label->end);
    g_string_append_printf(text, "\t%s\n", label->text);
    if (label->high <= label->low)
      continue;
    g_string_append(text, "\\\t");
    mg_labels_append_number(text, label->low);
    g_string_append_c(text, '\t');
    mg_labels_append_number(text, label->high);
    g_string_append_c(text, '\n');
  }
}

const MgLabelFormat mg_labels_audacity = {
    .name = "audacity",
    .title = N_("Audacity’s labels"),
    .ending = ".txt",
    .knows = knows,
    .parse = parse,
    .write = write_labels,
};

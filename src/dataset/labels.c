#include "dataset/labels.h"
#include "base/error.h"
#include "base/file.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST_FILE ((size_t)64 << 20)
#define LONGEST_TEXT 4096      /* bytes */
#define LATEST (1000 * 3600.0) /* s */

/* One line a format; the first one that knows a file has it. */
static const MgLabelFormat *const formats[] = {&mg_labels_raven, &mg_labels_audacity, &mg_labels_csv, NULL};

const MgLabelFormat *const *
mg_label_formats(void)
{
  return formats;
}

const MgLabelFormat *
mg_label_format_find(const char *name, GError **error)
{
  g_autoptr(GString) names = g_string_new(NULL);
  for (size_t i = 0; formats[i]; i++) {
    if (g_str_equal(formats[i]->name, name))
      return formats[i];
    g_string_append_printf(names, "%s%s", i ? ", " : "", formats[i]->name);
  }
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("there is no format of labels “%s”; expected one of %s"), name,
              names->str);
  return NULL;
}

const MgLabelFormat *
mg_labels_format_of(const char *path)
{
  for (size_t i = 0; formats[i]; i++)
    if (g_str_has_suffix(path, formats[i]->ending))
      return formats[i];
  return &mg_labels_csv;
}

MgLabel *
mg_label_copy(const MgLabel *label)
{
  MgLabel *copy = g_memdup2(label, sizeof *label);
  copy->text = g_strdup(label->text);
  return copy;
}

void
mg_label_free(MgLabel *label)
{
  if (!label)
    return;
  g_free(label->text);
  g_free(label);
}

int
mg_label_compare(gconstpointer a, gconstpointer b)
{
  const MgLabel *first = *(const MgLabel *const *)a, *second = *(const MgLabel *const *)b;
  if (first->start != second->start)
    return first->start < second->start ? -1 : 1;
  return (first->end > second->end) - (first->end < second->end);
}

GPtrArray *
mg_labels_new(void)
{
  return g_ptr_array_new_with_free_func((GDestroyNotify)mg_label_free);
}

/* Reading */

static gboolean
read_number(const char *name, guint line, const char *what, const char *field, double least, double most, double *value,
            GError **error)
{
  g_autofree char *text = g_strstrip(g_strdup(field));
  char *end;
  *value = g_ascii_strtod(text, &end);
  if (*text && !*end && isfinite(*value) && *value >= least && *value <= most)
    return TRUE;
  g_autofree char *message = mg_one_line(g_strdup_printf(_("%s: line %u: %s “%.60s”: expected a number from %g to %g"),
                                                         name, line, what, text, least, most));
  g_set_error_literal(error, MG_ERROR, MG_ERROR_FORMAT, message);
  return FALSE;
}

static gboolean
is_given(const char *field)
{
  return field && *field && !g_str_has_prefix(field, "-"); /* Audacity writes -1 where there is none */
}

gboolean
mg_labels_add(GPtrArray *labels, const char *name, guint line, const char *start, const char *end, const char *low,
              const char *high, const char *text, GError **error)
{
  g_autoptr(MgLabel) label = g_new0(MgLabel, 1);
  if (!read_number(name, line, "start", start, 0, LATEST, &label->start, error) ||
      !read_number(name, line, "end", end, label->start, LATEST, &label->end, error))
    return FALSE;
  if (is_given(low) && is_given(high) &&
      (!read_number(name, line, "low", low, 0, 1e9, &label->low, error) ||
       !read_number(name, line, "high", high, label->low, 1e9, &label->high, error)))
    return FALSE;
  if (strlen(text) > LONGEST_TEXT) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: line %u: a text of %zu bytes: expected at most %d"), name,
                line, strlen(text), LONGEST_TEXT);
    return FALSE;
  }
  label->text = mg_one_line(g_strdup(text));
  g_ptr_array_add(labels, g_steal_pointer(&label));
  return TRUE;
}

GPtrArray *
mg_labels_parse(const char *text, const char *name, GError **error)
{
  g_autoptr(GPtrArray) labels = mg_labels_new();
  if (g_str_has_prefix(text, "\xef\xbb\xbf"))
    text += 3;
  g_autofree char *line = g_strndup(text, strcspn(text, "\r\n"));
  for (size_t i = 0; formats[i]; i++)
    if (formats[i]->knows(line)) {
      if (!formats[i]->parse(text, name, labels, error))
        return NULL;
      g_ptr_array_sort(labels, mg_label_compare);
      return g_steal_pointer(&labels);
    }
  g_set_error(
      error, MG_ERROR, MG_ERROR_FORMAT,
      _("%s: no file of labels: expected those of Audacity, a selection table of Raven, or a CSV table with the "
        "columns start, end and label"),
      name);
  return NULL;
}

GPtrArray *
mg_labels_load(const char *path, GError **error)
{
  size_t length;
  g_autofree char *text = mg_file_read(path, LARGEST_FILE, &length, error);
  if (!text)
    return NULL;
  if (!g_utf8_validate(text, (gssize)length, NULL)) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: not a UTF-8 text"), path);
    return NULL;
  }
  return mg_labels_parse(text, path, error);
}

/* Writing */

void
mg_labels_append_number(GString *text, double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append(text, g_ascii_formatd(digits, sizeof digits, "%.6f", value));
}

gboolean
mg_labels_save(const GPtrArray *labels, const MgLabelFormat *format, const char *path, GError **error)
{
  g_autoptr(GString) text = g_string_new(NULL);
  format->write(labels, text);
  return mg_file_write(path, text->str, text->len, error);
}

#include "train/run-confusion.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include <glib/gi18n-lib.h>

enum { EPOCH, TRUTH, N_FIRST };

static char *
confusion_path(const char *folder)
{
  return g_build_filename(folder, "confusion.csv", NULL);
}

gboolean
mg_run_confusion_save(const char *folder, int epoch, const GPtrArray *labels, const guint *matrix, GError **error)
{
  g_autofree char *path = confusion_path(folder);
  g_autoptr(GString) text = g_string_new("epoch,truth"), line = g_string_new(NULL);
  for (guint i = 0; i < labels->len; i++)
    mg_csv_append(text, labels->pdata[i]);
  for (guint truth = 0; truth < labels->len; truth++) {
    g_string_printf(line, "%d", epoch);
    mg_csv_append(line, labels->pdata[truth]);
    for (guint i = 0; i < labels->len; i++)
      g_string_append_printf(line, ",%u", matrix[truth * labels->len + i]);
    g_string_append_printf(text, "\n%s", line->str);
  }
  g_string_append_c(text, '\n');
  return mg_file_write(path, text->str, text->len, error);
}

guint *
mg_run_confusion_load(const char *folder, char ***labels, int *epoch, GError **error)
{
  g_autofree char *path = confusion_path(folder);
  g_autoptr(MgCsv) csv = mg_csv_load(path, error);
  if (!csv)
    return NULL;
  guint n = csv->rows->len;
  if (n == 0 || csv->columns->len != N_FIRST + n) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
                _("%s: %u lines of %u columns; a square matrix of counts was expected"), path, n, csv->columns->len);
    return NULL;
  }
  guint *matrix = g_new(guint, n * n);
  *labels = g_new0(char *, n + 1);
  *epoch = (int)g_ascii_strtoll(mg_csv_get(csv, 0, EPOCH), NULL, 10);
  for (guint truth = 0; truth < n; truth++) {
    (*labels)[truth] = g_strdup(csv->columns->pdata[N_FIRST + truth]);
    for (guint i = 0; i < n; i++)
      matrix[truth * n + i] = (guint)g_ascii_strtoull(mg_csv_get(csv, truth, (int)(N_FIRST + i)), NULL, 10);
  }
  return matrix;
}

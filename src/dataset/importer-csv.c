/* A CSV file: filename or path, label or category, optional group, fold, split, start, end. Paths are relative to the
 * CSV or absolute. */
#include "dataset/importer.h"
#include "base/csv.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct {
  int path, label, group, fold, split, start, end; /* numbers of the columns; -1: absent */
} Columns;

static gboolean
recognises(const char *path, const MgImportOptions *options)
{
  return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

static int
column(const MgCsv *csv, const char *name, const char *other)
{
  int found = mg_csv_column(csv, name);
  return found < 0 && other ? mg_csv_column(csv, other) : found;
}

static gboolean
find_columns(const MgCsv *csv, const MgImport *import, Columns *columns, GError **error)
{
  *columns = (Columns){column(csv, "filename", "path"), column(csv, "label", "category"), column(csv, "group", NULL),
                       column(csv, "fold", NULL),       column(csv, "split", NULL),       column(csv, "start", NULL),
                       column(csv, "end", NULL)};
  if (columns->path < 0)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: there is no column “filename” or “path”"), import->path);
  else if (columns->label < 0 && !import->label_from)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: there is no column “label” or “category”"), import->path);
  else
    return TRUE;
  return FALSE;
}

static const char *
field(const MgCsv *csv, guint row, int number)
{
  return number < 0 ? "" : mg_csv_get(csv, row, number);
}

/* Seconds; an empty field is 0. */
static gboolean
read_seconds(const char *text, double *seconds)
{
  char *rest;
  *seconds = *text ? g_ascii_strtod(text, &rest) : 0;
  return !*text || (rest != text && !*rest && isfinite(*seconds) && *seconds >= 0);
}

static gboolean
read_stretch(MgImport *import, const char *path, const char *start_text, const char *end_text, double *start,
             double *end)
{
  if (read_seconds(start_text, start) && read_seconds(end_text, end) && (*end == 0 || *end > *start))
    return TRUE;
  mg_import_problem(import, _("%s: left out: start “%s”, end “%s”; expected seconds with start before end"), path,
                    start_text, end_text);
  return FALSE;
}

static char *
resolve(const MgImport *import, const char *text)
{
  g_autofree char *folder = g_path_get_dirname(import->path), *path = mg_csv_path(text);
  return g_canonicalize_filename(path, folder);
}

static void
add_row(MgImport *import, const MgCsv *csv, guint row, const Columns *columns)
{
  const char *text = field(csv, row, columns->path);
  if (!*text) {
    mg_import_problem(import, _("%s: row %u names no file"), import->path, row + 2);
    return;
  }
  g_autofree char *path = resolve(import, text), *name = g_path_get_basename(path);
  g_autofree char *label =
      columns->label < 0 ? mg_import_capture(import->label_from, name) : g_strdup(field(csv, row, columns->label));
  double start, end;
  if (!read_stretch(import, path, field(csv, row, columns->start), field(csv, row, columns->end), &start, &end))
    return;
  MgImportRow *track = mg_import_add(import, path, label);
  if (!track)
    return;
  track->start = start;
  track->end = end;
  track->split = mg_import_split(import, path, field(csv, row, columns->split));
  if (*field(csv, row, columns->fold))
    track->fold = mg_import_fold(import, path, field(csv, row, columns->fold));
  if (*field(csv, row, columns->group)) {
    g_free(track->group);
    track->group = g_strdup(field(csv, row, columns->group));
  }
}

static gboolean
run(MgImport *import, GError **error)
{
  Columns columns;
  g_autoptr(MgCsv) csv = mg_csv_load(import->path, error);
  if (!csv || !find_columns(csv, import, &columns, error))
    return FALSE;
  for (guint row = 0; row < csv->rows->len; row++)
    add_row(import, csv, row, &columns);
  return TRUE;
}

const MgImporter mg_importer_csv = {"CSV", recognises, run};

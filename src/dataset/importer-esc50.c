/* ESC-50's layout: meta/esc50.csv (filename, fold, category …) beside audio/. Clips cut from one recording share
 * src_file, which is the group. */
#include "dataset/importer.h"
#include "base/csv.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>

static gboolean
recognises(const char *path, const MgImportOptions *options)
{
  g_autofree char *table = g_build_filename(path, "meta", "esc50.csv", NULL);
  return g_file_test(table, G_FILE_TEST_EXISTS);
}

static void
add_row(MgImport *import, const MgCsv *csv, guint row)
{
  int group = mg_csv_column(csv, "src_file");
  g_autofree char *path =
      g_build_filename(import->path, "audio", mg_csv_get(csv, row, mg_csv_column(csv, "filename")), NULL);
  MgImportRow *track = mg_import_add(import, path, mg_csv_get(csv, row, mg_csv_column(csv, "category")));
  if (!track)
    return;
  if (!import->fold_from)
    track->fold = mg_import_fold(import, path, mg_csv_get(csv, row, mg_csv_column(csv, "fold")));
  if (!track->group && group >= 0)
    track->group = g_strdup(mg_csv_get(csv, row, group));
}

static gboolean
run(MgImport *import, GError **error)
{
  static const char *const needed[] = {"filename", "fold", "category"};
  g_autofree char *table = g_build_filename(import->path, "meta", "esc50.csv", NULL);
  g_autoptr(MgCsv) csv = mg_csv_load(table, error);
  if (!csv)
    return FALSE;
  for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
    if (mg_csv_column(csv, needed[i]) < 0) {
      g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: there is no column “%s”"), table, needed[i]);
      return FALSE;
    }
  for (guint row = 0; row < csv->rows->len; row++)
    add_row(import, csv, row);
  return TRUE;
}

const MgImporter mg_importer_esc50 = {"ESC-50", recognises, run};

/* GTZAN as it is handed round: one folder per genre in genres_original (or genres) beside tables and pictures. */
#include "dataset/importer.h"

static char *
genres_of(const char *path)
{
  static const char *const names[] = {"genres_original", "genres"};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    char *folder = g_build_filename(path, names[i], NULL);
    if (g_file_test(folder, G_FILE_TEST_IS_DIR))
      return folder;
    g_free(folder);
  }
  return NULL;
}

static gboolean
recognises(const char *path, const MgImportOptions *options)
{
  g_autofree char *genres = genres_of(path);
  return genres && !options->label_from;
}

static gboolean
run(MgImport *import, GError **error)
{
  g_autofree char *whole = g_steal_pointer(&import->path);
  import->path = genres_of(whole);
  return mg_importer_class_folders.run(import, error);
}

const MgImporter mg_importer_gtzan = {"GTZAN", recognises, run};

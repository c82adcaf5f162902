/* One folder per class. */
#include "dataset/importer.h"
#include "audio/decoder.h"
#include <glib/gi18n-lib.h>

static gboolean
has_folder(const char *path)
{
  g_autoptr(GPtrArray) names = mg_import_entries(path, NULL);
  for (guint i = 0; names && i < names->len; i++) {
    g_autofree char *entry = g_build_filename(path, names->pdata[i], NULL);
    if (g_file_test(entry, G_FILE_TEST_IS_DIR))
      return TRUE;
  }
  return FALSE;
}

gboolean
mg_import_is_class_folder(const char *path)
{
  g_autoptr(GPtrArray) names = has_folder(path) ? NULL : mg_import_entries(path, NULL);
  for (guint i = 0; names && i < names->len; i++)
    if (mg_decoder_accepts_name(names->pdata[i]))
      return TRUE;
  return FALSE;
}

static gboolean
recognises(const char *path, const MgImportOptions *options)
{
  return !options->label_from && has_folder(path);
}

static void
add_class(MgImport *import, const char *label, const char *folder)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) names = mg_import_sound_files(import, folder, &error);
  g_ptr_array_add(import->classes, g_strdup(label));
  if (!names)
    mg_import_problem(import, "%s", error->message);
  for (guint i = 0; names && i < names->len; i++) {
    g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
    g_autofree char *said = import->label_from ? mg_import_capture(import->label_from, names->pdata[i]) : NULL;
    mg_import_add(import, path, said && *said ? said : label);
  }
}

static gboolean
run(MgImport *import, GError **error)
{
  g_autoptr(GPtrArray) names = mg_import_entries(import->path, error);
  if (!names)
    return FALSE;
  guint loose = 0;
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *entry = g_build_filename(import->path, names->pdata[i], NULL);
    if (import->options->only && !g_strv_contains(import->options->only, names->pdata[i]))
      continue;
    if (g_file_test(entry, G_FILE_TEST_IS_DIR))
      add_class(import, names->pdata[i], entry);
    else
      loose += mg_decoder_accepts_name(entry);
  }
  if (loose)
    mg_import_problem(import,
                      g_dngettext(GETTEXT_PACKAGE, "%s: %u sound file beside the class folders was left out",
                                  "%s: %u sound files beside the class folders were left out", loose),
                      import->path, loose);
  return TRUE;
}

const MgImporter mg_importer_class_folders = {N_("class folders"), recognises, run};

/* One folder of files whose names say their class (label_from). */
#include "dataset/importer.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>

static gboolean
recognises(const char *path, const MgImportOptions *options)
{
  return options->label_from != NULL;
}

static gboolean
run(MgImport *import, GError **error)
{
  g_autoptr(GPtrArray) names = mg_import_sound_files(import, import->path, error);
  if (!names)
    return FALSE;
  guint unmatched = 0;
  const char *example = NULL;
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *label = mg_import_capture(import->label_from, names->pdata[i]);
    g_autofree char *path = g_build_filename(import->path, names->pdata[i], NULL);
    if (label && *label)
      mg_import_add(import, path, label);
    else if (!unmatched++)
      example = names->pdata[i];
  }
  if (unmatched)
    mg_import_problem(import, _("%s: --label-from “%s” does not match %u of %u file names (%s, …)"), import->path,
                      import->options->label_from, unmatched, names->len, example);
  return TRUE;
}

const MgImporter mg_importer_flat = {N_("flat folder"), recognises, run};

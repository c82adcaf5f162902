#include "dataset/sound-files.h"
#include "dataset/importer.h"
#include "audio/decoder.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>

static const int deepest = 16; /* folders in folders: links may lead around in circles */

static gboolean
add_folder(GPtrArray *files, const char *folder, int depth, GError **error)
{
  g_autoptr(GPtrArray) names = mg_import_entries(folder, error);
  for (guint i = 0; names && i < names->len; i++) {
    g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
      if (depth < deepest && !add_folder(files, path, depth + 1, error))
        return FALSE;
    } else if (mg_decoder_accepts_name(path))
      g_ptr_array_add(files, g_steal_pointer(&path));
  }
  return names != NULL;
}

GStrv
mg_sound_files(const char *const *paths, GError **error)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
  for (; *paths; paths++) {
    guint before = files->len;
    if (!g_file_test(*paths, G_FILE_TEST_IS_DIR))
      g_ptr_array_add(files, g_strdup(*paths));
    else if (!add_folder(files, *paths, 0, error))
      return NULL;
    else if (files->len == before) {
      g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: there is no sound file in this folder"), *paths);
      return NULL;
    }
  }
  g_ptr_array_add(files, NULL);
  return (GStrv)g_ptr_array_free(g_steal_pointer(&files), FALSE);
}

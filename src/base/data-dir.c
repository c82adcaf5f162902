#include "base/data-dir.h"
#include "base/error.h"
#include "config.h"
#include <glib/gi18n-lib.h>

static gboolean
runs_from_build_tree(void)
{
  g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
  return program && g_str_has_prefix(program, MG_BUILD_DIR "/");
}

/* The language that the guide is written in, also where none is chosen. */
static gboolean
is_english(const char *language)
{
  return g_str_has_prefix(language, "C") || g_str_equal(language, "en") || g_str_has_prefix(language, "en_");
}

const char *
mg_data_dir_locale(void)
{
  return runs_from_build_tree() ? MG_BUILD_DIR "/po" : MG_LOCALEDIR;
}

char *
mg_data_dir_find(const char *relative, GError **error)
{
  const char *wished = g_getenv("MELOGRAPH_DATA_DIR");
  const char *folders[] = {wished, runs_from_build_tree() ? MG_SOURCE_DIR : NULL, MG_DATADIR};
  g_autoptr(GString) searched = g_string_new(NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
    if (!folders[i])
      continue;
    g_autofree char *path = g_build_filename(folders[i], relative, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
      return g_steal_pointer(&path);
    g_string_append_printf(searched, "%s%s", searched->len ? ", " : "", folders[i]);
  }
  g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: not found in %s (MELOGRAPH_DATA_DIR names another folder)"),
              relative, searched->str);
  return NULL;
}

char *
mg_data_dir_find_page(const char *name, GError **error)
{
  g_autofree char *english = g_strconcat("docs/", name, ".md", NULL);
  for (const char *const *language = g_get_language_names(); *language && !is_english(*language); language++) {
    g_autofree char *relative = g_strconcat("docs/", *language, "/", name, ".md", NULL);
    char *path = mg_data_dir_find(relative, NULL);
    if (path)
      return path;
  }
  return mg_data_dir_find(english, error);
}

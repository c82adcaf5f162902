#include "dataset/importer.h"
#include "audio/decoder.h"
#include "base/error.h"
#include <dirent.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

void
mg_import_problem(MgImport *import, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *line = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_ptr_array_add(import->problems, g_utf8_make_valid(g_strdelimit(line, "\r\n", ' '), -1));
}

char *
mg_import_capture(const GRegex *regex, const char *name)
{
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *valid = g_utf8_make_valid(name, -1);
  if (!g_regex_match(regex, valid, 0, &match))
    return NULL;
  return g_match_info_fetch(match, g_match_info_get_match_count(match) > 1 ? 1 : 0);
}

int
mg_import_fold(MgImport *import, const char *path, const char *text)
{
  char *rest;
  gint64 fold = g_ascii_strtoll(text, &rest, 10);
  if (rest != text && !*rest && fold >= 0 && fold <= G_MAXINT)
    return (int)fold;
  mg_import_problem(import, _("%s: fold “%s”; expected a number"), path, text);
  return -1;
}

MgSplit
mg_import_split(MgImport *import, const char *path, const char *text)
{
  static const struct {
    const char *name;
    MgSplit split;
  } names[] = {
      {"", MG_SPLIT_NONE},          {"train", MG_SPLIT_TRAIN},  {"training", MG_SPLIT_TRAIN}, {"val", MG_SPLIT_VAL},
      {"validation", MG_SPLIT_VAL}, {"validate", MG_SPLIT_VAL}, {"valid", MG_SPLIT_VAL},      {"test", MG_SPLIT_TEST},
  };
  g_autofree char *name = g_ascii_strdown(text, -1);
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_str_equal(name, names[i].name))
      return names[i].split;
  mg_import_problem(import, _("%s: split “%s”; expected train, val or test"), path, text);
  return MG_SPLIT_NONE;
}

static void
read_name(MgImport *import, MgImportRow *row, const char *name)
{
  if (import->group_from)
    row->group = mg_import_capture(import->group_from, name);
  if (import->group_from && !row->group)
    mg_import_problem(import, _("%s: --group-from “%s” does not match: a group of its own"), row->path,
                      import->options->group_from);
  g_autofree char *fold = import->fold_from ? mg_import_capture(import->fold_from, name) : NULL;
  if (fold)
    row->fold = mg_import_fold(import, row->path, fold);
  else if (import->fold_from)
    mg_import_problem(import, _("%s: --fold-from “%s” does not match: no fold"), row->path, import->options->fold_from);
}

MgImportRow *
mg_import_add(MgImport *import, const char *path, const char *label)
{
  if (!label || !*label) {
    mg_import_problem(import, _("%s: left out: it has no label"), path);
    return NULL;
  }
  MgImportRow *row = g_new0(MgImportRow, 1);
  row->path = g_strdup(path);
  row->label = g_utf8_make_valid(label, -1);
  row->fold = -1;
  g_autofree char *name = g_path_get_basename(path);
  read_name(import, row, name);
  g_ptr_array_add(import->rows, row);
  return row;
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
mg_import_entries(const char *folder, GError **error)
{
  DIR *dir = opendir(folder);
  if (!dir) {
    g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: cannot read the folder: %s"), folder, g_strerror(errno));
    return NULL;
  }
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  /* The stream is this call's own, which is all that readdir needs. */
  /* cppcheck-suppress readdirCalled */
  for (const struct dirent *entry; (entry = readdir(dir));)
    if (entry->d_name[0] != '.')
      g_ptr_array_add(names, g_strdup(entry->d_name));
  closedir(dir);
  g_ptr_array_sort(names, compare_names);
  return names;
}

GPtrArray *
mg_import_sound_files(MgImport *import, const char *folder, GError **error)
{
  g_autoptr(GPtrArray) names = mg_import_entries(folder, error);
  if (!names)
    return NULL;
  guint others = 0;
  g_autofree char *example = NULL;
  GPtrArray *sounds = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
    if (mg_decoder_accepts_name(path) && !g_file_test(path, G_FILE_TEST_IS_DIR))
      g_ptr_array_add(sounds, g_strdup(names->pdata[i]));
    else if (!others++)
      example = g_strdup(names->pdata[i]);
  }
  if (others)
    mg_import_problem(import,
                      g_dngettext(GETTEXT_PACKAGE, "%s: %u entry is no sound file by its name and was left out (%s%s)",
                                  "%s: %u entries are no sound files by their names and were left out (%s%s)", others),
                      folder, others, example, others > 1 ? ", …" : "");
  return sounds;
}

/* FMA: fma_metadata/tracks.csv, whose header has two lines and a third that names the rows, and NNN/NNNNNN.mp3 in
 * folders by thousands below. The top genre is the class, the artist the group, the set the split. Tracks without a
 * file are those of larger subsets. */
#include "dataset/importer.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include <glib/gi18n-lib.h>

static const size_t largest_table = (size_t)1 << 30;

/* The table that belongs to a folder: in it, or beside it. */
static char *
table_of(const char *path)
{
  static const char *const places[] = {"fma_metadata/tracks.csv", "../fma_metadata/tracks.csv"};
  for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
    char *table = g_build_filename(path, places[i], NULL);
    if (g_file_test(table, G_FILE_TEST_IS_REGULAR))
      return table;
    g_free(table);
  }
  return NULL;
}

static gboolean
recognises(const char *path, const MgImportOptions *options)
{
  g_autofree char *table = table_of(path);
  return table && !options->label_from;
}

typedef struct {
  int genre, artist, set; /* numbers of the columns */
} Columns;

static int
find_column(const GPtrArray *groups, const GPtrArray *names, const char *group, const char *name)
{
  for (guint i = 0; i < groups->len && i < names->len; i++)
    if (g_str_equal(groups->pdata[i], group) && g_str_equal(names->pdata[i], name))
      return (int)i;
  return -1;
}

static GPtrArray *
copy_fields(const GPtrArray *fields)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < fields->len; i++)
    g_ptr_array_add(copy, g_strdup(fields->pdata[i]));
  return copy;
}

/* The first line is the reader's header, the second its first record. */
static gboolean
find_columns(MgCsvReader *reader, const char *table, Columns *columns, GError **error)
{
  g_autoptr(GPtrArray) groups = copy_fields(mg_csv_reader_fields(reader));
  if (!mg_csv_reader_next(reader, error)) {
    if (error && !*error)
      g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: it has no rows"), table);
    return FALSE;
  }
  const GPtrArray *names = mg_csv_reader_fields(reader);
  *columns = (Columns){find_column(groups, names, "track", "genre_top"), find_column(groups, names, "artist", "id"),
                       find_column(groups, names, "set", "split")};
  if (columns->genre >= 0)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: there is no column “genre_top” below “track”"), table);
  return FALSE;
}

/* NULL: the subset that is there has no such track. */
static char *
find_file(const char *folder, guint64 number)
{
  static const char *const subsets[] = {".", "fma_small", "fma_medium", "fma_large", "fma_full"};
  g_autofree char *thousand = g_strdup_printf("%03" G_GUINT64_FORMAT, number / 1000);
  g_autofree char *name = g_strdup_printf("%06" G_GUINT64_FORMAT ".mp3", number);
  for (size_t i = 0; i < G_N_ELEMENTS(subsets); i++) {
    g_autofree char *relative = g_build_filename(subsets[i], thousand, name, NULL);
    g_autofree char *path = g_canonicalize_filename(relative, folder);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
      return g_steal_pointer(&path);
  }
  return NULL;
}

static void
add_row(MgImport *import, const GPtrArray *fields, const Columns *columns, const char *path)
{
  MgImportRow *row = mg_import_add(import, path, fields->pdata[columns->genre]);
  if (!row)
    return;
  if (!row->group && columns->artist >= 0 && *(const char *)fields->pdata[columns->artist])
    row->group = g_strdup_printf("artist %s", (const char *)fields->pdata[columns->artist]);
  if (columns->set >= 0)
    row->split = mg_import_split(import, path, fields->pdata[columns->set]);
}

static gboolean
read_table(MgImport *import, const char *table, const char *text, GError **error)
{
  Columns columns;
  guint absent = 0, unlabelled = 0;
  g_autoptr(GError) cause = NULL;
  g_autoptr(MgCsvReader) reader = mg_csv_reader_new(text, table, error);
  if (!reader || !find_columns(reader, table, &columns, error))
    return FALSE;
  while (mg_csv_reader_next(reader, &cause)) {
    const GPtrArray *fields = mg_csv_reader_fields(reader);
    char *rest;
    guint64 number = g_ascii_strtoull(fields->pdata[0], &rest, 10);
    if (rest == fields->pdata[0] || *rest) /* the line that names the rows */
      continue;
    g_autofree char *path = find_file(import->path, number);
    absent += !path;
    if (path && !*(const char *)fields->pdata[columns.genre])
      unlabelled++;
    else if (path)
      add_row(import, fields, &columns, path);
  }
  if (absent)
    mg_import_problem(import,
                      g_dngettext(GETTEXT_PACKAGE, "%s: %u of its tracks has no file here and was left out",
                                  "%s: %u of its tracks have no file here and were left out", absent),
                      table, absent);
  if (unlabelled)
    mg_import_problem(import,
                      g_dngettext(GETTEXT_PACKAGE, "%s: %u track has no top genre and was left out",
                                  "%s: %u tracks have no top genre and were left out", unlabelled),
                      table, unlabelled);
  if (!cause)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&cause));
  return FALSE;
}

static gboolean
run(MgImport *import, GError **error)
{
  g_autofree char *table = table_of(import->path);
  size_t length;
  g_autofree char *text = mg_file_read(table, largest_table, &length, error);
  return text && read_table(import, table, text, error);
}

const MgImporter mg_importer_fma = {"FMA", recognises, run};

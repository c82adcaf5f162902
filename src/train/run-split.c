#include "train/run-split.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include <glib/gi18n-lib.h>

enum { PATH, LABEL, GROUP, SPLIT, START, END, DURATION, COLUMNS };
static const char *const columns[COLUMNS] = {"path", "label", "group", "split", "start", "end", "duration"};
static const char leaky_name[] = "leaky";

static void
append_track(GString *text, const MgManifest *manifest, const MgTrack *track, gboolean leaky)
{
  g_autoptr(GString) line = g_string_new(NULL);
  g_autofree char *group = g_utf8_make_valid(track->group ? track->group : "", -1);
  mg_csv_append_path(line, track->path);
  mg_csv_append(line, mg_manifest_label(manifest, track->label));
  mg_csv_append(line, group);
  mg_csv_append(line, leaky ? leaky_name : mg_split_name(track->split));
  mg_csv_append_number(line, track->start, 17);
  mg_csv_append_number(line, track->end, 17);
  mg_csv_append_number(line, track->duration, 17);
  g_string_append_printf(text, "%s\n", line->str);
}

gboolean
mg_run_split_save(const char *folder, const MgManifest *manifest, gboolean leaky, GError **error)
{
  g_autofree char *header = g_strjoin(",", columns[PATH], columns[LABEL], columns[GROUP], columns[SPLIT],
                                      columns[START], columns[END], columns[DURATION], NULL);
  g_autoptr(GString) text = g_string_new(header);
  g_string_append_c(text, '\n');
  for (guint i = 0; i < manifest->tracks->len; i++)
    append_track(text, manifest, mg_manifest_track(manifest, i), leaky);
  g_autofree char *path = g_build_filename(folder, "split.csv", NULL);
  return mg_file_write(path, text->str, text->len, error);
}

static gboolean
find_split(const char *name, MgSplit *split)
{
  *split = MG_SPLIT_NONE;
  if (g_str_equal(name, leaky_name))
    return TRUE;
  for (MgSplit i = MG_SPLIT_NONE; i <= MG_SPLIT_TEST; i++)
    if (g_str_equal(name, mg_split_name(i))) {
      *split = i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
add_track(MgManifest *manifest, const MgCsv *csv, guint row, const int *column, GError **error)
{
  const char *label = mg_csv_get(csv, row, column[LABEL]), *group = mg_csv_get(csv, row, column[GROUP]);
  guint number;
  MgSplit split;
  if (!g_ptr_array_find_with_equal_func(manifest->labels, label, g_str_equal, &number) ||
      !find_split(mg_csv_get(csv, row, column[SPLIT]), &split)) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
                _("%s: row %u: label “%s”, split “%s”; a class of the run and train, val, "
                  "test, none or leaky were expected"),
                manifest->path, row + 2, label, mg_csv_get(csv, row, column[SPLIT]));
    return FALSE;
  }
  g_autofree char *path = mg_csv_path(mg_csv_get(csv, row, column[PATH]));
  MgTrack *track = mg_manifest_add(manifest, path, (int)number);
  track->group = *group ? g_strdup(group) : NULL;
  track->split = split;
  track->start = g_ascii_strtod(mg_csv_get(csv, row, column[START]), NULL);
  track->end = g_ascii_strtod(mg_csv_get(csv, row, column[END]), NULL);
  track->duration = g_ascii_strtod(mg_csv_get(csv, row, column[DURATION]), NULL);
  return TRUE;
}

MgManifest *
mg_run_split_load(const char *folder, const char *const *labels, GError **error)
{
  g_autofree char *path = g_build_filename(folder, "split.csv", NULL);
  g_autoptr(MgCsv) csv = mg_csv_load(path, error);
  if (!csv)
    return NULL;
  int column[COLUMNS];
  for (int i = 0; i < COLUMNS; i++)
    if ((column[i] = mg_csv_column(csv, columns[i])) < 0) {
      g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: there is no column “%s”"), path, columns[i]);
      return NULL;
    }
  g_autoptr(MgManifest) manifest = mg_manifest_new(path);
  for (; *labels; labels++)
    g_ptr_array_add(manifest->labels, g_strdup(*labels));
  for (guint row = 0; row < csv->rows->len; row++)
    if (!add_track(manifest, csv, row, column, error))
      return NULL;
  return g_steal_pointer(&manifest);
}

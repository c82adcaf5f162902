#include "dataset/manifest.h"
#include "audio/decoder.h"
#include "base/error.h"
#include "base/parallel.h"
#include "dataset/importer.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The first one that recognises a data set reads it. */
static const MgImporter *const importers[] = {
    &mg_importer_csv, &mg_importer_workspace, &mg_importer_esc50,         &mg_importer_gtzan,
    &mg_importer_fma, &mg_importer_flat,      &mg_importer_class_folders,
};

const char *
mg_split_name(MgSplit split)
{
  static const char *const names[] = {"none", "train", "val", "test"};
  return names[split];
}

/* Life and death */

static void
free_track(gpointer data)
{
  MgTrack *track = data;
  if (!track)
    return;
  g_free(track->path);
  g_free(track->name);
  g_free(track->group);
  g_free(track);
}

MgManifest *
mg_manifest_new(const char *path)
{
  MgManifest *manifest = g_new0(MgManifest, 1);
  manifest->path = g_strdup(path);
  manifest->labels = g_ptr_array_new_with_free_func(g_free);
  manifest->tracks = g_ptr_array_new_with_free_func(free_track);
  manifest->problems = g_ptr_array_new_with_free_func(g_free);
  return manifest;
}

MgTrack *
mg_manifest_add(MgManifest *manifest, const char *path, int label)
{
  MgTrack *track = g_new0(MgTrack, 1);
  track->path = g_strdup(path);
  track->name = g_path_get_basename(path);
  track->label = label;
  track->fold = -1;
  g_ptr_array_add(manifest->tracks, track);
  return track;
}

void
mg_manifest_free(MgManifest *manifest)
{
  if (!manifest)
    return;
  g_free(manifest->path);
  g_ptr_array_unref(manifest->labels);
  g_ptr_array_unref(manifest->tracks);
  g_ptr_array_unref(manifest->problems);
  g_free(manifest);
}

static void
copy_strings(GPtrArray *to, const GPtrArray *from)
{
  for (guint i = 0; i < from->len; i++)
    g_ptr_array_add(to, g_strdup(from->pdata[i]));
}

MgManifest *
mg_manifest_copy(const MgManifest *manifest)
{
  MgManifest *copy = mg_manifest_new(manifest->path);
  copy_strings(copy->labels, manifest->labels);
  copy_strings(copy->problems, manifest->problems);
  for (guint i = 0; i < manifest->tracks->len; i++) {
    MgTrack *track = g_memdup2(mg_manifest_track(manifest, i), sizeof *track);
    track->path = g_strdup(track->path);
    track->name = g_strdup(track->name);
    track->group = g_strdup(track->group);
    g_ptr_array_add(copy->tracks, track);
  }
  return copy;
}

const char *
mg_manifest_label(const MgManifest *manifest, int label)
{
  return manifest->labels->pdata[label];
}

/* An import under way */

static void
free_row(gpointer data)
{
  MgImportRow *row = data;
  if (!row)
    return;
  g_free(row->path);
  g_free(row->label);
  g_free(row->group);
  g_free(row);
}

static gboolean
compile(const char *option, const char *pattern, GRegex **regex, GError **error)
{
  g_autoptr(GError) cause = NULL;
  if (pattern && !(*regex = g_regex_new(pattern, G_REGEX_OPTIMIZE, 0, &cause))) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("--%s “%s”: not a regular expression: %s"), option, pattern,
                cause->message);
    return FALSE;
  }
  return TRUE;
}

static gboolean
start_import(MgImport *import, const char *path, const MgImportOptions *options, GError **error)
{
  import->path = g_canonicalize_filename(path, NULL);
  import->options = options;
  import->rows = g_ptr_array_new_with_free_func(free_row);
  import->classes = g_ptr_array_new_with_free_func(g_free);
  import->problems = g_ptr_array_new_with_free_func(g_free);
  return compile("label-from", options->label_from, &import->label_from, error) &&
         compile("group-from", options->group_from, &import->group_from, error) &&
         compile("fold-from", options->fold_from, &import->fold_from, error);
}

void
mg_import_clear(MgImport *import)
{
  g_free(import->path);
  g_clear_pointer(&import->label_from, g_regex_unref);
  g_clear_pointer(&import->group_from, g_regex_unref);
  g_clear_pointer(&import->fold_from, g_regex_unref);
  g_clear_pointer(&import->rows, g_ptr_array_unref);
  g_clear_pointer(&import->classes, g_ptr_array_unref);
  g_clear_pointer(&import->problems, g_ptr_array_unref);
}

static gboolean
run_importer(MgImport *import, GError **error)
{
  if (!g_file_test(import->path, G_FILE_TEST_EXISTS)) {
    g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: there is no such folder or file"), import->path);
    return FALSE;
  }
  for (size_t i = 0; i < G_N_ELEMENTS(importers); i++)
    if (import->options->only ? importers[i] == &mg_importer_class_folders
                              : importers[i]->recognises(import->path, import->options)) {
      import->layout = importers[i]->name;
      return importers[i]->run(import, error);
    }
  g_autoptr(GPtrArray) entries = mg_import_entries(import->path, error);
  if (entries)
    g_set_error(
        error, MG_ERROR, MG_ERROR_DATA,
        _("%s: not a data set; expected one folder per class, meta/esc50.csv, a CSV file, or --label-from for a "
          "flat folder"),
        import->path);
  return FALSE;
}

gboolean
mg_import_read(MgImport *import, const char *path, const MgImportOptions *options, GError **error)
{
  static const MgImportOptions none = {0};
  return start_import(import, path, options ? options : &none, error) && run_importer(import, error);
}

/* What the files' headers say */

/* Of one file; its stretches share it. */
typedef struct {
  const char *path;
  int sr;
  double duration; /* s */
  char *problem;   /* NULL: it can be read */
} Header;

static void
free_header(gpointer data)
{
  g_free(((Header *)data)->problem);
  g_free(data);
}

static gboolean
read_header(size_t index, int worker, gpointer data, GError **error)
{
  Header *header = ((GPtrArray *)data)->pdata[index];
  g_autoptr(GError) cause = NULL;
  g_autoptr(MgDecoder) decoder = mg_decoder_open(header->path, &cause);
  if (decoder) {
    header->sr = mg_decoder_info(decoder)->sr;
    header->duration = mg_decoder_info(decoder)->duration;
  } else
    header->problem = g_strdup(cause->message);
  return TRUE;
}

/* Header * by path, of the rows that do not tell it themselves. */
static GHashTable *
read_headers(const GPtrArray *rows, MgProgress *progress, GError **error)
{
  g_autoptr(GHashTable) by_path = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_header);
  g_autoptr(GPtrArray) headers = g_ptr_array_new();
  for (guint i = 0; i < rows->len; i++) {
    const MgImportRow *row = rows->pdata[i];
    if (row->sr > 0 || g_hash_table_contains(by_path, row->path))
      continue;
    Header *header = g_new0(Header, 1);
    header->path = row->path;
    g_hash_table_insert(by_path, row->path, header);
    g_ptr_array_add(headers, header);
  }
  return mg_parallel_for(headers->len, 0, read_header, headers, progress, error) ? g_steal_pointer(&by_path) : NULL;
}

/* What is wrong with the stretch, or odd about it; NULL: nothing. */
static char *
fit_stretch(const MgImportRow *row, const Header *header, MgTrack *track)
{
  if (header->problem)
    return g_strdup(header->problem);
  double end = row->end > 0 ? MIN(row->end, header->duration) : header->duration;
  track->sr = header->sr;
  track->duration = end - row->start;
  if (track->duration <= 0)
    return g_strdup_printf(_("%s: left out: it lasts %.3f s, the stretch begins at %.3f s"), row->path,
                           header->duration, row->start);
  if (row->end > header->duration + 0.01)
    return g_strdup_printf(_("%s: it lasts %.3f s, less than the stretch’s end at %.3f s"), row->path, header->duration,
                           row->end);
  return NULL;
}

/* `header` NULL: the row tells it. NULL: the track is of no use. */
static MgTrack *
new_track(const MgImportRow *row, const Header *header, char **problem)
{
  MgTrack *track = g_new0(MgTrack, 1);
  if (header)
    *problem = fit_stretch(row, header, track);
  else {
    track->sr = row->sr;
    track->duration = row->duration;
  }
  if (header && track->duration <= 0) {
    g_free(track);
    return NULL;
  }
  g_autofree char *name = g_path_get_basename(row->path);
  track->id = row->id;
  track->path = g_strdup(row->path);
  track->name = g_filename_display_name(name);
  track->group = g_strdup(row->group);
  track->fold = row->fold;
  track->split = row->split;
  track->start = row->start;
  track->end = row->end;
  return track;
}

/* One and the same stretch of sound, by whatever links it is reached, is taken once; several stretches of one file that
 * are in no group become one. */
static gboolean
is_repeated(GHashTable *seen, MgImport *import, MgTrack *track)
{
  if (track->id && track->start == 0 && track->end == 0) /* a workspace has a file's path once */
    return FALSE;
  char *target = realpath(track->path, NULL);
  g_autofree char *key = target ? g_strdup(target) : g_strdup(track->path);
  free(target);
  GPtrArray *others = g_hash_table_lookup(seen, key);
  if (!others) {
    others = g_ptr_array_new();
    g_hash_table_insert(seen, g_strdup(key), others);
  }
  for (guint i = 0; i < others->len; i++) {
    MgTrack *other = others->pdata[i];
    if (track->start < other->start + other->duration && other->start < track->start + track->duration) {
      mg_import_problem(import, _("%s: left out: the same sound is already there as %s"), track->path, other->path);
      return TRUE;
    }
    if (!other->group)
      other->group = g_strdup(key);
    if (!track->group)
      track->group = g_strdup(other->group);
  }
  g_ptr_array_add(others, track);
  return FALSE;
}

static int
compare_strings(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
find_label(const GPtrArray *labels, const char *label)
{
  for (guint i = 0; i < labels->len; i++)
    if (g_str_equal(labels->pdata[i], label))
      return (int)i;
  return -1;
}

static void
number_classes(MgManifest *manifest, const MgImport *import, MgTrack *const *tracks)
{
  for (guint i = 0; i < import->rows->len; i++) {
    const MgImportRow *row = import->rows->pdata[i];
    if (tracks[i] && find_label(manifest->labels, row->label) < 0)
      g_ptr_array_add(manifest->labels, g_strdup(row->label));
  }
  g_ptr_array_sort(manifest->labels, compare_strings);
}

static void
name_empty_classes(const MgManifest *manifest, MgImport *import)
{
  for (guint i = 0; i < import->rows->len; i++) {
    const char *label = ((MgImportRow *)import->rows->pdata[i])->label;
    if (find_label(import->classes, label) < 0)
      g_ptr_array_add(import->classes, g_strdup(label));
  }
  for (guint i = 0; i < import->classes->len; i++)
    if (find_label(manifest->labels, import->classes->pdata[i]) < 0)
      mg_import_problem(import, _("class “%s” has no track that can be read and is left out"),
                        (char *)import->classes->pdata[i]);
}

typedef struct {
  gboolean fold, split; /* named once already */
  const MgTrack *first;
} Group;

/* Groups whose tracks the data set itself deals to several folds or splits. */
static void
name_straddling_groups(const MgManifest *manifest, MgImport *import)
{
  g_autoptr(GHashTable) groups = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  for (guint i = 0; i < manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    if (!track->group)
      continue;
    Group *group = g_hash_table_lookup(groups, track->group);
    if (!group) {
      group = g_new0(Group, 1);
      group->first = track;
      g_hash_table_insert(groups, track->group, group);
    }
    if (!group->fold && track->fold != group->first->fold)
      mg_import_problem(import, _("group “%s” lies in several folds (%d and %d)"), track->group, group->first->fold,
                        track->fold);
    if (!group->split && track->split != group->first->split)
      mg_import_problem(import, _("group “%s” lies in several splits (%s and %s)"), track->group,
                        mg_split_name(group->first->split), mg_split_name(track->split));
    group->fold |= track->fold != group->first->fold;
    group->split |= track->split != group->first->split;
  }
}

/* One a row; NULL where it is of no use. */
static GPtrArray *
new_tracks(MgImport *import, GHashTable *headers)
{
  GPtrArray *tracks = g_ptr_array_new_with_free_func(free_track);
  g_autoptr(GHashTable) seen =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  for (guint i = 0; i < import->rows->len; i++) {
    const MgImportRow *row = import->rows->pdata[i];
    g_autofree char *problem = NULL;
    MgTrack *track = new_track(row, g_hash_table_lookup(headers, row->path), &problem);
    if (problem)
      mg_import_problem(import, "%s", problem);
    if (track && is_repeated(seen, import, track))
      g_clear_pointer(&track, free_track);
    g_ptr_array_add(tracks, track);
  }
  return tracks;
}

static void
take_tracks(MgManifest *manifest, MgImport *import, GHashTable *headers)
{
  g_autoptr(GPtrArray) tracks = new_tracks(import, headers);

  number_classes(manifest, import, (MgTrack *const *)tracks->pdata);
  for (guint i = 0; i < import->rows->len; i++) {
    MgTrack *track = g_steal_pointer(&tracks->pdata[i]);
    if (!track)
      continue;
    track->label = find_label(manifest->labels, ((MgImportRow *)import->rows->pdata[i])->label);
    g_ptr_array_add(manifest->tracks, track);
  }
  name_empty_classes(manifest, import);
  name_straddling_groups(manifest, import);
  copy_strings(manifest->problems, import->problems);
}

static gboolean
check_classes(const MgManifest *manifest, const MgImport *import, guint least, GError **error)
{
  if (manifest->labels->len >= least)
    return TRUE;
  const char *first = manifest->problems->len ? manifest->problems->pdata[0] : NULL;
  g_autofree char *found =
      manifest->labels->len
          ? g_strdup_printf(_("only one class (“%s”) has tracks that can be read; at least two are needed"),
                            mg_manifest_label(manifest, 0))
          : g_strdup(import->rows->len ? _("no track can be read") : _("there is no track with a class"));
  g_set_error(error, MG_ERROR, MG_ERROR_DATA, "%s: %s%s%s%s", manifest->path, found, first ? " (" : "",
              first ? first : "", first ? ")" : "");
  return FALSE;
}

static MgManifest *
read_manifest(const char *path, const MgImportOptions *options, guint least_classes, MgProgress *progress,
              GError **error)
{
  MgImport import = {0};
  g_autoptr(MgManifest) manifest = NULL;
  gboolean good = mg_import_read(&import, path, options, error);
  if (good) {
    manifest = mg_manifest_new(import.path);
    g_autoptr(GHashTable) headers = read_headers(import.rows, progress, error);
    if (headers)
      take_tracks(manifest, &import, headers);
    good = headers && check_classes(manifest, &import, least_classes, error);
  }
  mg_import_clear(&import);
  return good ? g_steal_pointer(&manifest) : NULL;
}

MgManifest *
mg_manifest_open(const char *path, const MgImportOptions *options, MgProgress *progress, GError **error)
{
  return read_manifest(path, options, 2, progress, error);
}

MgManifest *
mg_manifest_open_any(const char *path, const MgImportOptions *options, MgProgress *progress, GError **error)
{
  return read_manifest(path, options, 1, progress, error);
}

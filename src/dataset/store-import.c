#include "dataset/store-import.h"
#include "dataset/importer.h"
#include "dataset/store-edits.h"
#include <glib/gi18n-lib.h>
#include <string.h>

#define READING 0.7 /* share of an import's time that headers take; storing takes the rest */

static char *
text_of_split(MgSplit split)
{
  return split == MG_SPLIT_NONE ? NULL : g_strdup(mg_split_name(split));
}

static MgStoreTrack *
to_stored(const MgManifest *manifest, const MgTrack *track)
{
  MgStoreTrack *stored = g_new0(MgStoreTrack, 1);
  stored->path = g_strdup(track->path);
  stored->label = g_strdup(mg_manifest_label(manifest, track->label));
  stored->duration = track->duration;
  stored->sr = track->sr;
  stored->start = track->start;
  stored->end = track->end;
  stored->group = g_strdup(track->group);
  stored->fold = track->fold < 0 ? NULL : g_strdup_printf("%d", track->fold);
  stored->split = text_of_split(track->split);
  return stored;
}

static gint64
store_tracks(MgStore *store, const MgManifest *manifest, MgProgress *progress, GError **error)
{
  g_autoptr(GPtrArray) tracks = g_ptr_array_new_with_free_func((GDestroyNotify)mg_store_track_free);
  for (guint i = 0; i < manifest->tracks->len; i++)
    g_ptr_array_add(tracks, to_stored(manifest, mg_manifest_track(manifest, i)));
  g_autofree char *name = g_path_get_basename(manifest->path);
  g_autofree char *shown = g_filename_display_name(name);
  g_autofree char *what = g_strdup_printf(
      ngettext("%u track imported from %s", "%u tracks imported from %s", tracks->len), tracks->len, shown);
  return mg_store_edit_add(store, tracks, what, progress, error);
}

gint64
mg_store_import(MgStore *store, const char *path, const MgImportOptions *options, GPtrArray *problems,
                MgProgress *progress, GError **error)
{
  g_autoptr(MgProgress) reading = mg_progress_new_part(progress, 0, READING, NULL, NULL);
  g_autoptr(MgProgress) storing = mg_progress_new_part(progress, READING, 1, NULL, NULL);
  g_autoptr(MgManifest) manifest = mg_manifest_open_any(path, options, reading, error);
  if (!manifest)
    return 0;
  for (guint i = 0; problems && i < manifest->problems->len; i++)
    g_ptr_array_add(problems, g_strdup(manifest->problems->pdata[i]));
  return store_tracks(store, manifest, storing, error);
}

/* Previews */

static void
free_class(gpointer data)
{
  MgPreviewClass *class = data;
  g_free(class->label);
  g_free(class);
}

static void
free_row(gpointer data)
{
  MgPreviewRow *row = data;
  g_free(row->path);
  g_free(row->name);
  g_free(row->label);
  g_free(row->group);
  g_free(row);
}

void
mg_import_preview_free(MgImportPreview *preview)
{
  if (!preview)
    return;
  g_ptr_array_unref(preview->classes);
  g_ptr_array_unref(preview->rows);
  g_ptr_array_unref(preview->problems);
  g_free(preview);
}

static MgPreviewClass *
class_of(MgImportPreview *preview, const char *label)
{
  for (guint i = 0; i < preview->classes->len; i++)
    if (g_str_equal(((MgPreviewClass *)preview->classes->pdata[i])->label, label))
      return preview->classes->pdata[i];
  MgPreviewClass *class = g_new0(MgPreviewClass, 1);
  class->label = g_strdup(label);
  g_ptr_array_add(preview->classes, class);
  return class;
}

static int
compare_classes(gconstpointer a, gconstpointer b)
{
  return strcmp((*(MgPreviewClass *const *)a)->label, (*(MgPreviewClass *const *)b)->label);
}

static void
add_row(MgImportPreview *preview, const MgImportRow *from)
{
  g_autofree char *name = g_path_get_basename(from->path);
  MgPreviewRow *row = g_new0(MgPreviewRow, 1);
  *row = (MgPreviewRow){
      g_strdup(from->path), g_filename_display_name(name), g_strdup(from->label), g_strdup(from->group), from->fold,
      from->split};
  g_ptr_array_add(preview->rows, row);
}

/* The first tracks of each class, so that all classes are seen where there is room. */
static void
choose_rows(MgImportPreview *preview, const GPtrArray *rows, guint most)
{
  guint each = MAX(1, most / MAX(1, preview->classes->len));
  g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < rows->len && preview->rows->len < most; i++) {
    const MgImportRow *row = rows->pdata[i];
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(taken, row->label));
    if (n < each)
      add_row(preview, row);
    g_hash_table_insert(taken, row->label, GUINT_TO_POINTER(n + 1));
  }
}

static void
count(MgImportPreview *preview, const GPtrArray *rows)
{
  g_autoptr(GHashTable) groups = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GHashTable) folds = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < rows->len; i++) {
    const MgImportRow *row = rows->pdata[i];
    class_of(preview, row->label)->tracks++;
    preview->in_split[row->split]++;
    if (row->group)
      g_hash_table_add(groups, row->group);
    if (row->fold >= 0)
      g_hash_table_add(folds, GINT_TO_POINTER(row->fold));
  }
  preview->tracks = rows->len;
  preview->groups = g_hash_table_size(groups);
  preview->folds = g_hash_table_size(folds);
  g_ptr_array_sort(preview->classes, compare_classes);
}

MgImportPreview *
mg_import_preview(const char *path, const MgImportOptions *options, guint most, GError **error)
{
  MgImport import = {0};
  MgImportPreview *preview = NULL;
  if (mg_import_read(&import, path, options, error)) {
    preview = g_new0(MgImportPreview, 1);
    preview->layout = import.layout;
    preview->classes = g_ptr_array_new_with_free_func(free_class);
    preview->rows = g_ptr_array_new_with_free_func(free_row);
    preview->problems = g_ptr_array_ref(import.problems);
    count(preview, import.rows);
    choose_rows(preview, import.rows, most);
  }
  mg_import_clear(&import);
  return preview;
}

#include "train/table-source-class.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* One line a kind. */
static const MgTableSourceClass *const classes[] = {
    &mg_table_source_of_features,
    &mg_table_source_of_embedding,
};

MgTableSource *
mg_table_source_new(const MgTableSourceClass *class)
{
  MgTableSource *source = g_malloc0(class->size);
  source->class = class;
  source->columns = g_ptr_array_new_with_free_func(g_free);
  source->steps = 1;
  return source;
}

void
mg_table_source_free(MgTableSource *source)
{
  if (!source)
    return;
  source->class->clear(source);
  g_ptr_array_unref(source->columns);
  g_free(source);
}

gboolean
mg_table_source_load(const MgSafetensors *file, const char *path, MgTableSource **source, GError **error)
{
  *source = NULL;
  for (size_t i = 0; i < G_N_ELEMENTS(classes); i++) {
    if (!mg_safetensors_metadata(file, classes[i]->name))
      continue;
    g_autoptr(MgTableSource) found = mg_table_source_new(classes[i]);
    if (!classes[i]->load(found, file, path, error))
      return FALSE;
    *source = g_steal_pointer(&found);
    return TRUE;
  }
  return TRUE;
}

void
mg_table_source_save(const MgTableSource *source, GPtrArray *tensors, GHashTable *metadata)
{
  g_hash_table_insert(metadata, (gpointer)source->class->name, source->class->save(source, tensors));
}

GArray *
mg_table_source_cut(const MgTableSource *source, const MgManifest *manifest)
{
  GArray *segments = g_array_new(FALSE, FALSE, sizeof(MgSegment));
  for (guint i = 0; i < manifest->tracks->len; i++)
    source->class->cut(source, segments, i, mg_manifest_track(manifest, i));
  return segments;
}

/* What no classifier can learn from. */
static void
refuse_endless(const MgTableSource *source, const MgManifest *manifest, const GArray *segments, const MgMatrix *x,
               gboolean *made, GPtrArray *problems)
{
  for (guint i = 0; i < segments->len; i++)
    for (size_t column = 0; made[i] && column < x->cols; column++) {
      const MgSegment *segment = &g_array_index(segments, MgSegment, i);
      float value = mg_matrix_row(x, i)[column];
      made[i] = isfinite(value);
      if (!made[i])
        g_ptr_array_add(problems, g_strdup_printf(_("%s: part %u: “%s” is %g; a finite number was expected"),
                                                  mg_manifest_track(manifest, segment->track)->path, segment->part,
                                                  (const char *)source->columns->pdata[column], value));
    }
}

/* Closes the gaps of rows that were not made. */
static void
keep_made(GArray *segments, MgMatrix *x, const gboolean *made)
{
  guint kept = 0;
  for (guint i = 0; i < segments->len; i++) {
    if (!made[i])
      continue;
    if (kept < i) {
      g_array_index(segments, MgSegment, kept) = g_array_index(segments, MgSegment, i);
      memcpy(mg_matrix_row(x, kept), mg_matrix_row(x, i), x->cols * sizeof(float));
    }
    kept++;
  }
  g_array_set_size(segments, kept);
  x->rows = kept;
}

MgMatrix *
mg_table_source_rows(MgTableSource *source, const MgManifest *manifest, GArray *segments, int threads,
                     GPtrArray *problems, MgProgress *progress, GError **error)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  g_autofree gboolean *made = g_new0(gboolean, segments->len + 1);
  g_autoptr(MgMatrix) x = mg_matrix_new(segments->len, source->columns->len, error);
  if (!x || !source->class->fill(source, manifest, segments, threads, x, made, lines, progress, error))
    return NULL;
  refuse_endless(source, manifest, segments, x, made, lines);
  keep_made(segments, x, made);
  if (lines->len > 0 && (!problems || x->rows == 0)) {
    g_set_error_literal(error, MG_ERROR, MG_ERROR_DATA, lines->pdata[0]);
    return NULL;
  }
  for (guint i = 0; problems && i < lines->len; i++)
    g_ptr_array_add(problems, g_strdup(lines->pdata[i]));
  return g_steal_pointer(&x);
}

gboolean
mg_table_source_row(MgTableSource *source, const float *samples, size_t n, int sr, float *values, GError **error)
{
  return source->class->row(source, samples, n, sr, values, error);
}

#include "train/embedding-check.h"
#include "train/metadata.h"
#include "train/run-split.h"
#include <glib/gi18n-lib.h>

/* Paths of the tracks that a run learned from; NULL where it is not there to tell. */
static GHashTable *
tracks_learned(const char *run, const GPtrArray *labels)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint i = 0; i < labels->len; i++)
    g_ptr_array_add(names, labels->pdata[i]);
  g_ptr_array_add(names, NULL);
  g_autoptr(MgManifest) split = mg_run_split_load(run, (const char *const *)names->pdata, NULL);
  if (!split)
    return NULL;
  GHashTable *learned = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < split->tracks->len; i++)
    if (mg_manifest_track(split, i)->split == MG_SPLIT_TRAIN)
      g_hash_table_add(learned, g_strdup(mg_manifest_track(split, i)->path));
  return learned;
}

static gboolean
tells_all(const GPtrArray *labels, const GPtrArray *wanted)
{
  for (guint i = 0; i < wanted->len; i++)
    if (!g_ptr_array_find_with_equal_func((GPtrArray *)labels, wanted->pdata[i], g_str_equal, NULL))
      return FALSE;
  return TRUE;
}

static void
count_tested(const char *model, const MgManifest *manifest, gboolean by_split, GHashTable *learned, GPtrArray *warnings)
{
  guint tested = 0, known = 0;
  for (guint i = 0; i < manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    if (by_split && (track->split == MG_SPLIT_TRAIN || track->split == MG_SPLIT_NONE))
      continue;
    tested++;
    known += g_hash_table_contains(learned, track->path);
  }
  if (known > 0)
    g_ptr_array_add(
        warnings,
        g_strdup_printf(
            ngettext("%s: the network learned from %u of the %u track that is tested here: the figures pretend",
                     "%s: the network learned from %u of the %u tracks that are tested here: the figures pretend",
                     tested),
            model, known, tested));
}

void
mg_embedding_check(const char *model, const MgManifest *manifest, gboolean by_split, GPtrArray *warnings)
{
  g_autoptr(MgSafetensors) file = mg_safetensors_load(model, NULL);
  g_autoptr(GPtrArray) labels = file ? mg_metadata_read_list(file, model, "labels", 2, NULL) : NULL;
  g_autoptr(GHashTable) provenance = labels ? mg_metadata_read_object(file, model, "provenance", NULL) : NULL;
  if (!provenance)
    return;
  const char *run = g_hash_table_lookup(provenance, "run"), *dataset = g_hash_table_lookup(provenance, "dataset");
  const char *split = g_hash_table_lookup(provenance, "split");
  g_autoptr(GHashTable) learned = run ? tracks_learned(run, labels) : NULL;
  if (learned)
    count_tested(model, manifest, by_split, learned, warnings);
  else if (tells_all(labels, manifest->labels))
    g_ptr_array_add(warnings,
                    g_strdup_printf(_("%s: the network tells the same classes, from %s with split=%s: where it "
                                      "learned from tracks that are tested here, the figures pretend"),
                                    model, dataset ? dataset : _("a data set that it does not name"),
                                    split ? split : "?"));
}

#include "dataset/leak-check.h"
#include "dataset/problems.h"
#include <glib/gi18n-lib.h>
#include <string.h>

/* Sides as bits: of what lies on several, several are set. */
static gboolean
is_apart(guint sides)
{
  return (sides & (sides - 1)) != 0;
}

static guint
side_of(const MgTrack *track)
{
  return track->split == MG_SPLIT_NONE ? 0 : 1u << track->split;
}

static void
name_example(MgLeakCheck *check, const char *name)
{
  if (!check->example)
    check->example = g_strdup(name);
}

static void
count_sets(const MgManifest *manifest, gboolean by_group, guint *sets, guint *apart, MgLeakCheck *check)
{
  g_autoptr(GHashTable) sides = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    const char *key = by_group ? (track->group ? track->group : track->path) : track->path;
    if (!side_of(track))
      continue;
    guint before = GPOINTER_TO_UINT(g_hash_table_lookup(sides, key)), now = before | side_of(track);
    if (is_apart(now) && !is_apart(before)) {
      (*apart)++;
      name_example(check, by_group && track->group ? track->group : track->name);
    }
    g_hash_table_insert(sides, (char *)key, GUINT_TO_POINTER(now));
  }
  *sets = g_hash_table_size(sides);
}

static void
count_copies(MgLeakCheck *check, const MgManifest *manifest, const GPtrArray *scans, double near_distance)
{
  g_autoptr(GPtrArray) sets = mg_find_copies(scans, near_distance);
  check->copies = sets->len;
  for (guint i = 0; i < sets->len; i++) {
    const GArray *set = sets->pdata[i];
    guint sides = 0;
    for (guint k = 0; k < set->len; k++)
      sides |= side_of(mg_manifest_track(manifest, g_array_index(set, guint, k)));
    if (!is_apart(sides))
      continue;
    check->apart_copies++;
    name_example(check, mg_manifest_track(manifest, g_array_index(set, guint, 0))->name);
  }
}

static double
largest_difference(const MgLeakCheck *check, const MgManifest *manifest)
{
  g_autofree guint *counts = g_new0(guint, 4 * MAX(1, manifest->labels->len));
  double largest = 0;
  for (guint i = 0; i < manifest->tracks->len; i++)
    counts[mg_manifest_track(manifest, i)->label * 4 + mg_manifest_track(manifest, i)->split]++;
  for (guint label = 0; label < manifest->labels->len; label++)
    for (int a = MG_SPLIT_TRAIN; a <= MG_SPLIT_TEST; a++)
      for (int b = a + 1; b <= MG_SPLIT_TEST; b++)
        if (check->tracks[a] && check->tracks[b])
          largest = MAX(largest, ABS(counts[label * 4 + a] / (double)check->tracks[a] -
                                     counts[label * 4 + b] / (double)check->tracks[b]));
  return largest;
}

MgLeakCheck *
mg_leak_check(const MgManifest *manifest, const GPtrArray *scans, double near_distance)
{
  MgLeakCheck *check = g_new0(MgLeakCheck, 1);
  for (guint i = 0; i < manifest->tracks->len; i++) {
    check->tracks[mg_manifest_track(manifest, i)->split]++;
    check->unheard += !scans || !scans->pdata[i];
  }
  count_sets(manifest, TRUE, &check->groups, &check->apart_groups, check);
  count_sets(manifest, FALSE, &check->files, &check->apart_files, check);
  if (scans)
    count_copies(check, manifest, scans, near_distance);
  check->difference = largest_difference(check, manifest);
  return check;
}

gboolean
mg_leak_check_is_clean(const MgLeakCheck *check)
{
  return check->apart_groups + check->apart_files + check->apart_copies == 0;
}

char *
mg_leak_check_text(const MgLeakCheck *check)
{
  GString *text = g_string_new(NULL);
  if (mg_leak_check_is_clean(check))
    g_string_append_printf(text,
                           _("No leakage: of %u files and %u groups none lies on two sides, nor does any of %u sets of "
                             "copies."),
                           check->files, check->groups, check->copies);
  else
    g_string_append_printf(text,
                           _("Leakage: on several sides lie %u of %u files, %u of %u groups, %u of %u sets of copies "
                             "(%s, …)."),
                           check->apart_files, check->files, check->apart_groups, check->groups, check->apart_copies,
                           check->copies, check->example);
  g_string_append_c(text, ' ');
  if (check->unheard)
    g_string_append_printf(text, _("Copies were not looked for among %u tracks that nobody has listened to."),
                           check->unheard);
  else
    g_string_append(text, _("All tracks were listened to."));
  g_string_append_c(text, ' ');
  g_string_append_printf(text, _("A class’s share differs by at most %.1f percentage points between sides."),
                         check->difference * 100);
  return g_string_free(text, FALSE);
}

void
mg_leak_check_free(MgLeakCheck *check)
{
  if (!check)
    return;
  g_free(check->example);
  g_free(check);
}

#include "dataset/problems.h"
#include "dataset/track-scan.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {"silence_db", MG_PARAM_FLOAT, "-60", -120, 0, NULL, "dB", NULL, N_("Below this level a track counts as silent")},
    {"clipped_share", MG_PARAM_FLOAT, "0.001", 0, 1, NULL, NULL, NULL,
     N_("Above this share of samples at full scale a track counts as clipped")},
    {"min_seconds", MG_PARAM_FLOAT, "0.5", 0, 3600, NULL, "s", NULL, N_("Below this length a track is too short")},
    {"near_distance", MG_PARAM_FLOAT, "0.2", 0, 0.5, NULL, NULL, NULL,
     N_("Up to this share of differing bits two prints are of the same sound; 0.5: nothing in common")},
};

const MgParamTable mg_problem_params = MG_PARAM_TABLE("problems", N_("Problems"), specs);

static const MgProblemClass classes[MG_N_PROBLEMS] = {
    [MG_PROBLEM_UNREADABLE] =
        {"unreadable", N_("Cannot be read"), N_("Nothing can be learned from them"), {MG_FIX_EXCLUDE}, 1},
    [MG_PROBLEM_CONFLICT] = {"conflict",
                             N_("Label conflicts"),
                             N_("The same sound is in several classes"),
                             {MG_FIX_RELABEL, MG_FIX_EXCLUDE},
                             2},
    [MG_PROBLEM_DUPLICATE] = {"duplicate",
                              N_("Duplicates"),
                              N_("The same sound, whatever the file’s name or format"),
                              {MG_FIX_COPIES, MG_FIX_TOGETHER},
                              2},
    [MG_PROBLEM_NEAR_DUPLICATE] = {"near-duplicate",
                                   N_("Near-duplicates"),
                                   N_("Nearly the same sound: encoded again, louder, or cut elsewhere"),
                                   {MG_FIX_TOGETHER, MG_FIX_COPIES},
                                   2},
    [MG_PROBLEM_STRADDLING] = {"straddling",
                               N_("Groups on several sides"),
                               N_("What is learned from one part of a group is tested on another"),
                               {MG_FIX_ONE_SIDE},
                               1},
    [MG_PROBLEM_SILENT] = {"silent", N_("Silent"), N_("There is nothing to hear"), {MG_FIX_EXCLUDE}, 1},
    [MG_PROBLEM_CLIPPED] = {"clipped", N_("Clipped"), N_("Peaks are cut off at full scale"), {MG_FIX_EXCLUDE}, 1},
    [MG_PROBLEM_SHORT] = {"short", N_("Too short"), N_("Most of their segments would be padding"), {MG_FIX_EXCLUDE}, 1},
    [MG_PROBLEM_RATE] = {"sample-rate",
                         N_("Another sample rate"),
                         N_("Resampled when learned from; what the rate cuts off may tell classes apart"),
                         {MG_FIX_EXCLUDE},
                         1},
};

static const struct {
  const char *name, *title;
} fixes[MG_N_FIXES] = {
    [MG_FIX_EXCLUDE] = {"exclude", N_("Exclude")},
    [MG_FIX_COPIES] = {"exclude-copies", N_("Exclude copies")},
    [MG_FIX_TOGETHER] = {"keep-together", N_("Keep together")},
    [MG_FIX_ONE_SIDE] = {"one-side", N_("Put on one side")},
    [MG_FIX_RELABEL] = {"relabel", N_("Take the first’s class")},
};

const MgProblemClass *
mg_problem_class(MgProblemKind kind)
{
  return &classes[kind];
}

const char *
mg_fix_name(MgFix fix)
{
  return fixes[fix].name;
}

const char *
mg_fix_title(MgFix fix)
{
  return fixes[fix].title;
}

gboolean
mg_problem_find_kind(const char *name, MgProblemKind *kind)
{
  for (*kind = 0; *kind < MG_N_PROBLEMS; (*kind)++)
    if (g_str_equal(classes[*kind].name, name))
      return TRUE;
  return FALSE;
}

void
mg_problem_free(MgProblem *problem)
{
  if (!problem)
    return;
  g_array_unref(problem->tracks);
  g_free(problem->text);
  g_free(problem);
}

/* Finding */

typedef struct {
  const MgManifest *manifest;
  const GPtrArray *scans;
  const MgParams *params;
  GPtrArray *problems;
} Search;

/* Takes `text` and `tracks`. */
static void
add(Search *search, MgProblemKind kind, GArray *tracks, char *text)
{
  MgProblem *problem = g_new(MgProblem, 1);
  *problem = (MgProblem){kind, tracks, text};
  g_ptr_array_add(search->problems, problem);
}

static void
add_one(Search *search, MgProblemKind kind, guint track, char *text)
{
  GArray *tracks = g_array_new(FALSE, FALSE, sizeof(guint));
  g_array_append_val(tracks, track);
  add(search, kind, tracks, text);
}

static int
commonest_rate(const MgManifest *manifest)
{
  g_autoptr(GHashTable) counts = g_hash_table_new(NULL, NULL);
  guint most = 0;
  int rate = 0;
  for (guint i = 0; i < manifest->tracks->len; i++) {
    gpointer key = GINT_TO_POINTER(mg_manifest_track(manifest, i)->sr);
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key)) + 1;
    g_hash_table_insert(counts, key, GUINT_TO_POINTER(n));
    if (n > most) {
      most = n;
      rate = GPOINTER_TO_INT(key);
    }
  }
  return rate;
}

static void
look_at_header(Search *search, guint i, int rate)
{
  const MgTrack *track = mg_manifest_track(search->manifest, i);
  if (track->duration < mg_params_float(search->params, "min_seconds"))
    add_one(search, MG_PROBLEM_SHORT, i, g_strdup_printf(_("%.3f\u202fs"), track->duration));
  if (track->sr != rate)
    add_one(search, MG_PROBLEM_RATE, i, g_strdup_printf(_("%d\u202fHz, most others %d\u202fHz"), track->sr, rate));
}

static void
look_at_sound(Search *search, guint i)
{
  const MgTrackScan *scan = search->scans->pdata[i];
  if (!scan)
    return;
  if (scan->message) {
    add_one(search, MG_PROBLEM_UNREADABLE, i, g_strdup(scan->message));
    return;
  }
  double db = 20 * log10(MAX(scan->rms, 1e-10)), share = scan->clipped / (double)MAX(scan->samples, 1);
  if (db < mg_params_float(search->params, "silence_db"))
    add_one(search, MG_PROBLEM_SILENT, i,
            scan->peak > 0 ? g_strdup_printf(_("%.0f\u202fdB on average"), db) : g_strdup(_("digital silence")));
  if (share > mg_params_float(search->params, "clipped_share"))
    add_one(search, MG_PROBLEM_CLIPPED, i,
            g_strdup_printf(_("%.2f\u202f%% of its samples at full scale"), share * 100));
}

static gboolean
all_equal(const Search *search, const GArray *set)
{
  const MgTrackScan *first = search->scans->pdata[g_array_index(set, guint, 0)];
  for (guint i = 1; i < set->len; i++) {
    const MgTrackScan *scan = search->scans->pdata[g_array_index(set, guint, i)];
    if (g_strcmp0(scan->digest, first->digest) != 0)
      return FALSE;
  }
  return TRUE;
}

static gboolean
one_class(const Search *search, const GArray *set)
{
  for (guint i = 1; i < set->len; i++)
    if (mg_manifest_track(search->manifest, g_array_index(set, guint, i))->label !=
        mg_manifest_track(search->manifest, g_array_index(set, guint, 0))->label)
      return FALSE;
  return TRUE;
}

static gboolean
one_group(const Search *search, const GArray *set)
{
  const char *group = mg_manifest_track(search->manifest, g_array_index(set, guint, 0))->group;
  for (guint i = 1; group && i < set->len; i++)
    if (g_strcmp0(mg_manifest_track(search->manifest, g_array_index(set, guint, i))->group, group) != 0)
      return FALSE;
  return group != NULL;
}

static char *
names_of(const Search *search, const GArray *set)
{
  GString *names = g_string_new(NULL);
  for (guint i = 0; i < set->len && i < 8; i++) {
    const MgTrack *track = mg_manifest_track(search->manifest, g_array_index(set, guint, i));
    g_string_append_printf(names, "%s%s (%s)", i ? ", " : "", track->name,
                           mg_manifest_label(search->manifest, track->label));
  }
  if (set->len > 8)
    g_string_append(names, ", …");
  return g_string_free(names, FALSE);
}

/* Near-duplicates that are kept together are no problem any more. */
static void
look_for_copies(Search *search)
{
  g_autoptr(GPtrArray) sets = mg_find_copies(search->scans, mg_params_float(search->params, "near_distance"));
  for (guint i = 0; i < sets->len; i++) {
    GArray *set = sets->pdata[i];
    MgProblemKind kind = !one_class(search, set)  ? MG_PROBLEM_CONFLICT
                         : all_equal(search, set) ? MG_PROBLEM_DUPLICATE
                                                  : MG_PROBLEM_NEAR_DUPLICATE;
    if (kind != MG_PROBLEM_NEAR_DUPLICATE || !one_group(search, set))
      add(search, kind, g_array_ref(set), names_of(search, set));
  }
}

static void
look_for_straddling(Search *search)
{
  g_autoptr(GHashTable) groups = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint i = 0; i < search->manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(search->manifest, i);
    GArray *members = track->group ? g_hash_table_lookup(groups, track->group) : NULL;
    if (track->group && !members) {
      members = g_array_new(FALSE, FALSE, sizeof(guint));
      g_hash_table_insert(groups, track->group, members);
      g_ptr_array_add(names, track->group);
    }
    if (members)
      g_array_append_val(members, i);
  }
  for (guint k = 0; k < names->len; k++) {
    GArray *members = g_hash_table_lookup(groups, names->pdata[k]);
    const MgTrack *first = mg_manifest_track(search->manifest, g_array_index(members, guint, 0));
    gboolean apart = FALSE;
    for (guint i = 1; i < members->len; i++) {
      const MgTrack *track = mg_manifest_track(search->manifest, g_array_index(members, guint, i));
      apart |= track->split != first->split || track->fold != first->fold;
    }
    if (apart)
      add(search, MG_PROBLEM_STRADDLING, g_array_ref(members),
          g_strdup_printf(_("group “%s”, %u tracks"), (char *)names->pdata[k], members->len));
  }
}

static int
compare_problems(gconstpointer a, gconstpointer b)
{
  const MgProblem *one = *(MgProblem *const *)a, *two = *(MgProblem *const *)b;
  if (one->kind != two->kind)
    return (int)one->kind - (int)two->kind;
  guint first = g_array_index(one->tracks, guint, 0), second = g_array_index(two->tracks, guint, 0);
  return (first > second) - (first < second);
}

GPtrArray *
mg_problems_find(const MgManifest *manifest, const GPtrArray *scans, const MgParams *params)
{
  Search search = {manifest, scans, params, g_ptr_array_new_with_free_func((GDestroyNotify)mg_problem_free)};
  int rate = commonest_rate(manifest);
  for (guint i = 0; i < manifest->tracks->len; i++) {
    look_at_header(&search, i, rate);
    look_at_sound(&search, i);
  }
  look_for_copies(&search);
  look_for_straddling(&search);
  g_ptr_array_sort(search.problems, compare_problems);
  return search.problems;
}

/* Fixing */

static void
set(GArray *values, const MgTrack *track, MgTrackField field, const char *text)
{
  MgTrackValue value = {track->id, field, text};
  g_array_append_val(values, value);
}

/* Tracks of other groups that one of the problem's is in come along, so that what was together stays so. */
static void
keep_together(GArray *values, const MgProblem *problem, const MgManifest *manifest, char **made)
{
  g_autoptr(GHashTable) groups = g_hash_table_new(g_str_hash, g_str_equal);
  const char *name = NULL;
  for (guint i = 0; i < problem->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, g_array_index(problem->tracks, guint, i));
    if (track->group)
      g_hash_table_add(groups, track->group);
    name = name ? name : track->group;
  }
  const MgTrack *first = mg_manifest_track(manifest, g_array_index(problem->tracks, guint, 0));
  *made = name ? NULL : g_strdup_printf("like %s", first->name);
  for (guint i = 0; i < problem->tracks->len; i++)
    set(values, mg_manifest_track(manifest, g_array_index(problem->tracks, guint, i)), MG_FIELD_GROUP,
        name ? name : *made);
  for (guint i = 0; i < manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    if (track->group && g_hash_table_contains(groups, track->group) && !g_str_equal(track->group, name))
      set(values, track, MG_FIELD_GROUP, name);
  }
}

/* The track whose fold and split most of them share. */
static const MgTrack *
commonest_side(const MgProblem *problem, const MgManifest *manifest)
{
  const MgTrack *best = NULL;
  guint most = 0;
  for (guint i = 0; i < problem->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, g_array_index(problem->tracks, guint, i));
    guint n = 0;
    for (guint k = 0; k < problem->tracks->len; k++) {
      const MgTrack *other = mg_manifest_track(manifest, g_array_index(problem->tracks, guint, k));
      n += other->fold == track->fold && other->split == track->split;
    }
    if (n > most) {
      most = n;
      best = track;
    }
  }
  return best;
}

static void
put_on_one_side(GArray *values, const MgProblem *problem, const MgManifest *manifest, char **made)
{
  const MgTrack *side = commonest_side(problem, manifest);
  *made = side->fold < 0 ? NULL : g_strdup_printf("%d", side->fold);
  for (guint i = 0; i < problem->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, g_array_index(problem->tracks, guint, i));
    set(values, track, MG_FIELD_FOLD, *made);
    set(values, track, MG_FIELD_SPLIT, side->split == MG_SPLIT_NONE ? NULL : mg_split_name(side->split));
  }
}

GArray *
mg_problem_fix(const MgProblem *problem, const MgManifest *manifest, MgFix fix, char **made)
{
  GArray *values = g_array_new(FALSE, FALSE, sizeof(MgTrackValue));
  const MgTrack *first = mg_manifest_track(manifest, g_array_index(problem->tracks, guint, 0));
  *made = NULL;
  if (fix == MG_FIX_TOGETHER)
    keep_together(values, problem, manifest, made);
  else if (fix == MG_FIX_ONE_SIDE)
    put_on_one_side(values, problem, manifest, made);
  for (guint i = 0; i < problem->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, g_array_index(problem->tracks, guint, i));
    if (fix == MG_FIX_RELABEL)
      set(values, track, MG_FIELD_LABEL, mg_manifest_label(manifest, first->label));
    else if (fix == MG_FIX_EXCLUDE || (fix == MG_FIX_COPIES && i > 0))
      set(values, track, MG_FIELD_EXCLUDED, "1");
  }
  return values;
}

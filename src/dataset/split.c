#include "dataset/split.h"
#include "dataset/segment.h"
#include "dataset/split-plan.h"
#include "base/error.h"
#include "base/rng.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {"split", MG_PARAM_TEXT, "6:2:2", 0, 0, NULL, NULL, NULL,
     N_("How tracks are dealt out: 6:2:2 (train:val:test, by group), fold:test=K[,val=J] (K: a fold, a range 0-4 "
        "or a list 0+3+5; val left out: a tenth of the training groups), fold:val=K (no test), group:test=NAME "
        "(the same with groups), column (the CSV's own), leaky:6:2:2 (by segment: figures pretend)")},
    {"seed", MG_PARAM_INT, "0", 0, 0x1p53, NULL, NULL, NULL, N_("Start of everything random")},
};

const MgParamTable mg_split_params = MG_PARAM_TABLE("split", N_("Split"), specs);

gboolean
mg_split_is_leaky(const MgParams *params)
{
  return g_str_has_prefix(mg_params_text(params, "split"), MG_SPLIT_LEAKY_PREFIX);
}

/* Groups of tracks, dealt out */

typedef struct {
  GArray *tracks; /* guint: numbers in the manifest */
} Group;

static void
free_group(gpointer data)
{
  Group *group = data;
  g_array_unref(group->tracks);
  g_free(group);
}

/* The groups of the tracks whose split is `from`, in the order of their first tracks. A track without a group is one.
 */
static GPtrArray *
collect_groups(const MgManifest *manifest, MgSplit from)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func(free_group);
  g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    if (track->split != from)
      continue;
    Group *group = track->group ? g_hash_table_lookup(by_name, track->group) : NULL;
    if (!group) {
      group = g_new0(Group, 1);
      group->tracks = g_array_new(FALSE, FALSE, sizeof(guint));
      g_ptr_array_add(groups, group);
      if (track->group)
        g_hash_table_insert(by_name, track->group, group);
    }
    g_array_append_val(group->tracks, i);
  }
  return groups;
}

static gint
larger_first(gconstpointer a, gconstpointer b)
{
  const Group *const *first = a, *const *second = b;
  return (gint)(*second)->tracks->len - (gint)(*first)->tracks->len;
}

/* At random, then the larger ones first, because small ones can still even things out. */
static void
order_groups(GPtrArray *groups, MgRng *rng)
{
  for (guint i = groups->len; i > 1; i--) {
    guint j = mg_rng_below(rng, i);
    gpointer swapped = groups->pdata[i - 1];
    groups->pdata[i - 1] = groups->pdata[j];
    groups->pdata[j] = swapped;
  }
  g_ptr_array_sort(groups, larger_first); /* stable */
}

typedef struct {
  double shares[MG_N_SPLITS];
  guint *wanted; /* [class]: tracks in all */
  guint *dealt;  /* [class * MG_N_SPLITS + split] */
} Deal;

/* How much of what a split should hold of the group's classes is still to come: 1 for all, below 0 for too many. */
static double
need(const Deal *deal, const MgManifest *manifest, const Group *group, int split)
{
  double sum = 0;
  for (guint i = 0; i < group->tracks->len; i++) {
    int label = mg_manifest_track(manifest, g_array_index(group->tracks, guint, i))->label;
    double share = deal->shares[split] * deal->wanted[label];
    sum += 1 - deal->dealt[label * MG_N_SPLITS + split] / share;
  }
  return sum;
}

static void
deal_group(Deal *deal, MgManifest *manifest, const Group *group, const MgSplit names[MG_N_SPLITS])
{
  int best = -1;
  double most = 0;
  for (int split = 0; split < MG_N_SPLITS; split++) {
    double wish = deal->shares[split] > 0 ? need(deal, manifest, group, split) : 0;
    if (deal->shares[split] > 0 && (best < 0 || wish > most + 1e-9)) {
      best = split;
      most = wish;
    }
  }
  for (guint i = 0; i < group->tracks->len; i++) {
    MgTrack *track = mg_manifest_track(manifest, g_array_index(group->tracks, guint, i));
    track->split = names[best];
    deal->dealt[track->label * MG_N_SPLITS + best]++;
  }
}

/* Deals the tracks whose split is `from` to the splits `names` by their shares: whole groups, each to the split that
 * lacks most of its classes. */
static void
deal_tracks(MgManifest *manifest, MgSplit from, const double shares[MG_N_SPLITS], const MgSplit names[MG_N_SPLITS],
            MgRng *rng)
{
  g_autoptr(GPtrArray) groups = collect_groups(manifest, from);
  g_autofree guint *wanted = g_new0(guint, manifest->labels->len);
  g_autofree guint *dealt = g_new0(guint, manifest->labels->len * MG_N_SPLITS);
  for (guint i = 0; i < manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    wanted[track->label] += track->split == from;
  }
  Deal deal = {{shares[0], shares[1], shares[2]}, wanted, dealt};
  order_groups(groups, rng);
  for (guint i = 0; i < groups->len; i++)
    deal_group(&deal, manifest, groups->pdata[i], names);
}

/* The five ways */

static const double a_tenth[MG_N_SPLITS] = {0.9, 0.1, 0}; /* of the training tracks, for validation */
static const MgSplit split_names[MG_N_SPLITS] = {MG_SPLIT_TRAIN, MG_SPLIT_VAL, MG_SPLIT_TEST};

static void
set_all(MgManifest *manifest, MgSplit split)
{
  for (guint i = 0; i < manifest->tracks->len; i++)
    mg_manifest_track(manifest, i)->split = split;
}

static gboolean
has_fold(const MgManifest *manifest, int fold)
{
  for (guint i = 0; i < manifest->tracks->len; i++)
    if (mg_manifest_track(manifest, i)->fold == fold)
      return TRUE;
  return FALSE;
}

static char *
folds_there(const MgManifest *manifest)
{
  GString *text = g_string_new(NULL);
  int shown = 0, last = -1;
  for (;;) {
    int next = -1;
    for (guint i = 0; i < manifest->tracks->len; i++) {
      int fold = mg_manifest_track(manifest, i)->fold;
      if (fold > last && (next < 0 || fold < next))
        next = fold;
    }
    if (next < 0 || ++shown > 12)
      break;
    g_string_append_printf(text, "%s%d", text->len ? ", " : "", next);
    last = next;
  }
  if (shown > 12)
    g_string_append(text, ", …");
  return g_string_free(text, FALSE);
}

static gboolean
check_folds(const MgManifest *manifest, const MgSplitPlan *plan, GError **error)
{
  g_autofree char *there = folds_there(manifest);
  if (!*there) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("%s: has no folds to split by; a CSV's fold column or --fold-from gives some"), manifest->path);
    return FALSE;
  }
  for (int split = 0; split <= MG_N_SPLITS; split++)
    for (guint i = 0; plan->folds[split] && i < plan->folds[split]->len; i++) {
      int fold = g_array_index(plan->folds[split], int, i);
      if (has_fold(manifest, fold))
        continue;
      g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: there is no fold %d; expected one of %s"), manifest->path,
                  fold, there);
      return FALSE;
    }
  return TRUE;
}

static gboolean
is_among(const GArray *folds, int fold)
{
  for (guint i = 0; folds && i < folds->len; i++)
    if (g_array_index(folds, int, i) == fold)
      return TRUE;
  return FALSE;
}

static gboolean
check_groups(const MgManifest *manifest, const MgSplitPlan *plan, GError **error)
{
  g_autoptr(GHashTable) there = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < manifest->tracks->len; i++)
    if (mg_manifest_track(manifest, i)->group)
      g_hash_table_add(there, mg_manifest_track(manifest, i)->group);
  for (int split = 0; split <= MG_N_SPLITS; split++)
    for (char **name = plan->groups[split]; name && *name; name++)
      if (!g_hash_table_contains(there, *name)) {
        g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                    _("%s: there is no group “%s” among the %u; --group-from gives some"), manifest->path, *name,
                    g_hash_table_size(there));
        return FALSE;
      }
  return TRUE;
}

static gboolean
split_by_group(MgManifest *manifest, const MgSplitPlan *plan, MgRng *rng, GError **error)
{
  if (!check_groups(manifest, plan, error))
    return FALSE;
  set_all(manifest, MG_SPLIT_TRAIN);
  for (guint i = 0; i < manifest->tracks->len; i++) {
    MgTrack *track = mg_manifest_track(manifest, i);
    for (int split = 0; split <= MG_N_SPLITS; split++)
      if (track->group && plan->groups[split] &&
          g_strv_contains((const char *const *)plan->groups[split], track->group))
        track->split = split;
  }
  if (!plan->groups[MG_SPLIT_VAL])
    deal_tracks(manifest, MG_SPLIT_TRAIN, a_tenth, split_names, rng);
  return TRUE;
}

static gboolean
split_by_fold(MgManifest *manifest, const MgSplitPlan *plan, MgRng *rng, GError **error)
{
  if (!check_folds(manifest, plan, error))
    return FALSE;
  for (guint i = 0; i < manifest->tracks->len; i++) {
    MgTrack *track = mg_manifest_track(manifest, i);
    track->split = track->fold < 0                                     ? MG_SPLIT_NONE
                   : is_among(plan->folds[MG_SPLIT_TEST], track->fold) ? MG_SPLIT_TEST
                   : is_among(plan->folds[MG_SPLIT_VAL], track->fold)  ? MG_SPLIT_VAL
                                                                       : MG_SPLIT_TRAIN;
  }
  if (!plan->folds[MG_SPLIT_VAL])
    deal_tracks(manifest, MG_SPLIT_TRAIN, a_tenth, split_names, rng);
  return TRUE;
}

static gboolean
split_by_column(const MgManifest *manifest, GError **error)
{
  for (guint i = 0; i < manifest->tracks->len; i++)
    if (mg_manifest_track(manifest, i)->split != MG_SPLIT_NONE)
      return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
              _("%s: split=column needs a CSV with a column “split” (train, val or test)"), manifest->path);
  return FALSE;
}

/* Warnings */

static void add_line(GPtrArray *warnings, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
add_line(GPtrArray *warnings, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  g_ptr_array_add(warnings, g_strdup_vprintf(format, arguments));
  va_end(arguments);
}

static void
warn_of_straddling(const MgManifest *manifest, GPtrArray *warnings)
{
  g_autoptr(GHashTable) first = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GHashTable) named = g_hash_table_new(g_str_hash, g_str_equal);
  char *example = NULL;
  for (guint i = 0; i < manifest->tracks->len; i++) {
    MgTrack *track = mg_manifest_track(manifest, i);
    if (!track->group)
      continue;
    const MgTrack *other = g_hash_table_lookup(first, track->group);
    if (!other)
      g_hash_table_insert(first, track->group, track);
    else if (other->split != track->split && g_hash_table_add(named, track->group) && !example)
      example = track->group;
  }
  if (example)
    add_line(warnings,
             ngettext("%u group (“%s”%s) lies on several sides of this split: its figures may be too good",
                      "%u groups (“%s”%s) lie on several sides of this split: its figures may be too good",
                      g_hash_table_size(named)),
             g_hash_table_size(named), example, g_hash_table_size(named) > 1 ? ", …" : "");
}

static void
warn_of_gaps(const MgManifest *manifest, const gboolean wanted[MG_N_SPLITS + 1], GPtrArray *warnings)
{
  guint classes = manifest->labels->len;
  g_autofree guint *counts = g_new0(guint, classes * (MG_N_SPLITS + 1));
  guint left_out = 0;
  for (guint i = 0; i < manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    counts[track->label * (MG_N_SPLITS + 1) + track->split]++;
    left_out += track->split == MG_SPLIT_NONE;
  }
  if (left_out)
    add_line(
        warnings,
        ngettext("%u track is in no split and is not used", "%u tracks are in no split and are not used", left_out),
        left_out);
  for (guint label = 0; label < classes; label++)
    for (int split = MG_SPLIT_TRAIN; split <= MG_N_SPLITS; split++)
      if (wanted[split] && counts[label * (MG_N_SPLITS + 1) + split] == 0)
        add_line(warnings, _("class “%s” has no track in %s"), mg_manifest_label(manifest, label),
                 mg_split_name(split));
}

static gboolean
apply(MgManifest *manifest, const MgSplitPlan *plan, guint64 seed, GError **error)
{
  MgRng rng = mg_rng_stream(seed, 0x5b117);
  switch (plan->kind) {
  case MG_BY_RATIO:
    set_all(manifest, MG_SPLIT_NONE);
    deal_tracks(manifest, MG_SPLIT_NONE, plan->shares, split_names, &rng);
    return TRUE;
  case MG_BY_FOLD:
    return split_by_fold(manifest, plan, &rng, error);
  case MG_BY_GROUP:
    return split_by_group(manifest, plan, &rng, error);
  case MG_BY_COLUMN:
    return split_by_column(manifest, error);
  case MG_BY_SEGMENT:
    set_all(manifest, MG_SPLIT_NONE);
    return TRUE;
  }
  return FALSE;
}

gboolean
mg_split_apply(MgManifest *manifest, const MgParams *params, GPtrArray *warnings, GError **error)
{
  g_auto(MgSplitPlan) plan = {0};
  if (!mg_split_plan_read(params, &plan, error) || !apply(manifest, &plan, mg_params_int(params, "seed"), error))
    return FALSE;
  if (!warnings)
    return TRUE;
  gboolean wanted[MG_N_SPLITS + 1] = {FALSE, TRUE, TRUE, TRUE};
  if (plan.kind == MG_BY_FOLD)
    wanted[MG_SPLIT_TEST] = plan.folds[MG_SPLIT_TEST] != NULL;
  if (plan.kind == MG_BY_GROUP)
    wanted[MG_SPLIT_TEST] = plan.groups[MG_SPLIT_TEST] != NULL;
  for (int i = 0; plan.kind == MG_BY_RATIO && i < MG_N_SPLITS; i++)
    wanted[split_names[i]] = plan.shares[i] > 0;
  if (plan.kind == MG_BY_SEGMENT) {
    add_line(warnings, _("split by segment: segments of one track are on both sides, and its figures pretend"));
    return TRUE;
  }
  warn_of_straddling(manifest, warnings);
  warn_of_gaps(manifest, wanted, warnings);
  return TRUE;
}

void
mg_split_segments(GArray *segments, const MgManifest *manifest, const MgParams *params)
{
  g_auto(MgSplitPlan) plan = {0};
  if (!mg_split_plan_read(params, &plan, NULL) || plan.kind != MG_BY_SEGMENT)
    return;
  MgRng rng = mg_rng_stream(mg_params_int(params, "seed"), 0x1eac);
  g_autofree guint32 *members = g_new(guint32, MAX(segments->len, 1));
  for (guint label = 0; label < manifest->labels->len; label++) {
    size_t n = 0;
    for (guint i = 0; i < segments->len; i++)
      if (mg_manifest_track(manifest, g_array_index(segments, MgSegment, i).track)->label == (int)label)
        members[n++] = i;
    mg_rng_shuffle(&rng, members, n);
    size_t train = (size_t)(n * plan.shares[0] + 0.5), val = (size_t)(n * (plan.shares[0] + plan.shares[1]) + 0.5);
    for (size_t i = 0; i < n; i++)
      g_array_index(segments, MgSegment, members[i]).split = i < train ? MG_SPLIT_TRAIN
                                                             : i < val ? MG_SPLIT_VAL
                                                                       : MG_SPLIT_TEST;
  }
}

guint *
mg_split_counts(const MgManifest *manifest, const GArray *segments)
{
  guint *counts = g_new0(guint, manifest->labels->len * MG_N_SPLITS);
  for (guint i = 0; i < segments->len; i++) {
    const MgSegment *segment = &g_array_index(segments, MgSegment, i);
    int label = mg_manifest_track(manifest, segment->track)->label;
    if (segment->split != MG_SPLIT_NONE)
      counts[label * MG_N_SPLITS + segment->split - 1]++;
  }
  return counts;
}

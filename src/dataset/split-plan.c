#include "dataset/split-plan.h"
#include "base/error.h"
#include "dataset/manifest.h"
#include <glib/gi18n-lib.h>
#include <string.h>

void
mg_split_plan_clear(MgSplitPlan *plan)
{
  for (int i = 0; i <= MG_N_SPLITS; i++)
    g_clear_pointer(&plan->folds[i], g_array_unref);
  for (int i = 0; i <= MG_N_SPLITS; i++)
    g_clear_pointer(&plan->groups[i], g_strfreev);
}

/* "6:2:2" */
static gboolean
parse_shares(const char *text, double shares[MG_N_SPLITS])
{
  g_auto(GStrv) parts = g_strsplit(text, ":", -1);
  if (g_strv_length(parts) != MG_N_SPLITS)
    return FALSE;
  double sum = 0;
  for (int i = 0; i < MG_N_SPLITS; i++) {
    char *rest;
    shares[i] = g_ascii_strtod(parts[i], &rest);
    if (rest == parts[i] || *rest || !(shares[i] >= 0 && shares[i] <= 1e6))
      return FALSE;
    sum += shares[i];
  }
  for (int i = 0; i < MG_N_SPLITS; i++)
    shares[i] /= sum;
  return shares[0] > 0;
}

static gboolean
parse_fold(const char **at, int *fold)
{
  char *rest;
  gint64 value = g_ascii_isdigit(**at) ? g_ascii_strtoll(*at, &rest, 10) : -1;
  if (value < 0 || value > 1000000)
    return FALSE;
  *fold = (int)value;
  *at = rest;
  return TRUE;
}

/* "2", "0-4", "0+3+5-7" */
static GArray *
parse_folds(const char *text)
{
  g_autoptr(GArray) folds = g_array_new(FALSE, FALSE, sizeof(int));
  for (;;) {
    int first, last;
    if (!parse_fold(&text, &first))
      return NULL;
    last = first;
    if (*text == '-' && (text++, !parse_fold(&text, &last)))
      return NULL;
    for (int fold = first; fold <= last; fold++)
      g_array_append_val(folds, fold);
    if (!*text)
      return folds->len ? g_steal_pointer(&folds) : NULL;
    if (*text++ != '+')
      return NULL;
  }
}

static gboolean
share_a_fold(const GArray *one, const GArray *other)
{
  g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
  for (guint i = 0; one && i < one->len; i++)
    g_hash_table_add(known, GINT_TO_POINTER(g_array_index(one, int, i)));
  for (guint i = 0; other && i < other->len; i++)
    if (g_hash_table_contains(known, GINT_TO_POINTER(g_array_index(other, int, i))))
      return TRUE;
  return FALSE;
}

/* "george", "george+theo" */
static GStrv
parse_groups(const char *text)
{
  g_auto(GStrv) names = g_strsplit(text, "+", -1);
  return *names && !g_strv_contains((const char *const *)names, "") ? g_steal_pointer(&names) : NULL;
}

static gboolean
share_a_group(const GStrv one, const GStrv other)
{
  for (char **name = one; one && other && *name; name++)
    if (g_strv_contains((const char *const *)other, *name))
      return TRUE;
  return FALSE;
}

/* "test=1,val=2": no fold, or group, is on both sides. */
static gboolean
parse_sides(const char *text, MgSplitPlan *plan)
{
  g_auto(GStrv) parts = g_strsplit(text, ",", -1);
  for (char **part = parts; *part; part++) {
    MgSplit split = g_str_has_prefix(*part, "test=")  ? MG_SPLIT_TEST
                    : g_str_has_prefix(*part, "val=") ? MG_SPLIT_VAL
                                                      : MG_SPLIT_NONE;
    if (split == MG_SPLIT_NONE || plan->folds[split] || plan->groups[split])
      return FALSE;
    const char *names = strchr(*part, '=') + 1;
    if (plan->kind == MG_BY_FOLD)
      plan->folds[split] = parse_folds(names);
    else
      plan->groups[split] = parse_groups(names);
    if (!plan->folds[split] && !plan->groups[split])
      return FALSE;
  }
  return *parts && !share_a_fold(plan->folds[MG_SPLIT_TEST], plan->folds[MG_SPLIT_VAL]) &&
         !share_a_group(plan->groups[MG_SPLIT_TEST], plan->groups[MG_SPLIT_VAL]);
}

static const char leaky_prefix[] = MG_SPLIT_LEAKY_PREFIX, fold_prefix[] = "fold:", group_prefix[] = "group:";

static gboolean
parse_plan(const char *text, MgSplitPlan *plan)
{
  *plan = (MgSplitPlan){0};
  if (g_str_equal(text, "column")) {
    plan->kind = MG_BY_COLUMN;
    return TRUE;
  }
  if (g_str_has_prefix(text, fold_prefix)) {
    plan->kind = MG_BY_FOLD;
    return parse_sides(text + strlen(fold_prefix), plan);
  }
  if (g_str_has_prefix(text, group_prefix)) {
    plan->kind = MG_BY_GROUP;
    return parse_sides(text + strlen(group_prefix), plan);
  }
  plan->kind = g_str_has_prefix(text, leaky_prefix) ? MG_BY_SEGMENT : MG_BY_RATIO;
  return parse_shares(plan->kind == MG_BY_SEGMENT ? text + strlen(leaky_prefix) : text, plan->shares);
}

gboolean
mg_split_plan_read(const MgParams *params, MgSplitPlan *plan, GError **error)
{
  const char *text = mg_params_text(params, "split");
  if (parse_plan(text, plan))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
              _("split=%s: expected 6:2:2, fold:test=K[,val=J], fold:val=K, group:test=NAME, column or leaky:6:2:2"),
              text);
  return FALSE;
}

#include "ml/search-importance.h"
#include <math.h>
#include <stdlib.h>

/* One trial that has the parameter. */
typedef struct {
  double place, score;
  guint group;
} Entry;

enum { MOST_GROUPS = 8 };

static int
compare(const void *a, const void *b)
{
  double x = ((const Entry *)a)->place, y = ((const Entry *)b)->place;
  return (x > y) - (x < y);
}

/* Groups of equal values where these are few, else of about as many trials each; entries of one value stay together.
 * How many there are. */
static guint
group(Entry *entries, guint n, gboolean choices)
{
  guint groups = choices ? n : CLAMP((guint)sqrt(n / 2.0), 2, MOST_GROUPS), last = 0;
  qsort(entries, n, sizeof *entries, compare);
  for (guint i = 0; i < n; i++) {
    gboolean same = i > 0 && entries[i].place == entries[i - 1].place;
    gboolean next = i > 0 && !same && (choices || i * groups / n > entries[i - 1].group);
    entries[i].group = i == 0 ? 0 : entries[i - 1].group + next;
    last = entries[i].group;
  }
  return n > 0 ? last + 1 : 0;
}

/* Sum of squares around the mean, of all or of one group's entries. */
static double
squares_of(const Entry *entries, guint n, gint64 only, guint *count)
{
  double sum = 0, squares = 0;
  *count = 0;
  for (guint i = 0; i < n; i++)
    if (only < 0 || entries[i].group == only) {
      sum += entries[i].score;
      (*count)++;
    }
  for (guint i = 0; i < n; i++)
    if (only < 0 || entries[i].group == only)
      squares += (entries[i].score - sum / *count) * (entries[i].score - sum / *count);
  return squares;
}

/* The sum of squares that the groups explain, without what chance alone would. */
static double
explained(const Entry *entries, guint n, guint groups, double all)
{
  double within = 0;
  guint count;
  for (guint g = 0; g < groups; g++)
    within += squares_of(entries, n, g, &count);
  if (groups < 2 || n <= groups)
    return 0;
  double noise = within / (n - groups);
  return MAX(0, all - within - (groups - 1) * noise) * all / (all + noise);
}

void
mg_search_importance(const MgSearch *search, double *importance)
{
  guint trials = search->trials->len, n_all = 0, n;
  g_autofree Entry *entries = g_new(Entry, trials + 1);
  for (guint t = 0; t < trials; t++)
    if (mg_search_trial(search, t)->rungs > 0)
      entries[n_all++] = (Entry){0, mg_search_trial(search, t)->scores[0], 0};
  double all = squares_of(entries, n_all, -1, &n);
  for (guint i = 0; i < search->space->params->len; i++) {
    const MgSpaceParam *param = mg_space_param(search->space, i);
    n = 0;
    for (guint t = 0; t < trials; t++) {
      const MgTrial *trial = mg_search_trial(search, t);
      if (trial->rungs > 0 && !isnan(trial->values[i]))
        entries[n++] = (Entry){mg_space_scale(param, trial->values[i]), trial->scores[0], 0};
    }
    guint64 count = mg_space_count(param);
    guint groups = group(entries, n, count > 0 && count <= MOST_GROUPS), counted;
    double own = squares_of(entries, n, -1, &counted);
    importance[i] = all > 0 ? MIN(1, explained(entries, n, groups, own) / all) : 0;
  }
}

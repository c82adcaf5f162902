#include "ml/search-table.h"
#include <stdlib.h>

/* The median stopping rule (Golovin et al., 2017: Google Vizier, section 3.2.1): a trial ends where its best score so
 * far is below the median of the other trials' mean scores up to the same rung. */
static const guint least_others = 5; /* before that, nobody is stopped */

static int
compare(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static gboolean
stops(const MgSearch *search, const MgTrial *trial)
{
  g_autofree double *means = g_new(double, search->trials->len);
  double best = trial->scores[0];
  guint n = 0;
  for (int rung = 1; rung < trial->rungs; rung++)
    best = MAX(best, trial->scores[rung]);
  for (guint i = 0; i < search->trials->len; i++) {
    const MgTrial *other = mg_search_trial(search, i);
    if (other == trial || other->rungs < trial->rungs)
      continue;
    means[n] = 0;
    for (int rung = 0; rung < trial->rungs; rung++)
      means[n] += other->scores[rung] / trial->rungs;
    n++;
  }
  qsort(means, n, sizeof *means, compare);
  return n >= least_others && best < (means[n / 2] + means[(n - 1) / 2]) / 2;
}

static int
promote(const MgSearch *search)
{
  for (guint i = 0; i < search->trials->len; i++)
    if (mg_search_trial(search, i)->state == MG_TRIAL_PAUSED && mg_search_affords(search, mg_search_trial(search, i)))
      return (int)i;
  return -1;
}

/* All the way of those that are not stopped yet. */
static double
owed(const MgSearch *search)
{
  double sum = 0;
  for (guint i = 0; i < search->trials->len; i++) {
    const MgTrial *trial = mg_search_trial(search, i);
    gboolean running = trial->state == MG_TRIAL_RUNNING, goes_on = running || trial->state == MG_TRIAL_PAUSED;
    for (int rung = trial->rungs + running; goes_on && rung < search->rungs; rung++)
      sum += trial->steps[rung];
  }
  return sum;
}

const MgScheduler mg_scheduler_median = {
    .name = "median", .has_rungs = TRUE, .stops = stops, .promote = promote, .owed = owed};

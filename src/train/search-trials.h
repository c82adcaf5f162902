/* trials.csv of a search: a line whenever a trial begins, reaches a rung or fails, so that the last line of a trial
 * tells how it stands. Columns: trial (from 1), repeats, state, the parameters of the space, rung, score, std, epochs,
 * seconds. */
#pragma once
#include "ml/search.h"

/* What a trial has taken and given so far. */
typedef struct {
  double deviation; /* of the score: over the repeats, of a single one over the folds; NAN: not known */
  double epochs;    /* of learning: epochs, rounds of boosting, or whole learnings where nothing is counted */
  double seconds;
} MgTrialCost;

gboolean mg_trials_append(const char *folder, const MgSearch *search, guint trial, int repeats, const MgTrialCost *cost,
                          GError **error);
/* Reads all trials of the file: `costs` gets one (MgTrialCost) for each. An absent file has none, and a last line that
 * is not complete is none. MG_ERROR_FORMAT names the line that is none of this space. */
gboolean mg_trials_read(const char *folder, MgSearch *search, GArray *costs, GError **error);
/* The same for who goes on with it: a last line that was cut short is cut away. */
gboolean mg_trials_load(const char *folder, MgSearch *search, GArray *costs, GError **error);

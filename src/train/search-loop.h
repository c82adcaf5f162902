/* The trials of one search: several workers take them from one queue. A worker is a thread that measures, or that
 * stands for another rank; where that is gone, its trial goes back into the queue. */
#pragma once
#include "base/ranks-calls.h"
#include "train/run-dir.h"
#include "train/search-objective.h"

typedef struct {
  MgRunDir *dir;
  const MgSpace *space;
  const MgParams *params; /* of mg_search_params */
  MgObjective *objective;
  MgRanksCalls *calls; /* to the other ranks, which are in mg_search_serve(); NULL: there are none */
  MgRanks *ranks;
  double first, share; /* of the whole progress: where this search begins, and how much it is */
  const MgSearchJob *job;
} MgSearchPlan;

/* Goes on with the trials that the folder has. `search` and `costs` (MgTrialCost, one a trial) are the caller's. */
gboolean mg_search_loop(const MgSearchPlan *plan, MgSearch *search, GArray *costs, MgProgress *progress,
                        GError **error);

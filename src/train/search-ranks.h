/* Trials that other ranks measure. */
#pragma once
#include "base/ranks-calls.h"
#include "train/search-objective.h"

/* As measure() of the objective that `rank` has. MG_ERROR_DEVICE where that rank is gone: somebody else may try. */
gboolean mg_search_ask(MgRanksCalls *calls, int rank, const MgTrialTask *task, guint n_values, double *score,
                       MgTrialCost *cost, GError **error);
/* Measures what rank 0 asks for, `jobs` trials at a time, until it lets go. */
gboolean mg_search_serve(MgRanks *ranks, MgObjective *objective, int jobs, MgProgress *progress, GError **error);

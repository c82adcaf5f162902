/* What searches share, and the nested one: for each fold of a table a search in its training rows alone, whose best
 * parameters are then measured on the fold's own rows. What it gives is what tuning is worth on music that neither the
 * classifier nor the tuning has seen. */
#pragma once
#include "train/search-loop.h"
#include "train/search-run.h"

gboolean mg_search_nested(const MgSearchJob *job, const MgSpace *space, MgRunDir *dir, MgObjective *objective,
                          const MgSamples *samples, const int *folds, int k, MgSearchResult *result,
                          MgProgress *progress, GError **error);
/* Adds what all trials took. */
/* "C=3 gamma=0.02", and how far it learned where that was not the whole; g_free() it. */
char *mg_search_describe(const MgSpace *space, const double *values, double share);
void mg_search_sum_up(const MgSearch *search, const GArray *costs, MgSearchResult *result);
/* The last status: finished, or how it failed (failure may be NULL). */
gboolean mg_search_finish(MgRunDir *dir, const GError *failure, GError **error);

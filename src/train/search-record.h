/* A search's folder as one looks at it, also while it is under way. */
#pragma once
#include "train/search-job.h"
#include "train/search-trials.h"

/* A scale for pictures: texts and their places, 0 … 1, in ascending order. */
typedef struct {
  char **labels; /* NULL-terminated */
  double *places;
  size_t n;
} MgSearchScale;

typedef struct {
  MgSearchJob *job;
  MgSpace *space;
  MgSearch *search;
  GArray *costs;      /* MgTrialCost, one a trial */
  double *importance; /* of each parameter, as mg_search_importance() */
  double *scores;     /* of each trial; NAN: it has none */
  gboolean *whole;    /* which trials went to their end */
  GArray *params;     /* guint: the parameters that have more than one value */
  GArray *by_matter;  /* guint: the same, the most important first */
  GArray *ranking;    /* guint: the trials that have a score, the best last */
  GArray *scales;     /* MgSearchScale of each of `params`, then that of the scores */
  double *places;     /* (ranking, scales): where each trial is on each scale; NAN where a parameter does not count */
} MgSearchRecord;

gboolean mg_search_is_one(const char *folder); /* whether config.ini tells of a search */
/* Nothing is written. MG_ERROR_FORMAT names the file that is not as expected. */
MgSearchRecord *mg_search_record_load(const char *folder, GError **error);
void mg_search_record_free(MgSearchRecord *record); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSearchRecord, mg_search_record_free)

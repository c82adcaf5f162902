/* A search's folder as one looks at it, also while it is under way. */
#pragma once
#include "train/search-job.h"
#include "train/search-trials.h"

typedef struct {
  MgSearchJob *job;
  MgSpace *space;
  MgSearch *search;
  GArray *costs;      /* MgTrialCost, one a trial */
  double *importance; /* of each parameter, as mg_search_importance() */
} MgSearchRecord;

gboolean mg_search_is_one(const char *folder); /* whether config.ini tells of a search */
/* Nothing is written. MG_ERROR_FORMAT names the file that is not as expected. */
MgSearchRecord *mg_search_record_load(const char *folder, GError **error);
void mg_search_record_free(MgSearchRecord *record); /* accepts NULL */

/* The scale of a parameter for pictures: texts and their places, 0 … 1, in ascending order. */
typedef struct {
  char **labels; /* NULL-terminated */
  double *places;
  size_t n;
} MgSearchScale;

MgSearchScale mg_search_record_scale(const MgSearchRecord *record, guint param);
/* The same of the scores, from the lowest to the highest. */
MgSearchScale mg_search_record_score_scale(const MgSearchRecord *record);
double mg_search_record_score_place(const MgSearchRecord *record, guint trial); /* NAN: it has none */
/* Trials with a score, the best last: guint elements. */
GArray *mg_search_record_ranking(const MgSearchRecord *record);
void mg_search_scale_clear(MgSearchScale *scale);
/* The place of a trial on it; NAN where the parameter does not count. */
double mg_search_record_place(const MgSearchRecord *record, guint param, guint trial);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSearchRecord, mg_search_record_free)

/* What a search is asked for: what learns on what, the space, and how it is looked through. Goes to config.ini of the
 * search's folder, so that it can be resumed. */
#pragma once
#include "base/param.h"
#include "base/ranks.h"
#include "ml/search.h"

extern const MgParamTable mg_nested_params; /* inner_cv */

/* Owned texts, NULL where not given. */
typedef struct {
  char *dataset, *model; /* a network on tracks: path; name or file, as mg_train() takes them */
  char *label_from, *group_from, *fold_from;
  char *table; /* or, without a model, a classifier on a table or on rows of the data set, as mg_table_run() */
  char *embedding, *layer; /* takes them */
  char *classifier;        /* NULL: the space has some to choose from */
  char *label, *group, *ignore, *folds;
  char *space;       /* path of a file, the name of one below models/spaces, or the JSON itself */
  char *run;         /* folder */
  MgRanks *ranks;    /* that measure trials; NULL: this process by itself. Not owned */
  char *program;     /* melograph-cli, which trains networks */
  char **set;        /* "name=value": what is the same in all trials; NULL-terminated or NULL */
  gboolean nested;   /* of a table: searched in the training rows of each fold alone, and measured on its others */
  gboolean resume;   /* then the run knows the rest, and what is given must agree with it */
  MgParams *params;  /* of mg_search_params and mg_nested_params */
  char *description; /* the space's text */
} MgSearchJob;

MgSearchJob *mg_search_job_new(void);      /* nothing given; the parameters' defaults */
void mg_search_job_free(MgSearchJob *job); /* accepts NULL */
gboolean mg_search_job_save(const MgSearchJob *job, const char *folder, GError **error);
/* The job that a search was begun with. */
MgSearchJob *mg_search_job_load(const char *folder, GError **error);
/* MG_ERROR_USAGE names what `wanted` gives otherwise than `begun`. More trials, another budget and other jobs are no
 * other search; `assignments` (may be NULL) are the parameters that are given. */
gboolean mg_search_job_agrees(const MgSearchJob *wanted, char **assignments, const MgSearchJob *begun, GError **error);
/* Reads `description` from where `space` says. */
gboolean mg_search_job_read_space(MgSearchJob *job, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSearchJob, mg_search_job_free)

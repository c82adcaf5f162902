/* What a search measures: how well something learns with a configuration. One is a file (search-NAME.c). */
#pragma once
#include "train/search-job.h"
#include "train/search-trials.h"
#include "train/table-run.h"
#include "base/progress.h"

typedef struct {
  guint number;         /* of the trial, from 0 */
  const double *values; /* a configuration of the space */
  double share, before; /* of a whole trial: to be reached now, reached before */
} MgTrialTask;

typedef struct MgObjective MgObjective;
struct MgObjective {
  const MgSpace *space;
  /* The epochs that a trial with these values takes from one share to another at most, as `cost` counts them. */
  double (*price)(MgObjective *self, const double *values, double share, double before);
  /* Any number of threads at a time, each with another trial. *score: macro F1 on what was not learned from. Adds to
   * what `cost` holds of before. */
  gboolean (*measure)(MgObjective *self, const MgTrialTask *task, double *score, MgTrialCost *cost,
                      MgProgress *progress, GError **error);
  /* Learns with the configuration, as far as the share goes, from everything that may be learned from; a run folder
   * with the model. */
  gboolean (*keep)(MgObjective *self, const MgTrialTask *task, const char *folder, MgProgress *progress,
                   GError **error);
  void (*free)(MgObjective *self);
};

/* Both refuse (MG_ERROR_USAGE) what in the space cannot be set, naming it. They refer to job and space.
 * Every trial of a network is a run below `folder`, trained by a process of its own. */
MgObjective *mg_objective_network(const MgSearchJob *job, const MgSpace *space, const char *folder, GError **error);
/* Of these rows; `folds` (of `repeats` x rows) tells in which of `k` each is tested, at each repeat; k = 1: those of
 * fold 0 are tested, and the others learned from. Refers to the samples, takes the folds. */
MgObjective *mg_objective_table(const MgSearchJob *job, const MgSpace *space, const MgSamples *samples, int *folds,
                                int k, GError **error);
void mg_objective_free(MgObjective *objective); /* accepts NULL */

/* What the trials of a job have in common: its rows, and how they are parted. */
typedef struct {
  MgParams *params; /* of mg_table_run_tables(), as the job sets them */
  MgTableData *data;
  MgSamples *samples; /* the rows that may be learned from: all, or those of the sides train and val */
  int *folds, k;      /* as mg_objective_table() takes them; taken from here */
} MgSearchRows;

gboolean mg_search_rows_open(MgSearchRows *rows, const MgSearchJob *job, const MgSpace *space, MgProgress *progress,
                             GError **error);
void mg_search_rows_clear(MgSearchRows *rows);
/* Whether such a trial's score at a rung is that of a model of its own: it counts rounds or epochs. */
gboolean mg_search_job_stands(const MgSearchJob *job, const MgSpace *space, const double *values);
/* Macro F1 of a classifier with this configuration on `test` rows when it learned the share from `train` rows. */
gboolean mg_objective_table_try(MgObjective *objective, const double *values, double share, const guint32 *train,
                                size_t n_train, const guint32 *test, size_t n_test, double *f1, double *accuracy,
                                GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgObjective, mg_objective_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MgSearchRows, mg_search_rows_clear)

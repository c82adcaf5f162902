/* Trains a classifier on rows of numbers, of a CSV file or of the sounds of a data set, in a run folder like a
 * network's: config.ini, split.csv, status, log.txt, metrics.csv, predictions.csv, checkpoints/best.safetensors.
 *
 * Measured on the sides of a split: metrics.csv has one epoch with the figures of val and test, predictions.csv the
 * test rows (predictions-val.csv those of val where there is no test side), and the model learned from the training
 * rows. Measured by cross-validation: metrics.csv has an epoch a fold with its figures as test, then their means as
 * val; predictions.csv has every row by the classifier that had not seen it, and the model learned from all rows. */
#pragma once
#include "ml/classifier.h"
#include "ml/figures.h"
#include "train/table-data.h"

extern const MgParamTable mg_table_run_params; /* scaler cv group_duplicates threads */

/* The parameters of a run of a classifier (NULL: of any), ending with NULL; `of_rows` (may be NULL) are those of what
 * makes the rows. */
GPtrArray *mg_table_run_tables(const MgClassifierClass *classifier, const MgParamTable *const *of_rows);

typedef struct {
  MgTableRequest request; /* its parameters are the classifier's as well */
  const char *folds;      /* CSV with row and fold; "column": the data set's own folds; NULL: the parameter cv */
  const MgClassifierClass *classifier;
  const char *run; /* folder: new or empty */
  gboolean keep;   /* what has been learned stays in the folder, to resume with, until mg_table_run_forget() */
  gboolean resume; /* takes what an earlier, equal job has kept there; the folder may be absent, too */
} MgTableJob;

/* Whether the parameter `split` parts the rows where cv and folds leave it open: that of a data set does, a CSV's where
 * it was set. */
gboolean mg_table_job_splits(const MgTableJob *job);

typedef struct {
  double f1_macro, accuracy, seconds; /* of learning */
  size_t rows;                        /* tested */
} MgTableFold;

typedef struct {
  GArray *folds;                                    /* MgTableFold; of a split one: the test side, else val */
  MgTableFold val;                                  /* of a split; no rows where there is none */
  double f1_macro, f1_deviation, accuracy, seconds; /* means over the folds */
  MgFigures figures;                                /* of all rows tested, each by who had not seen it */
  size_t duplicates;                                /* pairs of rows that are the same, or nearly */
  gboolean leaky;
  GPtrArray *warnings; /* char *: what makes the figures pretend, what was left out */
} MgTableResult;

/* *data is NULL, or what an earlier run of the same request left there; the caller frees it. `data` NULL: nobody needs
 * it again. *result is to be cleared also where it fails. */
gboolean mg_table_run(const MgTableJob *job, MgTableData **data, MgTableResult *result, MgProgress *progress,
                      GError **error);
void mg_table_result_clear(MgTableResult *result);
/* Removes what a job with `keep` has kept beyond the run itself. */
void mg_table_run_forget(const char *run);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MgTableResult, mg_table_result_clear)

/* Trains a network on a data set in a run folder. */
#pragma once
#include "base/param.h"
#include "base/progress.h"
#include "base/ranks.h"
#include "dataset/manifest.h"

/* Every table a training takes: split, fit, batch feed, optimizer, schedule, train, transfer and the augmentations',
 * then the front end's. Ends with NULL. */
const MgParamTable *const *mg_train_tables(void);

typedef struct {
  const char *dataset; /* path */
  MgImportOptions import;
  const char *model;      /* name below models/ or a .json file */
  const char *run;        /* folder */
  const MgParams *params; /* of mg_train_tables() */
  MgRanks *ranks;         /* NULL: this process by itself */
  int until;              /* epochs after which it stops, to be resumed; 0: goes to its end */
  gboolean resume;        /* then the run's config.ini holds the rest, and what is not NULL above must agree with it */
} MgTrainJob;

/* checkpoints/best is the epoch with the highest validation macro F1 (of equal ones, the lowest validation loss),
 * without a validation set the last one.
 *
 * Trains to the end, or until *progress is cancelled: then a checkpoint is written and MG_ERROR_CANCELLED set. Resuming
 * goes on as if it had never stopped; a finished run is left as it is (TRUE). The same seed and number of threads give
 * the same metrics.csv, byte for byte.
 *
 * Of several ranks all call this with the same job. Rank 0 writes the folder, which the others read. */
gboolean mg_train(const MgTrainJob *job, MgProgress *progress, GError **error);

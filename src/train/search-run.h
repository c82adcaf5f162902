/* A search in a folder: config.ini, space.json, status, log.txt, trials.csv (search-trials.h), and
 *   of a network   trials/NNNN, each trial's run; best.csv, its tracks with train and val joined;
 *   in the end     best/, a run folder with the model: the best trial's parameters learned again from train and val
 * (for as many epochs as its best one took), or of a table from all rows, with predictions by its folds; nested
 * fold-K/, a search in the training rows of each fold, and nested.csv: fold, the parameters of the best trial, score
 * (inside), f1_macro and accuracy on the fold's own rows. No best/. */
#pragma once
#include "train/search-job.h"
#include "base/progress.h"

typedef struct {
  int fold;                  /* from 1 */
  char *values;              /* "C=3 gamma=0.02": of the best trial inside */
  double score;              /* of that trial */
  double f1_macro, accuracy; /* on the fold's rows, which it has not seen */
} MgNestedFold;

typedef struct {
  guint trials, failed;
  int best;                /* number of the best trial, from 0; -1: of a nested search */
  char *values;            /* "C=3 gamma=0.02" of it */
  double score, deviation; /* of it; nested: mean and deviation of the folds' macro F1 */
  double epochs, seconds;  /* of learning, all trials together */
  GArray *folds;           /* MgNestedFold; NULL where it is not nested */
  GPtrArray *warnings;     /* char *: what makes the figures pretend, what was left out */
} MgSearchResult;

/* Looks through the space until all trials are done, or until *progress is cancelled: then trials under way keep their
 * checkpoints and MG_ERROR_CANCELLED is set. Resuming does those again, or goes on with them. With one job the same
 * seed gives the same trials, stopped or not; with several, what TPE and schedulers know depends on who was faster.
 * *result is to be cleared also where it fails. */
gboolean mg_search_run(const MgSearchJob *job, char **assignments, MgSearchResult *result, MgProgress *progress,
                       GError **error);
void mg_search_result_clear(MgSearchResult *result);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MgSearchResult, mg_search_result_clear)

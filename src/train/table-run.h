/* Trains a classifier on a table of numbers and measures it by cross-validation, in a run folder like a network's:
 * config.ini, status, log.txt, metrics.csv (an epoch a fold), predictions.csv (every row by the classifier that had not
 * seen it), checkpoints/best.safetensors (trained on all rows). */
#pragma once
#include "base/param.h"
#include "base/progress.h"
#include "ml/classifier.h"
#include "ml/figures.h"

extern const MgParamTable mg_table_run_params; /* scaler cv group_duplicates seed threads */

typedef struct {
  const char *table;         /* path of a CSV file */
  const char *label, *group; /* columns; group may be NULL */
  const char *ignore;        /* columns that are no features, separated by commas */
  const char *folds;         /* CSV with row and fold, in place of the parameter cv; may be NULL */
  const MgClassifierClass *classifier;
  const MgParams *params; /* of mg_table_run_params and the classifier's tables */
  const char *run;        /* folder: new or empty */
} MgTableJob;

typedef struct {
  double f1_macro, accuracy, seconds; /* of learning */
  size_t rows;                        /* tested */
} MgTableFold;

typedef struct {
  GArray *folds;                                    /* MgTableFold */
  double f1_macro, f1_deviation, accuracy, seconds; /* means over the folds */
  MgFigures figures;                                /* of all rows, each by who had not seen it */
  size_t duplicates;                                /* pairs of rows that are the same, or nearly */
  GPtrArray *warnings;                              /* char *: what makes the figures pretend */
} MgTableResult;

/* *result is to be cleared also where it fails. */
gboolean mg_table_run(const MgTableJob *job, MgTableResult *result, MgProgress *progress, GError **error);
void mg_table_result_clear(MgTableResult *result);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MgTableResult, mg_table_result_clear)

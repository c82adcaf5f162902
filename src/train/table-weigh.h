/* What the answers of a run on rows owe to each column, measured after it has ended. */
#pragma once
#include "base/progress.h"

/* Measures by how much macro F1 falls when a column is shuffled, `repeats` times, on rows that the answering model has
 * not seen, as permutation_repeats does within the run: of folds each is learned again. The run's importances.csv is
 * replaced in the end, or stays as it is where this fails or is cancelled. MG_ERROR_USAGE: no run of a classifier on
 * rows; MG_ERROR_DATA: its rows are not what they were. */
gboolean mg_table_weigh(const char *run, int repeats, int threads, MgProgress *progress, GError **error);

/* Cross-validation: which fold each row of a table is tested in. */
#pragma once
#include "ml/samples.h"

/* Deals the rows to folds 0 … k - 1 (g_free() them): every class as evenly as its groups allow, rows of one group in
 * one fold (sklearn's StratifiedKFold, and StratifiedGroupKFold where there are groups). MG_ERROR_USAGE where k is not
 * 2 … the number of rows or groups. */
int *mg_folds_deal(const MgSamples *samples, int k, guint64 seed, GError **error);
/* From a CSV with columns row (from 0) and fold, one line a row. */
int *mg_folds_load(const char *path, const MgSamples *samples, int *k, GError **error);
/* The rows of one fold (inside), or all others. n of them; g_free() them. */
guint32 *mg_folds_rows(const int *folds, size_t rows, int fold, gboolean inside, size_t *n);

/* The folds in which the rows of a table are tested. */
#pragma once
#include "train/table-data.h"

/* The fold of each row, 0 … *k - 1: `folds` is a CSV with row and fold, "column" for the data set's own, NULL for as
 * many as the parameter cv says, dealt out with groups kept together. Of classes with fewer rows than folds it warns,
 * once. g_free() it. */
int *mg_table_folds(MgTableData *data, const char *folds, const MgParams *params, int *k, GError **error);

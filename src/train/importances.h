/* importances.csv of a run on rows: what the answers owe to each column.
 *
 * feature, importance (the classifier's own, of all rows, sum 1; empty where it has none), permutation_mean and
 * permutation_deviation (of the fall of macro F1 on rows that the model had not seen, over folds and repeats; empty
 * where these were not asked for). */
#pragma once
#include "ml/samples.h"
#include "train/table-model.h"

typedef struct {
  char *feature;
  double importance, mean, deviation; /* NaN where the file has none */
} MgFeatureImportance;

/* The falls of macro F1, gathered model by model. */
typedef struct MgImportances MgImportances;

MgImportances *mg_importances_new(int repeats, guint64 seed, int threads); /* threads 0: all processors */
void mg_importances_free(MgImportances *importances);                      /* accepts NULL */
/* Of one more model, on rows that it has not learned from (unscaled). Does nothing where there are no repeats. */
gboolean mg_importances_add(MgImportances *importances, const MgTableModel *model, const MgSamples *samples,
                            MgProgress *progress, GError **error);
/* Writes the file, with the model's own importances, into the run folder; none where there is nothing to tell. */
gboolean mg_importances_save(const MgImportances *importances, const MgTableModel *model, const char *run,
                             GError **error);

/* Of a run: MgFeatureImportance, in the order of the columns. NULL with MG_ERROR_DATA where the run tells none. */
GArray *mg_importances_load(const char *run, GError **error);
/* Whether the permutations tell them, and then the most important first. */
gboolean mg_importances_sort(GArray *importances);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgImportances, mg_importances_free)

/* What came out of training classifiers on a table: on stdout, as JSON and as CSV. */
#pragma once
#include "train/table-run.h"

typedef struct {
  const MgClassifierClass *class;
  const MgParams *params;
  const char *run;
  const char *const *own; /* the parameters that it was given by name: "C=1"; NULL behind the last */
  MgTableResult result;
} MgTrainedClassifier;

/* `results` holds MgTrainedClassifier. One by itself is told fold by fold; several as a table, a line each. */
void mg_table_results_print(const GArray *results, gboolean several);
void mg_table_results_print_json(const GArray *results, gboolean several);
/* classifier, f1_macro, f1_deviation, accuracy, f1_val, accuracy_val, seconds, parameters, machine, run. */
gboolean mg_table_results_save(const GArray *results, const char *path, GError **error);

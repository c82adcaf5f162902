/* Why a classifier on rows of numbers took a row for a class: what each column of it is worth. */
#pragma once
#include "base/progress.h"
#include "train/table-model.h"

typedef struct {
  char *feature;
  double value;  /* of the row */
  double usual;  /* mean of the training rows that it was compared with */
  double effect; /* how much of the class's probability the value brings: what is lost, in the mean, where it is
                  * replaced by those of training rows */
} MgRowFeature;

typedef struct {
  GPtrArray *labels;    /* char * */
  int label;            /* the class that was asked about */
  float *probabilities; /* of the row as it is, one a class */
  GArray *features;     /* MgRowFeature, the largest effect, either way, first */
  guint compared;       /* how many training rows each value was replaced by */
} MgRowReasons;

/* A row x (columns) and training rows (rows, columns), unscaled. label -1: the class that the model says. */
MgRowReasons *mg_explain_row(const MgTableModel *model, const float *x, const MgMatrix *training, int label,
                             MgProgress *progress, GError **error);
/* The same of the stretch of `track` that begins at `start` s, one of those that the run's split knows, beside the
 * run's own training rows. MG_ERROR_DATA where there is none such. */
MgRowReasons *mg_explain_row_of_run(const char *run, const char *track, double start, int label, MgProgress *progress,
                                    GError **error);
char *mg_row_reasons_text(const MgRowReasons *reasons); /* sentences, translated; g_free() it */
void mg_row_reasons_free(MgRowReasons *reasons);        /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgRowReasons, mg_row_reasons_free)

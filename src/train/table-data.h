/* What classifiers on tables learn from: the rows of a CSV file, or of the sounds of a data set, and the sides on which
 * they are. */
#pragma once
#include "base/progress.h"
#include "ml/samples.h"
#include "train/table-source.h"

/* Either `table` or `dataset` is given. */
typedef struct {
  const char *table;         /* path of a CSV file */
  const char *label, *group; /* its columns; group may be NULL */
  const char *ignore;        /* its columns that are no features, separated by commas */
  const char *dataset;
  MgImportOptions import;
  const char *embedding, *layer; /* model whose layer's vectors are the rows; NULL: features, as `params` says */
  const MgParams *params;        /* of mg_table_run_tables() */
  gboolean by_split;             /* the parameter `split` parts the rows; else folds do */
} MgTableRequest;

typedef struct {
  MgSamples *samples;    /* NULL until mg_table_data_fill() */
  MgManifest *manifest;  /* the tracks; of a CSV its rows, their names being the paths */
  GArray *segments;      /* MgSegment: of each row, with its side */
  MgTableSource *source; /* NULL: a CSV */
  GPtrArray *warnings;   /* char *: what makes the figures pretend, what was left out */
  size_t duplicates;     /* pairs of rows that are the same, or nearly */
  gboolean leaky;        /* segments of one track are on both sides */
  gboolean dealt;        /* to folds: what is to be said of that has been said */
} MgTableData;

/* Everything that can be wrong with the request shows here; sound is not yet read. */
MgTableData *mg_table_data_open(const MgTableRequest *request, MgProgress *progress, GError **error);
/* Computes the rows where that has not been done: segments that give none are left out, with a warning. */
gboolean mg_table_data_fill(MgTableData *data, const MgTableRequest *request, MgProgress *progress, GError **error);
/* The rows on one side, n of them; g_free() them. */
guint32 *mg_table_data_side(const MgTableData *data, MgSplit split, size_t *n);
void mg_table_data_free(MgTableData *data); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgTableData, mg_table_data_free)

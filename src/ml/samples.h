/* Rows of numbers with labels: what classifiers on tables learn from. */
#pragma once
#include "base/matrix.h"

typedef struct {
  char *name;         /* of the table, for messages */
  MgMatrix *x;        /* (rows, features) */
  GPtrArray *columns; /* char *: names of the features */
  int *y;             /* class of each row */
  GPtrArray *labels;  /* char *: names of the classes, sorted */
  char **rows;   /* the rows' names: of the column filename or songname, else numbers from 1; NULL behind the last */
  char **groups; /* rows of one group stay together; NULL where the table has none */
} MgSamples;

typedef struct {
  const char *label;  /* column of the class */
  const char *group;  /* column, or NULL */
  const char *ignore; /* columns that are no features, separated by commas; they need not be there */
} MgSamplesLayout;

/* From a CSV file in UTF-8. Every other column must hold numbers: MG_ERROR_FORMAT names the line and the column of what
 * is not a finite number, of headers that occur twice, of a label that is empty; MG_ERROR_DATA where there are fewer
 * than two classes or no feature; MG_ERROR_USAGE where a column is not there. */
MgSamples *mg_samples_load(const char *path, const MgSamplesLayout *layout, GError **error);
/* Only the columns of these names (char *), in their order, of rows whose class is not known: `labels` is empty, `y`
 * and `groups` are NULL. Other columns may hold anything. */
MgSamples *mg_samples_load_columns(const char *path, const GPtrArray *columns, GError **error);
MgSamples *mg_samples_pick(const MgSamples *samples, const guint32 *rows, size_t n); /* rows as listed */
/* A number for each row, the same for rows of one group; NULL where there are no groups. g_free() it. */
guint32 *mg_samples_group_numbers(const MgSamples *samples);
void mg_samples_free(MgSamples *samples); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSamples, mg_samples_free)

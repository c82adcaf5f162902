/* The columns of a table by the order of their values: what trees are grown on. */
#pragma once
#include "base/matrix.h"
#include "base/progress.h"

/* A value's code is its place among the different values of its column, from 0. A column of more than 65,536 different
 * values has codes that stand for several neighbours each. */
typedef struct {
  size_t rows, features;
  guint16 *codes; /* (features, rows) */
  float **low;    /* of each feature: the smallest value that each code stands for */
  float **high;   /* and the largest one */
  guint32 *n;     /* codes of each feature */
} MgColumns;

/* At most `most` codes a column (65536 at most). NULL with MG_ERROR_CANCELLED where `progress` was cancelled. */
MgColumns *mg_columns_new(const MgMatrix *x, guint32 most, int threads, MgProgress *progress, GError **error);
void mg_columns_free(MgColumns *columns); /* accepts NULL */
/* A number that parts code `left` from the larger code `right`: not below left's values, below right's. */
float mg_columns_threshold(const MgColumns *columns, size_t feature, guint32 left, guint32 right);

/* Sorts keys by `bits` of their bits above `shift`, keeping the order of equal ones; `spare` holds n more. */
void mg_sort_keys(guint64 *keys, guint64 *spare, size_t n, int shift, int bits);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgColumns, mg_columns_free)

/* The rows of a feature table, each made of a stretch of a sound file, kept in the cache, and asked of other ranks. */
#pragma once
#include "base/param.h"
#include "base/ranks-calls.h"

typedef struct {
  const char *path;
  double start, end; /* seconds; the row's place in the cache is by these */
  double until;      /* where reading ends */
} MgTableStretch;

typedef struct {
  float *values; /* [columns], the caller's */
  size_t length; /* samples */
  gboolean cached;
} MgTableFigures;

typedef struct MgTableRows MgTableRows;

MgTableRows *mg_table_rows_new(const char *kind, const MgParams *params, GError **error);
void mg_table_rows_free(MgTableRows *rows);                /* accepts NULL */
GPtrArray *mg_table_rows_columns(const MgTableRows *rows); /* char *; owned by the rows */
/* Any thread. */
gboolean mg_table_rows_make(const MgTableRows *rows, const MgTableStretch *stretch, MgTableFigures *figures,
                            GError **error);
/* Keeps the cache within its limits. */
void mg_table_rows_prune(const MgTableRows *rows);
/* The same by another rank, which is in mg_table_rows_serve(). Without a row where that rank is gone. */
gboolean mg_table_rows_ask(const MgTableRows *rows, MgRanksCalls *calls, int rank, const MgTableStretch *stretch,
                           MgTableFigures *figures, GError **error);
gboolean mg_table_rows_serve(MgTableRows *rows, MgRanks *ranks, int jobs, MgProgress *progress, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgTableRows, mg_table_rows_free)

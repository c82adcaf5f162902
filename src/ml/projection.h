/* Projections of rows into the plane, to look at embeddings. One is a file (projection-NAME.c) and a line in the table
 * of projection.c. */
#pragma once
#include "base/matrix.h"
#include "base/param.h"
#include "base/progress.h"

typedef struct {
  const char *name;                  /* "pca" */
  const char *title;                 /* N_() */
  const MgParamTable *const *tables; /* NULL-terminated; names are scikit-learn's and umap-learn's */
  /* x (rows, features) to out (rows, 2). The same seed gives the same picture. */
  gboolean (*project)(const MgMatrix *x, const MgParams *params, guint64 seed, int threads, MgMatrix *out,
                      MgProgress *progress, GError **error);
} MgProjection;

const MgProjection *const *mg_projections(void);                          /* NULL-terminated */
const MgProjection *mg_projection_find(const char *name, GError **error); /* MG_ERROR_USAGE lists them */
/* Its tables with their defaults. */
MgParams *mg_projection_params(const MgProjection *projection);
/* (rows, 2); `threads` below 1: all processors. Fewer than four rows cannot be laid out: MG_ERROR_DATA. */
MgMatrix *mg_project(const MgProjection *projection, const MgMatrix *x, const MgParams *params, guint64 seed,
                     int threads, MgProgress *progress, GError **error);

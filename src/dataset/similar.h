/* Which stretches of other sounds are like a given one: by the distance of statistics of features over
 * time, or of whatever else gives numbers of a stretch. */
#pragma once
#include "base/param.h"
#include "base/progress.h"

typedef struct {
  char *path;
  double start, end; /* s */
  double distance;   /* 0: the same in every column */
} MgSimilar;

/* What stretches are compared by. */
typedef struct {
  size_t columns;
  /* values[columns] of [start, end) s of a file; `worker` is 0 … jobs - 1. On any thread. */
  gboolean (*values)(const char *path, double start, double end, int worker, float *values, gpointer data,
                     GError **error);
  gpointer data;
} MgSimilarMeasure;

/* The `most` nearest to [start, end) s of `path` among stretches of the same length of `others` (NULL-terminated;
 * `path` may be one of them), which step by half a length: MgSimilar *, the nearest first, none that overlaps the
 * stretch itself or a nearer one. Distances are Euclidean, each column divided by its deviation over all stretches and
 * the wanted one, and by the root of the number of columns. A file that cannot be read is a line in `problems` (char *,
 * may be NULL). MG_ERROR_DATA where nothing can be compared. */
GPtrArray *mg_similar_rank(const char *path, double start, double end, const char *const *others,
                           const MgSimilarMeasure *measure, guint most, int jobs, GPtrArray *problems,
                           MgProgress *progress, GError **error);

/* By features and statistics of the tables of features (mfcc, and mean,std where they were not changed), with the
 * features' own parameters: mg_table_param_tables(). */
MgParams *mg_similar_params(void);
GPtrArray *mg_similar_find(const char *path, double start, double end, const char *const *others,
                           const MgParams *params, guint most, int jobs, GPtrArray *problems, MgProgress *progress,
                           GError **error);

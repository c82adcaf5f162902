/* The per-segment prediction table and what is read off it. */
#pragma once
#include "base/progress.h"
#include "dataset/manifest.h"
#include <glib.h>

typedef struct {
  char *songname;    /* file name, `_`, part */
  char *track;       /* absolute path */
  char *genre;       /* label; NULL where unknown (predict) */
  int y_test;        /* -1 where unknown */
  int part;          /* from 1 */
  double start, end; /* s */
  int y_pred;
  float *probabilities; /* one a class */
} MgPrediction;

typedef struct {
  GPtrArray *labels;      /* char * */
  GPtrArray *predictions; /* MgPrediction * */
  gboolean leaky;         /* figures pretend: split by segment */
} MgPredictions;

/* The track's vote: the commonest class (of equally common ones the more probable), its share, the number of segments.
 */
typedef struct {
  const char *track;
  int y_test, y_pred;
  int votes, segments;
} MgVote;

/* The path of a run's "best" or "last" checkpoint. g_free() it. */
char *mg_checkpoint_path(const char *run, const char *checkpoint, GError **error);
/* checkpoint: "best" or "last"; split: "train", "val" or "test". */
MgPredictions *mg_evaluate_run(const char *run, const char *checkpoint, const char *split, int threads,
                               MgProgress *progress, GError **error);
gboolean mg_split_parse(const char *name, MgSplit *split, GError **error); /* MG_ERROR_USAGE but for these three */
/* Classifies files, and the sound files of folders (dataset/sound-files.h), with a model (path of a .safetensors file).
 * A file that cannot be read is a line in `problems`. */
MgPredictions *mg_predict_files(const char *model, const char *const *paths, int threads, GPtrArray *problems,
                                MgProgress *progress, GError **error);

/* Classifies the rows of a CSV file that has the columns of a model of kind "table". */
MgPredictions *mg_predict_table(const char *model, const char *table, GError **error);

/* An empty table; `labels` (char *, may be NULL) is copied. */
MgPredictions *mg_predictions_new(const GPtrArray *labels);
/* Adds a row, with the most probable class as y_pred and the label of y_test (-1: unknown) as genre. `track` is a path.
 */
MgPrediction *mg_predictions_add(MgPredictions *predictions, const char *track, int y_test, int part, double start,
                                 double end, const float *probabilities);
/* predictions.csv: songname, track, genre, y_test, part, start, end, y_pred, then one LABEL_prob column a class;
 * unknown genre and y_test are empty fields. */
gboolean mg_predictions_save(const MgPredictions *predictions, const char *path, GError **error);
/* `leaky` is what config.ini beside the table says. */
MgPredictions *mg_predictions_load(const char *path, GError **error);
void mg_predictions_free(MgPredictions *predictions); /* accepts NULL */
GArray *
mg_predictions_votes(const MgPredictions *predictions); /* of MgVote, tracks in order; paths belong to `predictions` */
guint *mg_predictions_confusion(const MgPredictions *predictions); /* [truth][prediction], for metrics.h; g_free() it */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgPredictions, mg_predictions_free)

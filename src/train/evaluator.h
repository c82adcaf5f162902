/* The per-segment prediction table and what is read off it. */
#pragma once
#include "base/progress.h"
#include <glib.h>

typedef struct {
  char *songname;  /* file name, `_`, part */
  char *track;     /* absolute path */
  char *genre;     /* label; NULL where unknown (predict) */
  int y_test;      /* -1 where unknown */
  int part;        /* from 1 */
  double start, end; /* s */
  int y_pred;
  float *probabilities; /* one a class */
} MgPrediction;

typedef struct {
  GPtrArray *labels;      /* char * */
  GPtrArray *predictions; /* MgPrediction * */
  gboolean leaky;         /* figures pretend: split by segment */
} MgPredictions;

/* The track's vote: the commonest class, its share, the number of segments. */
typedef struct {
  const char *track;
  int y_test, y_pred;
  int votes, segments;
} MgVote;

/* checkpoint: "best" or "last"; split: "train", "val" or "test". */
MgPredictions *mg_evaluate_run(const char *run, const char *checkpoint, const char *split, int threads,
                               MgProgress *progress, GError **error);
/* Classifies files with a model (path of a .safetensors file). A file that cannot be read is a line in `problems`. */
MgPredictions *mg_predict_files(const char *model, const char *const *files, int threads, GPtrArray *problems,
                                MgProgress *progress, GError **error);
gboolean mg_predictions_save(const MgPredictions *predictions, const char *path, GError **error);
MgPredictions *mg_predictions_load(const char *path, GError **error);
void mg_predictions_free(MgPredictions *predictions);
GArray *mg_predictions_votes(const MgPredictions *predictions); /* of MgVote, tracks in order */
guint *mg_predictions_confusion(const MgPredictions *predictions); /* classes x classes */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgPredictions, mg_predictions_free)

/* checkpoints/last.safetensors: the model, what is kept beside its weights and the counters of a training, so that
 * going on from it gives the numbers that never stopping would have given. */
#pragma once
#include "train/model-file.h"
#include "nn/fit.h"

/* How far a training has come. Everything else follows from the seed and these. */
typedef struct {
  int epoch;          /* done, with validation */
  gint64 step;        /* done */
  int correct, seen;  /* training segments of the epoch under way */
  double best_f1;     /* -1: none yet */
  double best_loss;   /* of that epoch's validation: decides between equal F1 */
  int best_epoch;     /* 0: none yet */
  double lowest_loss; /* of all validations */
  int lowest_epoch;   /* of that one; 0: none yet */
  MgPlateau plateau;
  gint64 metrics_length; /* bytes of metrics.csv */
  double seconds;        /* trained so far */
} MgTrainState;

/* The file appears when the writer is finished. With `ema`, the model in it holds the averages, so that whoever loads
 * it has what was validated. */
MgFileWriter *mg_checkpoint_write(const char *path, MgModel *model, MgFit *fit, const MgTrainState *state,
                                  GError **error);
/* The counters of a model loaded from a checkpoint; MG_ERROR_FORMAT where it holds none. */
gboolean mg_checkpoint_state(const MgModel *model, const char *path, MgTrainState *state, GError **error);
/* Fills what the fit keeps beside the weights of a model that was loaded from the checkpoint. */
gboolean mg_checkpoint_fit(const char *path, MgFit *fit, GError **error);

/* checkpoints/last.safetensors: the model, the optimizer's state and the counters of a training, so that going on from
 * it gives the numbers that never stopping would have given. */
#pragma once
#include "train/model-file.h"
#include "nn/optimizer.h"

/* How far a training has come. Everything else follows from the seed and these. */
typedef struct {
  int epoch;             /* done, with validation */
  gint64 step;           /* done */
  int correct, seen;     /* training segments of the epoch under way */
  double best_f1;        /* -1: none yet */
  double best_loss;      /* of that epoch's validation: decides between equal F1 */
  int best_epoch;        /* 0: none yet */
  gint64 metrics_length; /* bytes of metrics.csv */
  double seconds;        /* trained so far */
} MgTrainState;

gboolean mg_checkpoint_save(const char *path, MgModel *model, MgOptimizer *optimizer, const MgTrainState *state,
                            GError **error);
/* The counters of a model loaded from a checkpoint; MG_ERROR_FORMAT where it holds none. */
gboolean mg_checkpoint_state(const MgModel *model, const char *path, MgTrainState *state, GError **error);
/* Fills the optimizer's state from the checkpoint. */
gboolean mg_checkpoint_optimizer(const char *path, MgOptimizer *optimizer, GError **error);

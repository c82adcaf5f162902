/* What the parts of the trainer share: setting up (trainer.c) and the loop over the epochs (train-loop.c). */
#pragma once
#include "train/checkpoint.h"
#include "train/run-dir.h"
#include "train/tfevents.h"
#include "train/train-data.h"
#include "train/trainer.h"
#include "nn/fit.h"
#include "base/file-later.h"

typedef struct {
  MgRunDir *dir;
  MgProgress *progress; /* the caller's */
  MgRanks *ranks;       /* likewise */
  MgParams *params;
  MgManifest *manifest;
  gboolean leaky;
  MgTrainSide train, val;
  MgModel *model;
  gboolean normalised; /* by the model it starts from */
  MgFit *fit;
  MgEvents *events;
  MgTrainState state;
  MgRunStatus status;
  int epochs;
  int until;      /* epochs after which it stops, to be resumed; 0: never */
  gboolean waits; /* has stopped there */
  gint64 steps_per_epoch;
  MgFilesLater *checkpoint; /* on its way to the disk */
  gint64 kept_step;         /* of the last checkpoint */
} MgTrainer;

gboolean mg_trainer_loop(MgTrainer *trainer, GError **error);
/* Writes checkpoints/last (and best where `best` is set) of this moment; they appear later. The error may be of the
 * ones before. */
gboolean mg_trainer_checkpoint(MgTrainer *trainer, gboolean best, GError **error);
/* Waits until they have appeared. */
gboolean mg_trainer_checkpoint_wait(MgTrainer *trainer, GError **error);

/* What a training will take, told before it begins. */
#pragma once
#include "train/train-memory.h"

typedef struct {
  MgTrainMemory memory;
  gint64 parameters;      /* trainable */
  gint64 steps_per_epoch; /* batches of training segments */
  double example_seconds; /* learning from one segment takes, measured here and now */
  double seconds;         /* all epochs, without making the pictures; negative: too large for the memory to try */
} MgTrainEstimate;

/* `model` is a name below models/ or a .json file, `params` are of mg_train_tables(); so many segments of so many
 * classes. Two steps of a few random pictures are made. */
gboolean mg_train_estimate(const char *model, const MgParams *params, const GPtrArray *labels, size_t training,
                           size_t validation, MgTrainEstimate *estimate, GError **error);

/* Whether a training fits into memory, found out before it begins. */
#pragma once
#include "train/model-file.h"

/* Bytes, about. */
typedef struct {
  guint64 network; /* weights, gradients, the optimizer's state and what one batch leaves in the network */
  guint64 batches; /* those made ahead */
  guint64 program; /* everything else */
  guint64 total;
  guint64
      pictures; /* of all segments: in files of the cache that are mapped and can be given up, so not in the total */
} MgTrainMemory;

MgTrainMemory mg_train_memory(const MgModel *model, const MgParams *params, size_t segments);
/* MG_ERROR_LIMIT with the estimate where it is more than there is; `run` names the run folder. */
gboolean mg_train_memory_check(const MgTrainMemory *memory, const MgParams *params, const char *run, GError **error);
char *mg_train_memory_text(const MgTrainMemory *memory); /* one line for a person; g_free() it */

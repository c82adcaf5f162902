/* What a training on several ranks asks of a network's training passes. */
#pragma once
#include "base/ranks.h"
#include "nn/tensor.h"

typedef struct {
  MgRanks *ranks; /* batch normalisation is over the batches of all; NULL: each by its own */
  int first;      /* number of a pass's first example in the batch of all ranks: dropout draws by it */
  void (*learned)(MgTensor *tensor, gpointer data); /* in a backward pass: its gradient is there. NULL: nobody asks */
  gpointer data;
} MgSharing;

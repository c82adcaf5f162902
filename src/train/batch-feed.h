/* Training batches, made on a thread of their own while the last one trains. */
#pragma once
#include "base/ranks.h"
#include "train/train-data.h"

typedef struct MgBatchFeed MgBatchFeed;

extern const MgParamTable mg_batch_feed_params; /* prefetch */

/* The batches of the training from step `step` (from 0) on, `steps_per_epoch` an epoch: as even in size as can be, in
 * an order drawn from (seed, epoch). What they hold depends on nothing but the step, so it is the same with and without
 * the thread. Of several ranks each makes its part. What is passed is used until mg_batch_feed_free() and must not
 * change. */
MgBatchFeed *mg_batch_feed_new(const MgTrainSide *side, const MgModel *model, const MgParams *params, gint64 step,
                               gint64 steps_per_epoch, const MgRanks *ranks);
/* Ends the thread. Accepts NULL. */
void mg_batch_feed_free(MgBatchFeed *feed);
/* The next step's batch, valid until the next call. */
const MgTrainBatch *mg_batch_feed_next(MgBatchFeed *feed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgBatchFeed, mg_batch_feed_free)

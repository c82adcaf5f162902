/* What the Dataset, Train and Results pages of one workspace share; made when first asked for, kept by the workspace.
 */
#pragma once
#include "session/dataset-model.h"
#include "session/results.h"
#include "session/run-queue.h"
#include "session/workspace.h"

MgDatasetModel *mg_shared_dataset(MgWorkspace *workspace);
MgRunList *mg_shared_runs(MgWorkspace *workspace); /* in its runs folder */
MgResults *mg_shared_results(MgWorkspace *workspace);
MgRunQueue *mg_shared_queue(MgWorkspace *workspace); /* of trainings; the workspace remembers what waits */
/* Opens the workspace's own tracks where no data set has been chosen and there are some: those that have a class in it,
 * else its folder tracks/. */
void mg_shared_open_tracks(MgWorkspace *workspace);

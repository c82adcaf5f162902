/* What the Dataset, Train and Results pages of one workspace share; made when first asked for, kept by the workspace.
 */
#pragma once
#include "session/dataset-model.h"
#include "session/results.h"
#include "session/run-list.h"
#include "session/workspace.h"

MgDatasetModel *mg_shared_dataset(MgWorkspace *workspace);
MgRunList *mg_shared_runs(MgWorkspace *workspace); /* in its runs folder */
MgResults *mg_shared_results(MgWorkspace *workspace);
/* Opens the workspace's own tracks where no data set has been chosen and there are some. */
void mg_shared_open_tracks(MgWorkspace *workspace);

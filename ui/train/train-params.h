/* The parameters of a training at the right of the Train page: the common ones on top, the others folded away; segment
 * and split are those of the Dataset page. */
#pragma once
#include "session/dataset-model.h"
#include "session/workspace.h"
#include <gtk/gtk.h>

/* An MgParamPanel; the workspace remembers its values. */
GtkWidget *mg_train_params_new(MgWorkspace *workspace, MgDatasetModel *dataset);
/* The values as they are now. mg_params_free() them. */
MgParams *mg_train_params_get(GtkWidget *panel);

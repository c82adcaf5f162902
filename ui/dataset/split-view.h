/* The split of a data set: how it is made, what is in it, proof that it leaks nothing, what was left out. */
#pragma once
#include "session/dataset-model.h"
#include "session/workspace.h"
#include <gtk/gtk.h>

GtkWidget *mg_split_view_new(MgWorkspace *workspace, MgDatasetModel *model);

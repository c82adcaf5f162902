/* How tracks are dealt to train, validate and test, by hands in place of a text: ratios, folds, groups or the data
 * set's own column, and the seed. Sets the parameters `split` and `seed` of the model. */
#pragma once
#include "session/dataset-model.h"
#include <gtk/gtk.h>

GtkWidget *mg_split_editor_new(MgDatasetModel *model);

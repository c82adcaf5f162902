/* A button that tells which data set is trained on, and turns to the Dataset page where another can be chosen. */
#pragma once
#include "session/dataset-model.h"
#include <gtk/gtk.h>

GtkWidget *mg_data_button_new(MgDatasetModel *dataset);

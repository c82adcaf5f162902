/* How many tracks each class has, and how long they are. */
#pragma once
#include "session/dataset-model.h"
#include <gtk/gtk.h>

/* Two pictures side by side of what the model holds; they follow it. */
GtkWidget *mg_histograms_new(MgDatasetModel *model);

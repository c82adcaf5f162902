/* The N table: classes x train, validate, test, with counts of tracks, durations and totals. */
#pragma once
#include "session/dataset-model.h"
#include <gtk/gtk.h>

/* A new table of what the model holds now. */
GtkWidget *mg_n_table_new(MgDatasetModel *model);

/* One line on what a training would take: time, memory, steps. */
#pragma once
#include "session/dataset-model.h"
#include <gtk/gtk.h>

/* `model` and `params` are asked for, on the main thread, whenever something has changed; they return NULL where there
 * is nothing to train yet. */
typedef struct {
  const char *(*model)(gpointer data);
  MgParams *(*params)(gpointer data); /* the line frees it */
} MgEstimateFuncs;

GtkWidget *mg_estimate_line_new(MgDatasetModel *dataset, const MgEstimateFuncs *funcs, gpointer data);
void mg_estimate_line_changed(GtkWidget *line); /* network or parameters are others */

/* A button in a predictions pane's head that chooses the run: those of the workspace that have a model. */
#pragma once
#include "session/pane.h"
#include <adwaita.h>

GtkWidget *mg_run_button_new(MgPane *pane, const char *runs); /* `runs`: the workspace's folder of runs */

/* The trainings that wait for their turn: started, put in another order, taken out. Hidden while none waits. */
#pragma once
#include "session/run-queue.h"
#include "session/workspace.h"
#include <gtk/gtk.h>

GtkWidget *mg_queue_view_new(MgWorkspace *workspace, MgRunQueue *queue);

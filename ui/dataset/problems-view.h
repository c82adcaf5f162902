/* What is wrong with the workspace's tracks, by kind, each with its fixes; listening to them with progress and cancel.
 */
#pragma once
#include "session/problem-list.h"
#include <gtk/gtk.h>

GtkWidget *mg_problems_view_new(MgWorkspace *workspace, MgProblemList *list);

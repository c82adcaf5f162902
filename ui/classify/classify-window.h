/* Sounds from anywhere, classified by a model: the commonest class of each track and its share, the pieces as a table
 * and as a ribbon under the waveform. Files and folders are chosen, or dropped onto it. */
#pragma once
#include "session/workspace.h"
#include <adwaita.h>

#define MG_TYPE_CLASSIFY_WINDOW (mg_classify_window_get_type())
G_DECLARE_FINAL_TYPE(MgClassifyWindow, mg_classify_window, MG, CLASSIFY_WINDOW, AdwWindow)

GtkWidget *mg_classify_window_new(GtkWindow *parent, MgWorkspace *workspace);
/* Begins with these files and folders; `model` (a path) NULL: the one that is chosen. */
void mg_classify_window_start(MgClassifyWindow *window, const char *model, const char *const *paths);

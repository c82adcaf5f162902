/* A window with the places in the library's sounds that are most like a stretch: to hear, and to go to. */
#pragma once
#include "session/workspace.h"
#include <adwaita.h>

#define MG_TYPE_SIMILAR_WINDOW (mg_similar_window_get_type())
G_DECLARE_FINAL_TYPE(MgSimilarWindow, mg_similar_window, MG, SIMILAR_WINDOW, AdwWindow)

GtkWidget *mg_similar_window_new(GtkWindow *parent, MgWorkspace *workspace);
/* Begins at once, by what was chosen last. */
void mg_similar_window_look_for(MgSimilarWindow *window, const char *path, double start, double end);

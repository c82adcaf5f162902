/* The library at the left: tracks by class; choosing one selects it for all pages. */
#pragma once
#include "session/workspace.h"
#include <gtk/gtk.h>

#define MG_TYPE_LIBRARY_PANE (mg_library_pane_get_type())
G_DECLARE_FINAL_TYPE(MgLibraryPane, mg_library_pane, MG, LIBRARY_PANE, GtkWidget)

GtkWidget *mg_library_pane_new(MgWorkspace *workspace);

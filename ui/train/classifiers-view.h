/* Classifiers on tables: what they learn from, which of them, how far they are, and what came out, side by side. */
#pragma once
#include "session/workspace.h"
#include <adwaita.h>

#define MG_TYPE_CLASSIFIERS_VIEW (mg_classifiers_view_get_type())
G_DECLARE_FINAL_TYPE(MgClassifiersView, mg_classifiers_view, MG, CLASSIFIERS_VIEW, AdwBin)

GtkWidget *mg_classifiers_view_new(MgWorkspace *workspace);
/* The pane with their parameters. Borrowed. */
GtkWidget *mg_classifiers_view_params(MgClassifiersView *view);

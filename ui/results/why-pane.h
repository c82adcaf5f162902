/* Why?: the chosen segment's probabilities, its track's vote, its picture and the first layer's feature maps. */
#pragma once
#include "session/results.h"
#include "session/workspace.h"
#include <adwaita.h>

#define MG_TYPE_WHY_PANE (mg_why_pane_get_type())
G_DECLARE_FINAL_TYPE(MgWhyPane, mg_why_pane, MG, WHY_PANE, AdwBin)

GtkWidget *mg_why_pane_new(MgWorkspace *workspace, MgResults *results);
/* NULL: says what to do. */
void mg_why_pane_show(MgWhyPane *pane, MgResultRow *row);
void mg_why_pane_play(MgWhyPane *pane); /* the segment that is shown */

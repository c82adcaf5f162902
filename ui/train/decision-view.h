/* Two columns of a table as points, over the regions where the chosen classifier says which class; drawn anew as its
 * parameters change. */
#pragma once
#include "session/feature-table.h"
#include "ui/train/classifier-params.h"

#define MG_TYPE_DECISION_VIEW (mg_decision_view_get_type())
G_DECLARE_FINAL_TYPE(MgDecisionView, mg_decision_view, MG, DECISION_VIEW, AdwBin)

/* Learns only while it is seen. */
GtkWidget *mg_decision_view_new(MgFeatureTable *table, MgClassifierParams *params);

/* A pane with the picture of a feature (session/analysis.h): notes, pitch classes, coefficients, tempi, or the spectrum
 * of a part of the sound. */
#pragma once
#include "session/analysis.h"
#include "session/pane.h"
#include "ui/explore/views/view.h"

#define MG_TYPE_FEATURE_VIEW (mg_feature_view_get_type())
G_DECLARE_FINAL_TYPE(MgFeatureView, mg_feature_view, MG, FEATURE_VIEW, MgView)

GtkWidget *mg_feature_view_new(MgPane *pane);
/* What is shown, and by the pane's parameters of now. NULL: nothing (a recording under way). */
void mg_feature_view_set(MgFeatureView *view, MgAnalysis *analysis);

/* A pane with a curve over time: one value a frame (session/analysis.h). */
#pragma once
#include "session/analysis.h"
#include "session/pane.h"
#include "ui/explore/views/view.h"

#define MG_TYPE_LINE_VIEW (mg_line_view_get_type())
G_DECLARE_FINAL_TYPE(MgLineView, mg_line_view, MG, LINE_VIEW, MgView)

GtkWidget *mg_line_view_new(MgPane *pane);
void mg_line_view_set(MgLineView *view, MgAnalysis *analysis); /* as mg_feature_view_set() */

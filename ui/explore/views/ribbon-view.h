/* A pane with what a run says of the track along time: a row a class. */
#pragma once
#include "session/pane.h"
#include "session/ribbon.h"
#include "ui/explore/views/view.h"

#define MG_TYPE_RIBBON_VIEW (mg_ribbon_view_get_type())
G_DECLARE_FINAL_TYPE(MgRibbonView, mg_ribbon_view, MG, RIBBON_VIEW, MgView)

GtkWidget *mg_ribbon_view_new(MgPane *pane);
/* `run` is a folder; either NULL: nothing to show. */
void mg_ribbon_view_set(MgRibbonView *view, const char *run, const char *track);

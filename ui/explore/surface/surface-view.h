/* A pane with the selected, or else the visible, stretch as a surface over time and frequency, that the hand turns; a
 * second sound may stand beside it, seen from the same side and on the same scales. */
#pragma once
#include "session/pane.h"
#include "ui/explore/views/view.h"

#define MG_TYPE_SURFACE_VIEW (mg_surface_view_get_type())
G_DECLARE_FINAL_TYPE(MgSurfaceView, mg_surface_view, MG, SURFACE_VIEW, MgView)

GtkWidget *mg_surface_view_new(MgPane *pane);
/* After the file or the pane's parameters changed; `path` NULL: there is no file. FALSE, and the picture stays, where
 * they do not fit. */
gboolean mg_surface_view_set(MgSurfaceView *view, const char *path, GError **error);
/* What the hand changes: a parameter of mg_surface_params, kept within its range. Angles go round. The pane takes it
 * over when the hand rests. */
double mg_surface_view_get(MgSurfaceView *view, const char *name);
void mg_surface_view_turn(MgSurfaceView *view, const char *name, double value);
/* Of one side, logical pixels. */
double mg_surface_view_width(MgSurfaceView *view);
void mg_surface_view_reset(MgSurfaceView *view); /* seen as at first */

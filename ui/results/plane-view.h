/* The embedding: the segments of the run that Results shows, in the plane, and the nearest ones of the chosen one. */
#pragma once
#include "session/results.h"
#include <adwaita.h>

#define MG_TYPE_PLANE_VIEW (mg_plane_view_get_type())
G_DECLARE_FINAL_TYPE(MgPlaneView, mg_plane_view, MG, PLANE_VIEW, AdwBin)

/* Computes nothing before it is seen. Signal "chosen" (MgResultRow *, gboolean play): a segment was chosen by hand.
 * What a lasso catches becomes the results' pick. */
GtkWidget *mg_plane_view_new(MgResults *results);
/* The buttons that choose the method, for a head line. Borrowed: the view owns them. */
GtkWidget *mg_plane_view_methods(MgPlaneView *view);
/* Marks the segment chosen elsewhere; NULL: none. */
void mg_plane_view_show(MgPlaneView *view, MgResultRow *row);

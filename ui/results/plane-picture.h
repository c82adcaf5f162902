/* Segments in the plane: points to hover, choose by click or arrow keys, and catch with a lasso. */
#pragma once
#include "session/plane.h"
#include <adwaita.h>

#define MG_TYPE_PLANE_PICTURE (mg_plane_picture_get_type())
G_DECLARE_FINAL_TYPE(MgPlanePicture, mg_plane_picture, MG, PLANE_PICTURE, AdwBin)

/* Signals "chosen" (guint point, gboolean play) by hand, and "picked" (GArray * of guint; NULL: none any more). */
GtkWidget *mg_plane_picture_new(MgPlane *plane);
/* Marks a point; -1: none. */
void mg_plane_picture_choose(MgPlanePicture *picture, gssize point);
gssize mg_plane_picture_chosen(MgPlanePicture *picture); /* -1: none */
/* Marks points that go with the chosen one. */
void mg_plane_picture_mark(MgPlanePicture *picture, const guint32 *points, size_t n);
/* Name, truth and prediction of a point in one line. g_free() it. */
char *mg_plane_point_text(MgPlane *plane, size_t i);

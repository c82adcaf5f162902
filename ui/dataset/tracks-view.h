/* The workspace's tracks: classes at the left, a table or a wall of pictures, and what one does with those selected:
 * keys give them a class and go on, Return takes what is suggested, Delete excludes, they are played as they are
 * chosen. */
#pragma once
#include "dataset/store-query.h"
#include "session/workspace.h"
#include <gtk/gtk.h>

#define MG_TYPE_TRACKS_VIEW (mg_tracks_view_get_type())
G_DECLARE_FINAL_TYPE(MgTracksView, mg_tracks_view, MG, TRACKS_VIEW, GtkWidget)

GtkWidget *mg_tracks_view_new(MgWorkspace *workspace);
/* Shows tracks of a kind in place of those of the list of classes; MG_TRACKS_ALL: the list's again. */
void mg_tracks_view_show_kind(MgTracksView *view, MgTracksKind kind);
void mg_tracks_view_play(MgTracksView *view); /* the first one that is selected */

/* What the files of the tracks' view share. */
#pragma once
#include "session/track-list.h"
#include "ui/dataset/tracks-view.h"

struct _MgTracksView {
  GtkWidget parent;
  MgWorkspace *workspace;
  MgTrackList *list;
  GtkMultiSelection *selection;
  struct _MgThumbnails *thumbnails;
  GtkWidget *whole, *classes, *search, *stack, *table, *wall, *listen, *count, *empty;
  MgTracksKind kind; /* asked for from outside; MG_TRACKS_ALL: the list of classes decides */
  gint64 asked;      /* when the list was asked for, us; for the trace */
  gint64 typed;      /* when the text was changed last, us; 0: it has been asked for */
  gint64 wanted;     /* to be selected when the list is there again; 0: nothing */
};

/* tracks-edit.c: the actions tracks.class, .exclude, .accept and the keys. */
void mg_tracks_view_install_edits(GtkWidgetClass *class);
void mg_tracks_view_add_keys(MgTracksView *view);
/* A new reference to the first row that is selected; NULL: none is. */
MgTrackRow *mg_tracks_view_first(MgTracksView *view);
/* Selects what is wanted, if it is in the list. */
void mg_tracks_view_go_on(MgTracksView *view);

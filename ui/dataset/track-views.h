/* The same tracks as a table and as a wall of mel pictures; both share one selection. */
#pragma once
#include "session/thumbnails.h"
#include "session/track-list.h"
#include "ui/widgets/item-view.h"
#include "ui/widgets/table-view.h"

/* `list` is what `selection` selects of. A click on a title sorts by it. An MgTableView. */
GtkWidget *mg_track_table_new(GtkMultiSelection *selection, MgTrackList *list);

/* Called when the pointer rests on a picture (row), and when it leaves (NULL). */
typedef void (*MgHoverFunc)(MgTrackRow *row, gpointer data);
/* An MgItemView without a model: pictures are made as soon as it has one. */
GtkWidget *mg_track_wall_new(MgThumbnails *thumbnails, MgHoverFunc hover, gpointer data);

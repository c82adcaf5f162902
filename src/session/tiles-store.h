/* Deals tiles to the panes of a file: those whose transforms agree share them. Main thread only. */
#pragma once
#include "session/pane.h"
#include "session/tiles.h"

typedef struct MgTilesStore MgTilesStore;

MgTilesStore *mg_tiles_store_new(const char *path);
/* After panes or their parameters changed. What no pane needs any more is given up. */
void mg_tiles_store_update(MgTilesStore *store, MgPaneList *panes);
/* The tiles of a pane that shows some, borrowed; NULL where the parameters do not fit, with the reason in *failure
 * (borrowed, until the next update). */
MgTiles *mg_tiles_store_get(MgTilesStore *store, MgPane *pane, const char **failure);
MgLayer mg_tiles_layer_of(MgPane *pane);
void mg_tiles_store_free(MgTilesStore *store); /* accepts NULL; stops all work */

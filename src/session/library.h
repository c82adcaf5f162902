/* The library: the workspace's tracks by class. A GListModel of MgTrackGroup, sorted by label, the group without a
 * class last; each group is a GListModel of MgTrackItem. */
#pragma once
#include "dataset/store.h"
#include "session/track.h"

#define MG_TYPE_LIBRARY (mg_library_get_type())
G_DECLARE_FINAL_TYPE(MgLibrary, mg_library, MG, LIBRARY, GObject)

MgLibrary *mg_library_new(void);
/* The item of `path`, added where it is not there yet (then with `label` and `duration`). Borrowed. */
MgTrackItem *mg_library_add(MgLibrary *library, const char *path, const char *label, double duration);
/* Holds these (MgStoreTrack *) and no others from now on. Much faster than adding one after another. */
void mg_library_fill(MgLibrary *library, const GPtrArray *tracks);
/* Where a path's item is: the group's position, and the item's in the group. FALSE: not there. */
gboolean mg_library_group_of(MgLibrary *library, const char *path, guint *group);
gboolean mg_library_place(MgLibrary *library, const char *path, guint *group, guint *item);
MgTrackItem *mg_library_find(MgLibrary *library, const char *path); /* borrowed; NULL: not there */
gboolean mg_library_remove(MgLibrary *library, const char *path);
void mg_library_clear(MgLibrary *library);
guint mg_library_n_tracks(MgLibrary *library);
